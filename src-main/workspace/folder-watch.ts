// Tells what in a tree of folders has changed, once for a burst. Where the system watches no folders (network
// drives, too many watches) it tells at intervals that something may have.
import { type FSWatcher, watch as watchFile } from 'node:fs';
import { join, sep } from 'node:path';
import { errorCode } from '../core/system-error.ts';

/** Saving is several changes; a checkout is many. */
const SETTLE_MS = 120;
/** A long checkout is told of before it ends. */
const MAX_SETTLE_MS = 1000;
const POLL_MS = 2000;
/** Elsewhere a recursive watch would watch each file of the tree, node_modules too. */
const IS_RECURSIVE = process.platform === 'darwin' || process.platform === 'win32';

export interface WatchOptions {
  /** Between two looks, where the system watches no folders. */
  pollMs?: number;
  /** The system's own way to watch a folder. */
  watch?: typeof watchFile;
}

export class FolderWatch {
  readonly #root: string;
  readonly #changed: (paths: ReadonlySet<string> | undefined) => void;
  readonly #pollMs: number;
  readonly #watchFile: typeof watchFile;
  /** By folder and identity. */
  readonly #watchers = new Map<string, FSWatcher>();
  #poll: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #firstMs = 0;
  /** Since it told last. */
  #paths: Set<string> | undefined = new Set();

  /** `changed` gets absolute paths; undefined: it may be anything. */
  constructor(
    root: string,
    changed: (paths: ReadonlySet<string> | undefined) => void,
    { pollMs = POLL_MS, watch = watchFile }: WatchOptions = {},
  ) {
    this.#root = root;
    this.#changed = changed;
    this.#pollMs = pollMs;
    this.#watchFile = watch;
  }

  /**
   * Watches these folders and no others any more; some may lie above the root. True if some were not watched before: what
   * was read of them then may have changed since. `path`: absolute; `identity`: another if the folder is another by the
   * same name.
   */
  watch(folders: readonly { path: string; identity: string }[]): boolean {
    const watched = IS_RECURSIVE ? folders.filter(({ path }) => !path.startsWith(this.#root + sep)) : folders;
    const wanted = new Map(watched.map(({ path, identity }) => [`${identity} ${path}`, path]));
    for (const [key, watcher] of this.#watchers) {
      if (wanted.has(key)) continue;
      watcher.close();
      this.#watchers.delete(key);
    }
    const opened = [...wanted].filter(([key]) => !this.#watchers.has(key));
    for (const [key, path] of opened) this.#open(key, path);
    return this.#poll === undefined && opened.some(([key]) => this.#watchers.has(key));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#poll);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #open(key: string, folder: string): void {
    try {
      const recursive = IS_RECURSIVE && folder === this.#root;
      const watcher = this.#watchFile(folder, { persistent: false, recursive });
      this.#watchers.set(key, watcher);
      watcher.on('change', (_type, name) => this.#settle(name === null ? undefined : join(folder, String(name))));
      watcher.on('error', () => {
        watcher.close();
        if (this.#watchers.get(key) === watcher) this.#watchers.delete(key);
        this.#settle(undefined);
      });
    } catch (error) {
      // It has gone: whoever holds it has changed, too.
      if (errorCode(error) === 'ENOENT') return;
      this.#poll ??= setInterval(() => this.#changed(undefined), this.#pollMs).unref();
    }
  }

  #settle(path: string | undefined): void {
    if (path === undefined) this.#paths = undefined;
    else this.#paths?.add(path);
    const now = performance.now();
    if (this.#timer === undefined) this.#firstMs = now;
    clearTimeout(this.#timer);
    const waitMs = Math.min(SETTLE_MS, Math.max(0, this.#firstMs + MAX_SETTLE_MS - now));
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const paths = this.#paths;
      this.#paths = new Set();
      this.#changed(paths);
    }, waitMs);
    this.#timer.unref();
  }
}
