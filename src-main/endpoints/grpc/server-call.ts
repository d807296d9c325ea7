// One call to the mock server: its state for the call list, reading with back-pressure, and its end, whoever brings it
// about. It stands where grpc-js would put its streams, which cost more than they give here.
import { type Metadata, ServerInterceptingCall, type ServerInterceptingCallInterface, status } from '@grpc/grpc-js';
import type { LifecycleEvent } from '../../core/event.ts';
import type { CallState } from '../../core/grpc-call.ts';
import type { GrpcConfig } from '../../core/session-config.ts';
import { EndpointError } from '../endpoint.ts';
import { limitText } from './limits.ts';
import { plainStatus } from './mock-status.ts';
import type { AnswerableCall, Answerer, MethodAnswer } from './server-answer.ts';
import { compressionOf } from './server-compression.ts';
import { resetStream, watchStatus } from './server-internals.ts';
import { ServerLine } from './server-line.ts';
import { type CallStatus, statusLabel } from './status.ts';

/** A client whose time has run out resets the call before it has run out here, for its request took time to come. */
const DEADLINE_SLACK_MS = 50;

export interface ServerCallOptions {
  /** The call as grpc-js has it. */
  incoming: ServerInterceptingCallInterface;
  answer: MethodAnswer;
  config: GrpcConfig;
  state: CallState;
  /** Microseconds since the Unix epoch. */
  now(): number;
  /** Records what no byte says. */
  note(event: LifecycleEvent): void;
  /** Its state has changed. */
  onChange(): void;
  onEnd(call: ServerCall): void;
}

export class ServerCall extends ServerInterceptingCall implements AnswerableCall {
  readonly state: CallState;
  readonly #options: ServerCallOptions;
  readonly #line: ServerLine;
  readonly #clientStreaming: boolean;
  #answerer: Answerer | undefined;
  /** The one message of a method without client streaming, until it is clear that it is the only one. */
  #request: Buffer | undefined;
  /** The line was full: there is a read to be caught up on. */
  #owesRead = false;

  constructor(options: ServerCallOptions) {
    super(options.incoming);
    this.#options = options;
    this.state = options.state;
    this.#clientStreaming = options.answer.clientStreaming;
    this.#line = new ServerLine({
      call: options.incoming,
      compress: compressionOf(options.incoming, options.config),
      onSent: () => this.#onSent(),
      onRoom: () => this.#onRoom(),
    });
  }

  /** grpc-js starts the call here; its own listener, who would make a stream of it, is left out. */
  override start(): void {
    const { incoming } = this.#options;
    watchStatus(incoming, (code, message) => this.#onStatus(code, message));
    incoming.start({
      onReceiveMetadata: () => this.#begin(),
      onReceiveMessage: (message: Buffer) => this.#onMessage(message),
      onReceiveHalfClose: () => this.#onHalfClose(),
      onCancel: () => this.#onCancel(),
    });
    if (!this.#answerer) this.#onCancel();
  }

  wait(delayMs: number): void {
    this.#line.wait(delayMs);
  }

  metadata(metadata: Metadata): void {
    this.#line.metadata(metadata);
  }

  reply(bytes: Uint8Array): void {
    this.#line.message(bytes);
  }

  finish(callStatus: CallStatus): void {
    this.#line.status(callStatus);
  }

  /**
   * Sends a message for a person; to a method without server streaming it is the answer, and ends the call with OK.
   * Resolves when the system has taken it; rejects with an EndpointError if the call ends before.
   */
  send(bytes: Uint8Array): Promise<void> {
    const sent = new Promise<void>((resolve, reject) => {
      this.#line.message(bytes, { done: resolve, failed: () => reject(this.#over()) });
    });
    if (!this.#options.answer.serverStreaming) {
      this.finish(plainStatus(status.OK));
    }
    return sent;
  }

  /** Ends the call without a status. */
  reset(): void {
    this.#end(status.CANCELLED, 'Reset by this server');
    resetStream(this.#options.incoming);
  }

  /** Its connection is gone. grpc-js tells of it too, but later. */
  lose(): void {
    this.#onCancel();
  }

  #begin(): void {
    const { answer, incoming } = this.#options;
    this.#answerer = answer.begin(this);
    incoming.startRead();
  }

  #onMessage(message: Buffer): void {
    this.state.clientMessages++;
    this.#options.onChange();
    if (this.#clientStreaming) this.#answerer?.heard(message);
    else if (this.#request) this.#refuse('sent a second request message to a method that takes one');
    else this.#request = message;
    if (this.#line.full) this.#owesRead = true;
    else this.#options.incoming.startRead();
  }

  #onHalfClose(): void {
    this.state.clientEnded = true;
    this.#options.onChange();
    if (this.#clientStreaming) this.#answerer?.ended();
    else if (this.#request) {
      this.#answerer?.heard(this.#request);
      this.#answerer?.ended();
    } else this.#refuse('sent no request message');
  }

  /** A status is sent: what stood in the line, or one of grpc-js itself. */
  #onStatus(code: number, message: string): void {
    const overLimit = code === status.RESOURCE_EXHAUSTED && !this.#line.closed ? limitText(message) : undefined;
    if (overLimit !== undefined && !this.state.ended) {
      const { call, method } = this.state;
      const fields = { call, method, status: statusLabel(code) };
      this.#options.note({ type: 'limit', severity: 'warning', text: `${method} refused here: ${overLimit}`, fields });
    }
    this.#end(code, overLimit ?? message);
  }

  /** Also told, later, of calls that have got their status. */
  #onCancel(): void {
    if (!this.state.ended) {
      const late = Number(this.#options.incoming.getDeadline()) - DEADLINE_SLACK_MS <= Date.now();
      if (late) this.#end(status.DEADLINE_EXCEEDED, 'Deadline exceeded');
      else this.#end(status.CANCELLED, 'Cancelled by the client');
    }
    this.#line.abandon();
  }

  #onSent(): void {
    this.state.serverMessages++;
    this.#options.onChange();
  }

  #onRoom(): void {
    if (!this.#owesRead) return;
    this.#owesRead = false;
    this.#options.incoming.startRead();
  }

  #refuse(what: string): void {
    this.finish(plainStatus(status.UNIMPLEMENTED, `The client ${what} (${this.state.method}).`));
  }

  #end(code: number, message: string): void {
    if (this.state.ended) return;
    const { now, onEnd } = this.#options;
    this.state.waiting = false;
    this.state.ended = { at: now(), code, message };
    this.#line.close();
    onEnd(this);
  }

  #over(): EndpointError {
    return new EndpointError({
      what: `Call ${this.state.call} ended before the message was sent.`,
      why: this.state.ended?.message ?? '',
      next: 'Choose an open call.',
    });
  }
}
