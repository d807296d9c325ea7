// The app for a browser: the built renderer, the bridge and capture downloads on a loopback port. Whoever has the token
// from the terminal gets a cookie; nobody else gets anything. Host and Origin are checked, so that a web page which
// resolves its own name to this machine (DNS rebinding) is turned away.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { BRIDGE_PATH } from '../bridge/client.ts';
import { decodePath } from '../bridge/interface-files.ts';
import { serve } from '../bridge/serve.ts';
import { webSocketChannel } from '../bridge/websocket.ts';
import type { Engine } from '../engine/engine.ts';
import { problem } from '../engine/problem.ts';
import { sendCapture, sendStatic, sendText } from './responses.ts';

const LOOPBACK = '127.0.0.1';
const TOKEN_BYTES = 16;
/** An upload's piece (4 MiB) or a message typed by hand, with room to spare. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 256;
const HEADERS_TIMEOUT_MS = 10_000;
const CAPTURE_PATH = /^\/captures\/([^/]+)\.pcapng$/;

export interface GatewayOptions {
  engine: Engine;
  /** Absolute path of the built renderer. */
  rendererFolder: string;
  /** 0: any free one. */
  port: number;
}

export interface Gateway {
  /** With the token: hand it to the user only. */
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Listens on loopback. Rejects with a ProblemError if the port cannot be had. */
export async function openGateway({ engine, rendererFolder, port }: GatewayOptions): Promise<Gateway> {
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT_MS });
  server.maxConnections = MAX_CONNECTIONS;
  const bound = await listen(server, port);
  const guard = new Guard(token, bound);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });

  server.on('request', (request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!guard.isOwnHost(request)) return sendText(response, 403, 'This is not the address Wirescope listens on.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return sendText(response, 405, 'GET only.');
    const url = parse(request.url);
    if (!url) return sendText(response, 400, 'Not a path.');
    const offered = url.searchParams.get('token');
    if (url.pathname === '/' && offered !== null) {
      if (!guard.isToken(offered)) return sendText(response, 403, 'Wrong token. Use the URL printed in the terminal.');
      response.setHeader('set-cookie', guard.cookie);
      response.setHeader('location', '/');
      return sendText(response, 303, '');
    }
    if (!guard.hasCookie(request)) return sendText(response, 401, 'Open the URL printed in the terminal.');
    const capture = CAPTURE_PATH.exec(url.pathname)?.[1];
    if (capture === undefined) return sendStatic(response, rendererFolder, url.pathname);
    const path = await engine.captureFile(decodePath(capture) ?? '').catch(() => undefined);
    return sendCapture(response, path);
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request);
    if (refusal) refuse(socket, refusal);
    else
      sockets.handleUpgrade(request, socket, head, (accepted) => {
        serve(engine, webSocketChannel(accepted));
      });
  });

  function refusalOf(request: IncomingMessage): string | undefined {
    if (!guard.isOwnHost(request) || !guard.isOwnOrigin(request)) return '403 Forbidden';
    if (parse(request.url)?.pathname !== BRIDGE_PATH) return '404 Not Found';
    if (!guard.hasCookie(request)) return '401 Unauthorized';
    return undefined;
  }

  return {
    url: `http://${LOOPBACK}:${bound}/?token=${token}`,
    port: bound,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Who may come in. */
class Guard {
  readonly cookie: string;
  readonly #token: Buffer;
  readonly #cookieName: string;
  readonly #hosts: ReadonlySet<string>;

  constructor(token: string, port: number) {
    this.#token = Buffer.from(token);
    // Cookies are shared by all ports of a host: the name keeps two Wirescopes apart.
    this.#cookieName = `wirescope-${port}`;
    this.#hosts = new Set([`${LOOPBACK}:${port}`, `localhost:${port}`]);
    this.cookie = `${this.#cookieName}=${token}; Path=/; HttpOnly; SameSite=Strict`;
  }

  isOwnHost({ headers }: IncomingMessage): boolean {
    return headers.host !== undefined && this.#hosts.has(headers.host.toLowerCase());
  }

  /** The page that asks must be one this host served. */
  isOwnOrigin({ headers }: IncomingMessage): boolean {
    return headers.origin !== undefined && headers.origin.toLowerCase() === `http://${headers.host?.toLowerCase()}`;
  }

  /** Takes the same time whatever is offered. */
  isToken(offered: string): boolean {
    const bytes = Buffer.from(offered);
    return bytes.length === this.#token.length && timingSafeEqual(bytes, this.#token);
  }

  hasCookie({ headers }: IncomingMessage): boolean {
    const prefix = `${this.#cookieName}=`;
    // Servers on other ports of this host may have set one of that name too.
    const parts = headers.cookie?.split(';').map((part) => part.trim()) ?? [];
    return parts.some((part) => part.startsWith(prefix) && this.isToken(part.slice(prefix.length)));
  }
}

function parse(url: string | undefined): URL | undefined {
  try {
    return new URL(url ?? '', 'http://host');
  } catch {
    return undefined;
  }
}

/** Ends both directions: a stranger who keeps its own open would hold a connection for ever. */
function refuse(socket: Duplex, status: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        problem(`Port ${port} of ${LOOPBACK} cannot be used.`, {
          why: error.message,
          next: 'Name another with --port, or none to take a free one.',
          ...(error.code !== undefined && { code: error.code }),
        }),
      ),
    );
    server.listen(port, LOOPBACK, () => resolve((server.address() as AddressInfo).port));
  });
}
