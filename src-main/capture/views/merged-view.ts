// Two views that share no record, as one in the order of records.
import type { View } from './timeline-view.ts';

export class MergedView implements View {
  readonly #one: View;
  readonly #other: View;

  constructor(one: View, other: View) {
    this.#one = one;
    this.#other = other;
  }

  get total(): number {
    return this.#one.total + this.#other.total;
  }

  get scanning(): number {
    return Math.min(this.#one.scanning, this.#other.scanning);
  }

  get scannedTo(): number {
    return Math.min(this.#one.scannedTo, this.#other.scannedTo);
  }

  seqs(from: number, count: number): number[] {
    if (from < 0 || from >= this.total) return [];
    const before = this.#before(from);
    const ones = this.#one.seqs(before, count);
    const others = this.#other.seqs(from - before, count);
    const seqs: number[] = [];
    for (let i = 0, j = 0; seqs.length < count && (i < ones.length || j < others.length); ) {
      const takesOne = j === others.length || (i < ones.length && ones[i]! < others[j]!);
      seqs.push(takesOne ? ones[i++]! : others[j++]!);
    }
    return seqs;
  }

  position(seq: number): number {
    return this.#one.position(seq) + this.#other.position(seq);
  }

  dispose(): void {
    this.#one.dispose();
    this.#other.dispose();
  }

  /** How many of the first `count` rows are of the first view. */
  #before(count: number): number {
    let low = 0;
    let high = Math.min(count, this.#one.total);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const [seq] = this.#one.seqs(middle, 1);
      if (middle + this.#other.position(seq!) < count) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
