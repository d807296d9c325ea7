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
 * Runs a dialogue with the proxy at `address`. The socket never flows meanwhile, and is paused afterwards: what comes behind
 * the last reply, the end too, is for whoever reads on. Rejects with an EndpointError if the connection ends in the middle.
 */
export async function withReplies<T>(
  socket: Socket,
  address: string,
  dialogue: (reader: ReplyReader) => Promise<T>,
): Promise<T> {
  let failure: unknown;
  let wake = () => {};
  const look = () => wake();
  const onError = (error: Error) => {
    failure ??= endpointError(error, { step: 'proxy', address });
    wake();
  };
  const ended = () => Object.assign(new Error('the proxy closed the connection'), { code: 'ECONNRESET' });
  const onEnd = () => onError(ended());

  /** The first thing that `find` finds; it is asked again whenever something has come. */
  async function wait(find: () => Buffer | undefined): Promise<Buffer> {
    for (;;) {
      const found = find();
      if (found) return found;
      if (failure !== undefined) throw failure;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  function read(count?: number): Buffer | undefined {
    return (socket.read(count) as Buffer | null) ?? undefined;
  }

  socket.on('readable', look).on('error', onError).on('end', onEnd).on('close', onEnd);
  try {
    return await dialogue({
      take: (count) =>
        wait(() => {
          const bytes = read(count);
          // There are fewer only when no more come.
          if (bytes && bytes.length < count) onEnd();
          return bytes?.length === count ? bytes : undefined;
        }),
      takeThrough(delimiter, limit) {
        let received: Buffer = Buffer.alloc(0);
        return wait(() => {
          let at = -1;
          while (at < 0 && received.length < limit) {
            const more = read();
            if (!more) break;
            received = Buffer.concat([received, more]);
            at = received.indexOf(delimiter);
          }
          if (at < 0 && received.length < limit) return undefined;
          const end = at < 0 ? limit : at + delimiter.length;
          // Before anybody hears that the connection has ended, if it has.
          if (end < received.length) socket.unshift(received.subarray(end));
          return received.subarray(0, end);
        });
      },
    });
  } finally {
    socket.off('readable', look).off('error', onError).off('end', onEnd).off('close', onEnd);
    // Without a listener it would flow by the next turn.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    socket.pause();
  }
}
