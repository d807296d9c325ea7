// Reads exactly the bytes of a proxy's reply from a paused socket and leaves all others in it.
import type { Socket } from 'node:net';
import { endpointError } from '../problems.ts';

export interface ReplyReader {
  /** The next `count` bytes. */
  take(count: number): Promise<Buffer>;
  /** Everything up to and with `delimiter`, or the first `limit` bytes if it does not come by then. */
  takeThrough(delimiter: string, limit: number): Promise<Buffer>;
}

/**
 * Runs a dialogue with the proxy at `address`. While it runs the socket flows; afterwards it is paused and holds what
 * was read too much. Rejects with an EndpointError if the connection ends in the middle.
 */
export async function withReplies<T>(
  socket: Socket,
  address: string,
  dialogue: (reader: ReplyReader) => Promise<T>,
): Promise<T> {
  let received: Buffer = Buffer.alloc(0);
  let failure: unknown;
  let waiting: { enough(): number; resolve(bytes: Buffer): void; reject(error: unknown): void } | undefined;

  const look = () => {
    if (!waiting) return;
    const count = waiting.enough();
    if (count > 0 && count <= received.length) {
      const { resolve } = waiting;
      waiting = undefined;
      const bytes = received.subarray(0, count);
      received = received.subarray(count);
      resolve(bytes);
    } else if (failure !== undefined) {
      waiting.reject(failure);
    }
  };
  const wait = (enough: () => number) =>
    new Promise<Buffer>((resolve, reject) => {
      waiting = { enough, resolve, reject };
      look();
    });
  const onData = (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    look();
  };
  const onError = (error: Error) => {
    failure ??= endpointError(error, { step: 'proxy', address });
    look();
  };
  const onEnd = () => onError(Object.assign(new Error('the proxy closed the connection'), { code: 'ECONNRESET' }));

  socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
  socket.resume();
  try {
    return await dialogue({
      take: (count) => wait(() => count),
      takeThrough: (delimiter, limit) =>
        wait(() => {
          const at = received.indexOf(delimiter);
          if (at >= 0) return at + delimiter.length;
          return received.length >= limit ? limit : 0;
        }),
    });
  } finally {
    socket.pause();
    socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
    if (received.length > 0 && !socket.destroyed) socket.unshift(received);
  }
}
