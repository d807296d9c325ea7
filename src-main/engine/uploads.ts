// Files that a browser hands over in pieces, because it may not name paths: captures to open, contents, certificates.
// An upload lives in a folder of its own; what no session names any more is removed at the next start.
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileName } from './file-name.ts';
import { problem } from './problem.ts';

/** Uploads under way at a time. Whoever goes away in the middle of one says nothing, so the oldest makes room. */
const MAX_OPEN = 16;

interface Upload {
  path: string;
  file: FileHandle;
  sizeBytes: number;
  received: number;
  /** Pieces are written one after the other, whatever order their calls finish in. */
  last: Promise<void>;
}

export class Uploads {
  readonly #folder: string;
  readonly #open = new Map<string, Upload>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async begin(name: string, sizeBytes: number): Promise<{ upload: string }> {
    const upload = randomBytes(8).toString('hex');
    const folder = join(this.#folder, upload);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, fileName(name));
    const file = await open(path, 'wx', 0o600);
    this.#open.set(upload, { path, file, sizeBytes, received: 0, last: Promise.resolve() });
    const [oldest] = this.#open;
    if (oldest && this.#open.size > MAX_OPEN) await this.#abandon(...oldest);
    return { upload };
  }

  async append(upload: string, bytes: Uint8Array): Promise<{ received: number }> {
    const found = this.#find(upload);
    if (found.received + bytes.length > found.sizeBytes) {
      await this.#abandon(upload, found);
      throw problem('The upload is longer than it said.', { code: 'UPLOAD' });
    }
    found.received += bytes.length;
    found.last = found.last.then(() => found.file.appendFile(bytes));
    await found.last;
    return { received: found.received };
  }

  /** The path of the whole file. */
  async finish(upload: string): Promise<{ path: string }> {
    const found = this.#find(upload);
    if (found.received < found.sizeBytes) {
      throw problem('The upload is not complete.', {
        why: `${found.received} of ${found.sizeBytes} bytes have arrived.`,
        code: 'UPLOAD',
      });
    }
    try {
      await found.last;
    } catch (error) {
      await this.#abandon(upload, found);
      throw error;
    }
    this.#open.delete(upload);
    await found.file.close();
    return { path: found.path };
  }

  /** Removes uploads of earlier runs, except those whose path `named` knows. */
  async prune(named: (path: string) => boolean): Promise<void> {
    for (const upload of await readdir(this.#folder).catch(() => [] as string[])) {
      const folder = join(this.#folder, upload);
      const files = await readdir(folder).catch(() => [] as string[]);
      if (!this.#open.has(upload) && !files.some((file) => named(join(folder, file))))
        await rm(folder, { recursive: true, force: true });
    }
  }

  /** Ends uploads that are under way. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#open].map(([upload, found]) => this.#abandon(upload, found)));
  }

  async #abandon(upload: string, found: Upload): Promise<void> {
    this.#open.delete(upload);
    await found.last.catch(() => {});
    await found.file.close();
    await rm(join(this.#folder, upload), { recursive: true, force: true });
  }

  #find(upload: string): Upload {
    const found = this.#open.get(upload);
    if (!found) throw problem('There is no such upload.', { next: 'Start it again.', code: 'UPLOAD' });
    return found;
  }
}
