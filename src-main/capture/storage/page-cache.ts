// Reads of a file through a few remembered pages. Only bytes that never change again may be remembered; the caller says
// how far those reach.
import { readSync } from 'node:fs';

/** A read of so many pages goes past the cache, which it would only empty. */
const LARGE_PAGES = 8;

export class PageCache {
  readonly #fd: number;
  readonly #pageBytes: number;
  readonly #capacity: number;
  /** Page number → bytes, least recently used first. */
  readonly #pages = new Map<number, Uint8Array>();
  #lastPage = -1;
  #lastBytes = new Uint8Array(0);

  /** Pages are small, for rows are looked at one by one and from everywhere. */
  constructor(fd: number, pageBytes = 16 * 1024, capacity = 128) {
    this.#fd = fd;
    this.#pageBytes = pageBytes;
    this.#capacity = capacity;
  }

  /**
   * Fills `target` from `offset` on and returns how many bytes there were. `settledBytes`: where the part of the file
   * that never changes again ends. An unreadable file reads as if it ended.
   */
  read(offset: number, target: Uint8Array, settledBytes: number): number {
    let done = 0;
    while (done < target.length) {
      const at = offset + done;
      const page = Math.floor(at / this.#pageBytes);
      const pageStart = page * this.#pageBytes;
      if (target.length - done >= LARGE_PAGES * this.#pageBytes)
        return done + readFully(this.#fd, target.subarray(done), at);
      const wanted = Math.min(target.length - done, pageStart + this.#pageBytes - at);
      if (pageStart + this.#pageBytes > settledBytes) {
        const got = readFully(this.#fd, target.subarray(done, done + wanted), at);
        done += got;
        if (got < wanted) break;
        continue;
      }
      const bytes = this.#page(page);
      const from = at - pageStart;
      const there = Math.min(wanted, bytes.length - from);
      if (there <= 0) break;
      if (there <= 64) for (let i = 0; i < there; i++) target[done + i] = bytes[from + i]!;
      else target.set(bytes.subarray(from, from + there), done);
      done += there;
    }
    return done;
  }

  #page(page: number): Uint8Array {
    if (page === this.#lastPage) return this.#lastBytes;
    let bytes = this.#pages.get(page);
    if (bytes) {
      this.#pages.delete(page);
    } else {
      if (this.#pages.size >= this.#capacity) {
        const oldest = this.#pages.keys().next();
        if (!oldest.done) this.#pages.delete(oldest.value);
      }
      const fresh = new Uint8Array(this.#pageBytes);
      const got = readFully(this.#fd, fresh, page * this.#pageBytes);
      bytes = got === fresh.length ? fresh : fresh.subarray(0, got);
    }
    this.#pages.set(page, bytes);
    this.#lastPage = page;
    this.#lastBytes = bytes as Uint8Array<ArrayBuffer>;
    return bytes;
  }
}

function readFully(fd: number, target: Uint8Array, offset: number): number {
  let done = 0;
  try {
    while (done < target.length) {
      const got = readSync(fd, target, done, target.length - done, offset + done);
      if (got === 0) break;
      done += got;
    }
  } catch {
    return done;
  }
  return done;
}
