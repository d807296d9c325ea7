// The wirescope.yaml files that hold in an open workspace, those of the folders above it too: read again when they have
// changed, and asked for what holds at a path.
import { dirname, join } from 'node:path';
import {
  type FolderSettings,
  findRoot,
  foldersFrom,
  parseSettings,
  SETTINGS_FILE,
  type SettingsOf,
} from '../../workspace/settings-file.ts';
import { readText } from '../../workspace/whole-file.ts';
import { isBelow, parentOf, pathIn } from '../../workspace/workspace-path.ts';
import { type ScannedFile, scanFile } from '../../workspace/workspace-scan.ts';
import { problemOf } from '../problem.ts';

interface Found {
  /** Of its folder in the workspace; undefined: it lies above. */
  path?: string;
  stamp: string;
  settings?: FolderSettings;
  /** Why the file cannot be used. */
  problem?: string;
}

export class WorkspaceSettings {
  readonly #folder: string;
  #root: string;
  /** By the absolute path of their folder, farthest first. */
  #found = new Map<string, Found>();

  /** `folder`: the workspace's, absolute. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#root = folder;
  }

  /** The topmost folder whose settings hold, as `wirescope run` finds it. The workspace's own if none above has any. */
  get root(): string {
    return this.#root;
  }

  /** What the workspace calls itself. */
  get name(): string | undefined {
    return this.#found.get(this.#folder)?.settings?.name;
  }

  /** The folders above the workspace in which settings may lie. */
  get foldersAbove(): string[] {
    return this.#root === this.#folder ? [] : foldersFrom(this.#root, dirname(this.#folder));
  }

  /** Takes over what the files say now: those of the workspace, and those above. True if that is something else than before. */
  async read(files: readonly ScannedFile[]): Promise<boolean> {
    const [before, rootBefore] = [this.#found, this.#root];
    this.#root = await findRoot(this.#folder);
    const found = new Map<string, Found>();
    const read = async (folder: string, stamp: string, path?: string) => {
      const known = before.get(folder);
      const now = known?.stamp === stamp ? known : await this.#readFile(join(folder, SETTINGS_FILE), stamp);
      found.set(folder, { ...now, ...(path !== undefined && { path }) });
    };
    for (const folder of this.foldersAbove) {
      const file = await scanFile(folder, SETTINGS_FILE);
      if (file) await read(folder, file.stamp);
    }
    const nearerLast = [...files].sort((one, other) => one.path.length - other.path.length);
    for (const { path, stamp } of nearerLast) {
      const folder = parentOf(path);
      await read(join(this.#folder, folder), stamp, folder);
    }
    this.#found = found;
    return this.#root !== rootBefore || JSON.stringify([...found]) !== JSON.stringify([...before]);
  }

  /** Those that hold for a file, farthest first. */
  above(path: string): SettingsOf[] {
    return this.#above(path).flatMap(([folder, { settings }]) => (settings ? [{ folder, settings }] : []));
  }

  /** What is wrong with those that hold for a file. */
  problem(path: string): string | undefined {
    return this.#above(path).find(([, found]) => found.problem !== undefined)?.[1].problem;
  }

  /** Path of a file of the workspace that cannot be used → why. */
  broken(): [string, string][] {
    return [...this.#found].flatMap(([folder, { path, problem }]): [string, string][] =>
      path === undefined || problem === undefined ? [] : [[pathIn(this.#folder, join(folder, SETTINGS_FILE)), problem]],
    );
  }

  #above(path: string): [string, Found][] {
    return [...this.#found].filter(([, found]) => found.path === undefined || isBelow(parentOf(path), found.path));
  }

  async #readFile(file: string, stamp: string): Promise<Found> {
    try {
      return { stamp, settings: parseSettings((await readText(file)) ?? '', pathIn(this.#folder, file)) };
    } catch (error) {
      return { stamp, problem: problemOf(error).what };
    }
  }
}
