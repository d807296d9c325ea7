// The folder of scratch captures: names new files, tells which there are, and keeps the folder bounded by removing the
// oldest. Never touches a file that a session shows.
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../core/system-error.ts';
import { fileName } from '../file-name.ts';
import { problem } from '../problem.ts';

/** What a scratch folder may hold: weeks of work for most people, and no surprise on the disk. */
const MAX_FILES = 200;
const MAX_BYTES = 2 * 1024 * 1024 * 1024;

const EXTENSION = '.pcapng';
/** What lies beside a capture: its name without extension, and one of these. */
const BESIDE = /\.(?:pcapng(?:\.index|\.derived)?|run\.json(?:\.[0-9a-f]+\.tmp)?)$/;

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
    await this.#make();
    const time = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
    const stem = `${fileName(name)}-${time}`;
    for (let number = 1; ; number += 1) {
      const path = this.pathOf(`${stem}${number > 1 ? `-${number}` : ''}`);
      try {
        await (await open(path, 'wx', 0o600)).close();
        return path;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
    }
  }

  async #make(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      // What the system says when it refuses to make folders that are missing.
      if (errorCode(error) !== 'ENOENT') throw error;
      throw problem(`The folder for captures ${this.#folder} cannot be made.`, {
        why: 'The disk is read-only, or not there any more.',
        next: 'Make it writable, or start with another data folder.',
        code: 'EROFS',
      });
    }
  }

  /** Whether a file lies in this folder, where nobody else writes. `path`: absolute and normal. */
  holds(path: string): boolean {
    return dirname(path) === this.#folder;
  }

  /** Of the capture of a stem. */
  pathOf(stem: string): string {
    return join(this.#folder, `${stem}${EXTENSION}`);
  }

  /** Of a capture in this folder. */
  stemOf(path: string): string {
    return basename(path, EXTENSION);
  }

  /** When a file was last added, removed or put in place of another; undefined: there is no folder yet. */
  async changedAt(): Promise<bigint | undefined> {
    const status = await stat(this.#folder, { bigint: true }).catch(() => undefined);
    return status?.mtimeNs;
  }

  /** The names of all files that belong to captures, by the captures' stems. */
  async names(): Promise<Map<string, string[]>> {
    const all = await readdir(this.#folder).catch(() => [] as string[]);
    const byStem = new Map<string, string[]>();
    for (const name of all) if (name.endsWith(EXTENSION)) byStem.set(name.slice(0, -EXTENSION.length), []);
    for (const name of all) byStem.get(name.replace(BESIDE, ''))?.push(name);
    return byStem;
  }

  /** What `names` tells, with sizes. */
  async measure(stem: string, names: readonly string[]): Promise<StoredCapture> {
    const path = this.pathOf(stem);
    const paths = names.map((name) => join(this.#folder, name));
    const stats = await Promise.all(paths.map((each) => stat(each).catch(() => undefined)));
    const status = stats[paths.indexOf(path)];
    return {
      stem,
      path,
      paths,
      sizeBytes: status?.size ?? 0,
      totalBytes: stats.reduce((sum, found) => sum + (found?.size ?? 0), 0),
      modifiedMs: status?.mtimeMs ?? 0,
    };
  }

  /**
   * Removes the oldest captures beyond the bounds, with what was kept beside them.
   * @param captures all that there are
   * @param inUse paths of captures to leave alone
   * @param kept paths of captures that a user keeps: they do not count towards the bounds
   */
  async prune(
    captures: readonly StoredCapture[],
    inUse: ReadonlySet<string>,
    kept: ReadonlySet<string> = new Set(),
  ): Promise<Removed> {
    const bounded = captures.filter(({ path }) => !kept.has(path)).sort((a, b) => a.modifiedMs - b.modifiedMs);
    let files = bounded.length;
    let bytes = bounded.reduce((sum, capture) => sum + capture.totalBytes, 0);
    const removed: Removed = { files: 0, bytes: 0 };
    for (const capture of bounded) {
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
}
