// Length-prefixed messages of gRPC (flag byte, four bytes of length, message), cut out of bytes that come in pieces of any
// size. Knows nothing of what carries them and keeps none of their bytes.

/** Flag and length before each message. */
export const PREFIX_BYTES = 5;

/**
 * Reads the messages of one direction of a call, one after the other. Call read() until it has taken everything; each time
 * `complete` is true a message has just ended.
 */
export class GrpcMessageReader {
  /** Flag byte of the message in progress or just completed. */
  flag = 0;
  /** Its length without the prefix, as announced. */
  length = 0;
  /** Where its prefix began, as the caller counts. */
  start = 0;
  /** The message has just been completed by read(). */
  complete = false;
  /** Where in the bytes of the last read() its content began; what was before is prefix. */
  contentFrom = 0;
  #prefixHave = 0;
  #remaining = 0;

  /** A message has begun and is not complete. */
  get inside(): boolean {
    return this.#prefixHave > 0;
  }

  /** Flag and length of the message in progress or just completed are known. */
  get hasPrefix(): boolean {
    return this.complete || this.#prefixHave === PREFIX_BYTES;
  }

  /** Bytes of its content read so far. */
  get have(): number {
    return this.hasPrefix ? this.length - this.#remaining : 0;
  }

  /**
   * Takes bytes `from`…`to`, up to the end of a message at most.
   * @param offset what the caller counts `from` as
   * @returns where it stopped
   */
  read(bytes: Uint8Array, from: number, to: number, offset: number): number {
    let at = from;
    this.complete = false;
    if (this.#prefixHave < PREFIX_BYTES) {
      if (this.#prefixHave === 0) {
        this.start = offset;
        this.length = 0;
      }
      while (this.#prefixHave < PREFIX_BYTES && at < to) {
        const byte = bytes[at++]!;
        if (this.#prefixHave === 0) this.flag = byte;
        else this.length = this.length * 256 + byte;
        this.#prefixHave++;
      }
      this.contentFrom = at;
      if (this.#prefixHave < PREFIX_BYTES) return at;
      this.#remaining = this.length;
    } else {
      this.contentFrom = at;
    }
    const take = Math.min(this.#remaining, to - at);
    this.#remaining -= take;
    if (this.#remaining === 0) {
      this.complete = true;
      this.#prefixHave = 0;
    }
    return at + take;
  }
}
