// The rows of a comparison that differ: where the next one is, and the rows that are shown when only they are: pure.

/** Rows next to each other that are not the same: `from` … `from + count`. */
export interface Difference {
  from: number;
  count: number;
}

/** The difference that a row is part of, or the first one behind it, by its place; as many as there are if there is none. */
function atOrAfter(differences: readonly Difference[], row: number): number {
  let low = 0;
  let high = differences.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { from, count } = differences[middle]!;
    if (from + count <= row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of the difference that a row is part of; undefined: the row is the same on both sides. */
export function differenceOf(differences: readonly Difference[], row: number): number | undefined {
  const at = atOrAfter(differences, row);
  return at < differences.length && differences[at]!.from <= row ? at : undefined;
}

/** The row where the next difference begins (`step` 1), or the one before (−1), once round. undefined: there is none. */
export function stepDifference(differences: readonly Difference[], row: number, step: 1 | -1): number | undefined {
  const { length } = differences;
  if (length === 0) return undefined;
  const at = atOrAfter(differences, row);
  const isInside = differenceOf(differences, row) !== undefined;
  const next = step === 1 ? at + (isInside ? 1 : 0) : at - 1;
  return differences[(next + length) % length]!.from;
}

/** Which rows of a comparison are listed: all, or only those that differ. */
export class ListedRows {
  readonly total: number;
  readonly #differences: readonly Difference[] | undefined;
  /** For each difference, how many rows are listed before it. */
  readonly #before: readonly number[] = [];

  /** `differences`: absent to list all. */
  constructor(rows: number, differences?: readonly Difference[]) {
    this.#differences = differences;
    if (!differences) {
      this.total = rows;
      return;
    }
    const before: number[] = [];
    let total = 0;
    for (const { count } of differences) {
      before.push(total);
      total += count;
    }
    this.#before = before;
    this.total = total;
  }

  /** The row at a place of the list. */
  rowAt(place: number): number {
    const differences = this.#differences;
    if (!differences) return place;
    let low = 0;
    let high = differences.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#before[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    return (differences[low]?.from ?? 0) + place - (this.#before[low] ?? 0);
  }

  /** Where a row is listed, or where the next listed one is. */
  placeOf(row: number): number {
    const differences = this.#differences;
    if (!differences) return row;
    const at = atOrAfter(differences, row);
    if (at === differences.length) return Math.max(0, this.total - 1);
    return this.#before[at]! + Math.max(0, row - differences[at]!.from);
  }
}
