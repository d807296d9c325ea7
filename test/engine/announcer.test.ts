import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Announcement } from '../../src-main/bridge/contract.ts';
import { Announcer } from '../../src-main/engine/announcer.ts';
import { Rates } from '../../src-main/engine/session/rates.ts';
import { Session } from '../../src-main/engine/session/session.ts';
import { CLIENT, fakeParts, fakeSessionHost } from './fakes.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function listening() {
  const announcer = new Announcer();
  const said: Announcement[] = [];
  announcer.listen((announcement) => said.push(announcement));
  const session = new Session('s', CLIENT, fakeSessionHost(fakeParts()));
  return { announcer, said, session, types: () => said.splice(0).map(({ type }) => type) };
}

test('many changes within a frame are said once', () => {
  const { announcer, session, types } = listening();
  vi.advanceTimersByTime(100);
  for (let n = 0; n < 1000; n += 1) announcer.changed(session);
  for (let n = 0; n < 1000; n += 1) announcer.grown(session);
  vi.advanceTimersByTime(1);
  expect(types()).toEqual(['timeline', 'session']);
  announcer.changed(session);
  vi.advanceTimersByTime(10);
  expect(types()).toEqual([]);
  vi.advanceTimersByTime(10);
  expect(types()).toEqual(['session']);
});

test('steady growth is said each frame, the counts ten times a second', () => {
  const { announcer, session, types } = listening();
  for (let ms = 0; ms < 1000; ms += 1) {
    announcer.grown(session);
    vi.advanceTimersByTime(1);
  }
  const said = types();
  const timeline = said.filter((type) => type === 'timeline').length;
  const states = said.filter((type) => type === 'session').length;
  expect(timeline).toBeGreaterThan(50);
  expect(timeline).toBeLessThanOrEqual(63);
  expect(states).toBeGreaterThanOrEqual(8);
  expect(states).toBeLessThanOrEqual(10);
});

test('records that rush in are told of less often', () => {
  const { announcer, session, types } = listening();
  let records = 0;
  vi.spyOn(session, 'growth').mockImplementation(() => ({ revision: records, records }));
  const timelinesOfASecond = (recordsPerMs: number) => {
    for (let ms = 0; ms < 1000; ms += 1) {
      records += recordsPerMs;
      announcer.grown(session);
      vi.advanceTimersByTime(1);
    }
    return types().filter((type) => type === 'timeline').length;
  };
  expect(timelinesOfASecond(1)).toBeGreaterThan(50);
  const rushed = timelinesOfASecond(50);
  expect(rushed).toBeGreaterThanOrEqual(18);
  expect(rushed).toBeLessThanOrEqual(24);
  expect(timelinesOfASecond(1)).toBeGreaterThan(50);
});

test('nothing happens while nothing changes', () => {
  const { announcer, session, types } = listening();
  announcer.changed(session);
  vi.advanceTimersByTime(1000);
  types();
  expect(vi.getTimerCount()).toBe(0);
});

test('a removed session is not heard of again', () => {
  const { announcer, session, said } = listening();
  announcer.grown(session);
  announcer.removed(session);
  vi.advanceTimersByTime(1000);
  expect(said).toEqual([{ type: 'sessionRemoved', session: 's' }]);
});

test('rates are what came within the last second', () => {
  const rates = new Rates();
  const traffic = { clientToServer: { messages: 0, bytes: 0 }, serverToClient: { messages: 0, bytes: 0 } };
  let state = rates.state(traffic, 0);
  for (let ms = 100; ms <= 3000; ms += 100) {
    traffic.serverToClient.messages += 10;
    traffic.serverToClient.bytes += 1000;
    state = rates.state(traffic, ms);
  }
  expect(state.serverToClient).toEqual({
    messages: 300,
    bytes: 30_000,
    messagesPerSecond: 100,
    bytesPerSecond: 10_000,
  });
  expect(state.clientToServer.messagesPerSecond).toBe(0);
  state = rates.state(traffic, 4000);
  expect(state.serverToClient).toMatchObject({ messages: 300, messagesPerSecond: 0, bytesPerSecond: 0 });
});
