// Bytes that cannot be recomputed from a record's own: inflated messages, header lists, events. Each is kept behind its
// length, so its offset is all that a record needs. A small capture can inflate to a thousand times its size: what
// dissectors make is kept whole only as far as it is in proportion to the capture.
import type { ByteSourceFile, ByteStore } from '../storage/byte-store.ts';

const LENGTH_BYTES = 4;
/** What may be kept of a capture however small it is, and of each of its bytes. */
const ALLOWANCE_BYTES = 64 * 1024 * 1024;
const ALLOWANCE_RATIO = 32;
/** The beginning that is kept in any case. */
const BEGINNING_BYTES = 4096;

export class DerivedStore {
  readonly #file: ByteStore;
  readonly #capture: ByteSourceFile;
  readonly #allowanceBytes: number;
  readonly #length = new DataView(new ArrayBuffer(LENGTH_BYTES));

  constructor(file: ByteStore, capture: ByteSourceFile, allowanceBytes = ALLOWANCE_BYTES) {
    this.#file = file;
    this.#capture = capture;
    this.#allowanceBytes = allowanceBytes;
  }

  /** Copies the bytes and returns where they are. */
  add(bytes: Uint8Array): number {
    this.#length.setUint32(0, bytes.length, true);
    const offset = this.#file.append(new Uint8Array(this.#length.buffer));
    this.#file.append(bytes);
    return offset;
  }

  /** Where in the file the bytes lie that add() put there. */
  positionOf(offset: number): number {
    return offset + LENGTH_BYTES;
  }

  /** So much of `bytes` as is in proportion to the capture. */
  proportionate(bytes: Uint8Array): Uint8Array {
    if (bytes.length <= BEGINNING_BYTES) return bytes;
    const allowance = this.#allowanceBytes + ALLOWANCE_RATIO * this.#capture.sizeBytes;
    return this.#file.sizeBytes + bytes.length <= allowance ? bytes : bytes.subarray(0, BEGINNING_BYTES);
  }

  /** The bytes at `offset`, at most `limit` of them. Empty for an offset that is none. */
  read(offset: number, limit: number): Uint8Array {
    this.#length.setUint32(0, 0);
    this.#file.read(offset, new Uint8Array(this.#length.buffer));
    const there = Math.max(0, this.#file.sizeBytes - offset - LENGTH_BYTES);
    const bytes = new Uint8Array(Math.min(this.#length.getUint32(0, true), limit, there));
    const got = this.#file.read(offset + LENGTH_BYTES, bytes);
    return got === bytes.length ? bytes : bytes.subarray(0, got);
  }
}
