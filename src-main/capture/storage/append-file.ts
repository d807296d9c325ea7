// A file that only grows. Bytes are copied once into a pooled buffer and written in order, as soon as 256 KiB wait or
// 100 ms after the first of them came: what a killed process loses is at most that (the event loop may add its own
// delay). They can be read back at once. After a write error nothing is written any more; what was not written stays in
// memory and readable, so whoever appends must stop.
//
// Writing is a call into the page cache, so it is made at once: handing it to a thread costs more than the call where
// sockets keep every core busy (on two cores a third of the throughput is left). A disk that makes the call wait gets
// its writes behind the caller's back for a while.
import { closeSync, fstatSync, openSync, write, writeSync } from 'node:fs';
import { PageCache } from './page-cache.ts';

const WRITE_AT_BYTES = 256 * 1024;
const WRITE_AFTER_MS = 100;
const CONGESTED_BYTES = 8 * 1024 * 1024;
/** Below this drained() resolves. */
const DRAINED_BYTES = 1024 * 1024;
const SPARE_BUFFERS = 8;
/** Far beyond a copy into the page cache. */
const STALL_MS = 50;
/** How long writes then go behind the caller's back before one is made at once again. */
const PATIENCE_MS = 10_000;

/** A piece of the file that is in memory: bytes 0…filled lie at `fileOffset` in the file. */
interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  fileOffset: number;
  filled: number;
  written: number;
}

export interface AppendFileOptions {
  bufferBytes?: number;
  pageBytes?: number;
  pages?: number;
  /** A write that takes longer has waited for the disk. */
  stallMs?: number;
  /** Called once, when the system refuses to write. */
  onFailure?: (error: Error) => void;
}

export class AppendFile {
  readonly path: string;
  readonly #fd: number;
  readonly #bufferBytes: number;
  readonly #stallMs: number;
  readonly #cache: PageCache;
  readonly #onFailure: ((error: Error) => void) | undefined;
  /** Oldest first; the last one is being filled. */
  readonly #blocks: Block[];
  readonly #spare: Block[] = [];
  #tail: Block;
  #writtenBytes = 0;
  #writing = false;
  /** Until then (performance.now) the disk is taken for slow. */
  #patientUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failure: Error | undefined;
  #closed = false;
  #waiters: { untilBytes: number; resolve: () => void }[] = [];

  /** Creates or empties the file. Throws what the system throws. */
  constructor(path: string, options: AppendFileOptions = {}) {
    this.path = path;
    this.#fd = openSync(path, 'w+');
    this.#bufferBytes = options.bufferBytes ?? 1024 * 1024;
    this.#stallMs = options.stallMs ?? STALL_MS;
    this.#cache = new PageCache(this.#fd, options.pageBytes, options.pages);
    this.#onFailure = options.onFailure;
    this.#tail = this.#newBlock(0);
    this.#blocks = [this.#tail];
  }

  /** What tells it from any other of its name. */
  get identity(): { dev: number; ino: number } {
    return fstatSync(this.#fd);
  }

  /** Bytes appended, written or not. */
  get sizeBytes(): number {
    return this.#tail.fileOffset + this.#tail.filled;
  }

  /** More waits for the disk than should be. */
  get congested(): boolean {
    return this.sizeBytes - this.#writtenBytes > CONGESTED_BYTES && this.#failure === undefined;
  }

  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** A block with room for `length` (at most the buffer size) more bytes: write from `filled` on, then call added(). */
  room(length: number): Block {
    if (this.#tail.filled + length > this.#bufferBytes) this.#nextBlock();
    return this.#tail;
  }

  /** `length` bytes were put into the room. */
  added(length: number): void {
    this.#tail.filled += length;
    if (this.#writing || this.#failure) return;
    if (this.sizeBytes - this.#writtenBytes >= WRITE_AT_BYTES) this.#write();
    else this.#timer ??= setTimeout(this.#onTimer, WRITE_AFTER_MS);
  }

  /** Copies `bytes` to the end and returns their offset in the file. */
  append(bytes: Uint8Array): number {
    const offset = this.sizeBytes;
    for (let done = 0; done < bytes.length; ) {
      const block = this.room(1);
      const length = Math.min(bytes.length - done, this.#bufferBytes - block.filled);
      block.bytes.set(bytes.subarray(done, done + length), block.filled);
      this.added(length);
      done += length;
    }
    return offset;
  }

  /** Fills `target` from `offset` on, written or not, and returns how many bytes there were. */
  read(offset: number, target: Uint8Array): number {
    if (offset < 0 || this.#closed) return 0;
    let done = 0;
    if (offset < this.#writtenBytes) {
      const there = Math.min(target.length, this.#writtenBytes - offset);
      done = this.#cache.read(offset, there === target.length ? target : target.subarray(0, there), this.#writtenBytes);
      if (done < there) return done;
    }
    for (const block of this.#blocks) {
      if (done >= target.length) break;
      const from = offset + done - block.fileOffset;
      if (from < 0 || from >= block.filled) continue;
      const length = Math.min(target.length - done, block.filled - from);
      target.set(block.bytes.subarray(from, from + length), done);
      done += length;
    }
    return done;
  }

  /** Resolves when no more than a little waits for the disk. Never rejects: after a failure nothing waits any more. */
  drained(): Promise<void> {
    return this.#until(this.sizeBytes - DRAINED_BYTES);
  }

  /** Resolves when everything appended so far has reached the file (not necessarily the platter). Never rejects. */
  flush(): Promise<void> {
    return this.#until(this.sizeBytes);
  }

  /** Overwrites bytes that were written before (a header). flush() first; failures count as write errors. */
  patch(offset: number, bytes: Uint8Array): void {
    try {
      writeSync(this.#fd, bytes, 0, bytes.length, offset);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Writes what is left and closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    await this.flush();
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    closeSync(this.#fd);
  }

  #until(untilBytes: number): Promise<void> {
    if (!this.#writing) this.#write();
    if (this.#failure || this.#closed || untilBytes <= this.#writtenBytes) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push({ untilBytes, resolve });
    });
  }

  #onTimer = (): void => {
    this.#timer = undefined;
    if (!this.#writing) this.#write();
  };

  #write(): void {
    for (;;) {
      this.#recycle();
      const block = this.#blocks[0]!;
      if (this.#failure || this.#closed || block.written === block.filled) return;
      const now = performance.now();
      if (now < this.#patientUntil) {
        this.#writeBehind(block);
        return;
      }
      try {
        this.#wrote(
          block,
          writeSync(this.#fd, block.bytes, block.written, block.filled - block.written, position(block)),
        );
      } catch (error) {
        this.#fail(error);
      }
      if (performance.now() - now > this.#stallMs) this.#patientUntil = now + PATIENCE_MS;
    }
  }

  #writeBehind(block: Block): void {
    this.#writing = true;
    write(this.#fd, block.bytes, block.written, block.filled - block.written, position(block), (error, bytes) => {
      this.#writing = false;
      if (error) this.#fail(error);
      else this.#wrote(block, bytes);
      const left = this.sizeBytes - this.#writtenBytes;
      if (left >= WRITE_AT_BYTES || this.#waiters.length > 0) this.#write();
      else if (left > 0) this.#timer ??= setTimeout(this.#onTimer, WRITE_AFTER_MS);
    });
  }

  #wrote(block: Block, bytes: number): void {
    if (bytes === 0) {
      this.#fail(new Error('The system wrote nothing.'));
      return;
    }
    block.written += bytes;
    this.#writtenBytes += bytes;
    this.#recycle();
    this.#settle();
  }

  #recycle(): void {
    for (
      let block = this.#blocks[0]!;
      block !== this.#tail && block.written === block.filled;
      block = this.#blocks[0]!
    ) {
      this.#blocks.shift();
      if (this.#spare.length < SPARE_BUFFERS) this.#spare.push(block);
    }
    const tail = this.#tail;
    if (tail.written === tail.filled) {
      // Filled from its beginning again, what is in the processor's cache stays there.
      tail.fileOffset += tail.filled;
      tail.filled = 0;
      tail.written = 0;
    }
  }

  #settle(): void {
    if (this.#waiters.length === 0) return;
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiting) {
      if (this.#failure || waiter.untilBytes <= this.#writtenBytes) waiter.resolve();
      else this.#waiters.push(waiter);
    }
  }

  #fail(error: unknown): void {
    if (this.#failure) return;
    this.#failure = error instanceof Error ? error : new Error(String(error));
    clearTimeout(this.#timer);
    this.#settle();
    this.#onFailure?.(this.#failure);
  }

  #nextBlock(): void {
    const fileOffset = this.sizeBytes;
    const block = this.#spare.pop() ?? this.#newBlock(fileOffset);
    block.fileOffset = fileOffset;
    block.filled = 0;
    block.written = 0;
    this.#tail = block;
    this.#blocks.push(block);
  }

  #newBlock(fileOffset: number): Block {
    const bytes = new Uint8Array(this.#bufferBytes);
    return { bytes, view: new DataView(bytes.buffer), fileOffset, filled: 0, written: 0 };
  }
}

/** Where the next byte to write of a block belongs in the file. */
function position(block: Block): number {
  return block.fileOffset + block.written;
}
