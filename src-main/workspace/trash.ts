// Where removed files go: a folder of the data folder, one folder for each removal, so that it can be undone. Bounded by
// forgetting the oldest.
import { randomBytes } from 'node:crypto';
import { cp, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../core/system-error.ts';

/** Removals that are kept. */
const MAX_REMOVALS = 200;

export class Trash {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Moves a file or folder here. Resolves with what brings it back: that rejects with EEXIST if its place is taken. */
  async take(path: string): Promise<() => Promise<void>> {
    // Sorts by time.
    const name = `${Date.now().toString(36).padStart(9, '0')}-${randomBytes(4).toString('hex')}`;
    const folder = join(this.#folder, name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const kept = join(folder, basename(path));
    await moveTo(path, kept);
    await this.#forget();
    return async () => {
      if (await exists(path)) {
        const message = `Something else is at ${path} already`;
        throw Object.assign(new Error(message), { code: 'EEXIST', path, syscall: 'rename' });
      }
      await mkdir(dirname(path), { recursive: true });
      await moveTo(kept, path);
      await rm(folder, { recursive: true, force: true });
    };
  }

  async #forget(): Promise<void> {
    const names = (await readdir(this.#folder)).sort();
    for (const name of names.slice(0, Math.max(0, names.length - MAX_REMOVALS)))
      await rm(join(this.#folder, name), { recursive: true, force: true });
  }
}

/** Another disk takes a copy only. */
async function moveTo(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
    await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await rm(from, { recursive: true });
  }
}

/** A link that leads nowhere is there, too. */
function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
