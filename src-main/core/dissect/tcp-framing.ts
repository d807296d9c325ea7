// Cuts one direction of a byte stream into messages. A cutter keeps counters and at most a length prefix, never
// message bytes, and cuts at the same places however the stream was chunked (but for framing `none`, whose messages are
// the chunks). It knows nothing of records.
import type { Framing } from '../protocol.ts';

/** What a cutter found: bytes that follow those of the cut before. */
export type CutKind = 'chunk' | 'message' | 'raw';
export type CutFault =
  /** The stream ended inside it. */
  | 'truncated'
  /** No end was found within the longest message; it goes on in the next cut. */
  | 'unterminated'
  /** The prefix announces more than 2⁵³−1 bytes: only the prefix is in this cut, raw cuts follow. */
  | 'absurd-length'
  /** The prefix counts itself and is smaller than itself: likewise. */
  | 'length-below-prefix';

/** `length`: wire bytes. `size`: of them the application's, after the prefix and before the delimiter. */
export type OnCut = (kind: CutKind, length: number, size: number, fault?: CutFault) => void;

export interface Cutter {
  push(chunk: Uint8Array): void;
  /** What is incomplete is cut as truncated; then the cutter is as new. */
  end(): void;
}

/** A message without an end in sight is cut after so many bytes. */
const MAX_UNTERMINATED_BYTES = 16 * 1024 * 1024;
/** After a prefix that cannot be right, the rest of the direction is cut into pieces of this size. */
const RAW_PIECE_BYTES = 4096;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A cutter for one direction. A framing that cannot cut (empty delimiter, length below 1) is taken for `none`. */
export function openCutter(framing: Framing, onCut: OnCut, maxUnterminated = MAX_UNTERMINATED_BYTES): Cutter {
  switch (framing.kind) {
    case 'none':
      return new ChunkCutter(onCut);
    case 'lines':
      return new DelimiterCutter(Uint8Array.of(LINE_FEED), true, onCut, maxUnterminated);
    case 'delimiter':
      if (framing.delimiter.length === 0) return new ChunkCutter(onCut);
      return new DelimiterCutter(
        framing.delimiter.slice(),
        false,
        onCut,
        Math.max(maxUnterminated, framing.delimiter.length),
      );
    case 'length-prefix':
      return new PrefixCutter(framing.bytes, framing.littleEndian, framing.includesItself, onCut);
    case 'fixed':
      if (!Number.isSafeInteger(framing.length) || framing.length < 1) return new ChunkCutter(onCut);
      return new FixedCutter(framing.length, 'message', onCut);
  }
}

class ChunkCutter implements Cutter {
  readonly #onCut: OnCut;

  constructor(onCut: OnCut) {
    this.#onCut = onCut;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#onCut('chunk', chunk.length, chunk.length);
  }

  end(): void {}
}

class DelimiterCutter implements Cutter {
  readonly #delimiter: Uint8Array;
  readonly #stripCarriageReturn: boolean;
  readonly #onCut: OnCut;
  readonly #max: number;
  /** Knuth–Morris–Pratt: how much of the delimiter still matches after a mismatch at each position. */
  readonly #fallback: Uint32Array;
  #pending = 0;
  #matched = 0;
  #lastByte = 0;

  constructor(delimiter: Uint8Array, stripCarriageReturn: boolean, onCut: OnCut, max: number) {
    this.#delimiter = delimiter;
    this.#stripCarriageReturn = stripCarriageReturn;
    this.#onCut = onCut;
    this.#max = max;
    this.#fallback = fallbackTable(delimiter);
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    while (from < chunk.length) {
      const stop = Math.min(chunk.length, from + this.#max - this.#pending);
      const end = this.#find(chunk, from, stop);
      if (end >= 0) {
        const length = this.#pending + end - from;
        this.#onCut('message', length, length - this.#trailer(chunk, from, end));
        from = end;
      } else {
        this.#pending += stop - from;
        from = stop;
        if (this.#pending < this.#max) continue;
        this.#onCut('message', this.#pending, this.#pending, 'unterminated');
      }
      this.#pending = 0;
      this.#matched = 0;
    }
    if (chunk.length > 0) this.#lastByte = chunk[chunk.length - 1]!;
  }

  end(): void {
    if (this.#pending > 0) this.#onCut('message', this.#pending, this.#pending, 'truncated');
    this.#pending = 0;
    this.#matched = 0;
  }

  /** Where the delimiter ends in chunk[from, stop), or -1; a partial match is kept for the next call. */
  #find(chunk: Uint8Array, from: number, stop: number): number {
    const delimiter = this.#delimiter;
    const first = delimiter[0]!;
    let matched = this.#matched;
    for (let i = from; i < stop; i++) {
      if (matched === 0) {
        i = chunk.indexOf(first, i);
        if (i < 0 || i >= stop) break;
        matched = 1;
      } else {
        const byte = chunk[i]!;
        while (matched > 0 && delimiter[matched] !== byte) matched = this.#fallback[matched - 1]!;
        if (delimiter[matched] === byte) matched++;
      }
      if (matched === delimiter.length) return i + 1;
    }
    this.#matched = matched;
    return -1;
  }

  #trailer(chunk: Uint8Array, from: number, end: number): number {
    if (!this.#stripCarriageReturn) return this.#delimiter.length;
    const beforeFeed = end - 2 >= from ? chunk[end - 2] : this.#pending > 0 ? this.#lastByte : undefined;
    return beforeFeed === CARRIAGE_RETURN ? 2 : 1;
  }
}

function fallbackTable(delimiter: Uint8Array): Uint32Array {
  const table = new Uint32Array(delimiter.length);
  let matched = 0;
  for (let i = 1; i < delimiter.length; i++) {
    while (matched > 0 && delimiter[i] !== delimiter[matched]) matched = table[matched - 1]!;
    if (delimiter[i] === delimiter[matched]) matched++;
    table[i] = matched;
  }
  return table;
}

class PrefixCutter implements Cutter {
  readonly #width: number;
  readonly #littleEndian: boolean;
  readonly #includesItself: boolean;
  readonly #onCut: OnCut;
  readonly #prefix = new DataView(new ArrayBuffer(8));
  #prefixBytes = 0;
  #body = 0;
  #remaining = 0;
  #raw: Cutter | undefined;

  constructor(width: number, littleEndian: boolean, includesItself: boolean, onCut: OnCut) {
    this.#width = width;
    this.#littleEndian = littleEndian;
    this.#includesItself = includesItself;
    this.#onCut = onCut;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    while (from < chunk.length) {
      if (this.#raw) {
        this.#raw.push(from === 0 ? chunk : chunk.subarray(from));
        return;
      }
      if (this.#prefixBytes < this.#width) {
        this.#prefix.setUint8(this.#prefixBytes++, chunk[from++]!);
        if (this.#prefixBytes < this.#width) continue;
        if (!this.#readPrefix()) continue;
      } else {
        const taken = Math.min(this.#remaining, chunk.length - from);
        this.#remaining -= taken;
        from += taken;
      }
      if (this.#remaining === 0) {
        this.#prefixBytes = 0;
        this.#onCut('message', this.#width + this.#body, this.#body);
      }
    }
  }

  end(): void {
    this.#raw?.end();
    this.#raw = undefined;
    if (this.#prefixBytes > 0) {
      const read = this.#prefixBytes === this.#width ? this.#body - this.#remaining : 0;
      this.#onCut('message', this.#prefixBytes + read, read, 'truncated');
    }
    this.#prefixBytes = 0;
  }

  /** Sets what the prefix announces; false if it cannot be true, and raw cuts follow. */
  #readPrefix(): boolean {
    const announced = readUnsigned(this.#prefix, this.#width, this.#littleEndian);
    const body = this.#includesItself ? announced - this.#width : announced;
    if (announced <= Number.MAX_SAFE_INTEGER && body >= 0) {
      this.#body = body;
      this.#remaining = body;
      return true;
    }
    this.#prefixBytes = 0;
    this.#raw = new FixedCutter(RAW_PIECE_BYTES, 'raw', this.#onCut);
    this.#onCut('message', this.#width, 0, body < 0 ? 'length-below-prefix' : 'absurd-length');
    return false;
  }
}

/** An unsigned integer of 1, 2, 4 or 8 bytes; inexact, but still above it, beyond 2⁵³−1. */
export function readUnsigned(view: DataView, width: number, littleEndian: boolean): number {
  if (width === 1) return view.getUint8(0);
  if (width === 2) return view.getUint16(0, littleEndian);
  if (width === 4) return view.getUint32(0, littleEndian);
  const [high, low] = littleEndian ? [4, 0] : [0, 4];
  return view.getUint32(high, littleEndian) * 2 ** 32 + view.getUint32(low, littleEndian);
}

class FixedCutter implements Cutter {
  readonly #length: number;
  readonly #kind: CutKind;
  readonly #onCut: OnCut;
  #pending = 0;

  constructor(length: number, kind: CutKind, onCut: OnCut) {
    this.#length = length;
    this.#kind = kind;
    this.#onCut = onCut;
  }

  push(chunk: Uint8Array): void {
    let left = this.#pending + chunk.length;
    for (; left >= this.#length; left -= this.#length) this.#onCut(this.#kind, this.#length, this.#length);
    this.#pending = left;
  }

  end(): void {
    // Pieces of a stream whose framing is lost have no size of their own that the last one could fall short of.
    const fault = this.#kind === 'raw' ? undefined : 'truncated';
    if (this.#pending > 0) this.#onCut(this.#kind, this.#pending, this.#pending, fault);
    this.#pending = 0;
  }
}
