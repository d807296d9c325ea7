// Command-line tools that judge our endpoints: started by name, stopped after the test. A missing one fails the test
// and says what to install.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { afterwards } from '../endpoints/loopback.ts';

const PACKAGES: { [tool: string]: string } = {
  socat: 'socat',
  ncat: 'ncat',
  openssl: 'openssl',
  python3: 'python3',
};

export interface Tool {
  process: ChildProcessWithoutNullStreams;
  /** All of standard output, when the tool has ended. Rejects if the tool is missing. */
  output: Promise<string>;
  /** All of standard output and error, as soon as it has these words in it; rejects if the tool ends before. */
  says(words: string): Promise<string>;
}

/** Starts a tool; `input` is its whole standard input, else that stays open. */
export function tool(name: string, args: readonly string[], input?: string | Buffer): Tool {
  const child = spawn(name, args);
  afterwards(() => child.kill());
  let output = '';
  let everything = '';
  const watchers = new Set<() => void>();
  const hear = (bytes: Buffer) => {
    everything += bytes.toString('latin1');
    for (const watcher of watchers) watcher();
  };
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString('latin1');
    hear(bytes);
  });
  child.stderr.on('data', hear);
  child.stdin.on('error', () => {});
  if (input !== undefined) child.stdin.end(input);
  let ended = false;
  const done = new Promise<string>((resolve, reject) => {
    child.on('error', () => reject(new Error(`${name} is missing: apt-get install ${PACKAGES[name] ?? name}`)));
    child.on('close', () => {
      ended = true;
      for (const watcher of watchers) watcher();
      resolve(output);
    });
  });
  const says = (words: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (everything.includes(words)) resolve(everything);
        else if (ended) reject(new Error(`${name} ended without saying “${words}”: ${everything}`));
        else return;
        watchers.delete(look);
      };
      done.catch(reject);
      watchers.add(look);
      look();
    });
  return { process: child, output: done, says };
}
