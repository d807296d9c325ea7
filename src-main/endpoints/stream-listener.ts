// Where a server takes streams: TCP, TLS or a unix socket. It accepts them, records what comes before their first byte of
// content, and hands over sockets that are ready to be read. What is spoken on them is the server's business.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { DissectAs } from '../core/protocol.ts';
import type { ConnectionInfo, ConnectionRecorder } from '../core/recorder.ts';
import type { SessionConfig, TlsConfig } from '../core/session-config.ts';
import { formatAddress, type ListenAddress } from './address.ts';
import type { EndpointHost } from './endpoint.ts';
import { failedEvent } from './failed-event.ts';
import { plainAddress } from './plain-address.ts';
import { endpointError } from './problems.ts';
import { describeTls } from './tls/description.ts';
import { Handshakes } from './tls/handshakes.ts';
import { serverTlsOptions } from './tls/options.ts';

/** A socket ready to be read, and its record. */
export interface AcceptedSocket {
  socket: Socket;
  connection: ConnectionRecorder;
  /** For a person. */
  peer: string;
}

/** The two ends of a connection, as the capture has them. */
export interface StreamEnds extends Pick<ConnectionInfo, 'client' | 'server'> {
  /** For a person. */
  peer: string;
}

export interface StreamListenerOptions {
  config: SessionConfig;
  host: EndpointHost;
  /** An address, or the path of a unix socket. */
  where: ListenAddress | { path: string };
  tls: TlsConfig | undefined;
  noDelay: boolean;
  dissectAs: DissectAs;
  /** Undefined for a socket that is gone already. By default, those of TCP. */
  endsOf?(socket: Socket): StreamEnds | undefined;
  /** How many are open, for the limit. */
  openConnections(): number;
  /** The handshake is done; told before `onAccepted`. */
  onSecured?(socket: TLSSocket, connection: ConnectionRecorder): void;
  onAccepted(accepted: AcceptedSocket): void;
}

export class StreamListener {
  readonly #options: StreamListenerOptions;
  readonly #handshakes: Handshakes;
  #server: Server | undefined;
  #address = '';

  constructor(options: StreamListenerOptions) {
    this.#options = options;
    this.#handshakes = new Handshakes(options.host);
  }

  /** `127.0.0.1:50051`, `unix:/run/app.sock`; '' before it listens. */
  get address(): string {
    return this.#address;
  }

  /** Rejects with an EndpointError for bad TLS files, or with the system's error. */
  async listen(): Promise<void> {
    const { host, where } = this.#options;
    const server = await this.#createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // An absent host is every interface.
      server.listen('host' in where && where.host === '' ? { port: where.port } : where, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const bound = server.address() as AddressInfo | string;
    this.#address = typeof bound === 'string' ? `unix:${bound}` : formatAddress(bound.address, bound.port);
    server.on('error', (error) => {
      const { problem } = endpointError(error, { step: 'accept', address: this.#address });
      host.recorder.event(failedEvent(problem), host.recorder.now());
    });
    this.#server = server;
  }

  /** No more are accepted; handshakes under way are cut. Resolves when all connections are gone. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.#handshakes.abandon();
    await closed;
  }

  async #createServer(): Promise<Server> {
    const { host, where, tls, noDelay, onAccepted } = this.#options;
    if (!tls) {
      return createServer({ noDelay }, (socket) => {
        const accepted = this.#accept(socket);
        if (accepted) onAccepted(accepted);
      });
    }
    const options = await serverTlsOptions(tls, host, 'host' in where ? where.host : '');
    const server = createTlsServer({ ...options, noDelay });
    const handshakes = this.#handshakes;
    server.on('connection', (socket: Socket) => {
      const accepted = this.#accept(socket);
      if (accepted) handshakes.begin(socket, accepted.connection);
    });
    server.on('tlsClientError', (error, socket) => handshakes.fail(socket, error));
    server.on('secureConnection', (socket: TLSSocket) => {
      const connection = handshakes.succeed(socket);
      if (!connection) return;
      const verify = options.rejectUnauthorized === true;
      connection.event(describeTls(socket, 'server', verify).event, host.recorder.now());
      this.#options.onSecured?.(socket, connection);
      onAccepted({ socket, connection, peer: peerOf(socket) });
    });
    return server;
  }

  /** The record of a new connection; undefined, and no connection either, if it is gone or there are too many. */
  #accept(socket: Socket): AcceptedSocket | undefined {
    const { config, host, tls, dissectAs, endsOf = endsOfTcp, openConnections } = this.#options;
    const { recorder } = host;
    const ends = endsOf(socket);
    // Gone before it was accepted.
    if (!ends) {
      socket.on('error', () => {}).destroy();
      return undefined;
    }
    const { client, server, peer } = ends;
    const limit = config.server?.maxConnections;
    if (limit !== undefined && openConnections() + this.#handshakes.count >= limit) {
      this.#refuse(socket, peer, limit);
      return undefined;
    }
    const at = recorder.now();
    const connection = recorder.connection(
      { transport: 'tcp', client, server, decrypted: tls !== undefined, dissectAs },
      at,
    );
    connection.event({ type: 'accepted', severity: 'info', text: `Accepted a connection from ${peer}` }, at);
    return { socket, connection, peer };
  }

  #refuse(socket: Socket, peer: string, limit: number): void {
    const { host, where } = this.#options;
    host.recorder.event(
      {
        type: 'limit',
        severity: 'warning',
        text: `Refused ${peer}: ${limit} ${limit === 1 ? 'connection is' : 'connections are'} open, and no more are allowed`,
        fields: { peer, maxConnections: limit },
      },
      host.recorder.now(),
    );
    socket.on('error', () => {});
    if ('path' in where) socket.destroy();
    else socket.resetAndDestroy();
  }
}

function endsOfTcp(socket: Socket): StreamEnds | undefined {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (remoteAddress === undefined || localAddress === undefined) return undefined;
  return {
    client: { address: plainAddress(remoteAddress), port: remotePort ?? 0 },
    server: { address: plainAddress(localAddress), port: localPort ?? 0 },
    peer: peerOf(socket),
  };
}

/** The other side's `address:port`. */
function peerOf(socket: Socket): string {
  return formatAddress(plainAddress(socket.remoteAddress ?? ''), socket.remotePort ?? 0);
}
