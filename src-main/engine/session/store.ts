// Where session configs outlive the process: one YAML file each, written as soon as they change. What cannot be written is
// tried again until it can. A file that cannot be read is reported and left alone, its name never reused.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Problem } from '../../core/event.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { readSessionFile, writeSessionFile } from '../../workspace/session-file.ts';
import { SESSION_EXTENSION, TEMPORARY } from '../../workspace/workspace-scan.ts';
import { fileName, freeName } from '../file-name.ts';
import { problemOf } from '../problem.ts';

const MAX_ID_CHARS = 64;
/** As the tree of a workspace orders names: “client 2” before “client 10”. */
const NAMES = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
/** A disk that is full may have room again. */
const RETRY_MS = 5000;
/** No write takes so long. */
const LEFTOVER_AFTER_MS = 60_000;

interface Entry {
  path: string;
  /** What is to be written next, if a write is under way or has failed. */
  next?: SessionConfig;
  writing?: Promise<void>;
  retry?: NodeJS.Timeout;
}

/** Told when a session cannot be saved, and without an error when it is saved after all. */
export type OnSaving = (id: string, error?: unknown) => void;

export class SessionStore {
  readonly folder: string;
  readonly #entries = new Map<string, Entry>();
  /** File names without extension that are taken, by sessions or by files that hold none. */
  readonly #stems = new Set<string>();

  readonly #onSaving: OnSaving;

  constructor(folder: string, onSaving: OnSaving = () => {}) {
    this.folder = folder;
    this.#onSaving = onSaving;
  }

  /** All sessions of the folder by name, and what is wrong with the files that hold none. Creates the folder. */
  async load(): Promise<{ sessions: { id: string; config: SessionConfig }[]; problems: Problem[] }> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const sessions: { id: string; config: SessionConfig }[] = [];
    const problems: Problem[] = [];
    for (const name of (await readdir(this.folder)).sort()) {
      if (TEMPORARY.test(name)) await removeLeftover(join(this.folder, name));
      if (!name.endsWith(SESSION_EXTENSION)) continue;
      const stem = name.slice(0, -SESSION_EXTENSION.length);
      this.#stems.add(stem);
      try {
        const config = await readSessionFile(join(this.folder, name));
        sessions.push({ id: this.#enter(stem), config });
      } catch (error) {
        problems.push(problemOf(error));
      }
    }
    sessions.sort((one, other) => NAMES.compare(one.config.name, other.config.name));
    return { sessions, problems };
  }

  /** The id of a new session. It keeps it, and its file, when it is renamed. `isTaken`: by a session of another place. */
  reserve(name: string, isTaken: (id: string) => boolean = () => false): string {
    // Another engine may have made files here since they were read.
    const stem = freeName(
      fileName(name),
      (candidate) =>
        this.#stems.has(candidate) ||
        isTaken(idOf(candidate)) ||
        existsSync(join(this.folder, candidate + SESSION_EXTENSION)),
    );
    this.#stems.add(stem);
    return this.#enter(stem);
  }

  /** The file's name, for a person. */
  fileOf(id: string): string {
    return basename(this.#entries.get(id)?.path ?? '');
  }

  #enter(stem: string): string {
    const id = idOf(stem);
    this.#entries.set(id, { path: join(this.folder, stem + SESSION_EXTENSION) });
    return id;
  }

  /** Resolves when this config, or a later one of the same session, is on disk, or cannot be written. */
  async save(id: string, config: SessionConfig): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.next = config;
    await this.#write(id, entry);
  }

  #write(id: string, entry: Entry): Promise<void> {
    entry.writing ??= this.#writeAll(id, entry).finally(() => {
      delete entry.writing;
    });
    return entry.writing;
  }

  async #writeAll(id: string, entry: Entry): Promise<void> {
    const isRetry = entry.retry !== undefined;
    clearTimeout(entry.retry);
    delete entry.retry;
    try {
      if (isRetry) await mkdir(this.folder, { recursive: true, mode: 0o700 });
      while (entry.next) {
        const config = entry.next;
        await writeSessionFile(entry.path, config);
        if (entry.next === config) delete entry.next;
      }
      if (isRetry) this.#onSaving(id);
    } catch (error) {
      entry.retry = setTimeout(() => this.#write(id, entry), RETRY_MS);
      entry.retry.unref();
      this.#onSaving(id, error);
    }
  }

  /**
   * Forgets a session. Its name stays taken while the process lives, so that `restore` finds its place free.
   * @param dispose what becomes of the file, of which all is written then
   */
  async remove(id: string, dispose = (path: string) => rm(path, { force: true })): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    await entry.writing;
    clearTimeout(entry.retry);
    await dispose(entry.path);
  }

  /** A removed session's file is back. */
  restore(id: string, file: string): void {
    this.#entries.set(id, { path: join(this.folder, file) });
  }

  /** Resolves when nothing is being written; what could not be is tried for the last time. */
  async settled(): Promise<void> {
    await Promise.all([...this.#entries].map(([id, entry]) => (entry.next ? this.#write(id, entry) : entry.writing)));
    for (const { retry } of this.#entries.values()) clearTimeout(retry);
  }
}

/** What a crash has left of a write. Another engine on the folder may be in the middle of one. */
async function removeLeftover(path: string): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  if (status && Date.now() - status.mtimeMs > LEFTOVER_AFTER_MS) await rm(path, { force: true });
}

/** A file's name without its extension, or a stand-in where that is too long for an id. */
function idOf(stem: string): string {
  if (stem.length <= MAX_ID_CHARS) return stem;
  return createHash('sha256').update(stem).digest('hex').slice(0, 16);
}
