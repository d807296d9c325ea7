// The message types of one session: loads them from the files its config names and from its server's reflection when
// somebody needs them, and again when a file has changed. What is wrong with a source is shown and stops nothing.
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MAX_TYPES, type Output, type SchemaState } from '../../bridge/contract.ts';
import type { SchemaProblem } from '../../core/schema.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { namesVariables } from '../../workspace/variables.ts';
import type { EngineParts, Reflected } from '../parts.ts';
import { problem, problemOf } from '../problem.ts';
import { FileWatch } from './file-watch.ts';
import type { SessionVariables } from './variables.ts';

export interface SchemaHost {
  readonly parts: Pick<EngineParts, 'loadSchema' | 'reflect'>;
  /** Folder that file names in a config are relative to. */
  folder(): string;
  /** The state has changed. */
  changed(): void;
  /** Of the config; absent: it names none. */
  variables?: Pick<SessionVariables, 'peek' | 'fingerprint'>;
}

/** A target is typed letter by letter: nobody is asked before the typing has paused. */
const SETTLE_MS = 400;

/** Longer ones are not loaded either. */
const MAX_PROTO_BYTES = 4 * 2 ** 20;

/** What counts of a config: the same sources give the same types. */
interface Sources {
  files: readonly string[];
  importPaths: readonly string[];
  /** The config to ask the server with; absent: it is not asked. */
  server?: SessionConfig;
}

export class SessionSchema {
  readonly #host: SchemaHost;
  readonly #watch: FileWatch;
  #sources: Sources;
  #key: string;
  #revision = 0;
  #current: LoadedSchema | undefined;
  /** What went wrong beside the problems of `current`: with the server, or with loading as a whole. */
  #failure: SchemaProblem | undefined;
  #reflected: Reflected | undefined;
  /** The loading that counts, finished or not; absent: what is current is of other sources. */
  #loading: { promise: Promise<LoadedSchema>; abort: AbortController; done: boolean } | undefined;
  #settling: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(config: SessionConfig, host: SchemaHost) {
    this.#host = host;
    this.#sources = sourcesOf(config);
    this.#key = this.#keyOf(this.#sources);
    this.#watch = new FileWatch(
      (path) => path.endsWith('.proto'),
      () => this.#again(),
    );
  }

  get revision(): number {
    return this.#revision;
  }

  /** What was loaded last. */
  get current(): LoadedSchema | undefined {
    return this.#current;
  }

  configure(config: SessionConfig): void {
    const sources = sourcesOf(config);
    const key = this.#keyOf(sources);
    if (key === this.#key) return;
    this.#sources = sources;
    this.#key = key;
    this.#reflected = undefined;
    this.#forget();
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#settling = undefined;
      this.#tell();
    }, SETTLE_MS);
    this.#settling.unref();
  }

  /** The same names mean other files in another folder. */
  #keyOf(sources: Sources): string {
    const values = namesVariables(sources) ? this.#host.variables?.fingerprint() : undefined;
    return JSON.stringify([this.#host.folder(), sources, values]);
  }

  /** What is known now. Begins to load what is not; the host hears when it is there. */
  state(): SchemaState {
    if (this.#settling === undefined) this.begin();
    return {
      revision: this.#revision,
      loading: !this.#loading?.done,
      services: [...(this.#current?.services ?? [])],
      problems: [...(this.#current?.problems ?? []), ...(this.#failure ? [this.#failure] : [])],
      sources: [...(this.#current?.sources ?? [])],
    };
  }

  /** Begins to load if that was not done. */
  begin(): void {
    this.loaded().catch(() => {});
  }

  /** Begins to load if that was not done, or failed. */
  retry(): void {
    if (this.#failure && this.#loading?.done) this.#forget();
    this.begin();
  }

  /** The types, when they are loaded. */
  async loaded(): Promise<LoadedSchema> {
    if (this.#disposed) throw problem('The session was closed.', { code: 'NO_SESSION' });
    this.#loading ??= this.#load();
    const { promise, abort } = this.#loading;
    try {
      return await promise;
    } catch (error) {
      if (abort.signal.aborted && !this.#disposed) return await this.loaded();
      throw error;
    }
  }

  /** Reads files again and asks the server again. Resolves when that is done. */
  async reload(): Promise<void> {
    this.#reflected = undefined;
    this.#forget();
    await this.loaded();
  }

  async types(names: readonly string[]): Promise<Output['schema.types']> {
    return (await this.loaded()).closure(names, MAX_TYPES);
  }

  async search(text: string, count: number): Promise<Output['schema.search']> {
    const names = (await this.loaded()).search(text);
    return { names: names.slice(0, count), total: names.length };
  }

  async example(type: string): Promise<Output['schema.example']> {
    return { json: JSON.stringify((await this.loaded()).example(type), null, 2) };
  }

  /** A .proto file as it is now, of those that were read and no other. Rejects with a ProblemError. */
  async source(file: string): Promise<Output['schema.source']> {
    const path = resolve(this.#host.folder(), file);
    if (!path.endsWith('.proto') || !this.#current?.files.includes(path)) {
      throw problem(`${file} is none of the .proto files that were read.`, { code: 'NO_FILE' });
    }
    return { text: await protoText(path, file) };
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#settling);
    this.#forget();
    this.#watch.dispose();
  }

  /** A file has changed. */
  #again(): void {
    this.#forget();
    this.begin();
  }

  #forget(): void {
    this.#loading?.abort.abort();
    this.#loading = undefined;
  }

  #load() {
    const abort = new AbortController();
    const loading = { abort, done: false, promise: this.#loadFrom(this.#sources, abort.signal) };
    loading.promise
      .catch(() => {})
      .finally(() => {
        loading.done = true;
        if (!abort.signal.aborted) this.#tell();
      });
    return loading;
  }

  async #loadFrom(sources: Sources, signal: AbortSignal): Promise<LoadedSchema> {
    const { parts } = this.#host;
    const folder = this.#host.folder();
    const { files, importPaths, server } = await this.#resolved(sources);
    let failure: SchemaProblem | undefined;
    if (server && !this.#reflected) {
      try {
        const reflected = await parts.reflect(server, { path: (name) => resolve(folder, name) }, signal);
        if (!signal.aborted) this.#reflected = reflected;
      } catch (error) {
        failure = failureOf(error, server.target ?? '');
      }
    }
    signal.throwIfAborted();
    const reflected = this.#reflected;
    let loaded: LoadedSchema;
    try {
      loaded = await parts.loadSchema({ files, importPaths, folder, ...(reflected && { reflected }) }, signal);
    } catch (error) {
      if (!signal.aborted) this.#failure = failureOf(error, files.join(', '));
      throw error;
    }
    signal.throwIfAborted();
    this.#current = loaded;
    this.#failure = failure;
    const named = files.map((file) => resolve(folder, file));
    // What was not read itself may be a folder, in which new files may appear.
    const folders = named.filter((path) => !loaded.files.includes(path));
    this.#watch.watch([...new Set([...loaded.files, ...named])], folders);
    return loaded;
  }

  /** A failure is shown as one of loading. */
  async #resolved(sources: Sources): Promise<Sources> {
    try {
      return (await this.#host.variables?.peek(sources)) ?? sources;
    } catch (error) {
      this.#failure = failureOf(error, 'variables');
      throw error;
    }
  }

  #tell(): void {
    if (this.#disposed) return;
    this.#revision += 1;
    this.#host.changed();
  }
}

/** `name`: of the file, for a person. */
async function protoText(path: string, name: string): Promise<string> {
  try {
    const info = await stat(path);
    if (info.isFile() && info.size <= MAX_PROTO_BYTES) return await readFile(path, 'utf8');
  } catch (error) {
    throw problem(`${name} cannot be read.`, { why: problemOf(error).what, code: 'NO_FILE' });
  }
  throw problem(`${name} is too long, or no file.`, {
    why: `At most ${MAX_PROTO_BYTES} bytes are read.`,
    code: 'NO_FILE',
  });
}

function failureOf(error: unknown, source: string): SchemaProblem {
  const { what, why } = problemOf(error);
  return { severity: 'error', text: [what, why].filter(Boolean).join(' '), source };
}

function sourcesOf(config: SessionConfig): Sources {
  const { files = [], importPaths = [], reflection = files.length === 0 } = config.grpc?.schema ?? {};
  const asks = config.role === 'client' && config.protocol === 'grpc' && reflection && config.target;
  if (!asks) return { files, importPaths };
  const { wirescope, role, protocol, target, tls, proxy, connectTimeoutMs, grpc } = config;
  const { metadata, authority } = grpc ?? {};
  const server: SessionConfig = {
    ...{ wirescope, role, protocol },
    name: 'Reflection',
    ...(target && { target }),
    ...(tls && { tls }),
    ...(proxy !== undefined && { proxy }),
    ...(connectTimeoutMs !== undefined && { connectTimeoutMs }),
    grpc: { ...(metadata && { metadata }), ...(authority !== undefined && { authority }) },
  };
  return { files, importPaths, server };
}
