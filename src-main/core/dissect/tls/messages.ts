// Handshake messages of one direction, put together from the records they are spread over (RFC 8446 §5.1), and how they
// are kept for the looking path.
import { GrowingBytes } from '../bytes.ts';
import { KeptReader, type KeptWriter } from '../kept-bytes.ts';
import { MESSAGE_HEADER_BYTES, TlsNote as Note, RECORD_HEADER_BYTES, TlsFlag } from './format.ts';

/** A chain of certificates is some 10 KB; what is longer is passed over. */
const MAX_MESSAGE_BYTES = 262_144;

const NOTHING = new Uint8Array(0);

/** Length of a message with its header, from its first four bytes. */
export function messageLength(bytes: Uint8Array, at = 0): number {
  return MESSAGE_HEADER_BYTES + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
}

/** Takes a message with its header, and returns notes. Only lent. */
export type OnMessage = (message: Uint8Array) => number;

export class MessageReader {
  readonly #begun = new GrowingBytes();
  /** Bytes of the unfinished message so far, kept or not. */
  #have = 0;

  /** Bytes of a message that is not complete. */
  get pending(): number {
    return this.#have;
  }

  clear(): void {
    this.#begun.clear();
    this.#have = 0;
  }

  /** Writes what keptMessages() needs to read `content` without the records before it. */
  keep(content: Uint8Array, writer: KeptWriter): void {
    const begun = this.#begun.view();
    writer.number(this.#have);
    const isCompleted = this.#have + content.length >= this.#lengthWith(content);
    writer.bytes(isCompleted ? begun : begun.subarray(0, MESSAGE_HEADER_BYTES));
  }

  /** The next content of handshake records. Returns the notes. */
  push(content: Uint8Array, onMessage: OnMessage): number {
    let notes = 0;
    for (let at = 0; at < content.length; ) {
      const rest = content.subarray(at);
      const length = this.#lengthWith(rest);
      const taken = Math.min(rest.length, length - this.#have);
      const isWhole = this.#have + taken === length;
      const isTooLong = length > MAX_MESSAGE_BYTES && length < Number.POSITIVE_INFINITY;
      if (isTooLong && this.#have < MESSAGE_HEADER_BYTES) notes |= Note.messageTooLong;
      if (isWhole && this.#have === 0) {
        notes |= onMessage(rest.subarray(0, taken));
      } else {
        const room = isTooLong ? Math.max(0, MESSAGE_HEADER_BYTES - this.#begun.length) : taken;
        this.#begun.append(rest.subarray(0, room));
        this.#have += taken;
        if (isWhole) {
          if (this.#begun.length === length) notes |= onMessage(this.#begun.view());
          this.clear();
        }
      }
      at += taken;
    }
    return notes;
  }

  /** Length of the message in progress if `next` follows; infinite while its header is incomplete. */
  #lengthWith(next: Uint8Array): number {
    if (this.#begun.length >= MESSAGE_HEADER_BYTES) return messageLength(this.#begun.view());
    const missing = MESSAGE_HEADER_BYTES - this.#begun.length;
    if (next.length < missing) return Number.POSITIVE_INFINITY;
    const header = new Uint8Array(MESSAGE_HEADER_BYTES);
    header.set(this.#begun.view());
    header.set(next.subarray(0, missing), this.#begun.length);
    return messageLength(header);
  }
}

/** The handshake bytes of a record, and what came before them of their first message. */
export interface KeptMessages {
  content: Uint8Array;
  /** Bytes of the first message that are in earlier records. */
  before: number;
  /** Those bytes if the message is complete with this record, else at most its header. */
  begun: Uint8Array;
}

/**
 * The content of a record that is not application data.
 * @param wire the record as it was sent
 * @param derived what was kept for it
 */
export function keptMessages(flags: number, wire: Uint8Array, derived: Uint8Array | undefined): KeptMessages {
  const plain = wire.subarray(RECORD_HEADER_BYTES);
  if (!derived) return { content: (flags & TlsFlag.encrypted) === 0 ? plain : NOTHING, before: 0, begun: NOTHING };
  const reader = new KeptReader(derived);
  const before = reader.number();
  const begun = reader.bytes();
  return { content: (flags & TlsFlag.decrypted) === 0 ? plain : reader.rest(), before, begun };
}
