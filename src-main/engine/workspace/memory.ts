// What is remembered of workspaces beside their folders, in the data folder: which were open, which is, and for each the
// selected environment and the ids of sessions whose files have moved.
import { basename } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../../workspace/session-file.ts';
import { readText } from '../../workspace/whole-file.ts';

const MAX_RECENT = 20;
const MAX_IDS = 5000;

const entrySchema = z.object({
  folder: z.string(),
  name: z.string(),
  environment: z.string().nullable(),
  /** Path of a session file → id. */
  ids: z.record(z.string(), z.string()),
});
type Entry = z.infer<typeof entrySchema>;

const memorySchema = z.object({ open: z.string().nullable(), recent: z.array(entrySchema) });

export class WorkspaceMemory {
  readonly #path: string;
  readonly #log: (line: string) => void;
  #open: string | null = null;
  /** Newest first. */
  #recent: Entry[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, log: (line: string) => void) {
    this.#path = path;
    this.#log = log;
  }

  /** What earlier runs left; nothing if it cannot be read. */
  async load(): Promise<void> {
    try {
      const text = await readText(this.#path);
      if (text === undefined) return;
      const { open, recent } = memorySchema.parse(JSON.parse(text));
      this.#open = open;
      this.#recent = recent;
    } catch (error) {
      this.#log(`recent workspaces forgotten: ${String(error)}`);
    }
  }

  /** The folder that was open last; null if it was closed. */
  get open(): string | null {
    return this.#open;
  }

  get recent(): { folder: string; name: string }[] {
    return this.#recent.map(({ folder, name }) => ({ folder, name }));
  }

  opened(folder: string, name: string): void {
    const known = this.#recent.find((entry) => entry.folder === folder);
    const others = this.#recent.filter((entry) => entry !== known);
    this.#open = folder;
    this.#recent = [{ environment: null, ids: {}, ...known, folder, name }, ...others].slice(0, MAX_RECENT);
    this.#write();
  }

  forget(folder: string): void {
    this.#recent = this.#recent.filter((entry) => entry.folder !== folder);
    this.#write();
  }

  closed(): void {
    this.#open = null;
    this.#write();
  }

  environment(folder: string): string | null {
    return this.#entry(folder)?.environment ?? null;
  }

  selectEnvironment(folder: string, environment: string | null): void {
    const entry = this.#entry(folder);
    if (!entry || entry.environment === environment) return;
    entry.environment = environment;
    this.#write();
  }

  ids(folder: string): ReadonlyMap<string, string> {
    return new Map(Object.entries(this.#entry(folder)?.ids ?? {}));
  }

  rememberIds(folder: string, ids: ReadonlyMap<string, string>): void {
    const entry = this.#entry(folder);
    if (!entry) return;
    const next = Object.fromEntries([...ids].slice(-MAX_IDS));
    if (JSON.stringify(next) === JSON.stringify(entry.ids)) return;
    entry.ids = next;
    this.#write();
  }

  /** Resolves when all is written. */
  settled(): Promise<void> {
    return this.#writing;
  }

  #entry(folder: string): Entry | undefined {
    return this.#recent.find((entry) => entry.folder === folder);
  }

  #write(): void {
    this.#writing = this.#writing.then(async () => {
      const memory = { open: this.#open, recent: this.#recent };
      await writeWhole(this.#path, JSON.stringify(memory, null, 2)).catch((error: unknown) =>
        this.#log(`${basename(this.#path)} not written: ${String(error)}`),
      );
    });
  }
}
