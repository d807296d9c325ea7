// Peers on loopback for tests of endpoints: real sockets on free ports, all gone after each test.
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { OutgoingMessage } from '../../src-main/endpoints/endpoint.ts';

export { unusedPort } from './unused-port.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs after the test, last come first gone. */
export function afterwards(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** Listens on a free port of 127.0.0.1; ends with all its connections after the test. */
export async function listenOnLoopback(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, host);
  await once(server, 'listening');
  afterwards(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A TCP server that does as it likes. */
export function tcpServer(onConnection: (socket: Socket) => void): Promise<number> {
  return listenOnLoopback(createTcpServer(onConnection));
}

/** A server that answers the first bytes of each connection. */
export function answeringServer(answer: (request: string, socket: Socket) => void): Promise<number> {
  return tcpServer((socket) => socket.once('data', (bytes) => answer(bytes.toString('latin1'), socket)));
}

/** A server made with `ws`. */
export async function webSocketServer(
  onConnection: (ws: WebSocket, request: IncomingMessage) => void = () => {},
  options: object = {},
  tls?: { cert: string; key: string },
): Promise<number> {
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  const upgrades = new WebSocketServer({ server, ...options });
  upgrades.on('connection', (ws, request) => {
    ws.on('error', () => {});
    onConnection(ws, request);
  });
  return listenOnLoopback(server);
}

/** What went over the wire: a plain TCP relay to `target` that keeps every byte of its first connection. */
export async function recordingRelay(target: number): Promise<{ port: number; sent: Buffer[]; received: Buffer[] }> {
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  const port = await tcpServer((near) => {
    const far = connect(target, '127.0.0.1');
    far.on('error', () => near.destroy());
    near.on('error', () => far.destroy());
    near.on('data', (bytes) => sent.push(bytes));
    far.on('data', (bytes) => received.push(bytes));
    near.pipe(far).pipe(near);
  });
  return { port, sent, received };
}

export function textMessage(content: string): OutgoingMessage {
  return { bytes: Buffer.from(content), text: true };
}

export function binaryMessage(bytes: Uint8Array): OutgoingMessage {
  return { bytes, text: false };
}
