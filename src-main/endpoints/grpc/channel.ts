// A grpc-js channel over connections made here. It connects when told to, and only then: grpc-js asks for a connection
// whenever it likes, and gets one when there is one.
import type { Server } from 'node:net';
import {
  Channel,
  type ChannelInterface,
  type ChannelOptions,
  compressionAlgorithms,
  connectivityState,
  type Metadata,
} from '@grpc/grpc-js';
import type { GrpcConfig, SessionConfig } from '../../core/session-config.ts';
import { type Target, targetAddress } from '../address.ts';
import { CONNECT_TIMEOUT_MS, type ConnectedStream, type ConnectOptions, connectStream } from '../connect.ts';
import { EndpointError, type EndpointHost } from '../endpoint.ts';
import { cancelled, problemOf, timedOut } from '../problems.ts';
import { connectUnix } from '../unix-socket.ts';
import { acceptSpacedEncodings } from './accepted-encodings.ts';
import { GrpcConnection } from './connection.ts';
import { HandedCredentials, openDecoy } from './credentials.ts';
import { noAlpn, requireAlpn } from './http2-problems.ts';
import { receiveLimit } from './limits.ts';

/** What grpc-js does for a call, below its generated clients. */
export type WireCall = ReturnType<ChannelInterface['createCall']>;
export type { Metadata };

/** Larger than any wait of a timer: never. */
const NEVER_MS = 2 ** 31 - 1;
/** grpc-js waits this long after a failed try before it asks again; when to try is decided here. */
const BACKOFF_MS = 100;

export interface ChannelSettings {
  target: Target;
  config: SessionConfig;
  host: EndpointHost;
}

export class GrpcChannel {
  readonly #settings: ChannelSettings;
  readonly #channel: ChannelInterface;
  readonly #credentials: HandedCredentials;
  readonly #decoy: Server;

  private constructor(settings: ChannelSettings, decoy: { port: number; server: Server }) {
    this.#settings = settings;
    this.#decoy = decoy.server;
    this.#credentials = new HandedCredentials(settings.target.tls);
    try {
      const channel = new Channel(`ipv4:127.0.0.1:${decoy.port}`, this.#credentials, {
        ...channelOptions(settings.config.grpc ?? {}),
        'grpc.default_authority': defaultAuthority(settings.target),
      });
      // Every message goes through it.
      if (compresses(settings.config)) acceptSpacedEncodings(channel);
      this.#channel = channel;
    } catch (error) {
      decoy.server.close();
      throw new EndpointError({
        what: 'The service config cannot be used.',
        why: error instanceof Error ? error.message : String(error),
        next: 'Correct it, or leave it out.',
      });
    }
  }

  /** Nothing is connected yet. Rejects with an EndpointError for a service config that grpc-js does not take. */
  static async open(settings: ChannelSettings): Promise<GrpcChannel> {
    return new GrpcChannel(settings, await openDecoy());
  }

  /**
   * Makes the next connection. Resolves when HTTP/2 stands (the server's SETTINGS were read); rejects with an EndpointError
   * that names what was in the way. Call it again when `unusable` says that the last one is lost.
   */
  async connect(signal: AbortSignal, onStep: (step: string) => void): Promise<GrpcConnection> {
    const { target, config, host } = this.#settings;
    const address = targetAddress(target);
    const timeoutMs = config.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    const options: ConnectOptions = {
      target,
      tls: { ...config.tls, alpn: config.tls?.alpn ?? ['h2'] },
      proxy: config.proxy,
      bind: config.listen,
      timeoutMs,
      noDelay: true,
      signal,
      host,
      onStep,
    };
    const connected = await (target.scheme === 'unix' ? connectUnix(options) : connectHost(options, address));
    const connection = new GrpcConnection(connected, address, host);
    try {
      requireAlpn(connected, address);
      onStep('HTTP/2');
      this.#credentials.hand(connection.tap);
      await this.#ready(connection, address, timeoutMs, signal);
      connection.opened();
      return connection;
    } catch (error) {
      connection.tap.socket.destroy();
      await connection.ended;
      throw error;
    }
  }

  /** Bytes of the longest message that is taken; −1: any. */
  get receiveLimit(): number {
    return receiveLimit(this.#settings.config.grpc ?? {});
  }

  /** Names of settings that are not as the channel was made with. */
  changedSettings(config: GrpcConfig): string[] {
    const own = this.#settings.config.grpc ?? {};
    if (config === own) return [];
    return CHANNEL_SETTINGS.filter((name) => JSON.stringify(config[name]) !== JSON.stringify(own[name]));
  }

  /** Resolves when new calls cannot use the connection any more: it is lost, or the server said GOAWAY. */
  async unusable(): Promise<void> {
    while (this.#channel.getConnectivityState(false) === connectivityState.READY) {
      await this.#left(connectivityState.READY);
    }
  }

  /**
   * A call that has not begun.
   * @param path `/package.Service/Method`
   * @param deadline milliseconds since the Unix epoch, or Infinity
   */
  call(path: string, deadline: number, authority: string | undefined): WireCall {
    return this.#channel.createCall(path, deadline, authority, null, null);
  }

  /** Ends it, after the calls that are open; says GOAWAY. Calls that wait for a connection fail. */
  close(): void {
    this.#channel.close();
    this.#decoy.close();
  }

  #left(state: connectivityState): Promise<void> {
    return new Promise((resolve) => {
      this.#channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, () => resolve());
    });
  }

  async #ready(connection: GrpcConnection, address: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let abandon = () => {};
    const hindered = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(timedOut(`${address} did not answer with HTTP/2`, timeoutMs, true)), timeoutMs);
      abandon = () => reject(cancelled());
      signal.addEventListener('abort', abandon);
      if (signal.aborted) abandon();
      void connection.ended.then(() => reject(connection.refusal()));
    });
    try {
      for (;;) {
        const state = this.#channel.getConnectivityState(true);
        if (state === connectivityState.READY) return;
        if (state === connectivityState.SHUTDOWN) throw cancelled();
        await Promise.race([this.#left(state), hindered]);
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abandon);
      hindered.catch(() => {});
    }
  }
}

/** A server that knows ALPN but not h2 refuses in the handshake already (RFC 7301 §3.2). */
async function connectHost(options: ConnectOptions, address: string): Promise<ConnectedStream> {
  try {
    return await connectStream(options);
  } catch (error) {
    const { code = '' } = problemOf(error, { step: 'connect', address });
    throw code.includes('NO_APPLICATION_PROTOCOL') ? noAlpn(address, 'It refused every protocol but its own.') : error;
  }
}

/** What grpc-js knows per channel only. */
const CHANNEL_SETTINGS = ['compression', 'maxReceiveBytes', 'keepaliveSeconds', 'serviceConfig'] as const;

function channelOptions(config: GrpcConfig): ChannelOptions {
  const { compression, keepaliveSeconds, serviceConfig } = config;
  return {
    // Connections and names are our business, and nobody else shares them.
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_channelz': 0,
    'grpc.client_idle_timeout_ms': NEVER_MS,
    'grpc.initial_reconnect_backoff_ms': BACKOFF_MS,
    'grpc.max_reconnect_backoff_ms': BACKOFF_MS,
    'grpc.max_send_message_length': -1,
    'grpc.max_receive_message_length': receiveLimit(config),
    ...(compression === undefined ? {} : { 'grpc.default_compression_algorithm': compressionAlgorithms[compression] }),
    ...(keepaliveSeconds
      ? { 'grpc.keepalive_time_ms': keepaliveSeconds * 1000, 'grpc.keepalive_permit_without_calls': 1 }
      : {}),
    ...(serviceConfig === undefined ? {} : { 'grpc.service_config': JSON.stringify(serviceConfig) }),
  };
}

function compresses({ grpc: { compression = 'identity' } = {} }: SessionConfig): boolean {
  return compression !== 'identity';
}

/** `:authority` unless a call says otherwise. */
function defaultAuthority(target: Target): string {
  return target.scheme === 'unix' ? 'localhost' : targetAddress(target);
}
