import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const { call, onState } = vi.hoisted(() => ({ call: vi.fn(), onState: vi.fn() }));
vi.mock('../../../src-renderer/bridge/bridge.ts', () => ({ bridge: { call, onState } }));

let unsent: typeof import('../../../src-renderer/stores/unsent.ts');
const kept = () => call.mock.calls.flatMap(([method, input]) => (method === 'unsent.keep' ? [input] : []));
/** The engine's state as the bridge tells it. */
const engine = (state: 'open' | 'gone') => onState.mock.calls[0]?.[0](state);

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  call.mockReset();
  onState.mockReset();
  call.mockResolvedValue(null);
  unsent = await import('../../../src-renderer/stores/unsent.ts');
});
afterEach(() => void vi.useRealTimers());

it('hands a text over while it is still being typed, the last of each', async () => {
  for (let at = 0; at < 20; at++) {
    unsent.keepUnsent('message', 's1', `typed ${at}`);
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(kept().map(({ text }) => text)).toEqual(['typed 5', 'typed 11', 'typed 17']);
  unsent.keepUnsent('message', 's1', null);
  await vi.advanceTimersByTimeAsync(300);
  expect(kept().at(-1)).toEqual({ key: 'message s1', text: null });
});

it('hands over again what a dead engine did not take, when there is one again', async () => {
  unsent.followUnsent();
  call.mockRejectedValueOnce(new Error('gone'));
  unsent.keepUnsent('script', 's1', 'a');
  await vi.advanceTimersByTimeAsync(300);
  call.mockClear();
  engine('gone');
  expect(kept()).toEqual([]);
  engine('open');
  await vi.advanceTimersByTimeAsync(0);
  expect(kept()).toEqual([{ key: 'script s1', text: 'a' }]);
});

it('has back what was kept, by kind, but what was written since', async () => {
  const restored: string[] = [];
  unsent.restoreUnsent('message', (key, text) => restored.push(`${key}: ${text}`));
  call.mockImplementation(async (method: string) =>
    method === 'unsent.list'
      ? {
          texts: [
            { key: 'message s1', text: 'old' },
            { key: 'message s1 a.B/C', text: 'of a method' },
            { key: 'message s2', text: 'two' },
            { key: 'other s3', text: 'x' },
          ],
        }
      : null,
  );
  unsent.followUnsent();
  unsent.keepUnsent('message', 's2', 'newer');
  engine('open');
  await vi.advanceTimersByTimeAsync(0);
  engine('open');
  await vi.advanceTimersByTimeAsync(1000);
  expect(restored).toEqual(['s1: old', 's1 a.B/C: of a method']);
});

it('keeps no text that is too long', async () => {
  unsent.keepUnsent('message', 's1', 'x'.repeat(500_001));
  await vi.advanceTimersByTimeAsync(300);
  expect(kept()).toEqual([{ key: 'message s1', text: null }]);
});
