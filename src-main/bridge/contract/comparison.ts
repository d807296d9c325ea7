// Two runs held against each other, message by message.
import { z } from 'zod';
import type { PayloadViewName } from '../../core/payload/payload.ts';
import { type Run, runId } from './history.ts';
import { rowCount, seq } from './inputs.ts';
import type { Row } from './timeline.ts';

const pair = { one: runId, other: runId };

export const comparisonMethods = {
  /** Compares the first messages of two runs, and how their calls and connections ended. A run that goes on: as far as it has come. */
  'history.compare': z.strictObject(pair),
  'history.comparedRows': z.strictObject({ ...pair, from: seq, count: rowCount }),
  /** Both sides of a row in full, to be held against each other. */
  'history.comparedTexts': z.strictObject({ ...pair, row: seq }),
} as const;

export interface ComparisonOutput {
  'history.compare': RunComparison;
  'history.comparedRows': { rows: ComparedRow[] };
  'history.comparedTexts': { one?: ComparedText; other?: ComparedText };
}

export interface RunComparison {
  one: ComparedRun;
  other: ComparedRun;
  /** How many there are. */
  rows: number;
  /** Rows of each kind. */
  counts: { same: number; changed: number; onlyOne: number; onlyOther: number };
  /** Rows that are not the same, in order; those next to each other together. */
  differences: { from: number; count: number }[];
}

export interface ComparedRun {
  run: Run;
  /** When its first record was, in microseconds since the Unix epoch: times are told from there. */
  originUs: number;
  /** Records that were compared, and messages beyond the limit that were not. */
  compared: number;
  leftOut: number;
}

/** Records that stand beside each other, or one that has no like. */
export interface ComparedRow {
  /** changed: of one direction and kind, with another content. one, other: only in that run. */
  kind: 'same' | 'changed' | 'one' | 'other';
  one?: Row;
  other?: Row;
  /** How much longer the other run took to come here from the last row that both have. Negative: less. */
  lagMicroseconds?: number;
}

export interface ComparedText {
  view: PayloadViewName;
  text: string;
  /** Bytes that the text covers, and bytes in all; 0 of what has no payload. */
  shown: number;
  total: number;
}
