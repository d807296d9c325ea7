// The wirescope.yaml files of an open workspace: read again when they have changed, and asked for what holds at a path.
import { join } from 'node:path';
import { type FolderSettings, parseSettings, SETTINGS_FILE, type SettingsOf } from '../workspace/settings-file.ts';
import { readText } from '../workspace/whole-file.ts';
import { isBelow, joinPath, parentOf } from '../workspace/workspace-path.ts';
import type { ScannedFile } from '../workspace/workspace-scan.ts';
import { problemOf } from './problem.ts';

interface Found {
  stamp: string;
  settings?: FolderSettings;
  /** Why the file cannot be used. */
  problem?: string;
}

export class WorkspaceSettings {
  readonly #root: string;
  /** By the path of their folder. */
  #found = new Map<string, Found>();

  constructor(root: string) {
    this.#root = root;
  }

  /** What the workspace calls itself. */
  get name(): string | undefined {
    return this.#found.get('')?.settings?.name;
  }

  /** Takes over what the files say now. True if that is something else than before. */
  async read(files: readonly ScannedFile[]): Promise<boolean> {
    const before = this.#found;
    const found = new Map<string, Found>();
    for (const file of files) {
      const folder = parentOf(file.path);
      const known = before.get(folder);
      found.set(folder, known?.stamp === file.stamp ? known : await this.#readFile(file));
    }
    this.#found = found;
    return JSON.stringify([...found]) !== JSON.stringify([...before]);
  }

  /** Those that hold for a file, farthest first. */
  above(path: string): SettingsOf[] {
    return this.#above(path).flatMap(([folder, { settings }]) =>
      settings ? [{ folder: join(this.#root, folder), settings }] : [],
    );
  }

  /** What is wrong with those that hold for a file. */
  problem(path: string): string | undefined {
    return this.#above(path).find(([, found]) => found.problem !== undefined)?.[1].problem;
  }

  /** Path of a file that cannot be used → why. */
  broken(): [string, string][] {
    return [...this.#found].flatMap(([folder, { problem }]): [string, string][] =>
      problem === undefined ? [] : [[joinPath(folder, SETTINGS_FILE), problem]],
    );
  }

  #above(path: string): [string, Found][] {
    return [...this.#found]
      .filter(([folder]) => isBelow(parentOf(path), folder))
      .sort(([one], [other]) => one.length - other.length);
  }

  async #readFile({ path, stamp }: ScannedFile): Promise<Found> {
    try {
      return { stamp, settings: parseSettings((await readText(join(this.#root, path))) ?? '', path) };
    } catch (error) {
      return { stamp, problem: problemOf(error).what };
    }
  }
}
