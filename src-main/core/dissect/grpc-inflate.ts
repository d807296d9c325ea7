// Inflates single gRPC messages (grpc-encoding gzip and deflate) as their bytes come. Bounded in memory; never throws.
import { constants, Inflate } from 'pako';
import { concat } from './bytes.ts';
import { MAX_INFLATED_BYTES } from './deflate.ts';

/** Of a message that inflates to more than the limit, so many bytes are kept. */
const KEPT_OF_LARGE_BYTES = 64 * 1024;
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
  readonly #stream: InflateStream;
  readonly #limitBytes: number;
  #parts: Uint8Array[] = [];
  #sizeBytes = 0;
  #outcome: InflatedGrpcMessage['outcome'] = 'complete';

  /** `undefined` for an encoding that is not known. */
  static open(encoding: string, compressedBytes: number): GrpcInflater | undefined {
    const windowBits = Object.hasOwn(WINDOW_BITS, encoding) ? WINDOW_BITS[encoding] : undefined;
    return windowBits === undefined ? undefined : new GrpcInflater(windowBits, compressedBytes);
  }

  /** @param compressedBytes as announced, to choose the size of buffers */
  constructor(windowBits: number, compressedBytes: number, limitBytes = MAX_INFLATED_BYTES) {
    this.#limitBytes = limitBytes;
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
    if (!this.#stream.ended) this.#feed(NOTHING, constants.Z_FINISH);
    if (this.#outcome === 'complete' && !this.#stream.ended) this.#fail();
    return { bytes: this.#parts.length === 1 ? this.#parts[0]! : concat(this.#parts), outcome: this.#outcome };
  }

  #feed(bytes: Uint8Array, flush: 0 | 4): void {
    if (this.#outcome !== 'complete') return;
    // What follows the end of the compressed data belongs to nothing.
    if (this.#stream.ended) {
      this.#outcome = 'failed';
      return;
    }
    try {
      this.#stream.push(bytes, flush);
    } catch {
      this.#outcome = 'limit';
      return;
    }
    this.#stream.strm.input = NOTHING;
    if (this.#stream.err !== constants.Z_OK) this.#fail();
  }

  /** Keeps what was inflated so far. */
  #fail(): void {
    this.#outcome = 'failed';
    const { output, next_out } = this.#stream.strm;
    if (!output || next_out === 0) return;
    try {
      this.#keep(output.slice(0, next_out));
    } catch {
      this.#outcome = 'limit';
    }
  }

  /** Throws LimitReached, which pako passes through. */
  #keep(data: Uint8Array): void {
    this.#sizeBytes += data.length;
    this.#parts.push(data);
    if (this.#sizeBytes <= this.#limitBytes) return;
    this.#parts = [concat(this.#parts).slice(0, Math.min(KEPT_OF_LARGE_BYTES, this.#limitBytes))];
    throw new LimitReached();
  }
}
