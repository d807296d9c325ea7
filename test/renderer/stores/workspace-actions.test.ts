// Orders about files, and the ways back that toasts offer.
import { beforeEach, expect, test, vi } from 'vitest';
import { sessionState } from '../session-state.ts';

const { call, showToast } = vi.hoisted(() => ({ call: vi.fn(), showToast: vi.fn() }));
vi.mock('../../../src-renderer/bridge/bridge.ts', () => ({
  bridge: { call, listen: vi.fn(), onState: vi.fn() },
}));
vi.mock('../../../src-renderer/bridge/host.ts', () => ({ desktop: undefined, isMac: false }));
vi.mock('../../../src-renderer/ui/toast.tsx', () => ({ showToast, hideToast: vi.fn() }));

const { moveInto, openRecent } = await import('../../../src-renderer/stores/workspace-actions.ts');
const { useLeaving } = await import('../../../src-renderer/stores/workspace-leaving.ts');
const { putSession, useSessions } = await import('../../../src-renderer/stores/sessions.ts');
const { NO_WORKSPACE } = await import('../../../src-renderer/stores/no-workspace.ts');
const { BridgeError } = await import('../../../src-main/bridge/client.ts');

const at = (path: string) => sessionState({ place: { in: 'workspace', path } });
const lastToast = () => showToast.mock.lastCall?.[0];

beforeEach(() => {
  call.mockReset();
  showToast.mockReset();
  call.mockImplementation(async (method: string) => (method === 'workspace.state' ? NO_WORKSPACE : null));
});

test('a session that was renamed after it was moved goes back under its new name', async () => {
  putSession(at('chat/Lobby.yaml'));
  const session = useSessions.getState().byId.s1!;
  await moveInto({ session }, 'archive');
  expect(call).toHaveBeenCalledWith('workspace.move', { from: 'chat/Lobby.yaml', to: 'archive/Lobby.yaml' });
  putSession(at('archive/Lounge.yaml'));
  lastToast().action.run();
  expect(call).toHaveBeenCalledWith('workspace.move', { from: 'archive/Lounge.yaml', to: 'chat/Lounge.yaml' });
});

test('a recent folder that is gone can be forgotten, one that cannot be read stays', async () => {
  const fail = (code: string) =>
    call.mockRejectedValueOnce(new BridgeError({ what: 'It failed.', why: '', next: '', code }));
  fail('NO_FOLDER');
  await openRecent('/work', 'Shop');
  lastToast().action.run();
  expect(call).toHaveBeenCalledWith('workspace.forget', { folder: '/work' });
  fail('EACCES');
  await openRecent('/work', 'Shop');
  expect(lastToast()).toEqual({ text: 'It failed.', severity: 'error' });
});

test('a workspace whose sessions run is left when that is wanted, and else not', async () => {
  const opens = () => call.mock.calls.filter(([method]) => method === 'workspace.open').length;
  call.mockImplementation(async () => NO_WORKSPACE);
  putSession({ ...at('chat/Lobby.yaml'), phase: 'open' });
  const staying = openRecent('/work', 'Shop');
  expect(useLeaving.getState().running).toEqual(['Session']);
  useLeaving.getState().answer(false);
  await staying;
  expect(opens()).toBe(0);

  const replaced = openRecent('/work', 'Shop');
  const leaving = openRecent('/work', 'Shop');
  await replaced;
  expect(opens()).toBe(0);
  useLeaving.getState().answer(true);
  await leaving;
  expect(opens()).toBe(1);
  expect(useLeaving.getState().running).toBeNull();

  putSession({ ...at('chat/Lobby.yaml'), phase: 'closed' });
  await openRecent('/work', 'Shop');
  expect(opens()).toBe(2);
});
