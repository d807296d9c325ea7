// The WebSocket server: listens, accepts or refuses upgrades, keeps the links, and lets a behaviour answer. Everything
// that reaches it is on the timeline, also what is refused.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { WebSocketServer as UpgradeServer, WebSocket } from 'ws';
import type { Problem } from '../../core/event.ts';
import { Direction } from '../../core/record.ts';
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
} from '../endpoint.ts';
import { failedEvent } from '../failed-event.ts';
import { openOnce, serverTrust } from '../opening.ts';
import { cancelled, problemOf } from '../problems.ts';
import { countDelivered, recipientsOf } from '../recipients.ts';
import { describeTls } from '../tls/description.ts';
import { Link } from './link.ts';
import { createListener, createUpgrades, listenOn } from './listener.ts';
import { httpAnswer, type Refusal, refusalOfHandshake, refusalOfParser, refusalOfPath, tooMany } from './refusal.ts';
import { Tap } from './tap.ts';

/** Close code of stop() (RFC 6455 §7.4.1). */
const GOING_AWAY = 1001;

/** A server on `listen`, over TLS if the config has a `tls` part. */
export const createWebSocketServer: OpenEndpoint = (config, host) => new WebSocketServer(config, host);

/** A TCP connection from its acceptance on. */
interface Accepted {
  socket: Socket;
  tap: Tap;
  connection: ConnectionRecorder;
  peer: string;
  /** From the upgrade on. */
  link?: Link;
}

class WebSocketServer implements Endpoint {
  readonly #config: SessionConfig;
  readonly #host: EndpointHost;
  /** Every TCP connection, also those still in their TLS handshake. */
  readonly #sockets = new Set<Socket>();
  readonly #accepted = new Map<Socket, Accepted>();
  readonly #links = new ConnectionList<Link>();
  #last: Link | undefined;
  #abort = new AbortController();
  #server: Server | undefined;
  #upgrades: UpgradeServer | undefined;
  #behaviour: Behaviour | undefined;

  constructor(config: SessionConfig, host: EndpointHost) {
    this.#config = config;
    this.#host = host;
  }

  get connections(): readonly ConnectionState[] {
    return this.#links.states;
  }

  async start(): Promise<void> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const address = this.#config.listen ?? '127.0.0.1';
    await openOnce(this.#host, signal, { step: 'listen', address }, () => this.#listen(signal));
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { tls, listen } = this.#config;
    const address = parseListen(listen);
    const step = `Listening on ${formatAddress(address.host || '*', address.port)}`;
    this.#host.stateChanged({ phase: 'connecting', step });
    this.#behaviour = await createBehaviour(this.#config, this.#host);
    this.#upgrades = createUpgrades(this.#config.websocket ?? {});
    const server = await createListener(this.#config, this.#host);
    this.#listenTo(server, this.#upgrades);
    await listenOn(server, address);
    if (signal.aborted) {
      server.close();
      throw cancelled();
    }
    this.#server = server;
    server.on('error', (error) => this.#note(problemOf(error, { step: 'accept', address: this.#address })));
    const { recorder } = this.#host;
    recorder.event(
      { type: 'listening', severity: 'info', text: `Listening on ${tls ? 'wss' : 'ws'}://${this.#address}` },
      recorder.now(),
    );
    this.#host.stateChanged({ phase: 'open', address: this.#address, trust: serverTrust(tls) });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    this.#host.stateChanged({ phase: 'closing' });
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const { link, socket } of this.#accepted.values()) {
      if (!link) socket.destroy();
    }
    await Promise.all(Array.from(this.#links.members, (link) => link.stop(GOING_AWAY)));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    const { recorder } = this.#host;
    recorder.event({ type: 'closed', severity: 'info', text: 'Stopped listening' }, recorder.now());
    this.#host.stateChanged({ phase: 'closed', text: 'Stopped' });
  }

  async send(message: OutgoingMessage, to: Recipients): Promise<number> {
    const { recorder } = this.#host;
    if (recorder.congested) await recorder.drained();
    return countDelivered(this.#recipients(to).map((link) => link.send(message)));
  }

  async control(command: ControlCommand, to: Recipients): Promise<void> {
    await countDelivered(this.#recipients(to).map((link) => link.control(command)));
  }

  /** To all: those that are closing are left out. */
  #recipients(to: Recipients): Link[] {
    const links = recipientsOf(to, this.#links, this.#last);
    return to === 'all' ? links.filter(({ open }) => open) : links;
  }

  get #address(): string {
    const address = this.#server?.address();
    return address && typeof address === 'object' ? formatAddress(address.address, address.port) : 'this server';
  }

  #note(problem: Problem): void {
    const { recorder } = this.#host;
    recorder.event(failedEvent(problem), recorder.now());
  }

  #listenTo(server: Server, upgrades: UpgradeServer): void {
    const tls = this.#config.tls !== undefined;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => this.#accept(socket, tls));
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head));
    server.on('request', (request, response) => this.#answer(request, response));
    server.on('clientError', (error, socket) => this.#failed(error, socket as Socket));
    upgrades.on('wsClientError', (error, socket, request) => {
      this.#refuse(socket as Socket, refusalOfHandshake(error, request));
    });
  }

  #accept(socket: Socket, tls: boolean): void {
    const { recorder } = this.#host;
    const at = recorder.now();
    const client = { address: socket.remoteAddress ?? '0.0.0.0', port: socket.remotePort ?? 0 };
    const connection = recorder.connection(
      {
        transport: 'tcp',
        client,
        server: { address: socket.localAddress ?? '0.0.0.0', port: socket.localPort ?? 0 },
        decrypted: tls,
        dissectAs: { protocol: 'http' },
      },
      at,
    );
    const peer = formatAddress(client.address, client.port);
    connection.event({ type: 'accepted', severity: 'info', text: `Accepted ${peer}` }, at);
    if (tls) {
      const { event } = describeTls(socket as TLSSocket, 'server', this.#config.tls?.verify !== false);
      connection.event(event, at);
    }
    const tap = new Tap({
      socket,
      recorder,
      connection,
      incoming: Direction.clientToServer,
      outgoing: Direction.serverToClient,
    });
    const accepted: Accepted = { socket, tap, connection, peer };
    this.#accepted.set(socket, accepted);
    socket.once('close', () => {
      this.#accepted.delete(socket);
      if (!accepted.link) connection.close(recorder.now(), tap.error?.code === 'ECONNRESET');
    });
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const refusal = refusalOfPath(request, this.#config.server?.path) ?? this.#refusalOfCrowd();
    if (refusal) this.#refuse(socket, refusal);
    else this.#upgrades?.handleUpgrade(request, socket, head, (ws) => this.#open(ws, request));
  }

  #refusalOfCrowd(): Refusal | undefined {
    const limit = this.#config.server?.maxConnections;
    return limit !== undefined && this.#links.size >= limit ? tooMany(limit) : undefined;
  }

  #open(ws: WebSocket, request: IncomingMessage): void {
    const accepted = this.#accepted.get(request.socket);
    if (!accepted) {
      ws.terminate();
      return;
    }
    const { socket, tap, connection, peer } = accepted;
    const { recorder } = this.#host;
    const link = new Link({
      ws,
      socket,
      tap,
      connection,
      recorder,
      side: 'server',
      peer,
      label: [request.url ?? '', ws.protocol].filter(Boolean).join(' '),
      config: this.#config.websocket ?? {},
    });
    accepted.link = link;
    this.#links.add(link);
    this.#last = link;
    this.#host.connectionsChanged();
    const leave = this.#join(ws, link);
    void link.ended.then(() => {
      leave();
      this.#links.close(link);
      if (this.#last === link) this.#last = undefined;
      this.#host.connectionsChanged();
    });
  }

  /** Lets the behaviour hear the link's messages; a silent one costs nothing. Returns its end. */
  #join(ws: WebSocket, link: Link): () => void {
    const behaviour = this.#behaviour;
    if (!behaviour || behaviour.kind === 'silent') return () => {};
    const membership = behaviour.join({
      connection: link.state.connection,
      send: (message) => link.send(message),
      close: (code, reason) => this.#closeAsScripted(link, code, reason),
      pause: () => link.pause(),
      resume: () => link.resume(),
    });
    ws.on('message', (bytes: Buffer, binary: boolean) => {
      this.#last = link;
      membership.hear({ bytes, text: !binary });
    });
    return () => membership.leave();
  }

  /** A script may name a code that no close frame carries: that ends nothing, but shows. */
  #closeAsScripted(link: Link, code: number | undefined, reason: string | undefined): void {
    try {
      link.close(code, reason);
    } catch (error) {
      this.#note(problemOf(error, { step: 'close', address: link.state.peer }));
    }
  }

  /** A request without an upgrade. */
  #answer(request: IncomingMessage, response: ServerResponse): void {
    const scheme = this.#config.tls ? 'wss' : 'ws';
    const text = `This is a WebSocket server. Connect to ${scheme}://${this.#address}${this.#config.server?.path ?? '/'} with a WebSocket client.\n`;
    response.writeHead(426, {
      Connection: 'Upgrade, close',
      Upgrade: 'websocket',
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
    });
    response.end(text);
    this.#recordRefusal(request.socket, {
      status: 426,
      headers: {},
      problem: {
        what: `${request.method ?? 'A request'} ${request.url ?? ''} asks for no WebSocket.`,
        why: 'It has no Upgrade header.',
        next: 'Use a WebSocket client.',
      },
    });
  }

  /** What came was no HTTP, too slow, too large, or no TLS. */
  #failed(error: NodeJS.ErrnoException, socket: Socket): void {
    const accepted = this.#accepted.get(socket);
    if (accepted?.link) return;
    const peer = accepted?.peer ?? formatAddress(socket.remoteAddress ?? 'a client', socket.remotePort ?? 0);
    const problem = problemOf(error, { step: 'accept', address: peer });
    if (!accepted) {
      this.#note(problem);
      socket.destroy();
    } else if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
    } else {
      this.#refuse(socket, refusalOfParser(error, problem));
    }
  }

  #refuse(socket: Socket, refusal: Refusal): void {
    socket.once('finish', () => socket.destroy());
    socket.end(httpAnswer(refusal));
    this.#recordRefusal(socket, refusal);
  }

  #recordRefusal(socket: Socket, { status, problem }: Refusal): void {
    const { recorder } = this.#host;
    this.#accepted
      .get(socket)
      ?.connection.event(
        { type: 'failed', severity: 'warning', text: `Refused with ${status}: ${problem.what}`, problem },
        recorder.now(),
      );
  }
}
