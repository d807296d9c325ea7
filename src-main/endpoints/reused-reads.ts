// Reading a socket into one buffer again and again. A chunk that is only recorded, which copies it, needs no memory of
// its own: at gigabits a second, making and collecting a buffer for every read costs more than all else that is done
// with the bytes.
import type { OnReadOpts } from 'node:net';

export class ReusedReads {
  /** For `net.connect`: the socket then has no `data` events. */
  readonly onread: OnReadOpts;
  #take: ((chunk: Uint8Array) => void) | undefined;

  /** `bytes`: the most that one read gives. */
  constructor(bytes: number) {
    this.onread = {
      buffer: new Uint8Array(bytes),
      callback: (length, buffer) => {
        this.#take?.(buffer.subarray(0, length));
        return true;
      },
    };
  }

  /** Call it while the socket is paused. A chunk is only lent: the next read overwrites it. */
  listen(take: (chunk: Uint8Array) => void): void {
    this.#take = take;
  }
}
