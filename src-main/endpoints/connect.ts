// The way to a stream peer, step by step: resolve, TCP, proxy, TLS. Shared by the WebSocket and the TCP client. Every
// step can be cancelled and has words of its own when it fails; TLS is never given up for plaintext. It records what
// happens before there is a connection; what comes after is the caller's (recordConnection).
import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket, type ConnectionOptions as TlsOptions } from 'node:tls';
import type { LifecycleEvent } from '../core/event.ts';
import type { DissectAs } from '../core/protocol.ts';
import type { ConnectionRecorder, Peer } from '../core/recorder.ts';
import type { TlsConfig } from '../core/session-config.ts';
import { formatAddress, parseListen, type Target } from './address.ts';
import { EndpointError, type EndpointHost, type Trust } from './endpoint.ts';
import { cancelled, endpointError, isCancelled, type ProblemStep, problemOf, timedOut } from './problems.ts';
import { type OutboundProxy, parseProxy, proxyLabel, tunnel } from './proxy/outbound.ts';
import type { ReusedReads } from './reused-reads.ts';
import { describeTls } from './tls/description.ts';
import { clientTlsOptions } from './tls/options.ts';
import { whenConnected } from './when-connected.ts';
import { requireZone } from './zone.ts';

/** Time for all steps together if the config names none. */
export const CONNECT_TIMEOUT_MS = 10_000;

export interface ConnectOptions {
  target: Target;
  tls?: TlsConfig | undefined;
  /** As in the config: `http://host:port`, `socks5://user:password@host:port`. */
  proxy?: string | undefined;
  /** Address to bind before connecting. */
  bind?: string | undefined;
  /** For all steps together. */
  timeoutMs: number;
  noDelay: boolean;
  signal: AbortSignal;
  host: EndpointHost;
  /** Take bytes by `ConnectedStream.reads` where that is possible. */
  reads?: ReusedReads | undefined;
  /** `Resolving example.test`, `TCP 127.0.0.1:9001`, `SOCKS5 proxy 127.0.0.1:1080`, `TLS example.test`. */
  onStep(step: string): void;
}

export interface ConnectedStream {
  /** Connected, secured, paused: nothing that the peer sends is lost before the caller listens and resumes. */
  socket: Socket | TLSSocket;
  local: Peer;
  /** The TCP peer: the proxy if there is one. */
  remote: Peer;
  trust: Trust;
  /** Those asked for, if the socket's bytes come through them and not as `data` events. */
  reads?: ReusedReads;
  /** When TCP was connected, in wire time. */
  openedAt: number;
  connectedEvent: LifecycleEvent;
  tlsEvent?: LifecycleEvent;
}

/**
 * Opens the connection's record: the connection itself as of when TCP was connected, then the events `connected` and
 * `tls`. Call it before the first byte is written or read.
 */
export function recordConnection(
  { recorder }: EndpointHost,
  stream: ConnectedStream,
  dissectAs: DissectAs,
): ConnectionRecorder {
  const connection = recorder.connection(
    {
      transport: 'tcp',
      client: stream.local,
      server: stream.remote,
      decrypted: stream.tlsEvent !== undefined,
      dissectAs,
    },
    stream.openedAt,
  );
  connection.event(stream.connectedEvent, stream.openedAt);
  if (stream.tlsEvent) connection.event(stream.tlsEvent, recorder.now());
  return connection;
}

/**
 * Connects to the target. Records `connecting`, `resolved`, failed addresses and `proxy` as events of the session.
 * Rejects with an EndpointError; `isCancelled` tells whether the signal did it. Leaves no socket behind.
 */
export async function connectStream(options: ConnectOptions): Promise<ConnectedStream> {
  const { target, host, signal, timeoutMs } = options;
  const { recorder } = host;
  const note = (event: LifecycleEvent) => recorder.event(event, recorder.now());
  const proxy = options.proxy === undefined ? undefined : parseProxy(options.proxy);
  const first = proxy ?? target;
  const address = formatAddress(target.host, target.port);
  note({
    type: 'connecting',
    severity: 'info',
    text: `Connecting to ${target.scheme}://${address}${target.path}${proxy ? ` through ${proxyLabel(proxy)}` : ''}`,
  });
  if (signal.aborted) throw cancelled();
  const tlsOptions = target.tls
    ? await guard(clientTlsOptions(options.tls, host, target.host), 'config', address)
    : undefined;

  // A proxy's answer and TLS are read from the socket as a stream.
  const direct = proxy === undefined && tlsOptions === undefined;
  const deadline = new Deadline(timeoutMs, signal);
  let socket: Socket | undefined;
  try {
    const reached = reach(first, direct ? options : { ...options, reads: undefined }, deadline, note);
    socket = await (proxy ? namingProxy(reached, proxy) : reached);
    const openedAt = recorder.now();
    const connected = { local: localPeer(socket), remote: remotePeer(socket) };
    if (proxy) {
      options.onStep(proxyLabel(proxy));
      await deadline.race(tunnel(socket, proxy, target), `The ${proxyLabel(proxy)} did not answer`, true);
      note({ type: 'proxy', severity: 'info', text: `${proxyLabel(proxy)} lets us through to ${address}` });
    }
    const connectedEvent: LifecycleEvent = {
      type: 'connected',
      severity: 'info',
      text: `Connected to ${formatAddress(connected.remote.address, connected.remote.port)}`,
      fields: {
        local: formatAddress(connected.local.address, connected.local.port),
        remote: formatAddress(connected.remote.address, connected.remote.port),
      },
    };
    if (!tlsOptions) {
      const reads = direct ? options.reads : undefined;
      return { socket, ...connected, trust: { lock: 'none' }, openedAt, connectedEvent, ...(reads && { reads }) };
    }
    options.onStep(`TLS ${target.host}`);
    const secured = await deadline.race(
      secure(socket, tlsOptions, address),
      `${address} did not finish the TLS handshake`,
      true,
    );
    const { event, trust } = describeTls(secured, 'client', options.tls?.verify !== false);
    return { socket: secured, ...connected, trust, openedAt, connectedEvent, tlsEvent: event };
  } catch (error) {
    socket?.destroy();
    throw error;
  } finally {
    deadline.dispose();
  }
}

/** One limit for all steps, and the signal: whatever comes first ends the step that is under way. */
class Deadline {
  readonly #timeoutMs: number;
  readonly #endsAt: number;
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  #reject: ((reason: 'time' | 'signal') => void) | undefined;

  constructor(timeoutMs: number, signal: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#endsAt = performance.now() + timeoutMs;
    this.#signal = signal;
    this.#timer = setTimeout(() => this.#reject?.('time'), timeoutMs);
    signal.addEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = () => this.#reject?.('signal');

  get remainingMs(): number {
    return Math.max(1, this.#endsAt - performance.now());
  }

  /** The step's result; its failure, if it comes in time. `what` begins the sentence of a timeout. `isConnected`: to the peer. */
  race<T>(step: Promise<T>, what: string, isConnected = false): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#reject = (reason) =>
        reject(reason === 'signal' ? cancelled() : timedOut(what, this.#timeoutMs, isConnected));
      if (this.#signal.aborted) this.#reject('signal');
      step.then(resolve, reject);
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}

async function guard<T>(step: Promise<T>, name: ProblemStep, address: string): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw endpointError(error, { step: name, address });
  }
}

/** A TCP connection to a host by its name or address: the target's, or the proxy's. */
async function reach(
  peer: { host: string; port: number },
  options: ConnectOptions,
  deadline: Deadline,
  note: (event: LifecycleEvent) => void,
): Promise<Socket> {
  const { host } = peer;
  options.onStep(`Resolving ${host}`);
  const addresses = await deadline.race(resolve(host, options.bind), `${host} could not be looked up`);
  if (isIP(host) === 0) note({ type: 'resolved', severity: 'info', text: `${host} is ${addresses.join(', ')}` });
  return firstToAnswer(addresses, peer, options, deadline, note);
}

/** Tells why a proxy was not reached as that: its address is not the one that the person looks at. */
async function namingProxy(reached: Promise<Socket>, proxy: OutboundProxy): Promise<Socket> {
  try {
    return await reached;
  } catch (error) {
    if (!(error instanceof EndpointError) || isCancelled(error)) throw error;
    const { what, why } = error.problem;
    const whole = [what, why].filter(Boolean).join(' ');
    throw new EndpointError(
      { ...error.problem, what: `The ${proxyLabel(proxy)} cannot be reached.`, why: whole },
      { cause: error },
    );
  }
}

/** All addresses of a host, in the system's order; only those of the bound address's family if one is bound. */
async function resolve(host: string, bind: string | undefined): Promise<string[]> {
  requireZone(host);
  const found = isIP(host) === 0 ? await guard(lookup(host, { all: true, order: 'verbatim' }), 'resolve', host) : [];
  const addresses = isIP(host) === 0 ? [...new Set(found.map(({ address }) => address))] : [host];
  const family = bind === undefined ? 0 : isIP(parseListen(bind).host);
  const fitting = addresses.filter((address) => family === 0 || isIP(address) === family);
  if (fitting.length === 0) {
    throw new EndpointError({
      what: `${host} has no IPv${family === 0 ? '4 or IPv6' : family} address.`,
      why: bind === undefined ? '' : `The connection is to be made from ${bind}.`,
      next: bind === undefined ? 'Check the name.' : 'Bind an address of the other family, or none.',
    });
  }
  return fitting;
}

/** The first address that accepts. Each gets a fair share of the time that is left. */
async function firstToAnswer(
  addresses: readonly string[],
  { host, port }: { host: string; port: number },
  options: ConnectOptions,
  deadline: Deadline,
  note: (event: LifecycleEvent) => void,
): Promise<Socket> {
  const failures: { address: string; error: unknown }[] = [];
  for (const [index, address] of addresses.entries()) {
    const shown = formatAddress(address, port);
    options.onStep(`TCP ${shown}`);
    const shareMs = Math.ceil(deadline.remainingMs / (addresses.length - index));
    const abort = new AbortController();
    try {
      return await deadline.race(dial(address, port, options, shareMs, abort.signal), `${shown} did not answer`);
    } catch (error) {
      abort.abort();
      if (options.signal.aborted) throw cancelled();
      failures.push({ address: shown, error });
      if (index < addresses.length - 1) {
        const { what } = problemOf(error, { step: 'connect', address: shown });
        note({ type: 'info', severity: 'warning', text: `${what} Trying ${addresses[index + 1]}.` });
      }
    }
  }
  throw noneAnswered(failures, formatAddress(host, port));
}

function noneAnswered(failures: { address: string; error: unknown }[], target: string): EndpointError {
  const [only] = failures;
  if (failures.length === 1 && only) return endpointError(only.error, { step: 'connect', address: only.address });
  const problems = failures.map(({ address, error }) => problemOf(error, { step: 'connect', address }));
  const codes = new Set(problems.map(({ code }) => code));
  const common = codes.size === 1 ? problems[0] : undefined;
  return new EndpointError({
    what: `None of the ${failures.length} addresses of ${target} could be reached.`,
    why: problems.map(({ what }) => what).join(' '),
    next: common?.next ?? 'Check host and port.',
    ...(common?.code === undefined ? {} : { code: common.code }),
    details: problems.map(({ details }) => details).join('\n'),
  });
}

/** One TCP connection, paused. */
function dial(
  address: string,
  port: number,
  { bind, noDelay, reads }: ConnectOptions,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  const from = bind === undefined ? undefined : parseListen(bind);
  const socket = connectTcp({
    host: address,
    port,
    noDelay,
    ...(reads && { onread: reads.onread }),
    ...(from?.host ? { localAddress: from.host } : {}),
    ...(from?.port ? { localPort: from.port } : {}),
  });
  return whenConnected(socket, formatAddress(address, port), timeoutMs, signal);
}

/** TLS on top of the connected socket, verified unless the options say otherwise; paused. */
function secure(socket: Socket, options: TlsOptions, address: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secured = connectTls({ ...options, socket });
    secured.once('error', (error) => {
      secured.destroy();
      reject(endpointError(error, { step: 'tls', address }));
    });
    secured.once('secureConnect', () => {
      secured.pause();
      resolve(secured);
    });
    secured.on('error', ignore);
  });
}

/**
 * An error ends a socket and `close` follows; without a listener it would end the process too. There must be one at
 * every moment, also between two steps.
 */
function ignore(): void {}

function localPeer(socket: Socket): Peer {
  return { address: socket.localAddress ?? '0.0.0.0', port: socket.localPort ?? 0 };
}

function remotePeer(socket: Socket): Peer {
  return { address: socket.remoteAddress ?? '0.0.0.0', port: socket.remotePort ?? 0 };
}
