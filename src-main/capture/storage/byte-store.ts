// What tables and readers need of a file: bytes by offset, and a place at the end for more.
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { PageCache } from './page-cache.ts';

export interface ByteSourceFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Fills `target` from `offset` on and returns how many bytes there were. Never throws. */
  read(offset: number, target: Uint8Array): number;
  close(): Promise<void>;
}

export interface ByteStore extends ByteSourceFile {
  /** Copies `bytes` to the end and returns their offset. */
  append(bytes: Uint8Array): number;
}

/** An existing file, read only. */
export class StaticFile implements ByteStore {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** What tells it from any other of its name. */
  readonly identity: { dev: number; ino: number };
  readonly #fd: number;
  readonly #cache: PageCache;
  #closed = false;

  /** Throws what the system throws. */
  constructor(path: string) {
    this.path = path;
    // Opening a pipe would wait for whoever writes into it, and everything with it.
    if (!statSync(path).isFile()) throw Object.assign(new Error(`${path} is no ordinary file`), { code: 'ENOTFILE' });
    this.#fd = openSync(path, 'r');
    const status = fstatSync(this.#fd);
    this.sizeBytes = status.size;
    this.modifiedMs = status.mtimeMs;
    this.identity = { dev: status.dev, ino: status.ino };
    this.#cache = new PageCache(this.#fd);
  }

  read(offset: number, target: Uint8Array): number {
    if (this.#closed || offset < 0 || !(offset < this.sizeBytes)) return 0;
    return this.#cache.read(offset, target, this.sizeBytes);
  }

  append(): never {
    throw new Error(`${this.path} was opened for reading.`);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }
}
