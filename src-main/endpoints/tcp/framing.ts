// The framing of a TCP session: from its config, onto messages to be sent, and off received bytes for behaviours.
import { frameMessage } from '../../core/compose/framing.ts';
import { type Cutter, openCutter } from '../../core/dissect/tcp-framing.ts';
import type { Framing } from '../../core/protocol.ts';
import type { TcpConfig } from '../../core/session-config.ts';
import { EndpointError } from '../endpoint.ts';

/** `none` if the config names none. Throws an EndpointError if a setting of the framing is missing. */
export function framingOf(config: TcpConfig | undefined): Framing {
  switch (config?.framing) {
    case undefined:
    case 'none':
      return { kind: 'none' };
    case 'lines':
      return { kind: 'lines' };
    case 'delimiter':
      return { kind: 'delimiter', delimiter: delimiterOf(config.delimiter) };
    case 'length-prefix':
      return {
        kind: 'length-prefix',
        bytes: config.prefixBytes ?? 4,
        littleEndian: config.prefixByteOrder === 'little',
        includesItself: config.prefixIncludesItself ?? false,
      };
    case 'fixed':
      if (config.fixedLength === undefined) {
        throw new EndpointError({
          what: 'The framing “fixed” needs a length.',
          why: '',
          next: 'Set how many bytes every message has.',
        });
      }
      return { kind: 'fixed', length: config.fixedLength };
  }
}

function delimiterOf(hex: string | undefined): Uint8Array {
  const digits = (hex ?? '').replace(/\s/g, '');
  if (digits.length === 0 || digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) {
    throw new EndpointError({
      what: hex ? `“${hex}” is not a delimiter.` : 'The framing “delimiter” needs a delimiter.',
      why: 'A delimiter is written as hex, two digits for each byte.',
      next: 'For example 0d0a for CR LF, or 00 for a zero byte.',
    });
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The wire bytes of a message. Throws an EndpointError if the framing cannot carry it. */
export function frameForSending(framing: Framing, message: Uint8Array): Uint8Array {
  try {
    return frameMessage(framing, message);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EndpointError(
      { what: error.message, why: `The framing of this session is “${framing.kind}”.`, next: 'Change one of the two.' },
      { cause: error },
    );
  }
}

const NOTHING = new Uint8Array(0);

/** A longer message is not put together for a behaviour; the timeline has it all the same. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface MessageListener {
  /** `bytes`: the application's, without prefix or delimiter. `wire`: with them. Neither is changed any more. */
  message(bytes: Uint8Array, wire: Uint8Array): void;
  /** A message of so many wire bytes was too long to be put together. */
  tooLong(wireBytes: number): void;
}

/**
 * Puts the messages of one direction together from its chunks. Holds at most one unfinished message, in one piece: a peer
 * that sends it byte by byte costs no more than its bytes.
 */
export class MessageAssembler {
  readonly #cutter: Cutter;
  readonly #prefixBytes: number;
  readonly #listener: MessageListener;
  /** The message's bytes in earlier chunks are the first of these, unless it is too long. */
  #held = NOTHING;
  /** How many they are. */
  #heldBytes = 0;
  #chunk: Uint8Array = NOTHING;
  #taken = 0;

  constructor(framing: Framing, listener: MessageListener) {
    this.#prefixBytes = framing.kind === 'length-prefix' ? framing.bytes : 0;
    this.#listener = listener;
    this.#cutter = openCutter(framing, (kind, length, size, fault) => {
      const wire = this.#take(length);
      if (fault === 'unterminated' || !wire) this.#listener.tooLong(length);
      // Nobody can answer what has no beginning or no end; the timeline says what is wrong with it.
      else if (kind !== 'raw' && fault === undefined) {
        this.#listener.message(wire.subarray(this.#prefixBytes, this.#prefixBytes + size), wire);
      }
    });
  }

  push(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#taken = 0;
    this.#cutter.push(chunk);
    const rest = chunk.subarray(this.#taken);
    if (rest.length > 0) this.#hold(rest);
    this.#chunk = NOTHING;
  }

  #hold(bytes: Uint8Array): void {
    const from = this.#heldBytes;
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MAX_MESSAGE_BYTES) {
      this.#held = NOTHING;
      return;
    }
    if (this.#heldBytes > this.#held.length) {
      const larger = new Uint8Array(Math.min(MAX_MESSAGE_BYTES, Math.max(this.#heldBytes, this.#held.length * 2)));
      larger.set(this.#held.subarray(0, from));
      this.#held = larger;
    }
    this.#held.set(bytes, from);
  }

  /** The next wire bytes; undefined if they are too many. */
  #take(length: number): Uint8Array | undefined {
    const before = this.#heldBytes;
    const end = this.#taken + length - before;
    const last = this.#chunk.subarray(this.#taken, end);
    this.#taken = end;
    if (before === 0) return last;
    const held = this.#held;
    this.#held = NOTHING;
    this.#heldBytes = 0;
    return length > MAX_MESSAGE_BYTES ? undefined : Buffer.concat([held.subarray(0, before), last], length);
  }
}
