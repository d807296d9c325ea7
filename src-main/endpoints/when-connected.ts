// Waiting for a socket to connect, no longer than it may take and somebody wants it to.
import type { Socket } from 'node:net';
import { cancelled, timedOut } from './problems.ts';

/**
 * Resolves with the socket, paused, when it is connected. Rejects with the system's error, or with an EndpointError when the
 * time is over or the signal comes; the socket is gone then.
 * @param address for a person
 */
export function whenConnected(
  socket: Socket,
  address: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      socket.off('error', fail).off('connect', succeed);
      signal.removeEventListener('abort', abandon);
    };
    const fail = (error: Error) => {
      settle();
      socket.destroy();
      reject(error);
    };
    const succeed = () => {
      settle();
      socket.pause();
      resolve(socket);
    };
    const abandon = () => fail(cancelled());
    const timer = setTimeout(() => fail(timedOut(`${address} did not answer`, timeoutMs)), timeoutMs);
    // An error without a listener would end the process, also between two steps.
    socket
      .on('error', () => {})
      .on('error', fail)
      .on('connect', succeed);
    signal.addEventListener('abort', abandon);
  });
}
