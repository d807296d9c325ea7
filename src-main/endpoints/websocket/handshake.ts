// The client's side of the WebSocket handshake (RFC 6455 §4.1) on a socket that is connected already.
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import WebSocket, { type ClientOptions } from 'ws';
import type { EndpointError } from '../endpoint.ts';
import { cancelled, timedOut } from '../problems.ts';
import { handshakeError, refusalError } from './handshake-problems.ts';

/** What a request line can carry as it is. */
const PLAIN_PATH = /^\/[\x21-\x7e]*$/;

export interface Handshake {
  /** Connected, secured, paused. */
  socket: Socket;
  /** Path and query. */
  path: string;
  /** `host:port`, for words. */
  address: string;
  protocols: string[];
  options: ClientOptions;
  /** For the whole handshake, however it drips. */
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Upgrades the socket. `opened` is called with the open WebSocket before its first frame can be read, and makes the
 * result. Rejects with an EndpointError; the socket is then of no more use.
 */
export function openWebSocket<T>(handshake: Handshake, opened: (ws: WebSocket) => T): Promise<T> {
  const { socket, path, address, protocols, options, timeoutMs, signal } = handshake;
  return new Promise((resolve, reject) => {
    let ws: WebSocket;
    try {
      // The socket is there already, with its TLS: only the path of this URL is used.
      ws = new WebSocket(`ws://localhost${path}`, protocols, {
        ...options,
        createConnection: () => socket,
        finishRequest(request: ClientRequest) {
          // As it was written: the URL has resolved its dots and turned its backslashes.
          if (PLAIN_PATH.test(path)) request.path = path;
          // Not before the HTTP parser listens, or an answer that is there already would be lost.
          request.once('socket', () => socket.resume());
          request.end();
        },
      });
    } catch (error) {
      reject(handshakeError(error, address));
      return;
    }
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abandon);
    };
    const fail = (error: EndpointError) => {
      settle();
      reject(error);
      ws.terminate();
    };
    const onError = (error: Error) => fail(handshakeError(error, address));
    const abandon = () => fail(cancelled());
    const timer = setTimeout(
      () => fail(timedOut(`${address} did not finish the WebSocket handshake`, timeoutMs, true)),
      timeoutMs,
    );
    signal.addEventListener('abort', abandon);
    ws.once('open', () => {
      settle();
      resolve(opened(ws));
      ws.off('error', onError);
    });
    // Stays after a failure: an error that follows must not end the process.
    ws.on('error', onError);
    ws.once('unexpected-response', (_request, response) => {
      void refusalError(response, address).then(fail);
    });
    if (signal.aborted) abandon();
  });
}
