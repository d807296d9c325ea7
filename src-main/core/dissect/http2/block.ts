// A header block as its frames come: HEADERS or PUSH_PROMISE, then CONTINUATION (RFC 9113 §4.3, §6.10). Collects what is in
// several frames, up to a limit; knows nothing of HPACK.
import { NONE } from '../../record.ts';
import { GrowingBytes } from '../bytes.ts';
import { Http2Note as Note } from './format.ts';

/** A block may take so many bytes and frames. */
const MAX_BLOCK_BYTES = 1_048_576;
const MAX_BLOCK_FRAMES = 128;

export class OpenBlock {
  /** The block has begun and CONTINUATION must follow. */
  isOpen = false;
  streamId = 0;
  /** The stream it promises; 0: it is no promise. */
  promised = 0;
  endsStream = false;
  /** seq and offset of the frame it began with; the seq is NONE until that is recorded. */
  seq = NONE;
  start = 0;
  frames = 0;
  /** Some of it is not kept, or could not be found: it cannot be decoded. */
  cut = false;
  readonly #bytes = new GrowingBytes();

  begin(streamId: number, promised: number, endsStream: boolean, start: number): void {
    this.streamId = streamId;
    this.promised = promised;
    this.endsStream = endsStream;
    this.seq = NONE;
    this.start = start;
    this.frames = 0;
    this.cut = false;
    this.#bytes.clear();
  }

  /** One more frame has these bytes of it. Returns notes. */
  add(bytes: Uint8Array): number {
    this.frames++;
    if (this.frames > MAX_BLOCK_FRAMES) {
      this.cut = true;
      return Note.continuationFlood;
    }
    if (this.cut) return 0;
    this.#bytes.append(bytes);
    if (this.#bytes.length <= MAX_BLOCK_BYTES) return 0;
    this.cut = true;
    return Note.limit;
  }

  /** What was collected, until clear(). */
  view(): Uint8Array {
    return this.#bytes.view();
  }

  clear(): void {
    this.#bytes.clear();
  }
}
