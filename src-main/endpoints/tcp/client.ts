// The TCP client: connects, with TLS for a tls:// target, keeps one stream open, and tries again if its config says so.
import type { Framing } from '../../core/protocol.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { formatAddress, parseTarget, type Target } from '../address.ts';
import { CONNECT_TIMEOUT_MS, connectStream, recordConnection } from '../connect.ts';
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
import { ReusedReads } from '../reused-reads.ts';
import { unsupported } from '../unsupported.ts';
import { frameForSending, framingOf } from './framing.ts';
import { TcpStream } from './stream.ts';

/** As much as one packet of the capture holds. */
const READ_BYTES = 65_495;

/** A client for `tcp://` and `tls://` targets. */
export const createTcpClient: OpenEndpoint = (config, host) => new TcpClient(config, host);

class TcpClient implements Endpoint {
  readonly #config: SessionConfig;
  readonly #host: EndpointHost;
  readonly #streams = new ConnectionList<TcpStream>();
  #framing: Framing = { kind: 'none' };
  #stream: TcpStream | undefined;
  #abort = new AbortController();
  #running: Promise<void> | undefined;

  constructor(config: SessionConfig, host: EndpointHost) {
    this.#config = config;
    this.#host = host;
  }

  get connections(): readonly ConnectionState[] {
    return this.#streams.states;
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
    if (this.#stream) {
      this.#host.stateChanged({ phase: 'closing' });
      await this.#stream.close();
    }
    await this.#running;
  }

  async send(message: OutgoingMessage): Promise<number> {
    const stream = this.#requireStream();
    await stream.send(frameForSending(this.#framing, message.bytes));
    return 1;
  }

  async control(command: ControlCommand): Promise<void> {
    const stream = this.#requireStream();
    switch (command.type) {
      case 'close':
        return stream.close();
      case 'halfClose':
        return stream.halfClose();
      case 'kick':
        return stream.cut();
      default:
        throw unsupported(command, 'TCP');
    }
  }

  #requireStream(): TcpStream {
    if (this.#stream) return this.#stream;
    throw new EndpointError({ what: 'There is no connection to send through.', why: '', next: 'Connect first.' });
  }

  async #run(signal: AbortSignal, opened: () => void): Promise<void> {
    const host = this.#host;
    const config = this.#config;
    const address = config.target ?? '';
    const target = await openOnce(host, signal, { step: 'connect', address }, () => {
      this.#framing = framingOf(config.tcp);
      return parseTarget(address, 'tcp');
    });
    await keepConnected({
      ...{ config, host, signal, opened },
      connect: () => this.#open(target, signal),
      ended: async (stream) => {
        const ending = await stream.ended;
        this.#stream = undefined;
        this.#streams.close(stream);
        host.connectionsChanged();
        return { ...ending, retry: !ending.local };
      },
    });
  }

  async #open(target: Target, signal: AbortSignal): Promise<TcpStream> {
    const host = this.#host;
    const config = this.#config;
    const connected = await connectStream({
      target,
      tls: config.tls,
      proxy: config.proxy,
      bind: config.listen,
      timeoutMs: config.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      noDelay: config.tcp?.noDelay ?? true,
      reads: new ReusedReads(READ_BYTES),
      signal,
      host,
      onStep: (step) => host.stateChanged({ phase: 'connecting', step }),
    });
    if (signal.aborted) {
      connected.socket.destroy();
      throw cancelled();
    }
    const address = formatAddress(target.host, target.port);
    const stream: TcpStream = new TcpStream({
      socket: connected.socket,
      recorder: host.recorder,
      connection: recordConnection(host, connected, { protocol: 'tcp', framing: this.#framing }),
      side: 'client',
      peer: address,
      reads: connected.reads,
      onPeerEnd: () => this.#onPeerEnd(stream),
    });
    this.#stream = stream;
    this.#streams.add(stream);
    host.stateChanged({ phase: 'open', address, trust: connected.trust });
    host.connectionsChanged();
    return stream;
  }

  /** A person may still want to send; a session that is to stay connected needs a new connection. */
  #onPeerEnd(stream: TcpStream): void {
    this.#host.connectionsChanged();
    const over = stream.secured || (this.#config.reconnect?.attempts ?? 0) > 0;
    if (over && stream.writable) void stream.halfClose().catch(() => {});
  }
}
