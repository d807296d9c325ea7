// The folder of scratch captures: names new files and keeps the folder bounded by removing the oldest. Never touches a
// file that a session shows.
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileName } from './file-name.ts';

/** What a scratch folder may hold: weeks of work for most people, and no surprise on the disk. */
const MAX_FILES = 200;
const MAX_BYTES = 2 * 1024 * 1024 * 1024;

const EXTENSION = '.pcapng';

/** A capture file of the folder and what lies beside it. */
export interface StoredCapture {
  /** The file's name without extension: those beside it begin with it. */
  stem: string;
  path: string;
  /** Of the file and those beside it. */
  paths: string[];
  sizeBytes: number;
  /** With what lies beside it. */
  totalBytes: number;
  modifiedMs: number;
}

export interface Removed {
  files: number;
  bytes: number;
}

export class CaptureFolder {
  readonly #folder: string;
  readonly #maxFiles: number;
  readonly #maxBytes: number;

  constructor(folder: string, maxFiles = MAX_FILES, maxBytes = MAX_BYTES) {
    this.#folder = folder;
    this.#maxFiles = maxFiles;
    this.#maxBytes = maxBytes;
  }

  /**
   * The path of a new file, as `Seed-chat-20260728-170900.pcapng`. The file is there, empty, so that nobody else gets
   * the same: neither another session nor another engine.
   */
  async newPath(name: string, now: Date): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const time = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
    const stem = `${fileName(name)}-${time}`;
    for (let number = 1; ; number += 1) {
      const path = join(this.#folder, `${stem}${number > 1 ? `-${number}` : ''}${EXTENSION}`);
      try {
        await (await open(path, 'wx', 0o600)).close();
        return path;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  /** Whether a file lies in this folder, where nobody else writes. `path`: absolute and normal. */
  holds(path: string): boolean {
    return dirname(path) === this.#folder;
  }

  /**
   * Removes the oldest captures beyond the bounds, with what was kept beside them.
   * @param inUse paths of captures to leave alone
   * @param kept paths of captures that a user keeps: they do not count towards the bounds
   */
  async prune(inUse: ReadonlySet<string>, kept: ReadonlySet<string> = new Set()): Promise<Removed> {
    const captures = (await this.captures()).filter(({ path }) => !kept.has(path)).reverse();
    let files = captures.length;
    let bytes = captures.reduce((sum, capture) => sum + capture.totalBytes, 0);
    const removed: Removed = { files: 0, bytes: 0 };
    for (const capture of captures) {
      if (files <= this.#maxFiles && bytes <= this.#maxBytes) break;
      if (inUse.has(capture.path)) continue;
      await this.remove(capture);
      files -= 1;
      bytes -= capture.totalBytes;
      removed.files += 1;
      removed.bytes += capture.totalBytes;
    }
    return removed;
  }

  /** Removes a capture and what lies beside it. */
  async remove({ paths }: Pick<StoredCapture, 'paths'>): Promise<void> {
    for (const path of paths) await rm(path, { force: true });
  }

  /** Every capture, newest first. */
  async captures(): Promise<StoredCapture[]> {
    const names = await readdir(this.#folder).catch(() => [] as string[]);
    const stems = names.filter((name) => name.endsWith(EXTENSION)).map((name) => name.slice(0, -EXTENSION.length));
    const captures = await Promise.all(
      stems.map(async (stem): Promise<StoredCapture> => {
        const path = join(this.#folder, stem + EXTENSION);
        const paths = names.filter((name) => name.startsWith(`${stem}.`)).map((name) => join(this.#folder, name));
        const stats = await Promise.all([path, ...paths].map((each) => stat(each).catch(() => undefined)));
        const [own, ...all] = stats;
        return {
          stem,
          path,
          paths,
          sizeBytes: own?.size ?? 0,
          totalBytes: all.reduce((sum, found) => sum + (found?.size ?? 0), 0),
          modifiedMs: own?.mtimeMs ?? 0,
        };
      }),
    );
    return captures.sort((a, b) => b.modifiedMs - a.modifiedMs);
  }
}
