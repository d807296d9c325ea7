// Where the values of secret variables are kept: encrypted by the system's key store, or, where there is none and the
// user agreed, in a file of the data folder that only the user can read; until then in memory. Each workspace has its
// own. Logs no values.
import { createHash } from 'node:crypto';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SECRET_PREFIX } from './dynamics.ts';
import type { SecretCipher } from './secret-cipher.ts';
import { PLAIN, type SecretCodec, SecretFile } from './secret-file.ts';

/** `file`: readable by the user alone, not encrypted. `none`: in memory, until the process ends. */
export type SecretStoreKind = 'keychain' | 'file' | 'none';

/** The secrets of one workspace, or of the scratch area. */
export interface SecretStore {
  readonly kind: SecretStoreKind;
  /** Rejects with a SessionFileError if there is a value that cannot be read. */
  get(name: string): Promise<string | undefined>;
  /** Rejects with a SessionFileError if the value cannot be kept. */
  set(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Whether there is a value, without reading it. */
  has(name: string): Promise<boolean>;
}

export interface SecretPlaces {
  /** The data folder. */
  folder: string;
  /** The system's, where one can be asked. */
  cipher?: SecretCipher;
  /** Looked at first: WIRESCOPE_SECRET_NAME. */
  environment?: { readonly [name: string]: string | undefined };
  /** A JSON file of names and values for all workspaces, instead of the data folder's. */
  file?: string;
}

export class SecretStores {
  readonly #places: SecretPlaces;
  /** Of those that were used, so that changes of one file wait for each other. */
  readonly #files = new Map<string, SecretFile>();
  /** By workspace: what is kept nowhere else. */
  readonly #unkept = new Map<string, Map<string, string>>();

  constructor(places: SecretPlaces) {
    this.#places = places;
  }

  /** What secrets are kept in now, and why so, for a person. */
  async state(): Promise<{ store: SecretStoreKind; why: string }> {
    const { cipher, file } = this.#places;
    if (file !== undefined) return { store: 'file', why: `They are kept in ${file}, not encrypted.` };
    const missing = cipher ? await cipher.missing().catch(() => SILENT) : NO_CIPHER;
    if (missing === undefined) return { store: 'keychain', why: 'They are encrypted by the key store of the system.' };
    if (await this.#isFileAllowed())
      return { store: 'file', why: `${missing} They are kept in a file that only you can read, not encrypted.` };
    return { store: 'none', why: missing };
  }

  /** The user agreed that values are kept in a file, not encrypted, where there is no key store. */
  async allowFile(): Promise<void> {
    await mkdir(this.#plainFolder, { recursive: true, mode: 0o700 });
    if ((await this.state()).store === 'none') return;
    for (const [key, values] of this.#unkept) {
      const store = await this.#openKey(key);
      for (const [name, value] of values) await store.set(name, value);
    }
    this.#unkept.clear();
  }

  /** `workspace`: its folder; null: the scratch area. */
  async open(workspace: string | null): Promise<SecretStore> {
    return await this.#openKey(await keyOf(workspace));
  }

  async #openKey(key: string): Promise<SecretStore> {
    const { environment = {}, file } = this.#places;
    const { store } = await this.state();
    if (file !== undefined) return new KeptSecrets(store, [this.#file(resolve(file), PLAIN)], environment);
    if (store === 'none') {
      const values = this.#unkept.get(key) ?? new Map<string, string>();
      this.#unkept.set(key, values);
      return new KeptSecrets(store, [inMemory(values)], environment);
    }
    const name = `${key}.json`;
    const plain = this.#file(join(this.#plainFolder, name), PLAIN);
    // What was kept before there was a key store still counts.
    const files: [SecretFile, ...SecretFile[]] =
      store === 'keychain' ? [this.#file(join(this.#sealedFolder, name), this.#sealing), plain] : [plain];
    return new KeptSecrets(store, files, environment);
  }

  get #sealedFolder(): string {
    return join(this.#places.folder, 'secrets', 'sealed');
  }

  /** Exists if the user agreed. */
  get #plainFolder(): string {
    return join(this.#places.folder, 'secrets', 'plain');
  }

  get #sealing(): SecretCodec {
    const cipher = this.#places.cipher!;
    return {
      write: async (value) => Buffer.from(await cipher.encrypt(value)).toString('base64'),
      read: (written) => cipher.decrypt(new Uint8Array(Buffer.from(written, 'base64'))),
    };
  }

  #file(path: string, codec: SecretCodec): SecretFile {
    const known = this.#files.get(path) ?? new SecretFile(path, codec);
    this.#files.set(path, known);
    return known;
  }

  async #isFileAllowed(): Promise<boolean> {
    return (await stat(this.#plainFolder).catch(() => undefined))?.isDirectory() ?? false;
  }
}

type Values = Pick<SecretFile, 'get' | 'has' | 'set'>;

function inMemory(values: Map<string, string>): Values {
  return {
    get: async (name) => values.get(name),
    has: async (name) => values.has(name),
    async set(name, value) {
      if (value === undefined) values.delete(name);
      else values.set(name, value);
    },
  };
}

class KeptSecrets implements SecretStore {
  readonly kind: SecretStoreKind;
  /** Read in this order; written to the first. */
  readonly #places: readonly [Values, ...Values[]];
  readonly #environment: { readonly [name: string]: string | undefined };

  constructor(
    kind: SecretStoreKind,
    places: readonly [Values, ...Values[]],
    environment: { readonly [name: string]: string | undefined },
  ) {
    this.kind = kind;
    this.#places = places;
    this.#environment = environment;
  }

  async get(name: string): Promise<string | undefined> {
    const given = environmentSecret(this.#environment, name);
    if (given !== undefined) return given;
    for (const place of this.#places) {
      const value = await place.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  async set(name: string, value: string): Promise<void> {
    const [place, ...older] = this.#places;
    await place.set(name, value);
    for (const each of older) await each.set(name, undefined);
  }

  async remove(name: string): Promise<void> {
    for (const place of this.#places) await place.set(name, undefined);
  }

  async has(name: string): Promise<boolean> {
    if (environmentSecret(this.#environment, name) !== undefined) return true;
    for (const place of this.#places) if (await place.has(name)) return true;
    return false;
  }
}

/** WIRESCOPE_SECRET_token, or as shells want it: WIRESCOPE_SECRET_API_TOKEN for `api-token`. */
export function environmentSecret(
  environment: { readonly [name: string]: string | undefined },
  name: string,
): string | undefined {
  return environment[SECRET_PREFIX + name] ?? environment[SECRET_PREFIX + name.replace(/\W/g, '_').toUpperCase()];
}

/** Workspaces must not read each other's secrets by naming their variables alike. */
async function keyOf(workspace: string | null): Promise<string> {
  if (workspace === null) return 'scratch';
  const path = await realpath(workspace).catch(() => resolve(workspace));
  return createHash('sha256').update(path).digest('hex').slice(0, 32);
}

const NO_CIPHER = 'This program cannot ask the key store of the system.';
const SILENT = 'The key store of the system gives no answer.';
