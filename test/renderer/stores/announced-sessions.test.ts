import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SessionState } from '../../../src-main/bridge/contract.ts';
import { AnnouncedSessions } from '../../../src-renderer/stores/announced-sessions.ts';
import { sessionState } from '../session-state.ts';

let taken: (readonly [string, string | undefined][])[];
let announced: AnnouncedSessions;
const known = new Set<string>();

const named = (id: string, name: string): SessionState =>
  sessionState({ id, config: { ...sessionState().config, name } });
const receive = (id: string, name: string | undefined) =>
  announced.receive(id, name === undefined ? undefined : named(id, name));

beforeEach(() => {
  vi.useFakeTimers();
  taken = [];
  known.clear();
  announced = new AnnouncedSessions(
    (changes) => taken.push([...changes].map(([id, session]) => [id, session?.config.name] as const)),
    ({ id }) => known.has(id),
  );
});
afterEach(() => void vi.useRealTimers());

it('takes the first at once, and those of a frame together, the last of each', () => {
  receive('a', 'one');
  expect(taken).toEqual([[['a', 'one']]]);
  for (let i = 0; i < 5000; i++) receive(`s${i}`, 'x');
  receive('s0', 'y');
  receive('a', undefined);
  expect(taken).toHaveLength(1);
  vi.advanceTimersByTime(16);
  expect(taken).toHaveLength(2);
  expect(taken[1]).toHaveLength(5001);
  expect(taken[1]).toContainEqual(['s0', 'y']);
  expect(taken[1]).toContainEqual(['a', undefined]);
  vi.advanceTimersByTime(1000);
  expect(taken).toHaveLength(2);
  receive('a', 'again');
  expect(taken[2]).toEqual([['a', 'again']]);
});

it('lets counters wait, but not for ever, and never comes after a change with them', () => {
  known.add('a');
  for (let i = 1; i <= 20; i++) {
    receive('a', `count ${i}`);
    vi.advanceTimersByTime(10);
  }
  expect(taken).toEqual([[['a', 'count 10']], [['a', 'count 20']]]);

  receive('a', 'count 21');
  known.delete('a');
  receive('a', 'renamed');
  vi.advanceTimersByTime(1000);
  expect(taken.slice(2)).toEqual([[['a', 'renamed']]]);
});

it('forgets what an answer has overtaken', () => {
  receive('a', 'first');
  receive('a', 'old');
  receive('b', 'old');
  announced.overtaken('a');
  vi.advanceTimersByTime(1000);
  expect(taken.slice(1)).toEqual([[['b', 'old']]]);

  receive('a', 'now');
  receive('a', 'old');
  known.add('b');
  receive('b', 'count');
  announced.overtaken();
  vi.advanceTimersByTime(1000);
  expect(taken.slice(2)).toEqual([[['a', 'now']]]);
});

it('hands over what waits when it is asked to', () => {
  receive('a', 'first');
  receive('a', 'next');
  known.add('b');
  receive('b', 'count');
  announced.flush();
  expect(taken.slice(1)).toEqual([[['a', 'next']], [['b', 'count']]]);
});
