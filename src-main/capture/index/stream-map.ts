// Where the bytes of one direction of one connection lie in the capture file: one row for each packet that brought new
// ones. Full extents of rows go to the index file; in memory stay one entry for each of them and the newest rows.
import type { ByteSourceFile, ByteStore } from '../storage/byte-store.ts';

const EXTENT_ROWS = 128;
/** Stream offset, file offset, length: three f64. */
const ROW_NUMBERS = 3;

const NO_ROWS = new Float64Array(0);
/** The rows that were read last from a store, and of which extent they are: one for all, there may be a million maps. */
const READ_ROWS = new Float64Array(EXTENT_ROWS * ROW_NUMBERS);
const READ_BYTES = new Uint8Array(READ_ROWS.buffer);
let readExtent: Extent | undefined;

/** A run of rows in the index file. */
export interface Extent {
  streamStart: number;
  position: number;
  rows: number;
}

export class StreamMap {
  readonly #store: ByteStore;
  #extents: Extent[];
  #rows = NO_ROWS;
  #rowCount = 0;
  /** The direction's bytes so far, gaps included. */
  #length = 0;

  constructor(store: ByteStore, extents: Extent[] = []) {
    this.#store = store;
    this.#extents = extents;
  }

  /** The next `length` bytes of the stream lie at `fileOffset`. */
  add(length: number, fileOffset: number): void {
    if (length === 0) return;
    if (this.#rowCount === EXTENT_ROWS) this.#seal();
    const at = this.#rowCount * ROW_NUMBERS;
    if (at === this.#rows.length) this.#grow();
    this.#rows[at] = this.#length;
    this.#rows[at + 1] = fileOffset;
    this.#rows[at + 2] = length;
    this.#rowCount++;
    this.#length += length;
  }

  /** The next `length` bytes of the stream are in no packet. */
  skip(length: number): void {
    this.#length += length;
  }

  /** Fills `target` with the stream's bytes from `start` on. Bytes that no packet brought are zero. */
  read(file: ByteSourceFile, start: number, target: Uint8Array): void {
    let done = 0;
    for (let index = this.#extentAt(start); done < target.length && index <= this.#extents.length; index++) {
      const rows = this.#extentRows(index);
      const count = rows.length / ROW_NUMBERS;
      for (let row = firstRow(rows, count, start + done); row < count && done < target.length; row++) {
        const streamStart = rows[row * ROW_NUMBERS]!;
        const length = rows[row * ROW_NUMBERS + 2]!;
        const from = Math.max(start + done, streamStart);
        if (from >= start + target.length) return;
        const there = Math.min(streamStart + length, start + target.length) - from;
        if (there <= 0) continue;
        file.read(
          rows[row * ROW_NUMBERS + 1]! + from - streamStart,
          target.subarray(from - start, from - start + there),
        );
        done = from - start + there;
      }
    }
  }

  /** Nothing comes for now: puts the newest rows into the store, so that the map takes next to no memory. */
  settle(): void {
    this.#seal();
    this.#rows = NO_ROWS;
  }

  /** Puts the newest rows into the store; the map is then complete. */
  close(): readonly Extent[] {
    this.settle();
    return this.#extents;
  }

  /** Index of the last extent that begins at or before `offset`; one past the last: the rows in memory. */
  #extentAt(offset: number): number {
    if (this.#rowCount > 0 && this.#rows[0]! <= offset) return this.#extents.length;
    let low = 0;
    let high = this.#extents.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#extents[middle]!.streamStart <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #extentRows(index: number): Float64Array {
    const extent = this.#extents[index];
    if (!extent) return this.#rows.subarray(0, this.#rowCount * ROW_NUMBERS);
    const numbers = Math.max(0, Math.min(extent.rows, EXTENT_ROWS)) * ROW_NUMBERS;
    if (readExtent !== extent) {
      const got = this.#store.read(extent.position, READ_BYTES.subarray(0, numbers * 8));
      READ_BYTES.fill(0, got);
      readExtent = extent;
    }
    return READ_ROWS.subarray(0, numbers);
  }

  #seal(): void {
    if (this.#rowCount === 0) return;
    const bytes = new Uint8Array(this.#rows.buffer, 0, this.#rowCount * ROW_NUMBERS * 8);
    const extent = { streamStart: this.#rows[0]!, position: this.#store.append(bytes), rows: this.#rowCount };
    // Most connections are short; an array that something was pushed into has room for sixteen more.
    if (this.#extents.length === 0) this.#extents = [extent];
    else this.#extents.push(extent);
    this.#rowCount = 0;
  }

  #grow(): void {
    const rows = new Float64Array(this.#rows.length === 0 ? 4 * ROW_NUMBERS : this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
  }
}

/** The last row that begins at or before `offset`, or 0. */
function firstRow(rows: Float64Array, count: number, offset: number): number {
  let low = 0;
  let high = Math.max(0, count - 1);
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (rows[middle * ROW_NUMBERS]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
