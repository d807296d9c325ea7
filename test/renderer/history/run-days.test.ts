import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src-main/bridge/contract.ts';
import { crashedSince, runCount, runName, runsByDay, runTitle } from '../../../src-renderer/history/run-days.ts';

const NOW = new Date(2026, 10, 21, 9, 30);
const at = (...[year, month, day, hour = 12]: number[]) => new Date(year!, month! - 1, day!, hour).getTime() * 1000;

function run(change: Partial<Run> = {}): Run {
  return {
    id: 'r1',
    path: '/captures/r1.pcapng',
    session: 's1',
    name: 'Seed chat',
    startedAt: at(2026, 11, 21, 8),
    endedAt: at(2026, 11, 21, 8) + 1_500_000,
    peer: '127.0.0.1:9001',
    counts: { records: 30, messages: 12, notes: 0, errors: 0 },
    sizeBytes: 4200,
    result: 'closed',
    text: '1000 bye',
    kept: false,
    label: null,
    ...change,
  };
}

describe('runs by day', () => {
  it('keeps the order and names days by how far they are from today', () => {
    const starts = [at(2026, 11, 21, 9), at(2026, 11, 21, 0), at(2026, 11, 20, 23), at(2026, 11, 13), at(2025, 12, 31)];
    const days = runsByDay(
      starts.map((startedAt, index) => run({ id: `r${index}`, startedAt })),
      NOW,
    );
    expect(days.map(({ label, runs }) => [label, runs.map(({ id }) => id)])).toEqual([
      ['Today', ['r0', 'r1']],
      ['Yesterday', ['r2']],
      ['Friday 13 November', ['r3']],
      ['Wednesday 31 December 2025', ['r4']],
    ]);
  });

  it('knows yesterday over the end of a year', () => {
    const days = runsByDay([run({ startedAt: at(2025, 12, 31) })], new Date(2026, 0, 1, 1));
    expect(days.map(({ label }) => label)).toEqual(['Yesterday']);
  });

  it('has no days without runs', () => expect(runsByDay([], NOW)).toEqual([]));
});

describe('how a run reads', () => {
  it('is called by its label, and says both', () => {
    expect(runName(run())).toBe('Seed chat');
    expect(runName(run({ label: 'before the fix' }))).toBe('before the fix');
    expect(runTitle(run({ label: 'before the fix' }))).toMatch(/^before the fix \(Seed chat\)\n/);
  });

  it('counts messages, and records where there were none', () => {
    expect(runCount(run())).toBe('12\u202fmsg');
    expect(runCount(run({ counts: { records: 1, messages: 0, notes: 0, errors: 0 } }))).toBe('1 record');
  });

  it('tells how it ended, how long it took, its notes and that it is kept', () => {
    const title = runTitle(run({ kept: true, counts: { records: 30, messages: 12, notes: 2, errors: 1 } }));
    expect(title.split('\n')).toEqual([
      'Seed chat',
      '127.0.0.1:9001',
      'Closed: 1000 bye, 1.5\u202fs',
      '30 records, 12 messages, 2 notes, 1 error, 4.2\u202fkB',
      'Kept: never removed to make room',
    ]);
    expect(runTitle(run({ result: 'crashed', endedAt: null, text: '' }))).toContain('\nCut off\n');
  });
});

it('offers only crashes that were not offered before', () => {
  const runs = [
    run({ id: 'new', result: 'crashed', startedAt: 30 }),
    run({ id: 'closed', startedAt: 25 }),
    run({ id: 'old', result: 'crashed', startedAt: 20 }),
  ];
  expect(crashedSince(runs, 20).map(({ id }) => id)).toEqual(['new']);
  expect(crashedSince(runs, 30)).toEqual([]);
});
