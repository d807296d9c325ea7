// Standard output as a reader at its own pace takes it: writing waits for room, and a reader that leaves (`| head`) is
// no error.

export interface Output {
  /** Resolves when there is room for more; false: nobody reads any more. */
  write(text: string): Promise<boolean>;
}

export function standardOutput(stream: NodeJS.WriteStream = process.stdout): Output {
  let open = true;
  let leave: () => void = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    open = false;
    leave();
  });
  return {
    async write(text) {
      if (open && !stream.write(text))
        await Promise.race([new Promise<void>((resolve) => stream.once('drain', resolve)), left]);
      return open;
    },
  };
}
