// Inflates single gRPC messages (grpc-encoding gzip and deflate) as their bytes come. Bounded in memory; never throws.
import { constants, Inflate } from 'pako';
import type { InflatedBytes } from '../inflated-bytes.ts';

const NOTHING = new Uint8Array(0);

/** zlib's windowBits for each encoding: gzip has a head of its own, "deflate" is zlib's (RFC 1952, RFC 1950). */
const WINDOW_BITS: { readonly [encoding: string]: number } = { gzip: 31, deflate: 15 };

/** The parts of pako's Inflate that its types leave out. */
interface InflateStream extends Inflate {
  ended: boolean;
  strm: { output: Uint8Array; next_out: number; input: Uint8Array };
}

class LimitReached extends Error {}

export interface InflatedGrpcMessage {
  /** The message, or as much of it as could be inflated. */
  bytes: Uint8Array;
  outcome: 'complete' | 'failed' | 'limit';
}

export class GrpcInflater {
  readonly #inflated: InflatedBytes;
  /** undefined: there is no room for what comes. */
  #stream: InflateStream | undefined;
  #outcome: InflatedGrpcMessage['outcome'] = 'complete';

  /** `undefined` for an encoding that is not known. */
  static open(encoding: string, compressedBytes: number, inflated: InflatedBytes): GrpcInflater | undefined {
    const windowBits = Object.hasOwn(WINDOW_BITS, encoding) ? WINDOW_BITS[encoding] : undefined;
    return windowBits === undefined ? undefined : new GrpcInflater(windowBits, compressedBytes, inflated);
  }

  /**
   * @param compressedBytes as announced, to choose the size of buffers
   * @param inflated takes what the message inflates to
   */
  constructor(windowBits: number, compressedBytes: number, inflated: InflatedBytes) {
    this.#inflated = inflated;
    if (!inflated.begin()) {
      this.#outcome = 'limit';
      return;
    }
    const chunkSize = Math.min(65_536, Math.max(1024, compressedBytes * 4));
    this.#stream = new Inflate({ windowBits, chunkSize }) as InflateStream;
    this.#stream.onData = (data) => this.#keep(data as Uint8Array);
  }

  /** The next compressed bytes, which are only lent. */
  push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#feed(bytes, constants.Z_NO_FLUSH);
  }

  /** The message ends. Returns fresh bytes, the caller's to keep. */
  finish(): InflatedGrpcMessage {
    const stream = this.#stream;
    if (stream && !stream.ended) this.#feed(NOTHING, constants.Z_FINISH);
    if (this.#outcome === 'complete' && !stream?.ended) this.#fail();
    return { bytes: this.#inflated.finish(), outcome: this.#outcome };
  }

  #feed(bytes: Uint8Array, flush: 0 | 4): void {
    const stream = this.#stream;
    if (!stream || this.#outcome !== 'complete') return;
    // What follows the end of the compressed data belongs to nothing.
    if (stream.ended) {
      this.#outcome = 'failed';
      return;
    }
    try {
      stream.push(bytes, flush);
    } catch {
      this.#limitReached();
      return;
    }
    stream.strm.input = NOTHING;
    if (stream.err !== constants.Z_OK) this.#fail();
  }

  /** Keeps what was inflated so far. */
  #fail(): void {
    this.#outcome = 'failed';
    const { output, next_out } = this.#stream?.strm ?? {};
    if (!output || !next_out) return;
    if (!this.#inflated.add(output.slice(0, next_out))) this.#limitReached();
  }

  #limitReached(): void {
    this.#outcome = 'limit';
    this.#stream = undefined;
  }

  /** Throws LimitReached, which pako passes through. */
  #keep(data: Uint8Array): void {
    if (!this.#inflated.add(data)) throw new LimitReached();
  }
}
