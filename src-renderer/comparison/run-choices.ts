// Which runs are offered to be compared, in which order: pure.
import type { Run } from '../../src-main/bridge/contract.ts';
import { RESULT_LABELS, runName, runsByDay } from '../history/run-days.ts';
import { formatTime } from '../ui/format.ts';

/** More are found by typing. */
const MAX_OFFERED = 100;

export interface RunChoices {
  /** Of the session whose run was picked first: the one before it first. */
  related: Run[];
  others: Run[];
  /** There are more than are offered. */
  isCut: boolean;
}

/** `runs`: newest first. `one`: the run that was picked already. `typed`: words that a run must have. */
export function runChoices(runs: readonly Run[], one: Run | undefined, typed: string, now: Date): RunChoices {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = runs.filter((run) => run.id !== one?.id && hasWords(run, words, now));
  const offered = found.slice(0, MAX_OFFERED);
  const isCut = offered.length < found.length;
  if (!one) return { related: [], others: offered, isCut };
  const isRelated = (run: Run) => (one.session === null ? run.name === one.name : run.session === one.session);
  const related = offered.filter(isRelated);
  return {
    related: [
      ...related.filter(({ startedAt }) => startedAt < one.startedAt),
      ...related.filter(({ startedAt }) => startedAt >= one.startedAt),
    ],
    others: offered.filter((run) => !isRelated(run)),
    isCut,
  };
}

/** `Today 14:03:07`. */
export function runWhen(run: Run, now: Date): string {
  return `${runsByDay([run], now)[0]!.label} ${formatTime(run.startedAt).slice(0, 8)}`;
}

function hasWords(run: Run, words: readonly string[], now: Date): boolean {
  if (words.length === 0) return true;
  const text = [runName(run), run.name, run.peer, RESULT_LABELS[run.result], run.text, runWhen(run, now)]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
