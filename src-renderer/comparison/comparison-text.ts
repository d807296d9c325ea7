// What a comparison says in words: pure.
import type { ComparedRow, Run, RunComparison } from '../../src-main/bridge/contract.ts';
import { RESULT_LABELS, runName } from '../history/run-days.ts';
import { formatCount, formatDuration, formatPlural, formatTime, recordNumber } from '../ui/format.ts';

/** How the sides of a row relate, in a word or two. */
export const KIND_WORDS: { readonly [K in ComparedRow['kind']]: string } = {
  same: 'same',
  changed: 'changed',
  one: 'only left',
  other: 'only right',
};

/** `Lobby, 14:03:07`. */
export function runShort(run: Run): string {
  return `${runName(run)}, ${formatTime(run.startedAt).slice(0, 8)}`;
}

/** How a run ended, in words: `Closed by the server`, `Failed: nothing is listening`. */
export function endingText({ result, text }: Run): string {
  const isSaid = result === 'closed' || result === 'passed' || result === 'crashed';
  if (text === '') return RESULT_LABELS[result];
  return isSaid ? text : `${RESULT_LABELS[result]}: ${text}`;
}

export function isSameEnding({ one, other }: RunComparison): boolean {
  return endingText(one.run) === endingText(other.run);
}

/** `+4.2 ms`; `±0` for what nobody can tell apart. */
export function lagText(lagMicroseconds: number): string {
  if (Math.abs(lagMicroseconds) < 1) return '±0';
  return `${lagMicroseconds > 0 ? '+' : ''}${formatDuration(lagMicroseconds)}`;
}

/** The lag in a sentence. */
export function lagTitle(lagMicroseconds: number): string {
  const size = formatDuration(Math.abs(lagMicroseconds));
  if (Math.abs(lagMicroseconds) < 1) return 'Took as long on both sides';
  return `Took ${size} ${lagMicroseconds > 0 ? 'longer' : 'less'} on the right, since the last row that both have`;
}

/** What the sides of a row are, for the heading over their texts: `#12 and #13`. */
export function rowNumbers({ one, other }: ComparedRow): string {
  return [one, other].flatMap((row) => (row ? [`#${formatCount(recordNumber(row.seq))}`] : [])).join(' and ');
}

/** That only the beginning was compared; undefined if all was. */
export function leftOutText({ one, other }: RunComparison): string | undefined {
  const parts = [
    one.leftOut > 0 && `${formatPlural(one.leftOut, 'message')} on the left`,
    other.leftOut > 0 && `${formatPlural(other.leftOut, 'message')} on the right`,
  ].filter(Boolean);
  if (parts.length === 0) return undefined;
  return `The runs are long. Not compared: ${parts.join(' and ')}, at their ends.`;
}
