// The gRPC client: one channel, one connection at a time, any number of calls on it. A message begins a call or goes into
// an open one, by the kind of its method; what comes back is the capture's business.
import type { LifecycleEvent } from '../../core/event.ts';
import type { ReconnectConfig, SessionConfig } from '../../core/session-config.ts';
import { parseTarget, targetAddress } from '../address.ts';
import { CLOSED_KEPT } from '../connection-list.ts';
import {
  type CallOptions,
  type ConnectionState,
  type ControlCommand,
  type Endpoint,
  EndpointError,
  type EndpointHost,
  type OpenEndpoint,
  type OutgoingMessage,
  type Recipients,
} from '../endpoint.ts';
import { giveUp, noteFailure, openOnce } from '../opening.ts';
import type { ProblemContext } from '../problems.ts';
import { countDelivered } from '../recipients.ts';
import { Reconnection } from '../reconnect.ts';
import { unsupported } from '../unsupported.ts';
import { ClientCall, checkSize } from './call.ts';
import { CallList } from './call-list.ts';
import { GrpcChannel } from './channel.ts';
import type { ConnectionEnding, GrpcConnection } from './connection.ts';
import { Turnstile } from './turnstile.ts';

/** Unary calls under way at a time: a send beyond waits for one to end, which is its back-pressure. */
const UNARY_AT_A_TIME = 64;
const LOST_WITHIN_MS = 50;
/** Of calls that wait for the first one. */
const NO_CONNECTION = 0;
/** Counts of calls are told at most this often. */
const NEWS_EVERY_MS = 25;

/** A client for `grpc://`, `grpcs://` and `unix:` targets. */
export const createGrpcClient: OpenEndpoint = (config, host) => new GrpcClient(config, host);

class GrpcClient implements Endpoint {
  readonly #config: SessionConfig;
  readonly #host: EndpointHost;
  readonly #calls = new CallList<ClientCall>();
  readonly #unary = new Turnstile(UNARY_AT_A_TIME);
  #called = 0;
  #channel: GrpcChannel | undefined;
  /** The one new calls use, or, while there is none, the last. */
  #connection: GrpcConnection | undefined;
  /** New calls can use the connection. */
  #ready = false;
  /** Calls that were begun for a connection to come. */
  readonly #waiting = new Set<ClientCall>();
  #closed: ConnectionState[] = [];
  #abort = new AbortController();
  #running: Promise<void> | undefined;
  /** Why the last try to connect failed, until one does not. */
  #failure: string | undefined;
  /** Settings that calls wanted otherwise than the connection has them. */
  #unheeded = '';
  #news: NodeJS.Timeout | undefined;

  constructor(config: SessionConfig, host: EndpointHost) {
    this.#config = config;
    this.#host = host;
  }

  get connections(): readonly ConnectionState[] {
    const open = this.#connection && this.#connection.state.closedAt === undefined ? [this.#connection.state] : [];
    return [...open, ...this.#closed];
  }

  get calls() {
    return this.#calls.states;
  }

  start(): Promise<void> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    return new Promise((resolve, reject) => {
      this.#running = this.#run(signal, resolve).catch(reject);
    });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    if (this.#ready) this.#host.stateChanged({ phase: 'closing' });
    this.#end();
    await this.#running;
  }

  async send(message: OutgoingMessage, to: Recipients): Promise<number> {
    const { recorder } = this.#host;
    if (recorder.congested) await recorder.drained();
    const { call: options, bytes } = message;
    const kind = options && (await this.#kindOf(options.method));
    if (options && kind && !kind.clientStreaming) {
      checkSize(bytes, options);
      const turn = this.#unary.enter();
      if (turn) await turn;
      const call = this.#begin(options, false, () => this.#unary.leave());
      const handedOver = call.send(bytes);
      call.halfClose();
      await handedOver;
      return 1;
    }
    const open = this.#openFor(to, options);
    if (open.length === 0 && options) {
      checkSize(bytes, options);
      open.push(this.#begin(options, true));
    }
    if (open.length === 0) throw noCall('No call is open to send into.');
    return countDelivered(open.map((call) => call.send(bytes)));
  }

  async control(command: ControlCommand, to: Recipients): Promise<void> {
    switch (command.type) {
      case 'invoke':
        this.#begin(command.call, true);
        return;
      case 'halfClose': {
        const open = this.#openFor(to, undefined);
        if (open.length === 0) throw noCall('No call is open to end the streaming of.');
        for (const call of open) call.halfClose();
        return;
      }
      case 'cancel': {
        const meant = this.#calls.meant(to);
        if (meant.length === 0) throw noCall('No call is open to cancel.');
        for (const call of meant) call.cancel();
        return;
      }
      case 'close':
        this.#requireConnection();
        this.#host.stateChanged({ phase: 'closing' });
        this.#end();
        return;
      case 'kick':
        this.#requireConnection().cut();
        return;
      default:
        throw unsupported(command, 'gRPC');
    }
  }

  /** Connects, and again as often as the config allows, until the end. Rejects if it was never open. */
  async #run(signal: AbortSignal, opened: () => void): Promise<void> {
    const host = this.#host;
    const reconnection = new Reconnection(this.#reconnect, host);
    const context: ProblemContext = { step: 'connect', address: this.#config.target ?? '' };
    const { target, channel } = await openOnce(host, signal, context, async () => {
      const target = parseTarget(context.address, 'grpc');
      return { target, channel: await GrpcChannel.open({ target, config: this.#config, host }) };
    });
    this.#channel = channel;
    try {
      for (;;) {
        let connection: GrpcConnection;
        try {
          connection = await channel.connect(signal, (step) => host.stateChanged({ phase: 'connecting', step }));
        } catch (error) {
          const failure = noteFailure(host, error, context);
          this.#failure = failure.problem.what;
          if (await reconnection.wait(signal)) continue;
          throw giveUp(host, failure, signal);
        }
        reconnection.succeeded();
        this.#onOpen(connection, targetAddress(target));
        opened();
        const ending = await this.#untilLost(channel, connection, signal);
        if (!ending.local && (await reconnection.wait(signal))) continue;
        await connection.ended;
        host.stateChanged(
          ending.problem && !signal.aborted
            ? { phase: 'failed', problem: ending.problem }
            : { phase: 'closed', text: ending.text },
        );
        return;
      }
    } finally {
      this.#channel = undefined;
      channel.close();
    }
  }

  /** Calls that wait for a connection need somebody who goes on trying, unless the config says how often. */
  get #reconnect(): ReconnectConfig | undefined {
    const { reconnect, grpc } = this.#config;
    return reconnect ?? (grpc?.waitForReady ? { attempts: Number.POSITIVE_INFINITY } : undefined);
  }

  #onOpen(connection: GrpcConnection, address: string): void {
    this.#connection = connection;
    this.#ready = true;
    const { connection: number, peer } = connection.state;
    for (const call of this.#waiting) Object.assign(call.state, { connection: number, peer });
    this.#waiting.clear();
    this.#failure = undefined;
    void connection.ended.then(() => {
      this.#closed = [connection.state, ...this.#closed].slice(0, CLOSED_KEPT);
      this.#host.connectionsChanged();
    });
    this.#host.stateChanged({ phase: 'open', address, trust: connection.trust });
    this.#host.connectionsChanged();
  }

  /** How the connection ended, or that it takes no more calls. */
  async #untilLost(channel: GrpcChannel, connection: GrpcConnection, signal: AbortSignal): Promise<ConnectionEnding> {
    // Not by the end of the connection: grpc-js hears of that later, and would still begin calls on it.
    await channel.unusable();
    this.#ready = false;
    const again = (this.#reconnect?.attempts ?? 0) > 0 && !signal.aborted;
    // A connection that only takes no new calls (GOAWAY) serves the open ones to their end beside the next.
    const goingAway: ConnectionEnding = { text: 'The server takes no more calls (GOAWAY)', local: false };
    return again ? Promise.race([connection.ended, later(goingAway)]) : connection.ended;
  }

  /** Cancels what goes on, says GOAWAY, and cuts the connection if the server does not end it too. */
  #end(): void {
    for (const call of this.#calls.members) call.cancel();
    this.#channel?.close();
    this.#channel = undefined;
    void this.#connection?.farewell();
  }

  /** Why there is no connection, in words, if that is known. */
  get #loss(): string | undefined {
    return this.#failure ?? this.#connection?.loss;
  }

  #requireConnection(): GrpcConnection {
    if (this.#connection && this.#connection.state.closedAt === undefined) return this.#connection;
    throw new EndpointError({ what: 'There is no connection.', why: this.#loss ?? '', next: 'Connect first.' });
  }

  /** Begins a call; `ended` is told when it is over. */
  #begin(options: CallOptions, clientStreaming: boolean, ended?: () => void): ClientCall {
    const channel = this.#channel;
    const connection = this.#connection;
    try {
      if (!channel || !(this.#ready || options.config.waitForReady)) {
        throw new EndpointError({
          what: 'There is no connection to call through.',
          why: this.#loss ?? '',
          next: 'Connect first.',
        });
      }
      checkMethod(options.method);
      this.#noteSettings(channel, options);
      const call = new ClientCall({
        call: this.#called + 1,
        connection: connection?.state.connection ?? NO_CONNECTION,
        peer: connection?.state.peer ?? this.#config.target ?? '',
        options,
        clientStreaming,
        recorder: this.#host.recorder,
        receiveLimit: channel.receiveLimit,
        note: (event) => this.#note(event),
        open: (path, deadline, authority) => channel.call(path, deadline, authority),
        onChange: () => this.#tell(),
        onEnd: (over) => {
          this.#calls.end(over);
          this.#waiting.delete(over);
          ended?.();
          this.#tell();
        },
        lossReason: () => this.#loss,
      });
      this.#called++;
      this.#calls.add(call);
      if (!this.#ready) this.#waiting.add(call);
      this.#tell();
      return call;
    } catch (error) {
      ended?.();
      throw error;
    }
  }

  #note(event: LifecycleEvent): void {
    const { recorder } = this.#host;
    if (this.#connection) this.#connection.note(event);
    else recorder.event(event, recorder.now());
  }

  /** Some settings belong to the connection: when others are wanted meanwhile, that is said once. */
  #noteSettings(channel: GrpcChannel, { config }: CallOptions): void {
    const changed = channel.changedSettings(config).join(', ');
    if (changed !== '' && changed !== this.#unheeded) {
      const text = `Changed settings count from the next connection: ${changed}`;
      this.#note({ type: 'info', severity: 'warning', text });
    }
    this.#unheeded = changed;
  }

  /** Open calls a message or the end of streaming is for: of `last`, the last that takes any; of a method, if given. */
  #openFor(to: Recipients, options: CallOptions | undefined): ClientCall[] {
    if (typeof to !== 'string') return this.#calls.meant(to);
    const open = [...this.#calls.members].filter(
      (call) => call.clientStreaming && call.sendable && (!options || call.state.method === options.method),
    );
    return to === 'last' ? open.slice(-1) : open;
  }

  /** Of a method that no schema knows, undefined: it is taken for one that streams both ways. */
  async #kindOf(method: string): Promise<{ clientStreaming: boolean } | undefined> {
    try {
      return (await this.#host.schema?.())?.types.method(method);
    } catch {
      // What is wrong with the schema is told where it is loaded; raw bytes can be sent without one.
      return undefined;
    }
  }

  /** Says that calls changed, soon: a flood of calls is one change. */
  #tell(): void {
    this.#news ??= setTimeout(() => {
      this.#news = undefined;
      this.#host.connectionsChanged();
    }, NEWS_EVERY_MS);
  }
}

function checkMethod(method: string): void {
  if (/^\/?[^/\s]+\/[^/\s]+$/.test(method)) return;
  throw new EndpointError({
    what: method === '' ? 'No method is chosen.' : `“${method}” is not a method.`,
    why: '',
    next: 'Choose one, or write package.Service/Method.',
  });
}

function noCall(what: string): EndpointError {
  return new EndpointError({ what, why: '', next: 'Begin a call, or choose an open one.' });
}

/** A connection that is lost has ended when this time is over. */
function later<T>(value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), LOST_WITHIN_MS));
}
