// Views of a capture's records: all of them, those of a level, or those a test lets through. They grow with the capture;
// a scan gives the event loop its turn every few milliseconds.
import type { SeqSet } from '../index/seq-set.ts';

export interface View {
  /** Matching records so far; grows with the capture. */
  readonly total: number;
  /** Part of the records that was looked at, 0 … 1; 1 when all were. */
  readonly scanning: number;
  /** All records below this seq were looked at: their rows are known. */
  readonly scannedTo: number;
  /** seqs of rows from…from+count. */
  seqs(from: number, count: number): number[];
  /** Index of the first row with a seq at or after `seq`; `total` if there is none. */
  position(seq: number): number;
  dispose(): void;
}

/** What a view needs of the records. */
export interface RecordCount {
  readonly count: number;
}

/** Every record. */
export class WholeView implements View {
  readonly scanning = 1;
  readonly scannedTo = Number.POSITIVE_INFINITY;
  readonly #records: RecordCount;

  constructor(records: RecordCount) {
    this.#records = records;
  }

  get total(): number {
    return this.#records.count;
  }

  seqs(from: number, count: number): number[] {
    const length = Math.min(count, this.total - from);
    return from < 0 || length <= 0 ? [] : Array.from({ length }, (_, i) => from + i);
  }

  position(seq: number): number {
    return Math.max(0, Math.min(seq, this.total));
  }

  dispose(): void {}
}

/** The records of a set that somebody else fills. */
export class SetView implements View {
  readonly #set: SeqSet;

  constructor(set: SeqSet) {
    this.#set = set;
  }

  get scanning(): number {
    return 1;
  }

  get scannedTo(): number {
    return Number.POSITIVE_INFINITY;
  }

  get total(): number {
    return this.#set.total;
  }

  seqs(from: number, count: number): number[] {
    return this.#set.slice(from, count);
  }

  position(seq: number): number {
    return this.#set.rank(Math.max(0, seq));
  }

  dispose(): void {}
}

const SLICE_MS = 8;
/** The clock is asked once in so many records. */
const CLOCK_EVERY = 4;

export interface ScanOptions {
  /** An empty set to fill. */
  matching: SeqSet;
  records: RecordCount;
  test: (seq: number) => boolean;
  /** The first record to look at. */
  from?: number;
  /** Called after each slice. */
  onProgress: () => void;
  onDispose: (view: ScannedView) => void;
}

/** The records that pass a test, found by looking at each of them once. */
export class ScannedView extends SetView {
  readonly #matching: SeqSet;
  readonly #records: RecordCount;
  readonly #test: (seq: number) => boolean;
  readonly #onProgress: () => void;
  readonly #onDispose: (view: ScannedView) => void;
  #next: number;
  #scheduled: ReturnType<typeof setImmediate> | undefined;
  #disposed = false;

  constructor({ matching, records, test, from = 0, onProgress, onDispose }: ScanOptions) {
    super(matching);
    this.#next = from;
    this.#matching = matching;
    this.#records = records;
    this.#test = test;
    this.#onProgress = onProgress;
    this.#onDispose = onDispose;
    this.#scan();
  }

  override get scanning(): number {
    const { count } = this.#records;
    return count === 0 ? 1 : Math.min(1, this.#next / count);
  }

  override get scannedTo(): number {
    return this.#next;
  }

  /** There are new records. */
  grown(): void {
    if (!this.#disposed && this.#next < this.#records.count) this.#scheduled ??= setImmediate(this.#onTurn);
  }

  override dispose(): void {
    this.#disposed = true;
    if (this.#scheduled) clearImmediate(this.#scheduled);
    this.#onDispose(this);
  }

  /** A test must not throw; if one does, its record is left out, and whatever else runs goes on. */
  #passes(seq: number): boolean {
    try {
      return this.#test(seq);
    } catch {
      return false;
    }
  }

  #onTurn = (): void => {
    this.#scheduled = undefined;
    this.#scan();
    this.#onProgress();
  };

  #scan(): void {
    const until = performance.now() + SLICE_MS;
    const { count } = this.#records;
    while (this.#next < count) {
      const seq = this.#next++;
      if (this.#passes(seq)) this.#matching.add(seq);
      if (this.#next % CLOCK_EVERY === 0 && performance.now() >= until) break;
    }
    this.grown();
  }
}
