// What every endpoint is to the engine: something that can be started, stopped, sent through and commanded. Endpoints
// own sockets and nothing else; all they see goes to the Recorder.
import type { Problem } from '../core/event.ts';
import type { CallState } from '../core/grpc-call.ts';
import type { Recorder } from '../core/recorder.ts';
import type { Content, GrpcConfig, MetadataConfig, SessionConfig } from '../core/session-config.ts';
import type { LoadedSchema } from '../schemas/loaded-schema.ts';

/** Where an endpoint is, for the address bar. */
export type EndpointState =
  | { phase: 'idle' }
  /** `step` for a person: `Resolving example.test`, `TCP 127.0.0.1:9001`, `TLS`, `WebSocket upgrade`. */
  | { phase: 'connecting'; step: string }
  /** `attempts` may be Infinity. */
  | { phase: 'waiting'; attempt: number; attempts: number; nextAt: number }
  /** `address`: the peer of a client, or the bound `host:port` of a server. */
  | { phase: 'open'; address: string; trust: Trust }
  | { phase: 'closing' }
  | { phase: 'closed'; text: string }
  | { phase: 'failed'; problem: Problem };

/** What the lock shows. `verified` only when the peer's certificate was checked and good. */
export type Trust =
  | { lock: 'none' }
  | { lock: 'verified'; text: string }
  /** TLS, but whoever it is was not checked; `text` says why. */
  | { lock: 'unverified'; text: string };

/** A live connection for the connection picker. */
export interface ConnectionState {
  connection: number;
  /** The other side's `address:port`. */
  peer: string;
  /** Microseconds since the Unix epoch, as all times here. */
  openedAt: number;
  closedAt?: number;
  /** WebSocket path and subprotocol, or ''. */
  label: string;
}

/** How a call is to be made; changes of a session's config count from its next call. */
export interface CallOptions {
  /** `chat.ChatService/SendMessage`. */
  method: string;
  metadata: MetadataConfig;
  config: GrpcConfig;
}

/** Bytes ready for the wire. */
export interface OutgoingMessage {
  bytes: Uint8Array;
  /** WebSocket: a text frame instead of a binary one. */
  text: boolean;
  /** gRPC client: how to call if the message begins a call. */
  call?: CallOptions;
}

/** What a person can order beside sending. Endpoints answer an order they cannot carry out with an EndpointError. */
export type ControlCommand =
  | { type: 'ping'; bytes: Uint8Array }
  | { type: 'pong'; bytes: Uint8Array }
  /** WebSocket close frame; other protocols: end the connection. */
  | { type: 'close'; code?: number; reason?: string }
  /** A WebSocket frame exactly as given, allowed or not. The length field is made to fit `bytes`. */
  | {
      type: 'rawFrame';
      fin: boolean;
      rsv1: boolean;
      rsv2: boolean;
      rsv3: boolean;
      opcode: number;
      mask: boolean;
      bytes: Uint8Array;
    }
  /** TCP: no more bytes from here (FIN), still reading. gRPC client: the end of streaming. */
  | { type: 'halfClose' }
  /** gRPC client: begins a call without a message. */
  | { type: 'invoke'; call: CallOptions }
  /** gRPC: ends calls with CANCELLED (a client) or RST_STREAM (a server). */
  | { type: 'cancel' }
  /** gRPC server: ends calls with a status. `details` are encoded google.protobuf.Any. */
  | { type: 'finish'; code: number; message: string; details: Uint8Array[]; trailers: MetadataConfig }
  /** Cut without a farewell (RST where the system allows). */
  | { type: 'kick' };

/** Connection numbers (gRPC: call numbers), or all that are open, or the last: peer heard (UDP server), call begun (gRPC). */
export type Recipients = 'all' | 'last' | readonly number[];

/** A content whose variables get their values each time. */
export interface VaryingContent {
  /** As it could be. */
  sample: Content;
  /** As it is to be sent now. */
  next(): Content;
}

export interface EndpointHost {
  readonly recorder: Recorder;
  /** The endpoint's state changed. */
  stateChanged(state: EndpointState): void;
  /** The set of connections changed; the engine then reads `connections`. */
  connectionsChanged(): void;
  /** Bytes of a saved content (a `file:` is read relative to the session's file). */
  content(content: Content): Promise<OutgoingMessage>;
  /** Of a content that names variables, and so differs from one send to the next; absent or undefined: it does not. */
  varying?(content: Content): VaryingContent | undefined;
  /** Absolute path of a file that the config names. */
  path(relative: string): string;
  /** The message types of the session; resolves when they are loaded. Of a server, all of its mock. */
  schema?(): Promise<LoadedSchema>;
}

export interface Endpoint {
  /** Connects or listens. Resolves when usable, rejects with an EndpointError. stop() aborts it at any step. */
  start(): Promise<void>;
  /** Ends everything, politely first (a close frame, FIN), by force after a second. Never rejects. */
  stop(): Promise<void>;
  /** Resolves when the system has taken the bytes: awaiting it is the back-pressure. Returns to how many it went. */
  send(message: OutgoingMessage, to: Recipients): Promise<number>;
  control(command: ControlCommand, to: Recipients): Promise<void>;
  /** Open ones, then the last closed; bounded by the endpoint's own limits. */
  readonly connections: readonly ConnectionState[];
  /** gRPC: open ones, then the last ended; bounded. */
  readonly calls?: readonly CallState[];
}

/** Makes an endpoint for a config whose variables are resolved. */
export type OpenEndpoint = (config: SessionConfig, host: EndpointHost) => Endpoint;

/** Loads the code of a config's protocol and role. Rejects with an EndpointError for a capture, which has no endpoint. */
export type LoadEndpoint = (config: Pick<SessionConfig, 'role' | 'protocol'>) => Promise<OpenEndpoint>;

/** An error that carries a Problem for a person. */
export class EndpointError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.what, options);
    this.name = 'EndpointError';
    this.problem = problem;
  }
}
