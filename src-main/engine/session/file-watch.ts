// Tells when one of some files has changed, appeared or gone, once for a burst of changes. Watches folders rather than
// files, because editors save by renaming.
import { type FSWatcher, unwatchFile, watch, watchFile } from 'node:fs';
import { dirname, join } from 'node:path';

/** Saving is several changes; a checkout is many. */
const SETTLE_MS = 150;
/** Where the system watches no folder (network drives, too many watches), files are looked at so often. */
const POLL_MS = 1000;

export class FileWatch {
  readonly #concerns: (path: string) => boolean;
  readonly #changed: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #polled = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** `concerns`: whether a file that is none of the watched ones matters, such as a new one beside them. */
  constructor(concerns: (path: string) => boolean, changed: () => void) {
    this.#concerns = concerns;
    this.#changed = changed;
  }

  /** Watches these files, and no others any more. `folders`: those of which any file may matter. Absolute paths. */
  watch(files: readonly string[], folders: readonly string[]): void {
    const wanted = new Set([...files.map(dirname), ...folders]);
    for (const [folder, watcher] of this.#watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    this.#unpoll();
    const known = new Set(files);
    for (const folder of wanted) {
      this.#watchers.get(folder)?.removeAllListeners('change');
      const watcher = this.#watchers.get(folder) ?? this.#open(folder, files);
      watcher?.on('change', (_type, name) => {
        const path = name === null ? undefined : join(folder, String(name));
        if (path === undefined || known.has(path) || this.#concerns(path)) this.#settle();
      });
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#unpoll();
  }

  #open(folder: string, files: readonly string[]): FSWatcher | undefined {
    const poll = () => this.#poll(files.filter((file) => dirname(file) === folder));
    try {
      const watcher = watch(folder, { persistent: false });
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(folder);
        poll();
      });
      this.#watchers.set(folder, watcher);
      return watcher;
    } catch {
      poll();
      return undefined;
    }
  }

  #poll(files: readonly string[]): void {
    for (const file of files) {
      this.#polled.add(file);
      watchFile(file, { persistent: false, interval: POLL_MS }, this.#settle);
    }
  }

  #unpoll(): void {
    for (const file of this.#polled) unwatchFile(file, this.#settle);
    this.#polled.clear();
  }

  #settle = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#changed, SETTLE_MS);
    this.#timer.unref();
  };
}
