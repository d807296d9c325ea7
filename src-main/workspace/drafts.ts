// Edits that could not be written into their session files, because somebody else had changed those: kept in the data
// folder until the contradiction is ended. Without secrets, like the files themselves.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sessionConfigSchema } from '../core/session-config.ts';
import { writeWhole } from './session-file.ts';

const draftSchema = z.strictObject({ base: sessionConfigSchema, config: sessionConfigSchema });
export type Draft = z.infer<typeof draftSchema>;

export class Drafts {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `path`: of the session file, absolute. undefined: forgets it. */
  async keep(path: string, draft: Draft | undefined): Promise<void> {
    const file = this.#fileOf(path);
    if (!draft) return await rm(file, { force: true });
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeWhole(file, JSON.stringify(draft));
  }

  /** Undefined: there is none, or it cannot be read any more. */
  async read(path: string): Promise<Draft | undefined> {
    const text = await readFile(this.#fileOf(path), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    try {
      return draftSchema.safeParse(JSON.parse(text)).data;
    } catch {
      return undefined;
    }
  }

  #fileOf(path: string): string {
    return join(this.#folder, `${createHash('sha256').update(path).digest('hex').slice(0, 32)}.json`);
  }
}
