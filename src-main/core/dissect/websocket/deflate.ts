// permessage-deflate (RFC 7692 §7.2.2): inflates the messages of one direction. Never throws. What a failure means for the
// timeline is the caller's.
import { constants, Inflate } from 'pako';
import type { InflatedBytes } from '../inflated-bytes.ts';

/** What a sender leaves out at the end of each message (RFC 7692 §7.2.1). */
const TAIL = new Uint8Array([0x00, 0x00, 0xff, 0xff]);
const NOTHING = new Uint8Array(0);

/** zlib's inflate modes in which the next thing is a block header. */
const TYPE_MODE = 16191;
const TYPEDO_MODE = 16192;

/** The parts of pako's Inflate that its types leave out. */
interface InflateStream extends Inflate {
  ended: boolean;
  options: { chunkSize: number };
  strm: {
    input: Uint8Array;
    output: Uint8Array;
    next_out: number;
    avail_in: number;
    state: { mode: number; bits: number };
  };
}

export interface InflatedMessage {
  /** The message, or as much of it as could be inflated. */
  bytes: Uint8Array;
  /**
   * failed: broken data. lost: broken because it builds on a message that was. limit: more than allowed.
   * cut: bytes of it are missing.
   */
  outcome: 'complete' | 'failed' | 'lost' | 'limit' | 'cut';
  /** A block with BFINAL was in it (RFC 7692 §7.2.3.4). */
  finalBlock: boolean;
  /** More than the one zero byte that belongs there came after that block. */
  dataAfterFinal: boolean;
}

class LimitReached extends Error {}

/**
 * One direction of a connection. push() the bytes of a message as they come, then finish() it. The window is always
 * 32 KiB: a smaller negotiated one limits only the sender.
 */
export class MessageInflater {
  readonly #inflated: InflatedBytes;
  readonly #takeover: boolean;
  /** Bytes that later messages may refer to are not known. */
  #contextLost: boolean;
  #stream: InflateStream | undefined;
  #outcome: InflatedMessage['outcome'] = 'complete';
  #finalBlock = false;
  #afterFinal = 0;
  #dataAfterFinal = false;

  /**
   * @param inflated takes what the messages inflate to
   * @param takeover the window of one message goes on into the next (no `…_no_context_takeover` was agreed)
   * @param joinedLate messages before the first one seen are unknown
   */
  constructor(inflated: InflatedBytes, takeover: boolean, joinedLate = false) {
    this.#inflated = inflated;
    this.#takeover = takeover;
    this.#contextLost = joinedLate;
  }

  /** The next compressed bytes of the message, which are only lent. */
  push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#feed(bytes, constants.Z_NO_FLUSH);
  }

  /** Bytes of this message are missing: nothing after them can be inflated. */
  skip(): void {
    if (this.#outcome === 'complete') this.#stop('cut');
  }

  /**
   * The message ends.
   * @returns fresh bytes, the caller's to keep
   */
  finish(): InflatedMessage {
    // A final block with nothing behind it stands for itself: there is no block for the tail to complete.
    if (!this.#finalBlock || this.#stream) this.#feed(TAIL, constants.Z_SYNC_FLUSH);
    if (this.#outcome === 'complete' && !this.#betweenBlocks()) this.#stop('failed');
    const keepsWindow = this.#outcome === 'complete' && this.#takeover && this.#stream !== undefined;
    const message: InflatedMessage = {
      bytes: this.#inflated.finish(keepsWindow),
      outcome: this.#outcome === 'failed' && this.#contextLost && this.#takeover ? 'lost' : this.#outcome,
      finalBlock: this.#finalBlock,
      dataAfterFinal: this.#dataAfterFinal,
    };
    if (this.#outcome !== 'complete') this.#contextLost = true;
    if (!keepsWindow) this.#stream = undefined;
    this.#outcome = 'complete';
    this.#finalBlock = false;
    this.#afterFinal = 0;
    this.#dataAfterFinal = false;
    return message;
  }

  /** No message comes any more. */
  close(): void {
    this.#stream = undefined;
    this.#inflated.finish();
  }

  #feed(bytes: Uint8Array, flush: 0 | 2): void {
    let rest = bytes;
    if (this.#outcome === 'complete' && !this.#inflated.begin()) this.#outcome = 'limit';
    while (rest.length > 0 && this.#outcome === 'complete') {
      if (this.#finalBlock && flush === constants.Z_NO_FLUSH) this.#countAfterFinal(rest);
      this.#stream ??= this.#open();
      const stream = this.#stream;
      stream.options.chunkSize = this.#inflated.length > 0 ? 65_536 : Math.min(65_536, Math.max(1024, rest.length * 4));
      try {
        stream.push(rest, flush);
      } catch {
        this.#outcome = 'limit';
        this.#stream = undefined;
        return;
      }
      rest = stream.ended && stream.err === constants.Z_OK ? rest.slice(rest.length - stream.strm.avail_in) : NOTHING;
      stream.strm.input = NOTHING;
      if (stream.err !== constants.Z_OK) {
        this.#stop('failed');
      } else if (stream.ended) {
        // One restart is what the RFC describes; a message of thousands would only cost time. A final block that needs
        // the tail was cut short.
        if (this.#finalBlock || flush === constants.Z_SYNC_FLUSH) this.#outcome = 'failed';
        this.#finalBlock = true;
        this.#stream = undefined;
      }
    }
  }

  #betweenBlocks(): boolean {
    if (!this.#stream) return true;
    const { mode, bits } = this.#stream.strm.state;
    return bits === 0 && (mode === TYPE_MODE || mode === TYPEDO_MODE);
  }

  #countAfterFinal(bytes: Uint8Array): void {
    this.#afterFinal += bytes.length;
    this.#dataAfterFinal ||= this.#afterFinal > 1 || bytes[0] !== 0;
  }

  #open(): InflateStream {
    const stream = new Inflate({ raw: true }) as InflateStream;
    stream.onData = (data) => this.#keep(data as Uint8Array);
    return stream;
  }

  /** Throws LimitReached, which pako passes through. */
  #keep(data: Uint8Array): void {
    if (!this.#inflated.add(data)) throw new LimitReached();
  }

  /** Nothing more of this message: what was inflated so far is kept. */
  #stop(outcome: 'failed' | 'cut'): void {
    this.#outcome = outcome;
    const pending = this.#stream?.strm;
    if (!pending || pending.next_out === 0) return;
    if (!this.#inflated.add(pending.output.slice(0, pending.next_out))) this.#outcome = 'limit';
  }
}
