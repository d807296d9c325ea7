// When tries count anew: only a connection that held was a success.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Reconnection } from '../../src-main/endpoints/reconnect.ts';
import { FakeHost } from './fake-host.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Waits for the next try, and says whether there is one. */
async function next(reconnection: Reconnection): Promise<boolean> {
  const waiting = reconnection.wait(new AbortController().signal);
  await vi.runAllTimersAsync();
  return waiting;
}

test.each<[string, number, number]>([
  ['held', 6000, 3],
  ['was lost at once', 100, 2],
])('after a connection that %s', async (_, heldMs, triesAfter) => {
  const reconnection = new Reconnection({ attempts: 3, delay: 10 }, new FakeHost());
  expect(await next(reconnection)).toBe(true);
  reconnection.succeeded();
  vi.advanceTimersByTime(heldMs);
  let tries = 0;
  while (await next(reconnection)) tries++;
  expect(tries).toBe(triesAfter);
});
