// Two captures put beside each other, row by row. Holds both files open for as long as somebody may look.
import type { ComparedRow, ComparedText, Output, Row, RunComparison } from '../../bridge/contract.ts';
import type { Capture } from '../../capture/capture.ts';
import { Level } from '../../core/record.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { problem } from '../problem.ts';
import { rowOf } from '../session/rows.ts';
import { Slices } from '../session/slices.ts';
import { type Alignment, alignMessages, ComparedKind } from './alignment.ts';
import { KeyNumbers, type MessageKeys, readMessageKeys } from './message-keys.ts';
import { payloadLines } from './payload-lines.ts';

/** Payload bytes that are made lines of. */
const MAX_LINES_BYTES = 256 * 1024;

/** A capture that is compared, and the message types that its messages are told by. */
export interface ComparedCapture {
  capture: Capture;
  schema: LoadedSchema | undefined;
}

/** What a comparison says of itself; which runs they are, the caller knows. */
export type ComparisonSummary = Omit<RunComparison, 'one' | 'other'> & { one: SideSummary; other: SideSummary };
type SideSummary = Omit<RunComparison['one'], 'run'>;

const KINDS = { same: 'same', changed: 'changed', onlyOne: 'one', onlyOther: 'other' } as const;
const KIND_NAMES = (Object.keys(ComparedKind) as (keyof typeof ComparedKind)[]).map((name) => KINDS[name]);

export class Comparison {
  readonly #one: Side;
  readonly #other: Side;
  readonly #rows: Alignment;
  /** For each row the last one before it that both sides have, −1 for none. */
  readonly #pairBefore: Int32Array;

  /** Reads both from the beginning, in slices. Once it has resolved the captures are its own. */
  static async make(one: ComparedCapture, other: ComparedCapture): Promise<Comparison> {
    const slices = new Slices(Number.POSITIVE_INFINITY);
    const numbers = new KeyNumbers();
    const oneKeys = await readMessageKeys({ ...one, numbers, slices });
    const otherKeys = await readMessageKeys({ ...other, numbers, slices });
    const rows = await alignMessages(oneKeys, otherKeys, slices);
    return new Comparison(new Side(one, oneKeys, rows.one), new Side(other, otherKeys, rows.other), rows);
  }

  private constructor(one: Side, other: Side, rows: Alignment) {
    this.#one = one;
    this.#other = other;
    this.#rows = rows;
    this.#pairBefore = pairsBefore(rows);
  }

  summary(): ComparisonSummary {
    const { kinds } = this.#rows;
    const counts = [0, 0, 0, 0];
    const differences: { from: number; count: number }[] = [];
    for (const [row, kind] of kinds.entries()) {
      counts[kind]! += 1;
      if (kind === ComparedKind.same) continue;
      const last = differences.at(-1);
      if (last && last.from + last.count === row) last.count += 1;
      else differences.push({ from: row, count: 1 });
    }
    const [same = 0, changed = 0, onlyOne = 0, onlyOther = 0] = counts;
    return {
      one: this.#one.summary(),
      other: this.#other.summary(),
      rows: kinds.length,
      counts: { same, changed, onlyOne, onlyOther },
      differences,
    };
  }

  rows(from: number, count: number): ComparedRow[] {
    const end = Math.min(from + count, this.#rows.kinds.length);
    return Array.from({ length: Math.max(0, end - from) }, (_, index) => this.#row(from + index));
  }

  #row(row: number): ComparedRow {
    const { one, other, kinds } = this.#rows;
    const [at, otherAt] = [one[row]!, other[row]!];
    return {
      kind: KIND_NAMES[kinds[row]!]!,
      ...(at >= 0 && { one: this.#one.row(at) }),
      ...(otherAt >= 0 && { other: this.#other.row(otherAt) }),
      ...(at >= 0 && otherAt >= 0 && { lagMicroseconds: this.#lag(row) }),
    };
  }

  /** How much longer the other took to come here from the last row that both have, or from its beginning. */
  #lag(row: number): number {
    const { one, other } = this.#rows;
    const before = this.#pairBefore[row]!;
    const since = (side: Side, at: number, last: number) => side.at(at) - (before < 0 ? side.originUs : side.at(last));
    return since(this.#other, other[row]!, other[before]!) - since(this.#one, one[row]!, one[before]!);
  }

  /** Throws a ProblemError for a row that is none. */
  texts(row: number): Output['history.comparedTexts'] {
    const { one, other, kinds } = this.#rows;
    if (row >= kinds.length) throw problem('There is no such row in this comparison.', { code: 'NO_ROW' });
    return {
      ...(one[row]! >= 0 && { one: this.#one.text(one[row]!) }),
      ...(other[row]! >= 0 && { other: this.#other.text(other[row]!) }),
    };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#one.dispose(), this.#other.dispose()]);
  }
}

/** One of the captures. Records go by their places in its keys. */
class Side {
  readonly originUs: number;
  readonly #capture: Capture;
  readonly #seqs: Int32Array;
  readonly #compared: number;
  readonly #leftOut: number;

  /** `rows`: places in the keys, −1 for none; those at the end may be missing. */
  constructor({ capture }: ComparedCapture, { seqs, leftOut }: MessageKeys, rows: Int32Array) {
    this.#capture = capture;
    this.#seqs = seqs;
    this.#compared = rows.reduce((count, place) => count + (place < 0 ? 0 : 1), 0);
    const dropped = seqs.subarray(this.#compared);
    this.#leftOut = dropped.reduce((count, seq) => count + (isMessage(capture, seq) ? 1 : 0), leftOut);
    this.originUs = capture.count > 0 ? capture.record(0).at : 0;
  }

  summary(): SideSummary {
    return { originUs: this.originUs, compared: this.#compared, leftOut: this.#leftOut };
  }

  at(place: number): number {
    return this.#capture.record(this.#seqs[place]!).at;
  }

  row(place: number): Row {
    return rowOf(this.#capture, this.#seqs[place]!);
  }

  /** Of what is no message, such as the end of a call, its line in the timeline. */
  text(place: number): ComparedText {
    const seq = this.#seqs[place]!;
    const payload = isMessage(this.#capture, seq) ? this.#capture.payload(seq, MAX_LINES_BYTES) : undefined;
    if (payload) return payloadLines(payload);
    return { view: 'text', text: this.#capture.summary(seq), shown: 0, total: 0 };
  }

  dispose(): Promise<void> {
    return this.#capture.dispose();
  }
}

function isMessage(capture: Capture, seq: number): boolean {
  return (capture.record(seq).levels & Level.message) !== 0;
}

function pairsBefore({ one, other }: Alignment): Int32Array {
  const before = new Int32Array(one.length);
  let last = -1;
  for (let row = 0; row < before.length; row += 1) {
    before[row] = last;
    if (one[row]! >= 0 && other[row]! >= 0) last = row;
  }
  return before;
}
