// Programs that nobody here wrote, to talk to: started by a test, spoken to by lines, ended with it.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Debian's own: another python3 on the path has no Debian packages. */
export const PYTHON = '/usr/bin/python3';

const PACKAGES: { [command: string]: string } = {
  [PYTHON]: 'python3',
  tshark: 'tshark',
  text2pcap: 'wireshark-common',
};

export class Peer {
  readonly process: ChildProcessWithoutNullStreams;
  /** All that it has said. */
  output = '';
  #complaint = '';
  #ended = false;
  readonly #watchers = new Set<() => void>();

  constructor(command: string, args: readonly string[]) {
    this.process = spawn(command, args);
    const child = this.process;
    child.stdin.on('error', () => {});
    child.stdout.on('data', (bytes: Buffer) => {
      this.output += bytes.toString('latin1');
      this.#look();
    });
    child.stderr.on('data', (bytes: Buffer) => {
      this.#complaint += bytes.toString('latin1');
      this.#look();
    });
    child.on('error', () => {
      this.#complaint = `${command} is missing: apt-get install ${PACKAGES[command] ?? command}`;
    });
    child.on('close', () => {
      this.#ended = true;
      this.#look();
    });
  }

  /** Resolves when its standard output has these words in it; rejects if it ends before. */
  says(words: string | RegExp): Promise<string> {
    return this.#until(words, () => this.output);
  }

  /** The same of its standard error. */
  complains(words: string | RegExp): Promise<string> {
    return this.#until(words, () => this.#complaint);
  }

  /** The number that it prints first: the port it listens on. */
  async port(): Promise<number> {
    return Number.parseInt(await this.says(/^\d+\n/), 10);
  }

  /** The port that socat says it listens on, with -d -d. */
  async socatPort(): Promise<number> {
    const words = await this.complains(/listening on .*:\d+\n/);
    return Number(/listening on .*:(\d+)\n/.exec(words)?.[1]);
  }

  write(text: string): void {
    this.process.stdin.write(text);
  }

  /** Ends its input, as Ctrl+D does. */
  endInput(): void {
    this.process.stdin.end();
  }

  /** Resolves with all it said, when it has ended of its own. */
  async ended(): Promise<string> {
    if (!this.#ended) await once(this.process, 'close');
    return this.output;
  }

  /** Ends it, if it has not ended. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    const closed = once(this.process, 'close');
    this.process.kill();
    await closed;
  }

  #until(words: string | RegExp, text: () => string): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = typeof words === 'string' ? text().includes(words) : words.test(text());
        if (!found && !this.#ended) return;
        this.#watchers.delete(look);
        if (found) resolve(text());
        else
          reject(
            new Error(`${this.process.spawnargs.join(' ')} ended without ${words}: ${this.#complaint}${this.#hint()}`),
          );
      };
      this.#watchers.add(look);
      look();
    });
  }

  #hint(): string {
    const module = /No module named '(\w+)'/.exec(this.#complaint)?.[1];
    return module ? `apt-get install python3-${module}` : '';
  }

  #look(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

/** The peers of one test. */
export class Peers {
  readonly #started: Peer[] = [];

  start(command: string, ...args: string[]): Peer {
    const peer = new Peer(command, args);
    this.#started.push(peer);
    return peer;
  }

  /** A script of peers/, in Python. */
  python(script: string, ...args: string[]): Peer {
    return this.start(PYTHON, join(import.meta.dirname, 'peers', script), ...args);
  }

  /** A script of peers/, in Node. */
  node(script: string, ...args: string[]): Peer {
    return this.start(process.execPath, join(import.meta.dirname, 'peers', script), ...args);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#started.map((peer) => peer.stop()));
  }
}
