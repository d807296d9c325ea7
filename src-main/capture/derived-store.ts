// Bytes that cannot be recomputed from a record's own: inflated messages, header lists, events. Each is kept behind its
// length, so its offset is all that a record needs.
import type { ByteStore } from './byte-store.ts';

const LENGTH_BYTES = 4;

export class DerivedStore {
  readonly #file: ByteStore;
  readonly #length = new DataView(new ArrayBuffer(LENGTH_BYTES));

  constructor(file: ByteStore) {
    this.#file = file;
  }

  /** Copies the bytes and returns where they are. */
  add(bytes: Uint8Array): number {
    this.#length.setUint32(0, bytes.length, true);
    const offset = this.#file.append(new Uint8Array(this.#length.buffer));
    this.#file.append(bytes);
    return offset;
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
