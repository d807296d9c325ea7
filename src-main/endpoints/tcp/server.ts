// The TCP server: listens, lists who is connected, sends to one or all, and answers by its behaviour. With TLS settings
// every connection is TLS; a failed handshake is a connection on the timeline too.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { Framing } from '../../core/protocol.ts';
import type { ConnectionRecorder } from '../../core/recorder.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { formatAddress, parseListen } from '../address.ts';
import { type Behaviour, createBehaviour } from '../behaviour.ts';
import { ConnectionList } from '../connection-list.ts';
import type {
  ConnectionState,
  ControlCommand,
  Endpoint,
  EndpointHost,
  OpenEndpoint,
  OutgoingMessage,
  Recipients,
  Trust,
} from '../endpoint.ts';
import { failedEvent } from '../failed-event.ts';
import { plainAddress } from '../plain-address.ts';
import { cancelled, endpointError } from '../problems.ts';
import { countDelivered, recipientsOf } from '../recipients.ts';
import { describeTls } from '../tls/description.ts';
import { serverTlsOptions } from '../tls/options.ts';
import { unsupported } from '../unsupported.ts';
import { openConversation } from './conversation.ts';
import { frameForSending, framingOf } from './framing.ts';
import { Handshakes } from './handshakes.ts';
import { TcpStream } from './stream.ts';

/** A server for `tcp`, with TLS if the config has TLS settings. */
export const createTcpServer: OpenEndpoint = (config, host) => new TcpServer(config, host);

class TcpServer implements Endpoint {
  readonly #config: SessionConfig;
  readonly #host: EndpointHost;
  readonly #streams = new ConnectionList<TcpStream>();
  #framing: Framing = { kind: 'none' };
  #behaviour: Behaviour | undefined;
  #server: Server | undefined;
  #handshakes: Handshakes | undefined;
  #last: TcpStream | undefined;
  #abort = new AbortController();

  constructor(config: SessionConfig, host: EndpointHost) {
    this.#config = config;
    this.#host = host;
  }

  get connections(): readonly ConnectionState[] {
    return this.#streams.states;
  }

  async start(): Promise<void> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      await this.#listen(signal);
    } catch (error) {
      if (signal.aborted) {
        this.#host.stateChanged({ phase: 'closed', text: 'Cancelled' });
        throw cancelled();
      }
      const failure = endpointError(error, { step: 'listen', address: this.#config.listen ?? '127.0.0.1' });
      const { recorder } = this.#host;
      recorder.event(failedEvent(failure.problem), recorder.now());
      this.#host.stateChanged({ phase: 'failed', problem: failure.problem });
      throw failure;
    }
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    this.#host.stateChanged({ phase: 'closing' });
    const closed = new Promise((resolve) => server.close(resolve));
    this.#handshakes?.abandon();
    await Promise.all(Array.from(this.#streams.members, (stream) => stream.close()));
    await closed;
    const { recorder } = this.#host;
    recorder.event({ type: 'closed', severity: 'info', text: 'Stopped listening' }, recorder.now());
    this.#host.stateChanged({ phase: 'closed', text: 'Stopped' });
  }

  async send(message: OutgoingMessage, to: Recipients): Promise<number> {
    const bytes = frameForSending(this.#framing, message.bytes);
    return countDelivered(recipientsOf(to, this.#streams, this.#last).map((stream) => stream.send(bytes)));
  }

  async control(command: ControlCommand, to: Recipients): Promise<void> {
    const streams = recipientsOf(to, this.#streams, this.#last);
    switch (command.type) {
      case 'close':
        await Promise.all(streams.map((stream) => stream.close()));
        return;
      case 'halfClose':
        await countDelivered(streams.map((stream) => stream.halfClose()));
        return;
      case 'kick':
        for (const stream of streams) stream.cut();
        return;
      default:
        throw unsupported(command, 'TCP');
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { host: listenHost, port } = parseListen(this.#config.listen);
    this.#framing = framingOf(this.#config.tcp);
    this.#behaviour = await createBehaviour(this.#config, this.#host);
    const server = await this.#createServer(listenHost);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, ...(listenHost === '' ? {} : { host: listenHost }) }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    if (signal.aborted) {
      server.close();
      throw cancelled();
    }
    const { recorder } = this.#host;
    server.on('error', (error) => {
      const { problem } = endpointError(error, { step: 'accept', address: this.#config.listen ?? '' });
      recorder.event(failedEvent(problem), recorder.now());
    });
    this.#server = server;
    const bound = server.address() as AddressInfo;
    const address = formatAddress(bound.address, bound.port);
    const scheme = this.#config.tls ? 'tls' : 'tcp';
    recorder.event(
      { type: 'listening', severity: 'info', text: `Listening on ${scheme}://${address}` },
      recorder.now(),
    );
    this.#host.stateChanged({ phase: 'open', address, trust: this.#trust() });
  }

  async #createServer(listenHost: string): Promise<Server> {
    const noDelay = this.#config.tcp?.noDelay ?? true;
    const { tls } = this.#config;
    if (!tls) {
      return createServer({ noDelay }, (socket) => {
        const connection = this.#accept(socket, 0);
        if (connection) this.#open(socket, connection);
      });
    }
    const options = await serverTlsOptions(tls, this.#host, listenHost);
    const server = createTlsServer({ ...options, noDelay });
    const handshakes = new Handshakes(this.#host);
    this.#handshakes = handshakes;
    const verify = options.rejectUnauthorized === true;
    server.on('connection', (socket: Socket) => {
      const connection = this.#accept(socket, handshakes.count);
      if (connection) handshakes.begin(socket, connection);
    });
    server.on('tlsClientError', (error, socket) => handshakes.fail(socket, error));
    server.on('secureConnection', (socket: TLSSocket) => {
      const connection = handshakes.succeed(socket);
      if (!connection) return;
      const { recorder } = this.#host;
      connection.event(describeTls(socket, 'server', verify).event, recorder.now());
      this.#open(socket, connection);
    });
    return server;
  }

  /** The record of a new connection; none, and no connection either, if there are too many. */
  #accept(socket: Socket, handshakes: number): ConnectionRecorder | undefined {
    const { recorder } = this.#host;
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    // Gone before it was accepted.
    if (remoteAddress === undefined || localAddress === undefined) {
      socket.on('error', () => {}).destroy();
      return undefined;
    }
    const client = { address: plainAddress(remoteAddress), port: remotePort ?? 0 };
    const shown = formatAddress(client.address, client.port);
    const limit = this.#config.server?.maxConnections;
    if (limit !== undefined && this.#streams.size + handshakes >= limit) {
      recorder.event(
        {
          type: 'limit',
          severity: 'warning',
          text: `Refused ${shown}: ${limit} ${limit === 1 ? 'connection is' : 'connections are'} open, and no more are allowed`,
          fields: { peer: shown, maxConnections: limit },
        },
        recorder.now(),
      );
      socket.on('error', () => {}).resetAndDestroy();
      return undefined;
    }
    const at = recorder.now();
    const connection = recorder.connection(
      {
        transport: 'tcp',
        client,
        server: { address: plainAddress(localAddress), port: localPort ?? 0 },
        decrypted: this.#config.tls !== undefined,
        dissectAs: { protocol: 'tcp', framing: this.#framing },
      },
      at,
    );
    connection.event({ type: 'accepted', severity: 'info', text: `Accepted a connection from ${shown}` }, at);
    return connection;
  }

  #open(socket: Socket, connection: ConnectionRecorder): void {
    const stream: TcpStream = new TcpStream({
      socket,
      recorder: this.#host.recorder,
      connection,
      side: 'server',
      peer: formatAddress(plainAddress(socket.remoteAddress ?? ''), socket.remotePort ?? 0),
      onChunk: (chunk) => {
        this.#last = stream;
        conversation?.hear(chunk);
      },
      onPeerEnd: () => {
        if (conversation) conversation.peerEnded();
        else if (stream.secured && stream.writable) void stream.halfClose().catch(() => {});
        this.#host.connectionsChanged();
      },
    });
    const conversation =
      this.#behaviour && openConversation(this.#behaviour, stream, connection, this.#framing, this.#host.recorder);
    this.#streams.add(stream);
    this.#host.connectionsChanged();
    void stream.ended.then(() => {
      conversation?.leave();
      this.#streams.close(stream);
      if (this.#last === stream) this.#last = undefined;
      this.#host.connectionsChanged();
    });
  }

  #trust(): Trust {
    const { tls } = this.#config;
    if (!tls) return { lock: 'none' };
    return tls.requestClientCertificate && tls.verify !== false
      ? { lock: 'verified', text: 'Only clients with a verified certificate are let in.' }
      : { lock: 'unverified', text: 'Encrypted; who the clients are is not checked.' };
  }
}
