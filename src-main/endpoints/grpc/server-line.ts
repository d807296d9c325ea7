// What a call of the mock server is still to be answered with, in order: delays, metadata, messages, and the status at
// the end. Sends what is due as fast as the client takes it; knows nothing of who wants it sent.
import { type Metadata, type ServerInterceptingCallInterface, status } from '@grpc/grpc-js';
import { plainStatus } from './mock-status.ts';
import type { Compress } from './server-compression.ts';
import type { CallStatus } from './status.ts';

/** Bytes on their way to the client before the next message waits. */
const WINDOW_BYTES = 256 * 1024;
/** Messages longer than this, together, wait in no line without `full` being said. */
const LINE_LIMIT_BYTES = 1024 * 1024;
const LINE_LOW_BYTES = LINE_LIMIT_BYTES / 4;
/** What an entry costs beside its bytes, so that empty messages count too. */
const ENTRY_BYTES = 64;

type Entry =
  | { kind: 'wait'; delayMs: number }
  | { kind: 'metadata'; metadata: Metadata }
  | { kind: 'message'; bytes: Uint8Array; delivery?: Delivery | undefined }
  | { kind: 'status'; status: CallStatus };

/** Somebody who waits until a message is on its way. */
export interface Delivery {
  done(): void;
  /** The call ended before. */
  failed(): void;
}

export interface ServerLineOptions {
  call: ServerInterceptingCallInterface;
  /** Absent: messages go as they are. */
  compress: Compress | undefined;
  /** A message was handed to the library. */
  onSent(): void;
  /** The line is full no more. */
  onRoom(): void;
}

export class ServerLine {
  readonly #options: ServerLineOptions;
  #entries: Entry[] = [];
  /** Entries before this index are gone. */
  #head = 0;
  #waitingBytes = 0;
  #sendingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #compressing = false;
  #closed = false;
  #wasFull = false;
  /** Of messages that the library has, but the system not yet. */
  #deliveries: Set<Delivery> | undefined;

  constructor(options: ServerLineOptions) {
    this.#options = options;
  }

  /** More is waiting than should be: whoever causes it should be read more slowly. */
  get full(): boolean {
    if (this.#waitingBytes > LINE_LIMIT_BYTES) this.#wasFull = true;
    return this.#wasFull;
  }

  /** The status was sent, or the call is over. */
  get closed(): boolean {
    return this.#closed;
  }

  /** What comes after it waits so long, from when all before it is sent. */
  wait(delayMs: number): void {
    if (delayMs > 0) this.#add({ kind: 'wait', delayMs });
  }

  metadata(metadata: Metadata): void {
    this.#add({ kind: 'metadata', metadata });
  }

  message(bytes: Uint8Array, delivery?: Delivery): void {
    this.#add({ kind: 'message', bytes, delivery });
  }

  /** Nothing after it is sent. */
  status(status: CallStatus): void {
    this.#add({ kind: 'status', status });
  }

  /** The call is over: what was still to be sent is forgotten. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const rest = this.#entries.slice(this.#head);
    this.#entries = [];
    for (const entry of rest) if (entry.kind === 'message') entry.delivery?.failed();
  }

  /** The stream is gone: what was handed over and not taken will not be. */
  abandon(): void {
    this.close();
    const deliveries = this.#deliveries;
    this.#deliveries = undefined;
    for (const delivery of deliveries ?? []) delivery.failed();
  }

  #add(entry: Entry): void {
    if (this.#closed) {
      if (entry.kind === 'message') entry.delivery?.failed();
      return;
    }
    if (this.#head === this.#entries.length && this.#free && entry.kind !== 'wait') {
      this.#send(entry);
      return;
    }
    this.#entries.push(entry);
    this.#waitingBytes += costOf(entry);
    this.#advance();
  }

  get #free(): boolean {
    return this.#timer === undefined && !this.#compressing && this.#sendingBytes < WINDOW_BYTES;
  }

  #advance(): void {
    while (!this.#closed && this.#free) {
      const entry = this.#entries[this.#head];
      if (!entry) break;
      this.#remove(entry);
      if (entry.kind === 'wait') {
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          this.#advance();
        }, entry.delayMs);
      } else this.#send(entry);
    }
    if (this.#wasFull && this.#waitingBytes <= LINE_LOW_BYTES && !this.#closed) {
      this.#wasFull = false;
      this.#options.onRoom();
    }
  }

  #remove(entry: Entry): void {
    this.#waitingBytes -= costOf(entry);
    this.#head++;
    if (this.#head === this.#entries.length || this.#head >= 1024) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }

  #send(entry: Exclude<Entry, { kind: 'wait' }>): void {
    const { call, compress } = this.#options;
    if (entry.kind === 'metadata') call.sendMetadata(entry.metadata);
    else if (entry.kind === 'status') this.#sendStatus(entry.status);
    else if (compress) this.#sendCompressed(compress, entry.bytes, entry.delivery);
    else this.#sendMessage(entry.bytes, entry.delivery);
  }

  #sendStatus({ code, message, trailers }: CallStatus): void {
    this.close();
    this.#options.call.sendStatus({ code, details: sendable(message), metadata: trailers });
  }

  #sendCompressed(compress: Compress, bytes: Uint8Array, delivery: Delivery | undefined): void {
    this.#compressing = true;
    compress(bytes, (error, compressed) => {
      this.#compressing = false;
      if (this.#closed || error) delivery?.failed();
      else this.#sendMessage(compressed, delivery);
      if (error && !this.#closed) this.#sendStatus(plainStatus(status.INTERNAL, error.message));
      this.#advance();
    });
  }

  #sendMessage(bytes: Uint8Array, delivery: Delivery | undefined): void {
    const cost = ENTRY_BYTES + bytes.length;
    this.#sendingBytes += cost;
    if (delivery) {
      this.#deliveries ??= new Set();
      this.#deliveries.add(delivery);
    }
    this.#options.call.sendMessage(bytes, () => {
      this.#sendingBytes -= cost;
      if (delivery) {
        this.#deliveries?.delete(delivery);
        delivery.done();
      }
      if (this.#entries.length > 0) this.#advance();
    });
    // A message that is too large is not sent: the library ends the call instead.
    if (!this.#closed) this.#options.onSent();
  }
}

function costOf(entry: Entry): number {
  return ENTRY_BYTES + (entry.kind === 'message' ? entry.bytes.length : 0);
}

/** Half of a surrogate pair has no UTF-8, and would not be sent at all. */
function sendable(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
