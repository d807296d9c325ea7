// One connection to the gRPC server: the tap, HTTP/2 on top of it, and how it ended. A client that speaks something else
// than HTTP/2 is told so and recorded.
import type { Socket } from 'node:net';
import { Server, ServerCredentials, type ServerInterceptor, type ServerOptions } from '@grpc/grpc-js';
import type { LifecycleEvent, Problem } from '../../core/event.ts';
import { Direction } from '../../core/record.ts';
import type { ConnectionRecorder, Recorder } from '../../core/recorder.ts';
import type { ConnectionState } from '../endpoint.ts';
import { failedEvent } from '../failed-event.ts';
import { problemOf } from '../problems.ts';
import { httpAnswer } from '../websocket/refusal.ts';
import { admitEveryMethod, heedHeaders } from './server-internals.ts';
import { Tap } from './tap.ts';

/** How long a polite end may take before it is forced. */
const FAREWELL_MS = 1000;

/** What a client says first (RFC 9113 §3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
/** Tells `PRI` from `PUT` and `POST`. */
const TELLING_BYTES = 3;

export interface ServerConnectionOptions {
  /** Accepted, secured, and not read from yet. */
  socket: Socket;
  recorder: Recorder;
  connection: ConnectionRecorder;
  /** The other side, for a person. */
  peer: string;
  /** Limits and timers of grpc-js. */
  options: ServerOptions;
  /** Gets every call. */
  interceptor: ServerInterceptor;
}

export class ServerConnection {
  readonly state: ConnectionState;
  /** Resolves when the socket is closed and the last event written. */
  readonly ended: Promise<void>;

  readonly #options: ServerConnectionOptions;
  readonly #tap: Tap;
  /** From the client's preface on. */
  #http2: { close(graceMs: number): void; release(): void } | undefined;
  #ordered: 'close' | 'cut' | undefined;
  #refused = false;
  /** What the client has said while it was too little to tell. */
  #head: Buffer = Buffer.alloc(0);

  constructor(options: ServerConnectionOptions) {
    const { socket, recorder, connection, peer } = options;
    this.#options = options;
    this.state = { connection: connection.connection, peer, openedAt: Date.now(), label: '' };
    this.#tap = new Tap({
      socket,
      recorder,
      connection,
      incoming: Direction.clientToServer,
      outgoing: Direction.serverToClient,
    });
    this.#tap.on('readable', this.#look);
    this.ended = new Promise((resolve) => {
      this.#tap.once('close', () => {
        this.#onClose();
        resolve();
      });
    });
  }

  /** Ends politely: GOAWAY, what calls still have to say within FAREWELL_MS, then RST_STREAM and FIN. */
  async close(): Promise<void> {
    if (this.state.closedAt !== undefined) return;
    this.#ordered ??= 'close';
    if (this.#http2) this.#http2.close(FAREWELL_MS);
    else this.#tap.destroy();
    // A client that does not read takes no farewell either.
    const timer = setTimeout(() => this.#tap.socket.destroy(), FAREWELL_MS * 1.2);
    await this.ended;
    clearTimeout(timer);
  }

  /** Cuts without a farewell: RST, or under TLS the end of TCP without the end of TLS. */
  cut(): void {
    this.#ordered = 'cut';
    const { socket } = this.#tap;
    if ('encrypted' in socket) socket.destroy();
    else socket.resetAndDestroy();
  }

  /** Waits until it is clear what the client speaks. */
  readonly #look = (): void => {
    const tap = this.#tap;
    const more: Buffer | null = tap.read();
    if (more === null) return;
    const head = this.#head.length === 0 ? more : Buffer.concat([this.#head, more]);
    const known = Math.min(head.length, PREFACE.length);
    const speaksHttp2 = head.subarray(0, known).equals(PREFACE.subarray(0, known));
    if (speaksHttp2 && head.length < TELLING_BYTES) {
      this.#head = head;
      return;
    }
    tap.off('readable', this.#look);
    tap.unshift(head);
    if (speaksHttp2) this.#serve();
    else this.#refuse(head);
  };

  #serve(): void {
    const { options, interceptor } = this.#options;
    const server = new Server({ 'grpc.enable_channelz': 0, ...options, interceptors: [interceptor] });
    admitEveryMethod(server);
    heedHeaders(server, () => this.#refuseWeb());
    const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#http2 = {
      close: (graceMs) => injector.drain(graceMs),
      release: () => server.forceShutdown(),
    };
    injector.injectConnection(this.#tap);
  }

  #refuseWeb(): void {
    const { connection, recorder, peer } = this.#options;
    const problem = {
      what: `${peer} speaks gRPC-Web, and this server gRPC only.`,
      why: 'Its content-type is application/grpc-web.',
      next: 'Use a gRPC client, or a proxy between them that translates.',
      code: 'GRPC_WEB',
    };
    connection.event(failedEvent(problem), recorder.now());
  }

  #refuse(head: Buffer): void {
    const problem = wrongProtocol(head, this.#options.peer);
    const { connection, recorder } = this.#options;
    connection.event(failedEvent(problem), recorder.now());
    this.#refused = true;
    const speaksHttp1 = problem.code === 'HTTP/1';
    this.#tap.once('finish', () => this.#tap.destroy());
    this.#tap.resume();
    this.#tap.end(speaksHttp1 ? httpAnswer({ status: 505, headers: {}, problem }) : undefined);
  }

  #onClose(): void {
    this.#http2?.release();
    const { connection, recorder } = this.#options;
    if (!this.#refused) connection.event(this.#ending(), recorder.now());
    connection.close(recorder.now(), this.#ordered === 'cut' || this.#tap.error?.code === 'ECONNRESET');
    this.state.closedAt = Date.now();
  }

  #ending(): LifecycleEvent {
    const { error } = this.#tap;
    if (error && this.#ordered === undefined) {
      return failedEvent(problemOf(error, { step: 'receive', address: this.#options.peer }));
    }
    const how = { close: 'Closed from here', cut: 'Cut from here' };
    return {
      type: 'closed',
      severity: 'info',
      text: this.#ordered ? how[this.#ordered] : 'Closed by the client',
    };
  }
}

/** What a client speaks that does not begin with the preface of HTTP/2. */
function wrongProtocol(head: Buffer, peer: string): Problem {
  // RFC 8446 §5.1: a handshake record begins with 22 and the major version 3.
  if (head[0] === 22 && (head[1] ?? 3) === 3) {
    return {
      what: `${peer} speaks TLS, and this server does not.`,
      why: 'Its first bytes are a TLS handshake.',
      next: 'Turn TLS off at the client, or on at this server.',
      code: 'TLS',
    };
  }
  const line = head.toString('latin1').split('\r\n', 1)[0] ?? '';
  if (/^[A-Z]+ \S+( HTTP\/\d(\.\d)?)?$/.test(line)) {
    return {
      what: `${peer} speaks HTTP/1, and gRPC needs HTTP/2.`,
      why: `It began with “${line.length > 100 ? `${line.slice(0, 100)}…` : line}”.`,
      next: 'Use a gRPC client; for curl add --http2-prior-knowledge.',
      code: 'HTTP/1',
    };
  }
  return {
    what: `${peer} speaks neither HTTP/2 nor anything else that is known here.`,
    why: 'HTTP/2 begins with the line “PRI * HTTP/2.0” (RFC 9113 §3.4).',
    next: 'Use a gRPC client.',
  };
}
