// The WebSocket client: connects, upgrades, keeps one link open, and tries again if its config says so.
import { once } from 'node:events';
import { Direction } from '../../core/record.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { formatAddress, parseTarget, type Target } from '../address.ts';
import { CONNECT_TIMEOUT_MS, type ConnectedStream, connectStream, recordConnection } from '../connect.ts';
import { ConnectionList } from '../connection-list.ts';
import {
  type ConnectionState,
  type ControlCommand,
  type Endpoint,
  EndpointError,
  type EndpointHost,
  type OpenEndpoint,
  type OutgoingMessage,
} from '../endpoint.ts';
import { openOnce } from '../opening.ts';
import { cancelled } from '../problems.ts';
import { keepConnected } from '../reconnect.ts';
import { type Handshake, openWebSocket } from './handshake.ts';
import { Link, NORMAL_CLOSURE } from './link.ts';
import { requestHeaders, sharedOptions } from './request.ts';
import { Tap } from './tap.ts';

/** For the upgrade, if the config names none. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** A client for `ws://` and `wss://` targets. */
export const createWebSocketClient: OpenEndpoint = (config, host) => new WebSocketClient(config, host);

class WebSocketClient implements Endpoint {
  readonly #config: SessionConfig;
  readonly #host: EndpointHost;
  readonly #links = new ConnectionList<Link>();
  #link: Link | undefined;
  #abort = new AbortController();
  #running: Promise<void> | undefined;

  constructor(config: SessionConfig, host: EndpointHost) {
    this.#config = config;
    this.#host = host;
  }

  get connections(): readonly ConnectionState[] {
    return this.#links.states;
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
    if (this.#link) {
      this.#host.stateChanged({ phase: 'closing' });
      await this.#link.stop(NORMAL_CLOSURE);
    }
    await this.#running;
  }

  async send(message: OutgoingMessage): Promise<number> {
    const { recorder } = this.#host;
    if (recorder.congested) await recorder.drained();
    const room = this.#requireLink().send(message);
    if (room) await room;
    return 1;
  }

  async control(command: ControlCommand): Promise<void> {
    await this.#requireLink().control(command);
    if (command.type === 'close') this.#host.stateChanged({ phase: 'closing' });
  }

  #requireLink(): Link {
    if (this.#link) return this.#link;
    throw new EndpointError({ what: 'There is no connection to send through.', why: '', next: 'Connect first.' });
  }

  async #run(signal: AbortSignal, opened: () => void): Promise<void> {
    const host = this.#host;
    const config = this.#config;
    const address = config.target ?? '';
    const request = await openOnce(host, signal, { step: 'connect', address }, () => {
      const target = parseTarget(address, 'websocket');
      return { target, headers: requestHeaders(config.websocket ?? {}, target) };
    });
    await keepConnected({
      ...{ config, host, signal, opened },
      connect: () => this.#open(request, signal),
      ended: async (link) => {
        const ending = await link.ended;
        this.#link = undefined;
        this.#links.close(link);
        host.connectionsChanged();
        return ending;
      },
    });
  }

  async #open({ target, headers }: Request, signal: AbortSignal): Promise<Link> {
    const host = this.#host;
    const onStep = (step: string) => host.stateChanged({ phase: 'connecting', step });
    const stream = await connectStream({
      target,
      tls: this.#config.tls,
      proxy: this.#config.proxy,
      bind: this.#config.listen,
      timeoutMs: this.#config.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      noDelay: true,
      signal,
      host,
      onStep,
    });
    onStep('WebSocket upgrade');
    const link = await this.#upgrade(stream, { target, headers }, signal);
    if (signal.aborted) {
      await link.stop(NORMAL_CLOSURE);
      throw cancelled();
    }
    this.#link = link;
    this.#links.add(link);
    host.stateChanged({ phase: 'open', address: formatAddress(target.host, target.port), trust: stream.trust });
    host.connectionsChanged();
    return link;
  }

  /** From a connected socket to an open WebSocket. */
  async #upgrade(stream: ConnectedStream, { target, headers }: Request, signal: AbortSignal): Promise<Link> {
    const { socket } = stream;
    const { recorder } = this.#host;
    const config = this.#config.websocket ?? {};
    const connection = recordConnection(this.#host, stream, { protocol: 'http' });
    const tap = new Tap({
      socket,
      recorder,
      connection,
      incoming: Direction.serverToClient,
      outgoing: Direction.clientToServer,
    });
    const peer = formatAddress(target.host, target.port);
    const handshake: Handshake = {
      socket,
      path: target.path,
      address: peer,
      protocols: config.subprotocols ?? [],
      options: { ...sharedOptions(config), headers },
      timeoutMs: config.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
      signal,
    };
    try {
      return await openWebSocket(handshake, (ws) => {
        const label = [target.path, ws.protocol].filter(Boolean).join(' ');
        return new Link({ ws, socket, tap, connection, recorder, side: 'client', peer, label, config });
      });
    } catch (error) {
      if (!socket.closed) await once(socket.destroy(), 'close');
      connection.close(recorder.now(), tap.error?.code === 'ECONNRESET');
      throw error;
    }
  }
}

/** What is sent to whom, the same at every try. */
interface Request {
  target: Target;
  headers: { [name: string]: string };
}
