// Numbers and strings in the compact form in which dissectors keep what cannot be recomputed (RecordSink.derive). The reader
// is for bytes that may be damaged: it never throws and gives zeros and empty strings once they end.
import { latin1 } from './bytes.ts';

/** Writes into a buffer that is used again and again: take() what was written before the next start(). */
export class KeptWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  start(): void {
    this.#length = 0;
  }

  /** A whole number from 0 to 2⁵³−1, in seven bits a byte, the lowest first. */
  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A string whose characters are bytes. */
  text(text: string): void {
    this.number(text.length);
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[this.#length++] = text.charCodeAt(i);
  }

  bytes(bytes: Uint8Array): void {
    this.number(bytes.length);
    this.raw(bytes);
  }

  /** Bytes without their number: the last thing written. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was written since start(), until the next one. */
  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(length: number): void {
    const wanted = this.#length + length;
    if (wanted <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(wanted, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

export class KeptReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  number(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) return value;
      this.#at++;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    return value;
  }

  text(): string {
    return latin1(this.bytes());
  }

  bytes(): Uint8Array {
    const length = this.number();
    const from = this.#at;
    this.#at = Math.min(this.#bytes.length, from + length);
    return this.#bytes.subarray(from, this.#at);
  }

  /** Everything not read yet. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }
}
