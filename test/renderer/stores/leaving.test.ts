// A page that goes hands over what was typed a moment ago.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sessionState } from '../session-state.ts';

const { call } = vi.hoisted(() => ({ call: vi.fn() }));
vi.mock('../../../src-renderer/bridge/bridge.ts', () => ({ bridge: { call, listen: vi.fn(), onState: vi.fn() } }));
vi.mock('../../../src-renderer/bridge/host.ts', () => ({ desktop: undefined, isMac: false }));
const page = new EventTarget();
vi.stubGlobal('window', page);
vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} });

const { saveBeforeLeaving } = await import('../../../src-renderer/stores/leaving.ts');
const { editConfig } = await import('../../../src-renderer/stores/session-actions.ts');
const { putSession } = await import('../../../src-renderer/stores/sessions.ts');
const { keepUnsent } = await import('../../../src-renderer/stores/unsent.ts');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('edits and unsent texts are sent without waiting for their time, or for an answer', async () => {
  call.mockReturnValue(new Promise(() => {}));
  for (const id of ['s1', 's2']) putSession(sessionState({ id }));
  saveBeforeLeaving();
  for (const id of ['s1', 's2']) {
    editConfig(id, (config) => ({ ...config, target: `ws://${id}` }));
    keepUnsent('message', id, `to ${id}`);
  }
  expect(call).not.toHaveBeenCalled();
  page.dispatchEvent(new Event('pagehide'));
  await Promise.resolve();
  const sent = call.mock.calls.map(([method, { config, text }]) => [method, config?.target ?? text]);
  expect(sent).toEqual(
    expect.arrayContaining([
      ['sessions.update', 'ws://s1'],
      ['sessions.update', 'ws://s2'],
      ['unsent.keep', 'to s1'],
      ['unsent.keep', 'to s2'],
    ]),
  );
});
