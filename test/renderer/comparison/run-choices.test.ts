import { expect, test } from 'vitest';
import type { Run } from '../../../src-main/bridge/contract.ts';
import { endingText, lagText, lagTitle } from '../../../src-renderer/comparison/comparison-text.ts';
import { runChoices } from '../../../src-renderer/comparison/run-choices.ts';

const NOW = new Date(2026, 10, 21, 18);

/** A run of today at an hour. */
function run(hour: number, change: Partial<Run> = {}): Run {
  return {
    id: `run-${hour}`,
    path: `/captures/run-${hour}.pcapng`,
    session: 'lobby',
    name: 'Lobby',
    startedAt: new Date(2026, 10, 21, hour).getTime() * 1000,
    endedAt: new Date(2026, 10, 21, hour, 1).getTime() * 1000,
    peer: '127.0.0.1:9001',
    counts: { records: 3, messages: 2, notes: 0, errors: 0 },
    sizeBytes: 100,
    result: 'closed',
    text: 'Closed by the server',
    kept: false,
    label: null,
    ...change,
  };
}

const RUNS = [
  run(16),
  run(15, { session: 'prices', name: 'Prices', result: 'failed' }),
  run(14),
  run(13, { label: 'before the fix' }),
  run(12),
];
const ids = (runs: readonly Run[]) => runs.map(({ id }) => id);

test('for a run the one before it is offered first, then older and newer ones of its session, then others', () => {
  const { related, others } = runChoices(RUNS, RUNS[2], '', NOW);
  expect(ids(related)).toEqual(['run-13', 'run-12', 'run-16']);
  expect(ids(others)).toEqual(['run-15']);
});

test('runs of a session that is gone go by its name', () => {
  const gone = run(11, { session: null });
  expect(ids(runChoices(RUNS, gone, '', NOW).related)).toEqual(['run-16', 'run-14', 'run-13', 'run-12']);
});

test('every word that is typed must be in a run', () => {
  const found = (typed: string) => ids(runChoices(RUNS, undefined, typed, NOW).others);
  expect(found('before FIX')).toEqual(['run-13']);
  expect(found('today 14:00')).toEqual(['run-14']);
  expect(found('failed prices')).toEqual(['run-15']);
  expect(found('nobody')).toEqual([]);
});

test('of many runs the newest are offered, and it is said that there are more', () => {
  const many = Array.from({ length: 150 }, (_, number) => run(10, { id: `run-${number}` }));
  const { others, isCut } = runChoices(many, undefined, '', NOW);
  expect([others.length, isCut]).toEqual([100, true]);
  expect(runChoices(RUNS, undefined, '', NOW).isCut).toBe(false);
});

test('endings and lags in words', () => {
  expect(endingText(run(1))).toBe('Closed by the server');
  expect(endingText(run(1, { result: 'failed', text: 'No route.' }))).toBe('Failed: No route.');
  expect(endingText(run(1, { result: 'running', text: '' }))).toBe('Running');
  expect([lagText(4200), lagText(-900), lagText(0.4)]).toEqual(['+4.2\u202fms', '−900\u202fµs', '±0']);
  expect(lagTitle(4200)).toMatch(/^Took 4\.2\u202fms longer on the right/);
  expect(lagTitle(-4200)).toMatch(/^Took 4\.2\u202fms less on the right/);
});
