// The methods of what is being written and not sent yet: each text a small file in the data folder, so that a crash costs
// no more than what was typed since. What is in them is the interface's affair.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../workspace/session-file.ts';
import type { MethodsOf } from './methods.ts';
import { Turns } from './turns.ts';

/** Those that were changed last: of sessions that are long gone nobody wants to know. */
const MAX_TEXTS = 500;
const EXTENSION = '.json';

const textSchema = z.strictObject({ key: z.string(), text: z.string() });
type Text = z.infer<typeof textSchema>;

export class Unsent {
  readonly methods: MethodsOf<'unsent'>;
  readonly #folder: string;
  readonly #log: (line: string) => void;
  readonly #turns = new Turns();

  /** `folder`: absolute; made when something is to be kept. */
  constructor(folder: string, log: (line: string) => void) {
    this.#folder = folder;
    this.#log = log;
    this.methods = {
      'unsent.list': async () => ({ texts: await this.#turns.take(() => this.#list()) }),
      'unsent.keep': async ({ key, text }) => {
        await this.#turns.take(() => this.#keep(key, text));
        return null;
      },
    };
  }

  /** Resolves when all is written. */
  settled(): Promise<void> {
    return this.#turns.settled();
  }

  async #keep(key: string, text: string | null): Promise<void> {
    const file = join(this.#folder, fileOf(key));
    if (text === null) return await rm(file, { force: true });
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeWhole(file, JSON.stringify({ key, text } satisfies Text));
  }

  async #list(): Promise<Text[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const files: { path: string; changedMs: number }[] = [];
    for (const name of names) {
      const path = join(this.#folder, name);
      const status = await stat(path).catch(() => undefined);
      // What a crash left of a write is of no use.
      if (status && !name.endsWith(EXTENSION)) await rm(path, { force: true, recursive: true });
      else if (status) files.push({ path, changedMs: status.mtimeMs });
    }
    files.sort((one, other) => other.changedMs - one.changedMs);
    for (const { path } of files.slice(MAX_TEXTS)) await rm(path, { force: true });
    const texts = await Promise.all(files.slice(0, MAX_TEXTS).map(({ path }) => this.#read(path)));
    return texts.flatMap((text) => text ?? []);
  }

  async #read(path: string): Promise<Text | undefined> {
    try {
      return textSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch {
      // Why is not told: it would tell of the text.
      this.#log('an unsent text cannot be read');
      return undefined;
    }
  }
}

function fileOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32) + EXTENSION;
}
