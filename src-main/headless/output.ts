// Standard output as a reader at its own pace takes it: writing waits for room, and a reader that leaves (`| head`) is
// no error; a full disk is.
import { problem } from '../engine/problem.ts';

export interface Output {
  /** Resolves when there is room for more; false: nobody reads any more. Rejects if the system refuses. */
  write(text: string): Promise<boolean>;
}

/** Hears of the stream’s errors from now on: one for each stream. */
export function standardOutput(stream: NodeJS.WriteStream = process.stdout): Output {
  let failure: NodeJS.ErrnoException | undefined;
  let leave: () => void = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error;
    leave();
  });
  return {
    async write(text) {
      if (!failure) {
        // What a file refuses is known only when the write has ended.
        const written = new Promise<void>((resolve) => stream.write(text, () => resolve()));
        await Promise.race([written, left]);
      }
      if (failure && failure.code !== 'EPIPE') throw refused(failure);
      return failure === undefined;
    },
  };
}

function refused(error: NodeJS.ErrnoException) {
  return problem('The output could not be written.', {
    why: error.code === 'ENOSPC' ? 'The disk is full.' : error.message,
    ...(error.code !== undefined && { code: error.code }),
  });
}
