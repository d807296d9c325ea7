// One open workspace: follows its folder, and what holds from the folders above it, and carries out orders about its files.
// What is done to it is done one thing after the other.
import { renameSync } from 'node:fs';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type { TreeNode } from '../../bridge/contract.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { movedPaths } from '../../workspace/config-paths.ts';
import { FolderWatch } from '../../workspace/folder-watch.ts';
import { isSame } from '../../workspace/plain.ts';
import type { SessionDocument } from '../../workspace/session-document.ts';
import { formatSessionFile, parseSessionFile } from '../../workspace/session-file.ts';
import { SETTINGS_FILE } from '../../workspace/settings-file.ts';
import { NOT_UTF8 } from '../../workspace/utf8-text.ts';
import { ENVIRONMENTS_FOLDER, listEnvironments } from '../../workspace/variable-file.ts';
import { readText, replaceText } from '../../workspace/whole-file.ts';
import {
  isBelow,
  joinPath,
  locate,
  locateForWriting,
  nameOf,
  parentOf,
  pathIn,
} from '../../workspace/workspace-path.ts';
import {
  type Scan,
  type ScannedFile,
  SESSION_EXTENSION,
  scanFile,
  scanWorkspace,
  TEMPORARY,
} from '../../workspace/workspace-scan.ts';
import { fileName } from '../file-name.ts';
import { problem, problemOf } from '../problem.ts';
import type { Session } from '../session/session.ts';
import { Turns } from '../turns.ts';
import { type EntryHost, WorkspaceEntries, type WorkspaceEntry } from './entries.ts';
import type { Place } from './place.ts';
import { WorkspaceSettings } from './settings.ts';
import { workspaceTree } from './tree.ts';

export interface OpenWorkspaceHost extends EntryHost {
  /** Ends it and forgets it; its file is not touched. */
  dropSession(session: Session): Promise<void>;
  /** What was found in the folder may be something else than before. */
  scanned(): void;
  /** The folder cannot be read any more: see `problem`. */
  lost(): void;
  log(line: string): void;
}

/** A file that is no session to work with. `problem` absent: it is about something else. */
interface Refused {
  stamp: string;
  problem?: string;
}

/** A session file that no session was made of yet. */
interface Arrival extends ScannedFile {
  text: string;
  config: SessionConfig;
}

/** Files that are read at the same time. */
const READS_AT_ONCE = 16;
/** A file without this key at its beginning is about something else: most YAML of the world is. */
const SESSION_KEY = /^\s*\{?\s*["']?wirescope["']?\s*:/m;
const RETRY_MS = 2000;
/** Who writes a file takes less. */
const LEFTOVER_AFTER_MS = 60_000;

export class OpenWorkspace {
  /** Absolute. */
  readonly root: string;
  readonly #host: OpenWorkspaceHost;
  readonly #watch: FolderWatch;
  readonly #entries: WorkspaceEntries;
  readonly #refused = new Map<string, Refused>();
  readonly #settings: WorkspaceSettings;
  #scan: Scan = { files: [], settings: [], folders: [], leftovers: [] };
  #environments: readonly string[] = [];
  /** Of the files that may be those of environments. */
  #environmentStamps = '';
  #environmentsRevision = 0;
  readonly #turns = new Turns();
  #isScanDue = false;
  #retry: NodeJS.Timeout | undefined;
  #problem: string | undefined;
  #isClosed = false;

  constructor(root: string, host: OpenWorkspaceHost) {
    this.root = root;
    this.#host = host;
    this.#entries = new WorkspaceEntries(root, host);
    this.#settings = new WorkspaceSettings(root);
    this.#watch = new FolderWatch(root, (paths) => this.#follow(paths));
  }

  get scan(): Scan {
    return this.#scan;
  }

  get name(): string {
    return this.#settings.name ?? basename(this.root);
  }

  /** Where the settings begin that hold in it: its own folder, or one above. Absolute. */
  get settingsRoot(): string {
    return this.#settings.root;
  }

  /** Sorted names. */
  get environments(): readonly string[] {
    return this.#environments;
  }

  /** Rises when a file of an environment may say something else. */
  get environmentsRevision(): number {
    return this.#environmentsRevision;
  }

  /** Where the files of environments may lie; that of the first counts. */
  get environmentFolders(): readonly string[] {
    return this.settingsRoot === this.root ? [this.root] : [this.settingsRoot, this.root];
  }

  /** Why the folder cannot be read now. What was found in it before still stands. */
  get problem(): string | undefined {
    return this.#problem;
  }

  tree(): TreeNode[] {
    const broken = [...this.#refused].flatMap(([path, { problem: what }]): [string, string][] =>
      what === undefined ? [] : [[path, what]],
    );
    return workspaceTree({
      sessions: new Map(this.#entries.all.map(({ path, id }) => [path, id])),
      broken: new Map([...broken, ...this.#settings.broken()]),
      folders: this.#scan.folders,
    });
  }

  holds(session: Session): boolean {
    return this.#entries.of(session) !== undefined;
  }

  document(session: Session): SessionDocument | undefined {
    return this.#entries.of(session)?.document;
  }

  /** Undefined for a session of another place. */
  place(session: Session): Place | undefined {
    const entry = this.#entries.of(session);
    if (!entry) return undefined;
    return {
      in: 'workspace',
      path: entry.path,
      folder: dirname(entry.document.path),
      root: this.root,
      settingsRoot: this.settingsRoot,
      settings: this.#settings.above(entry.path),
    };
  }

  /** What is wrong with the settings that hold for a session. */
  settingsProblem(session: Session): string | undefined {
    const path = this.#entries.of(session)?.path;
    return path === undefined ? undefined : this.#settings.problem(path);
  }

  /** Runs an order when those before it are done. */
  inTurn<T>(order: () => Promise<T>): Promise<T> {
    return this.#turns.take(order);
  }

  /** Reads what is new or has changed in the folder. Call in turn. Rejects if the folder cannot be read. */
  async rescan(): Promise<void> {
    let isStale = true;
    while (isStale && !this.#isClosed) {
      const scan = await scanWorkspace(this.root);
      if (this.#isClosed) return;
      this.#scan = scan;
      const isOther = await this.#settings.read(scan.settings);
      isStale = this.#watch.watch(this.#watched());
      await this.#readEnvironments();
      await this.#readSessions(scan);
      if (isOther) this.refresh();
    }
    await this.#removeLeftovers();
    this.#problem = undefined;
    this.#host.scanned();
  }

  /** What the sessions inherit is another. */
  refresh(): void {
    for (const { session } of this.#entries.all) session.refresh();
  }

  /** A new session file in a folder, named as the session. Call in turn. */
  async create(config: SessionConfig, folder: string): Promise<Session> {
    return await this.#createFile(folder, config.name, formatSessionFile(config), config);
  }

  /** Gives a session that has none here a file in a folder. Call in turn. */
  async adopt(session: Session, folder: string): Promise<void> {
    const { config } = session;
    await this.#createFile(folder, config.name, formatSessionFile(config), config, session);
  }

  /** A file beside another with a text of the same kind. Call in turn. */
  async createBeside(path: string, text: string): Promise<Session> {
    const config = parseSessionFile(text, nameOf(path));
    return await this.#createFile(parentOf(path), config.name, text, config);
  }

  /** The session of a file; its text is up to date when this has resolved. Throws a ProblemError. */
  async saved(path: string): Promise<{ session: Session; document: SessionDocument }> {
    const entry = this.#entries.at(path);
    if (!entry) throw problem(`There is no session at ${path}.`, { code: 'NO_SESSION' });
    await entry.document.sync();
    return entry;
  }

  /** Renames on the disk; the sessions, and the names of files in them, follow. Call in turn. */
  async move(from: string, to: string): Promise<void> {
    const source = await locate(this.root, from);
    const target = await locate(this.root, to);
    await mkdir(dirname(target), { recursive: true });
    await this.#entries.quiet(from);
    // At once: no write may fall between the move and what follows from it.
    renameSync(source, target);
    const moves: { entry: WorkspaceEntry; before: string }[] = [];
    for (const entry of this.#entries.all) {
      const before = dirname(entry.document.path);
      if (isBelow(entry.path, from)) this.#entries.place(entry, to + entry.path.slice(from.length));
      moves.push({ entry, before });
    }
    for (const { entry, before } of moves) {
      const { session, document } = entry;
      const after = dirname(document.path);
      const config = movedPaths(session.config, before, after, { from: source, to: target });
      if (!isSame(config, session.config)) {
        session.configure(config);
        document.touch();
      } else if (before !== after) session.refresh();
    }
    this.#entries.rememberIds();
    await Promise.all(moves.map(({ entry }) => entry.document.unsaved && entry.document.sync()));
    await this.rescan();
  }

  /**
   * Ends the sessions at a path and below it, once `dispose` has done with the file or folder what it wants. Resolves with
   * what makes them again when their files are back. Call in turn.
   */
  async remove(path: string, dispose: (file: string) => Promise<void>): Promise<() => Promise<void>> {
    const file = await locate(this.root, path);
    await this.#entries.quiet(path);
    await dispose(file);
    const gone = this.#entries.below(path).map((entry) => ({ entry, config: entry.session.config }));
    for (const { entry } of gone) await this.drop(entry.session);
    await this.rescan();
    return async () => {
      for (const { entry } of gone) this.#entries.expect(entry.path, entry.id);
      await this.rescan();
      for (const { entry, config } of gone) {
        const session = this.#entries.at(entry.path)?.session;
        // What its file does not say, such as passwords, is back as well.
        if (session) session.configure(config);
      }
    };
  }

  /** Forgets a session; its file is not touched. */
  async drop(session: Session): Promise<void> {
    const entry = this.#entries.of(session);
    if (!entry) return;
    await this.#entries.forget(entry);
    await this.#host.dropSession(session);
  }

  /** Saves what can be saved, and follows the folder no more. The sessions stay with whoever has them. */
  async close(): Promise<Session[]> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    this.#watch.dispose();
    await this.#turns.settled();
    const entries = this.#entries.all;
    await Promise.all(entries.map(({ document }) => document.unsaved && document.sync()));
    await Promise.all(entries.map(({ document }) => document.dispose()));
    return entries.map(({ session }) => session);
  }

  #watched(): { path: string; identity: string }[] {
    const above = this.#settings.foldersAbove;
    const environments = above.length > 0 ? [join(this.settingsRoot, ENVIRONMENTS_FOLDER)] : [];
    return [
      ...[...above, ...environments].map((path) => ({ path, identity: '' })),
      ...this.#scan.folders.map(({ path, identity }) => ({ path: join(this.root, path), identity })),
    ];
  }

  /** Whether a change of this file, or folder, may concern the workspace. */
  #concerns(path: string): boolean {
    if (path.startsWith(this.root + sep)) return !TEMPORARY.test(path);
    const environments = join(this.settingsRoot, ENVIRONMENTS_FOLDER);
    return basename(path) === SETTINGS_FILE || path === environments || dirname(path) === environments;
  }

  /** Files of sessions are read alone: their own saves are among the changes. */
  #follow(paths: ReadonlySet<string> | undefined): void {
    if (this.#isScanDue || this.#isClosed) return;
    const relevant = paths && [...paths].filter((path) => this.#concerns(path));
    const known = relevant?.map((path) => this.#entries.at(pathIn(this.root, path)));
    if (known?.every((entry) => entry !== undefined)) {
      for (const { document } of known) void document.sync();
      return;
    }
    this.#isScanDue = true;
    this.inTurn(() => {
      this.#isScanDue = false;
      return this.rescan();
    }).catch((error) => {
      const { what } = problemOf(error);
      this.#host.log(`workspace not read: ${what}`);
      this.#problem = `${this.root} cannot be read any more. What is changed is kept here, and saved when it is back.`;
      this.#host.lost();
      // A folder that has gone tells nobody when it is back.
      this.#retry = setTimeout(() => this.#follow(undefined), RETRY_MS).unref();
    });
  }

  async #readEnvironments(): Promise<void> {
    const folders = this.environmentFolders;
    const names = await Promise.all(folders.map(listEnvironments));
    this.#environments = [...new Set(names.flat())].sort();
    const files = folders.flatMap((folder, at) =>
      names[at]!.map((name) => join(folder, ENVIRONMENTS_FOLDER, name + SESSION_EXTENSION)),
    );
    const stamps = JSON.stringify(await Promise.all(files.map((file) => scanFile('', file))));
    if (stamps === this.#environmentStamps) return;
    this.#environmentStamps = stamps;
    this.#environmentsRevision += 1;
  }

  async #readSessions(scan: Scan): Promise<void> {
    const present = new Set(scan.files.map(({ path }) => path));
    for (const path of this.#refused.keys()) if (!present.has(path)) this.#refused.delete(path);
    const arrivals: Arrival[] = [];
    const queue = scan.files.filter(({ path, stamp }) => this.#refused.get(path)?.stamp !== stamp);
    const read = async () => {
      for (let file = queue.shift(); file; file = queue.shift()) {
        const entry = this.#entries.at(file.path);
        if (!entry) {
          const arrival = await this.#readArrival(file);
          if (arrival) arrivals.push(arrival);
        } else if (entry.stamp !== file.stamp) {
          entry.stamp = file.stamp;
          await entry.document.sync();
        }
      }
    };
    await Promise.all(Array.from({ length: READS_AT_ONCE }, read));
    const gone = this.#entries.all.filter(({ path }) => !present.has(path));
    for (const entry of gone) {
      entry.stamp = '';
      // Somebody renamed it: git does.
      const same = arrivals.filter(({ text }) => text === entry.document.text);
      const isOnly = same.length === 1 && gone.filter(({ document }) => document.text === same[0]!.text).length === 1;
      if (isOnly && !entry.document.unsaved) {
        arrivals.splice(arrivals.indexOf(same[0]!), 1);
        this.#entries.place(entry, same[0]!.path);
        entry.session.refresh();
        await entry.document.sync();
      } else if (entry.document.disk?.state !== 'removed') await entry.document.sync();
    }
    for (const arrival of arrivals.sort((a, b) => (a.path < b.path ? -1 : 1))) await this.#arrive(arrival);
    this.#entries.rememberIds();
  }

  async #readArrival(file: ScannedFile): Promise<Arrival | undefined> {
    const { path, stamp } = file;
    this.#refused.delete(path);
    try {
      const text = (await readText(join(this.root, path))) ?? '';
      if (SESSION_KEY.test(text)) return { ...file, text, config: parseSessionFile(text, nameOf(path)) };
      this.#refused.set(path, { stamp });
    } catch (error) {
      const { what, code } = problemOf(error);
      const isOther = code === NOT_UTF8 && !SESSION_KEY.test(await readFile(join(this.root, path), 'latin1'));
      this.#refused.set(path, isOther ? { stamp } : { stamp, problem: what });
    }
    return undefined;
  }

  async #arrive({ path, stamp, text, config }: Arrival): Promise<void> {
    const { session, document } = this.#entries.enter(path, stamp, text, config);
    const draft = await this.#host.drafts.read(document.path);
    if (!draft) return;
    document.rebase(draft.base);
    session.configure(draft.config);
    document.touch();
    await document.sync();
  }

  async #createFile(folder: string, name: string, text: string, config: SessionConfig, of?: Session): Promise<Session> {
    const stem = fileName(name);
    for (let number = 1; ; number += 1) {
      const path = joinPath(folder, `${number === 1 ? stem : `${stem}-${number}`}${SESSION_EXTENSION}`);
      if (this.#entries.at(path)) continue;
      const file = await locateForWriting(this.root, await locate(this.root, path));
      if ((await stat(file).catch(() => undefined)) || !(await replaceText(file, undefined, text))) continue;
      const entry = this.#entries.enter(path, '', text, parseSessionFile(text, nameOf(path)), of);
      if (!isSame(config, entry.session.config)) entry.session.configure(config);
      this.#entries.rememberIds();
      await this.rescan();
      return entry.session;
    }
  }

  async #removeLeftovers(): Promise<void> {
    for (const path of this.#scan.leftovers) {
      const file = join(this.root, path);
      const status = await stat(file).catch(() => undefined);
      if (status && Date.now() - status.mtimeMs > LEFTOVER_AFTER_MS) await rm(file, { force: true });
    }
  }
}
