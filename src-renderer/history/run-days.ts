// Runs by the local day they began on, and how a run reads: pure.
import type { Run } from '../../src-main/bridge/contract.ts';
import { formatBytes, formatCount, formatDuration, formatPlural } from '../ui/format.ts';

export interface RunDay {
  /** `2026-11-21` */
  key: string;
  /** `Today`, `Yesterday`, `Friday 20 November`, with the year if it is another. */
  label: string;
  runs: Run[];
}

/** In the order given, which is newest first. `now`: what today is. */
export function runsByDay(runs: readonly Run[], now: Date): RunDay[] {
  const days: RunDay[] = [];
  for (const run of runs) {
    const date = new Date(run.startedAt / 1000);
    const key = dayKey(date);
    const last = days.at(-1);
    if (last?.key === key) last.runs.push(run);
    else days.push({ key, label: dayLabel(date, now), runs: [run] });
  }
  return days;
}

function dayKey(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function dayLabel(date: Date, now: Date): string {
  const key = dayKey(date);
  if (key === dayKey(now)) return 'Today';
  if (key === dayKey(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return 'Yesterday';
  const weekday = date.toLocaleDateString('en-GB', { weekday: 'long' });
  const month = date.toLocaleDateString('en-GB', { month: 'long' });
  const year = date.getFullYear() === now.getFullYear() ? '' : ` ${date.getFullYear()}`;
  return `${weekday} ${date.getDate()} ${month}${year}`;
}

/** How runs end, in a word. */
export const RESULT_LABELS: { readonly [R in Run['result']]: string } = {
  running: 'Running',
  closed: 'Closed',
  failed: 'Failed',
  crashed: 'Cut off',
  passed: 'Passed',
  notPassed: 'Not passed',
};

/** What a run is called: its label, else its session's name. */
export function runName({ label, name }: Run): string {
  return label ?? name;
}

/** `12 msg`, or the records where there are none. */
export function runCount({ counts }: Run): string {
  if (counts.messages > 0) return `${formatCount(counts.messages)}\u202fmsg`;
  return formatPlural(counts.records, 'record');
}

/** Everything about a run, a line each. */
export function runTitle(run: Run): string {
  const { label, name, peer, text, counts, sizeBytes, kept, startedAt, endedAt } = run;
  const lasted = endedAt === null ? '' : `, ${formatDuration(endedAt - startedAt)}`;
  return [
    label === null ? name : `${label} (${name})`,
    peer,
    `${RESULT_LABELS[run.result]}${text ? `: ${text}` : ''}${lasted}`,
    [
      formatPlural(counts.records, 'record'),
      formatPlural(counts.messages, 'message'),
      counts.notes > 0 && formatPlural(counts.notes, 'note'),
      counts.errors > 0 && formatPlural(counts.errors, 'error'),
      formatBytes(sizeBytes),
    ]
      .filter(Boolean)
      .join(', '),
    kept && 'Kept: never removed to make room',
  ]
    .filter(Boolean)
    .join('\n');
}

/** Runs that a crash cut off since the last one that was offered, newest first. `seenAt`: when that began. */
export function crashedSince(runs: readonly Run[], seenAt: number): Run[] {
  return runs.filter((run) => run.result === 'crashed' && run.startedAt > seenAt);
}
