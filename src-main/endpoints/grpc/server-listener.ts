// Where the gRPC server listens: TCP, TLS or a unix socket. It accepts, records what comes before HTTP/2, and hands over
// sockets that are ready to be read.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { ConnectionRecorder } from '../../core/recorder.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { formatAddress, parseListen } from '../address.ts';
import { EndpointError, type EndpointHost } from '../endpoint.ts';
import { failedEvent } from '../failed-event.ts';
import { plainAddress } from '../plain-address.ts';
import { endpointError } from '../problems.ts';
import { Handshakes } from '../tcp/handshakes.ts';
import { describeTls } from '../tls/description.ts';
import { serverTlsOptions } from '../tls/options.ts';

/** A socket ready to be read, and its record. */
export interface AcceptedSocket {
  socket: Socket;
  connection: ConnectionRecorder;
  /** For a person. */
  peer: string;
}

export interface ServerListener {
  /** `127.0.0.1:50051`, `unix:/run/app.sock`. */
  readonly address: string;
  /** No more are accepted; handshakes under way are cut. Resolves when all connections are gone. */
  close(): Promise<void>;
}

/** The capture knows no unix sockets: they are shown as loopback, each client as a port of its own. */
const UNIX_ADDRESS = '127.0.0.1';
const UNIX_SERVER_PORT = 50_051;

/**
 * Listens where the config says. `openConnections`: how many are open, for the limit.
 * Rejects with an EndpointError for a bad address or bad TLS files, or with the system's error.
 */
export async function listenForGrpc(
  config: SessionConfig,
  host: EndpointHost,
  openConnections: () => number,
  onAccepted: (accepted: AcceptedSocket) => void,
): Promise<ServerListener> {
  const listener = new Listener(config, host, openConnections, onAccepted);
  await listener.listen();
  return listener;
}

class Listener implements ServerListener {
  address = '';
  readonly #config: SessionConfig;
  readonly #host: EndpointHost;
  readonly #openConnections: () => number;
  readonly #onAccepted: (accepted: AcceptedSocket) => void;
  readonly #unixPath: string | undefined;
  readonly #handshakes: Handshakes;
  #server: Server | undefined;
  #unixClients = 0;

  constructor(
    config: SessionConfig,
    host: EndpointHost,
    openConnections: () => number,
    onAccepted: (accepted: AcceptedSocket) => void,
  ) {
    this.#config = config;
    this.#host = host;
    this.#openConnections = openConnections;
    this.#onAccepted = onAccepted;
    this.#unixPath = unixPathOf(config);
    this.#handshakes = new Handshakes(host);
  }

  async listen(): Promise<void> {
    const path = this.#unixPath;
    const address = path === undefined ? parseListen(this.#config.listen) : { host: '', port: 0 };
    const server = await this.#createServer(address.host);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      const where = path === undefined ? address : { path: this.#host.path(path) };
      // An absent host is every interface.
      server.listen('host' in where && where.host === '' ? { port: where.port } : where, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const bound = server.address() as AddressInfo | string;
    this.address = typeof bound === 'string' ? `unix:${bound}` : formatAddress(bound.address, bound.port);
    const { recorder } = this.#host;
    server.on('error', (error) => {
      recorder.event(
        failedEvent(endpointError(error, { step: 'accept', address: this.address }).problem),
        recorder.now(),
      );
    });
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    this.#handshakes.abandon();
    await closed;
  }

  async #createServer(listenHost: string): Promise<Server> {
    const { tls } = this.#config;
    if (!tls) {
      return createServer({ noDelay: true }, (socket) => {
        const accepted = this.#accept(socket);
        if (accepted) this.#onAccepted(accepted);
      });
    }
    const options = await serverTlsOptions({ alpn: ['h2'], ...tls }, this.#host, listenHost);
    const server = createTlsServer({ ...options, noDelay: true });
    server.on('connection', (socket: Socket) => {
      const accepted = this.#accept(socket);
      if (accepted) this.#handshakes.begin(socket, accepted.connection);
    });
    server.on('tlsClientError', (error, socket) => this.#handshakes.fail(socket, error));
    server.on('secureConnection', (socket: TLSSocket) => {
      const connection = this.#handshakes.succeed(socket);
      if (!connection) return;
      this.#describe(socket, connection, options.rejectUnauthorized === true);
      this.#onAccepted({ socket, connection, peer: peerOf(socket) });
    });
    return server;
  }

  #describe(socket: TLSSocket, connection: ConnectionRecorder, verify: boolean): void {
    const { recorder } = this.#host;
    connection.event(describeTls(socket, 'server', verify).event, recorder.now());
    if (socket.alpnProtocol === 'h2') return;
    connection.event(
      {
        type: 'info',
        severity: 'warning',
        text: 'The client did not agree on h2 by ALPN; other servers may refuse it',
        fields: { ALPN: socket.alpnProtocol || 'none' },
      },
      recorder.now(),
    );
  }

  /** The record of a new connection; undefined, and no connection either, if it is gone or there are too many. */
  #accept(socket: Socket): AcceptedSocket | undefined {
    const { recorder } = this.#host;
    const ends = this.#unixPath === undefined ? endsOf(socket) : this.#unixEnds();
    // Gone before it was accepted.
    if (!ends) {
      socket.on('error', () => {}).destroy();
      return undefined;
    }
    const peer = this.#unixPath === undefined ? peerOf(socket) : `unix:${this.#unixPath}#${ends.client.port}`;
    const limit = this.#config.server?.maxConnections;
    if (limit !== undefined && this.#openConnections() + this.#handshakes.count >= limit) {
      this.#refuse(socket, peer, limit);
      return undefined;
    }
    const at = recorder.now();
    const connection = recorder.connection(
      {
        transport: 'tcp',
        ...ends,
        decrypted: this.#config.tls !== undefined,
        dissectAs: { protocol: 'http2' },
      },
      at,
    );
    connection.event({ type: 'accepted', severity: 'info', text: `Accepted a connection from ${peer}` }, at);
    return { socket, connection, peer };
  }

  #refuse(socket: Socket, peer: string, limit: number): void {
    const { recorder } = this.#host;
    recorder.event(
      {
        type: 'limit',
        severity: 'warning',
        text: `Refused ${peer}: ${limit} ${limit === 1 ? 'connection is' : 'connections are'} open, and no more are allowed`,
        fields: { peer, maxConnections: limit },
      },
      recorder.now(),
    );
    socket.on('error', () => {});
    if (this.#unixPath === undefined) socket.resetAndDestroy();
    else socket.destroy();
  }

  #unixEnds() {
    this.#unixClients = (this.#unixClients % 65_535) + 1;
    return {
      client: { address: UNIX_ADDRESS, port: this.#unixClients },
      server: { address: UNIX_ADDRESS, port: UNIX_SERVER_PORT },
    };
  }
}

/** `unix:path`, `unix:/path`, `unix:///path`. */
function unixPathOf({ listen, tls }: SessionConfig): string | undefined {
  const match = /^unix:(?:\/\/(?=\/))?(.*)$/i.exec(listen?.trim() ?? '');
  if (!match) return undefined;
  const path = match[1] ?? '';
  if (path === '') {
    throw new EndpointError({
      what: `“${listen}” names no socket.`,
      why: '',
      next: 'Write its path, as unix:/run/app.sock.',
    });
  }
  if (tls) {
    throw new EndpointError({
      what: 'A unix socket has no TLS.',
      why: 'What goes through it does not leave this machine.',
      next: 'Remove the TLS settings, or listen on an address with a port.',
    });
  }
  return path;
}

function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket) {
  if (remoteAddress === undefined || localAddress === undefined) return undefined;
  return {
    client: { address: plainAddress(remoteAddress), port: remotePort ?? 0 },
    server: { address: plainAddress(localAddress), port: localPort ?? 0 },
  };
}

function peerOf(socket: Socket): string {
  return formatAddress(plainAddress(socket.remoteAddress ?? ''), socket.remotePort ?? 0);
}
