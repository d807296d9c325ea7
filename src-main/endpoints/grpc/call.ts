// One call of a client, from its first byte to its status: what goes out, what is counted, and, on the timeline, only what
// the bytes do not tell: a deadline that ran out here, a cancellation from here, a limit of ours.
import { status as Status } from '@grpc/grpc-js';
import type { LifecycleEvent } from '../../core/event.ts';
import type { CallState } from '../../core/grpc-call.ts';
import type { Recorder } from '../../core/recorder.ts';
import { type CallOptions, EndpointError } from '../endpoint.ts';
import type { WireCall } from './channel.ts';
import { limitText, RAISE_SEND_LIMIT } from './limits.ts';
import { metadataOf } from './metadata.ts';
import { type CallStatus, statusLabel } from './status.ts';

export interface CallSetup {
  /** Number of the call. */
  call: number;
  connection: number;
  peer: string;
  options: CallOptions;
  /** The client may send more than one message. */
  clientStreaming: boolean;
  recorder: Recorder;
  /** Bytes of the longest message that is taken. */
  receiveLimit: number;
  /** Where events about the call go: to its connection, or to the session when that is over. */
  note(event: LifecycleEvent): void;
  /** A call that has not begun. */
  open(path: string, deadline: number, authority: string | undefined): WireCall;
  /** Counts changed. */
  onChange(): void;
  onEnd(call: ClientCall): void;
  /** Why there is no connection now, in words, if that is known. */
  lossReason(): string | undefined;
}

export class ClientCall {
  readonly state: CallState;
  readonly clientStreaming: boolean;

  readonly #setup: CallSetup;
  readonly #wire: WireCall;
  readonly #deadline: number;
  #cancelled = false;
  /** Initial metadata came. */
  #answered = false;
  /** Messages that wait for their turn: grpc-js takes one at a time. */
  readonly #outbox: { bytes: Uint8Array; done: () => void }[] = [];
  /** The message that grpc-js has not taken yet. */
  #handing: (() => void) | undefined;

  /** Begins the call. Throws an EndpointError for metadata that cannot be sent. */
  constructor(setup: CallSetup) {
    const { options, recorder } = setup;
    const { config } = options;
    const metadata = metadataOf(options.metadata, { waitForReady: config.waitForReady === true });
    this.#setup = setup;
    this.clientStreaming = setup.clientStreaming;
    this.#deadline = config.deadlineMs ? Date.now() + config.deadlineMs : Number.POSITIVE_INFINITY;
    this.state = {
      call: setup.call,
      connection: setup.connection,
      peer: setup.peer,
      method: options.method,
      startedAt: recorder.now(),
      clientMessages: 0,
      serverMessages: 0,
      clientEnded: false,
      waiting: false,
    };
    this.#wire = setup.open(`/${options.method.replace(/^\//, '')}`, this.#deadline, config.authority);
    this.#wire.start(metadata, {
      onReceiveMetadata: () => {
        this.#answered = true;
      },
      onReceiveMessage: () => {
        this.state.serverMessages++;
        setup.onChange();
        this.#wire.startRead();
      },
      onReceiveStatus: ({ code, details, metadata: trailers }) => this.#onStatus({ code, message: details, trailers }),
    });
    this.#wire.startRead();
  }

  /** The call takes messages: it goes on, and the end of streaming was not said. */
  get sendable(): boolean {
    return !this.state.clientEnded && this.state.ended === undefined;
  }

  /** Resolves when HTTP/2 has taken the bytes, or the call is over. Rejects with an EndpointError. */
  async send(bytes: Uint8Array): Promise<void> {
    if (!this.sendable) throw this.#notSendable();
    checkSize(bytes, this.#setup.options);
    this.state.clientMessages++;
    this.#setup.onChange();
    await new Promise<void>((done) => {
      this.#outbox.push({ bytes, done });
      if (!this.#handing) this.#handNext();
    });
  }

  /** The end of streaming, after what is still to be sent. Throws an EndpointError if it was said before. */
  halfClose(): void {
    if (!this.sendable) throw this.#notSendable();
    this.state.clientEnded = true;
    if (this.#outbox.length === 0) this.#wire.halfClose();
    this.#setup.onChange();
  }

  cancel(): void {
    this.#cancelled = true;
    this.#wire.cancelWithStatus(Status.CANCELLED, 'Cancelled from here');
  }

  #handNext(): void {
    const next = this.#outbox.shift();
    if (!next || this.state.ended) return;
    this.#handing = next.done;
    this.#wire.sendMessageWithContext(
      {
        callback: () => {
          this.#handing = undefined;
          next.done();
          this.#handNext();
        },
      },
      asBuffer(next.bytes),
    );
    // Said now, it rides on the last message.
    if (this.state.clientEnded && this.#outbox.length === 0) this.#wire.halfClose();
  }

  #onStatus(status: CallStatus): void {
    const { recorder, note, onEnd, lossReason } = this.#setup;
    const overLimit = this.#overLimit(status);
    const lost = status.code === Status.UNAVAILABLE;
    const message = overLimit ?? (lost ? unavailableWords(status.message, lossReason()) : status.message);
    const event = this.#localEvent(status, message, overLimit !== undefined);
    if (event) note(event);
    this.state.clientEnded = true;
    this.state.ended = { at: recorder.now(), code: status.code, message };
    this.#handing?.();
    for (const { done } of this.#outbox.splice(0)) done();
    onEnd(this);
  }

  /** Words for a received message that was longer than is taken here; undefined if the call ended otherwise. */
  #overLimit({ code, message }: CallStatus): string | undefined {
    // A server of grpc-js says the same of what it received, but mostly before it answers.
    if (code !== Status.RESOURCE_EXHAUSTED || !this.#answered) return undefined;
    return message.includes(String(this.#setup.receiveLimit)) ? limitText(message) : undefined;
  }

  /** What ended here, without a word of the server. */
  #localEvent({ code, message: said }: CallStatus, message: string, isOverLimit: boolean): LifecycleEvent | undefined {
    const { method } = this.state;
    const fields = { call: this.state.call, method, status: statusLabel(code) };
    if (code === Status.CANCELLED && this.#cancelled) {
      return { type: 'info', severity: 'info', text: `${method} cancelled from here`, fields };
    }
    if (code === Status.DEADLINE_EXCEEDED && Date.now() >= this.#deadline - TIMER_EARLY_MS) {
      const { deadlineMs } = this.#setup.options.config;
      const text = `The deadline of ${method} (${deadlineMs} ms) ran out here; the call is cancelled`;
      return { type: 'limit', severity: 'warning', text, fields };
    }
    if (isOverLimit) {
      return { type: 'limit', severity: 'warning', text: `${method} given up here: ${message}`, fields };
    }
    if (code === Status.UNAVAILABLE && NEVER_SENT.test(said)) {
      return { type: 'failed', severity: 'error', text: `${method} was not sent: ${message}`, fields };
    }
    return undefined;
  }

  #notSendable(): EndpointError {
    const { call, ended } = this.state;
    return new EndpointError({
      what: ended ? `Call ${call} has ended.` : `Streaming to call ${call} has ended.`,
      why: '',
      next: 'Begin another call.',
    });
  }
}

/** Timers and the clock count milliseconds apart, and the clock may be set: a timer can fire so much before its time. */
const TIMER_EARLY_MS = 5;

const NEVER_SENT = /^(No connection established|Channel closed before)/;

/** What grpc-js says of a connection that was lost under a call. */
const DROPPED = /^(Connection dropped$|(read|write) E[A-Z]+$)/;

/** grpc-js's own words for a call without a connection, or what we know better; a server's words stay. */
function unavailableWords(said: string, reason: string | undefined): string {
  return reason !== undefined && (NEVER_SENT.test(said) || DROPPED.test(said)) ? reason : said;
}

/** Throws an EndpointError for a message larger than the settings allow. */
export function checkSize(bytes: Uint8Array, { config }: CallOptions): void {
  const { maxSendBytes } = config;
  if (!maxSendBytes || bytes.length <= maxSendBytes) return;
  throw new EndpointError({
    what: `The message has ${bytes.length} bytes; at most ${maxSendBytes} are to be sent.`,
    why: '',
    next: `Send less, or ${RAISE_SEND_LIMIT}.`,
  });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
