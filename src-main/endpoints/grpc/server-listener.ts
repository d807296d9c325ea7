// Where the gRPC server listens: a stream listener that offers h2, or a unix socket.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ConnectionRecorder } from '../../core/recorder.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { parseListen } from '../address.ts';
import { EndpointError, type EndpointHost } from '../endpoint.ts';
import { type AcceptedSocket, type StreamEnds, StreamListener } from '../stream-listener.ts';

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
): Promise<StreamListener> {
  const path = unixPathOf(config);
  const listener = new StreamListener({
    ...{ config, host, openConnections, onAccepted },
    where: path === undefined ? parseListen(config.listen) : { path: host.path(path) },
    tls: config.tls && { alpn: ['h2'], ...config.tls },
    noDelay: true,
    dissectAs: { protocol: 'http2' },
    onSecured: (socket, connection) => noteAlpn(socket, connection, host),
    ...(path !== undefined && { endsOf: unixEnds(path) }),
  });
  await listener.listen();
  return listener;
}

function noteAlpn(socket: TLSSocket, connection: ConnectionRecorder, { recorder }: EndpointHost): void {
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

function unixEnds(path: string): (socket: Socket) => StreamEnds {
  let clients = 0;
  return () => {
    clients = (clients % 65_535) + 1;
    return {
      client: { address: UNIX_ADDRESS, port: clients },
      server: { address: UNIX_ADDRESS, port: UNIX_SERVER_PORT },
      peer: `unix:${path}#${clients}`,
    };
  };
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
