// One open WebSocket, of either side: sending with back-pressure, orders, keep-alive pings, and how it ended. It writes
// the last events of its connection; who comes and goes is the client's and the server's business.
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type WebSocket from 'ws';
import { composeFrame } from '../../core/compose/websocket.ts';
import type { LifecycleEvent, Problem } from '../../core/event.ts';
import type { ConnectionRecorder, Recorder } from '../../core/recorder.ts';
import type { WebSocketConfig } from '../../core/session-config.ts';
import { type ConnectionState, type ControlCommand, EndpointError, type OutgoingMessage } from '../endpoint.ts';
import { endpointError, problemOf } from '../problems.ts';
import { closeWords } from './close-codes.ts';
import { answerPings } from './pongs.ts';
import { MAX_FRAGMENTS, messageLimit } from './request.ts';
import type { Tap } from './tap.ts';

/** With more than this on its way, whoever sends waits. */
export const SEND_LIMIT_BYTES = 256 * 1024;
/** Close code (RFC 6455 §7.4.1). */
export const NORMAL_CLOSURE = 1000;
/** How long a polite end may take before it is forced. */
const FAREWELL_MS = 1000;

export interface LinkOptions {
  ws: WebSocket;
  socket: Socket;
  tap: Tap;
  connection: ConnectionRecorder;
  recorder: Recorder;
  side: 'client' | 'server';
  /** The other side's `address:port`. */
  peer: string;
  label: string;
  config: WebSocketConfig;
}

/** How a link ended. */
export interface Ending {
  /** One line, as `Closed by the server: 1000 normal closure`. */
  text: string;
  /** It was begun from here. */
  local: boolean;
  /** Nobody meant it to end for good: connecting again makes sense. */
  retry: boolean;
  problem?: Problem;
}

export class Link {
  readonly state: ConnectionState;
  /** Resolves when the socket is closed and the last event written. */
  readonly ended: Promise<Ending>;

  readonly #options: LinkOptions;
  #error: Error | undefined;
  /** The end was ordered here: by a close frame, or by cutting the socket. */
  #ordered: 'close' | 'cut' | undefined;

  constructor(options: LinkOptions) {
    const { ws, tap, connection, config } = options;
    this.#options = options;
    this.state = {
      connection: connection.connection,
      peer: options.peer,
      openedAt: options.recorder.now(),
      label: options.label,
    };
    tap.flow = ws;
    ws.on('error', (error) => {
      this.#error ??= error;
    });
    if (config.autoPong ?? true) answerPings(ws, () => this.#notePongs());
    const ping = config.pingEverySeconds
      ? setInterval(() => this.#keepAlive(), config.pingEverySeconds * 1000)
      : undefined;
    this.ended = new Promise((resolve) => {
      ws.once('close', (code, reason) => {
        clearInterval(ping);
        this.state.closedAt = options.recorder.now();
        resolve(this.#finish(code, reason.toString()));
      });
    });
  }

  get open(): boolean {
    return this.#options.ws.readyState === this.#options.ws.OPEN;
  }

  /**
   * Sends a message; never throws. Returns undefined if there is room for more, else a promise of the room, which
   * rejects with an EndpointError if the connection ends before.
   */
  send({ bytes, text }: OutgoingMessage): Promise<void> | undefined {
    const { ws } = this.#options;
    if (!this.open) return Promise.reject(this.#notOpen());
    if (ws.bufferedAmount <= SEND_LIMIT_BYTES) {
      ws.send(bytes, { binary: !text });
      return undefined;
    }
    return this.#written((done) => ws.send(bytes, { binary: !text }, done), 'send');
  }

  /** Carries out an order; rejects with an EndpointError if it cannot. */
  async control(command: ControlCommand): Promise<void> {
    const { ws } = this.#options;
    if (!this.open && command.type !== 'kick') throw this.#notOpen();
    switch (command.type) {
      case 'ping':
      case 'pong':
        requireControlSize(command.bytes, command.type);
        return this.#written((done) => ws[command.type](command.bytes, undefined, done), 'send');
      case 'close':
        return this.close(command.code, command.reason);
      case 'rawFrame':
        return this.#sendRawFrame(command);
      case 'kick':
        return this.cut();
      case 'halfClose':
        throw new EndpointError({
          what: 'A WebSocket cannot be half closed.',
          why: 'Its end is agreed by close frames (RFC 6455 §7).',
          next: 'Close it with a code instead.',
        });
    }
  }

  /** Begins the closing handshake. Throws an EndpointError for a code or reason that no close frame may carry. */
  close(code?: number, reason?: string): void {
    try {
      this.#options.ws.close(code, reason);
    } catch (error) {
      throw new EndpointError(
        {
          what: `A close frame cannot carry ${code === undefined ? 'that' : closeWords(code, reason ?? '')}.`,
          why: 'Allowed are the codes 1000–1003, 1007–1014 and 3000–4999, and a reason of at most 123 bytes.',
          next: 'To try it on the other side all the same, send a raw frame with opcode 8.',
        },
        { cause: error },
      );
    }
    this.#ordered ??= 'close';
  }

  /** Cuts the connection without a farewell: RST where the system allows it. */
  cut(): void {
    this.#ordered = 'cut';
    const { socket, ws } = this.#options;
    if ('encrypted' in socket) ws.terminate();
    else socket.resetAndDestroy();
  }

  /** Closes politely; cuts the connection if that takes longer than FAREWELL_MS. Never rejects. */
  async stop(code: number): Promise<void> {
    this.#ordered ??= 'close';
    this.#options.ws.close(code);
    const timer = setTimeout(() => this.#options.ws.terminate(), FAREWELL_MS);
    await this.ended;
    clearTimeout(timer);
  }

  pause(): void {
    this.#options.tap.pause();
  }

  resume(): void {
    this.#options.tap.resume();
  }

  #notePongs(): void {
    const { connection, recorder, peer } = this.#options;
    const text = `${peer} sends pings faster than it takes the pongs: only the latest are answered (RFC 6455 §5.5.3)`;
    connection.event({ type: 'limit', severity: 'info', text }, recorder.now());
  }

  #keepAlive(): void {
    if (this.open) this.#options.ws.ping();
  }

  #sendRawFrame(frame: Extract<ControlCommand, { type: 'rawFrame' }>): Promise<void> {
    const bytes = composeFrame({
      opcode: frame.opcode,
      fin: frame.fin,
      rsv: (frame.rsv1 ? 4 : 0) | (frame.rsv2 ? 2 : 0) | (frame.rsv3 ? 1 : 0),
      ...(frame.mask ? { maskingKey: randomBytes(4) } : {}),
      payload: frame.bytes,
    });
    return this.#written((done) => this.#options.socket.write(bytes, done), 'send');
  }

  #written(write: (done: (error?: Error | null) => void) => void, step: 'send'): Promise<void> {
    return new Promise((resolve, reject) => {
      write((error) => (error ? reject(endpointError(error, { step, address: this.#options.peer })) : resolve()));
    });
  }

  #notOpen(): EndpointError {
    return new EndpointError({
      what: `The connection to ${this.#options.peer} is ${this.state.closedAt === undefined ? 'closing' : 'closed'}.`,
      why: '',
      next: 'Connect again.',
    });
  }

  #finish(code: number, reason: string): Ending {
    const { connection, recorder, tap } = this.#options;
    const ending = this.#describe(code, reason);
    const event: LifecycleEvent = {
      type: ending.problem ? 'failed' : 'closed',
      severity: ending.problem ? 'error' : ending.retry ? 'warning' : 'info',
      text: ending.text,
      fields: { code, reason, 'begun here': ending.local },
      ...(ending.problem ? { problem: ending.problem } : {}),
    };
    connection.event(event, recorder.now());
    connection.close(recorder.now(), tap.error?.code === 'ECONNRESET' || this.#ordered === 'cut');
    return ending;
  }

  #describe(code: number, reason: string): Ending {
    const { peer, side, tap } = this.#options;
    const other = side === 'client' ? 'the server' : 'the client';
    if (this.#ordered === 'cut') return { text: 'Cut from here', local: true, retry: false };
    const error = this.#error ?? tap.error;
    if (error && !(this.#ordered && error === tap.error)) {
      const problem = this.#tooLong(error) ?? problemOf(error, { step: 'receive', address: peer });
      return { text: problem.what, local: false, retry: true, problem };
    }
    if (this.#ordered) return { text: `Closed from here: ${closeWords(code, reason)}`, local: true, retry: false };
    if (code !== 1006) {
      return { text: `Closed by ${other}: ${closeWords(code, reason)}`, local: false, retry: code !== NORMAL_CLOSURE };
    }
    const problem: Problem = {
      what: `${peer} ended the connection without a close frame.`,
      why: 'It stopped or crashed, or something in between cut the connection.',
      next: `Look at the log of ${other}.`,
      code: '1006',
    };
    return { text: problem.what, local: false, retry: true, problem };
  }

  /** Of the rules that `ws` holds a peer to, those that are ours. */
  #tooLong(error: NodeJS.ErrnoException): Problem | undefined {
    const { peer, config } = this.#options;
    const { code = '', message } = error;
    const next = 'Raise “Largest message” in the settings. What came of it is on the timeline.';
    if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
      const what = `${peer} sent a message of more than ${formatCount(messageLimit(config))} bytes.`;
      return { what, why: 'That is the longest this session takes.', next, code, details: message };
    }
    if (code !== 'WS_ERR_TOO_MANY_BUFFERED_PARTS') return undefined;
    return {
      what: `${peer} sent a message in more parts than can be put together.`,
      why: `It has more than ${formatCount(MAX_FRAGMENTS)} frames, or came in next to nothing at a time.`,
      next: 'Let the other side send it in larger frames. What came of it is on the timeline.',
      code,
      details: message,
    };
  }
}

/** `65,536`. */
function formatCount(count: number): string {
  return count.toLocaleString('en');
}

/** RFC 6455 §5.5. */
function requireControlSize(bytes: Uint8Array, type: 'ping' | 'pong'): void {
  if (bytes.length <= 125) return;
  throw new EndpointError({
    what: `A ${type} carries at most 125 bytes; these are ${bytes.length}.`,
    why: 'Control frames have no longer length (RFC 6455 §5.5).',
    next: 'Send less, or send a raw frame to try it on the other side all the same.',
  });
}
