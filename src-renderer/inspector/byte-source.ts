// The bytes of one source of a record: the beginning came with the detail, the rest is read piece by piece as it is
// looked at. Keeps a bounded number of pieces. Owns no bridge: reading comes in as a function.

/** Bytes of one reading: one answer of the bridge. */
export const PIECE_BYTES = 65_536;
/** Pieces kept besides the beginning: 1 MiB. */
const MAX_PIECES = 16;

export class ByteSource {
  readonly sizeBytes: number;
  /** Grows with every piece that arrives; for React. */
  version = 0;
  /** Why the last reading failed. */
  failure: unknown;

  readonly #head: Uint8Array;
  readonly #read: (from: number, count: number) => Promise<Uint8Array>;
  readonly #pieces = new Map<number, Uint8Array>();
  readonly #asked = new Set<number>();
  readonly #listeners = new Set<() => void>();

  constructor(head: Uint8Array, sizeBytes: number, read: (from: number, count: number) => Promise<Uint8Array>) {
    this.#head = head;
    this.sizeBytes = sizeBytes;
    this.#read = read;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The byte at an offset, or undefined while it is not here. */
  at(offset: number): number | undefined {
    if (offset < this.#head.length) return this.#head[offset];
    const piece = Math.floor(offset / PIECE_BYTES);
    return this.#pieces.get(piece)?.[offset - piece * PIECE_BYTES];
  }

  /** Asks for what is missing of a range. */
  want(start: number, length: number): void {
    const end = Math.min(start + length, this.sizeBytes);
    for (let piece = Math.floor(start / PIECE_BYTES); piece * PIECE_BYTES < end; piece += 1) {
      if (this.at(Math.max(start, piece * PIECE_BYTES)) !== undefined && this.#whole(piece)) continue;
      if (this.#asked.has(piece)) continue;
      void this.#fetch(piece);
    }
  }

  /** The bytes of a range, read if need be: at most `limit` of them. */
  async range(start: number, length: number, limit: number): Promise<Uint8Array> {
    const size = Math.min(length, limit, Math.max(0, this.sizeBytes - start));
    const bytes = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const at = start + filled;
      const part =
        at < this.#head.length
          ? this.#head.subarray(at, start + size)
          : await this.#read(at, Math.min(PIECE_BYTES, size - filled));
      if (part.length === 0) break;
      bytes.set(part.subarray(0, size - filled), filled);
      filled += part.length;
    }
    return filled < size ? bytes.subarray(0, filled) : bytes;
  }

  #whole(piece: number): boolean {
    const last = Math.min((piece + 1) * PIECE_BYTES, this.sizeBytes) - 1;
    return this.at(last) !== undefined;
  }

  async #fetch(piece: number): Promise<void> {
    this.#asked.add(piece);
    const from = piece * PIECE_BYTES;
    try {
      this.#pieces.set(piece, await this.#read(from, Math.min(PIECE_BYTES, this.sizeBytes - from)));
      for (const oldest of this.#pieces.keys()) {
        if (this.#pieces.size <= MAX_PIECES) break;
        this.#pieces.delete(oldest);
      }
      this.#asked.delete(piece);
    } catch (error) {
      // Stays asked: what failed once is not asked again with every frame that is drawn.
      this.failure = error;
    }
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}
