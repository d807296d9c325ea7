// Where session configs outlive the process: one YAML file each, written as soon as they change. A file that cannot be
// read is reported and left alone, its name never reused.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Problem } from '../core/event.ts';
import type { SessionConfig } from '../core/session-config.ts';
import { readSessionFile, writeSessionFile } from '../workspace/session-file.ts';
import { fileName, freeName } from './file-name.ts';
import { problemOf } from './problem.ts';

const EXTENSION = '.yaml';
const MAX_ID_CHARS = 64;

interface Entry {
  path: string;
  /** What is to be written next, if a write is under way. */
  next?: SessionConfig;
  writing?: Promise<void>;
}

export class SessionStore {
  readonly folder: string;
  readonly #entries = new Map<string, Entry>();
  /** File names without extension that are taken, by sessions or by files that hold none. */
  readonly #stems = new Set<string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** All sessions of the folder by name, and what is wrong with the files that hold none. Creates the folder. */
  async load(): Promise<{ sessions: { id: string; config: SessionConfig }[]; problems: Problem[] }> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const sessions: { id: string; config: SessionConfig }[] = [];
    const problems: Problem[] = [];
    for (const name of (await readdir(this.folder)).sort()) {
      if (!name.endsWith(EXTENSION)) continue;
      const stem = name.slice(0, -EXTENSION.length);
      this.#stems.add(stem);
      try {
        const config = await readSessionFile(join(this.folder, name));
        sessions.push({ id: this.#enter(stem), config });
      } catch (error) {
        problems.push(problemOf(error));
      }
    }
    return { sessions, problems };
  }

  /** The id of a new session. It keeps it, and its file, when it is renamed. `isTaken`: by a session of another place. */
  reserve(name: string, isTaken: (id: string) => boolean = () => false): string {
    // Another engine may have made files here since they were read.
    const stem = freeName(
      fileName(name),
      (candidate) =>
        this.#stems.has(candidate) || isTaken(idOf(candidate)) || existsSync(join(this.folder, candidate + EXTENSION)),
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
    this.#entries.set(id, { path: join(this.folder, stem + EXTENSION) });
    return id;
  }

  /** Resolves when this config, or a later one of the same session, is on disk. */
  save(id: string, config: SessionConfig): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return Promise.resolve();
    entry.next = config;
    entry.writing ??= this.#write(entry);
    return entry.writing;
  }

  async #write(entry: Entry): Promise<void> {
    try {
      while (entry.next) {
        const config = entry.next;
        delete entry.next;
        await writeSessionFile(entry.path, config);
      }
    } finally {
      delete entry.writing;
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
    await entry.writing?.catch(() => {});
    await dispose(entry.path);
  }

  /** A removed session's file is back. */
  restore(id: string, file: string): void {
    this.#entries.set(id, { path: join(this.folder, file) });
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#entries.values()].map((entry) => entry.writing));
  }
}

/** A file's name without its extension, or a stand-in where that is too long for an id. */
function idOf(stem: string): string {
  if (stem.length <= MAX_ID_CHARS) return stem;
  return createHash('sha256').update(stem).digest('hex').slice(0, 16);
}
