// One file of secrets: a JSON object of names and values, readable by its owner alone. What a value looks like in it is a
// matter of its codec. Never says a value in an error.
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeWhole } from './session-file.ts';
import { SessionFileError } from './session-file-error.ts';

const MAX_FILE_BYTES = 16 * 1024 * 1024;
const GROUP_AND_OTHERS = 0o077;

/** How values are written. */
export interface SecretCodec {
  /** Rejects if it cannot. */
  write(value: string): Promise<string>;
  read(written: string): Promise<string>;
}

/** Values as they are. */
export const PLAIN: SecretCodec = { write: async (value) => value, read: async (written) => written };

export class SecretFile {
  readonly path: string;
  readonly #codec: SecretCodec;
  /** The last change, and all before it. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(path: string, codec: SecretCodec) {
    this.path = path;
    this.#codec = codec;
  }

  /** undefined: it holds no such name. Rejects with a SessionFileError for a file that cannot be used or read. */
  async get(name: string): Promise<string | undefined> {
    const written = (await this.#entries()).get(name);
    if (written === undefined) return undefined;
    try {
      return await this.#codec.read(written);
    } catch {
      throw secretsError(`The secret ${name} cannot be read.`, {
        why: 'The key store of the system did not decrypt it: it may have been stored by another user, or its key is gone.',
        next: 'Give it a value again.',
      });
    }
  }

  async has(name: string): Promise<boolean> {
    return (await this.#entries()).has(name);
  }

  /** undefined removes the name. Creates the file and its folder; a removal does not. */
  set(name: string, value: string | undefined): Promise<void> {
    const change = this.#changing.then(() => this.#set(name, value));
    this.#changing = change.catch(() => {});
    return change;
  }

  async #set(name: string, value: string | undefined): Promise<void> {
    const entries = await this.#entries();
    if (value === undefined) {
      if (!entries.delete(name)) return;
    } else {
      entries.set(name, await this.#written(name, value));
    }
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    await writeWhole(this.path, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
  }

  async #written(name: string, value: string): Promise<string> {
    try {
      return await this.#codec.write(value);
    } catch {
      throw secretsError(`The secret ${name} was not stored.`, {
        why: 'The key store of the system did not encrypt it.',
        next: 'Unlock the key store of the system, and try again.',
      });
    }
  }

  async #entries(): Promise<Map<string, string>> {
    const text = await this.#text();
    if (text === undefined) return new Map();
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      value = undefined;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#unusable('is no JSON object');
    const entries = Object.entries(value);
    if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
      throw this.#unusable('holds values that are no text');
    return new Map(entries);
  }

  /** undefined: there is no such file. */
  async #text(): Promise<string | undefined> {
    // A pipe would be waited for.
    const file = await open(this.path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      },
    );
    if (!file) return undefined;
    try {
      const status = await file.stat();
      if (!status.isFile()) throw this.#unusable('is no file');
      if (status.size > MAX_FILE_BYTES) throw this.#unusable('is larger than 16 MiB');
      const owner = process.getuid?.();
      if (owner !== undefined && status.uid !== owner) throw this.#unusable('belongs to another user');
      if (owner !== undefined && (status.mode & GROUP_AND_OTHERS) !== 0)
        throw this.#unusable('can be read or changed by others', `Keep it to yourself: chmod 600 ${this.path}`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  }

  #unusable(reason: string, next = ''): SessionFileError {
    return secretsError(`The file of secrets ${this.path} ${reason}.`, { next });
  }
}

function secretsError(what: string, more: { why?: string; next?: string }): SessionFileError {
  return new SessionFileError({ why: '', next: '', ...more, what, code: 'SECRETS' });
}
