// The app's log: a few local files, the oldest thrown away, each line scrubbed. Written at once, so that the last line
// before a crash is there; nothing that happens often may be logged.
import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { scrub } from './scrub.ts';

const MAX_FILE_BYTES = 1024 * 1024;
const OLD_FILES = 3;

export class LogFile {
  readonly folder: string;
  readonly path: string;
  readonly #maxBytes: number;

  constructor(folder: string, maxBytes = MAX_FILE_BYTES) {
    this.folder = folder;
    this.path = join(folder, 'wirescope.log');
    this.#maxBytes = maxBytes;
  }

  /** `source`: main, engine, window. Lines of `text` become lines of the log. Never throws. */
  write(source: string, text: string): void {
    const time = new Date().toISOString();
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      this.#rotate();
      appendFileSync(this.path, lines.map((line) => `${time} ${source}: ${scrub(line)}\n`).join(''), { mode: 0o600 });
    } catch {
      // Where nothing can be written there is nobody to tell.
    }
  }

  #rotate(): void {
    const size = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
    if (size < this.#maxBytes) return;
    rmSync(`${this.path}.${OLD_FILES}`, { force: true });
    for (let age = OLD_FILES - 1; age >= 1; age--) {
      if (statSync(`${this.path}.${age}`, { throwIfNoEntry: false }))
        renameSync(`${this.path}.${age}`, `${this.path}.${age + 1}`);
    }
    renameSync(this.path, `${this.path}.1`);
  }
}
