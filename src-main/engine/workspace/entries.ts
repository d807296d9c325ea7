// The sessions of an open workspace: which file each is, under which id, and the document that keeps both together. Knows
// what is in memory; what is on the disk is found out by open-workspace.ts.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SessionConfig } from '../../core/session-config.ts';
import type { Drafts } from '../../workspace/drafts.ts';
import { SessionDocument } from '../../workspace/session-document.ts';
import { isBelow, pathIn } from '../../workspace/workspace-path.ts';
import { freeName } from '../file-name.ts';
import { unsaved } from '../problem.ts';
import type { Session } from '../session/session.ts';

export interface EntryHost {
  readonly drafts: Drafts;
  /** Ids of sessions whose files are not where they were when they got them. */
  readonly ids: ReadonlyMap<string, string>;
  rememberIds(ids: ReadonlyMap<string, string>): void;
  /** Of a session of any kind. */
  isTaken(id: string): boolean;
  addSession(id: string, config: SessionConfig): Session;
  /** `unsaved` or `disk` of a session are others. */
  changed(session: Session): void;
}

export interface WorkspaceEntry {
  /** Of the session. */
  readonly id: string;
  path: string;
  /** Of the file when it was read last. */
  stamp: string;
  session: Session;
  document: SessionDocument;
}

export class WorkspaceEntries {
  readonly #root: string;
  readonly #host: EntryHost;
  /** By the session's id. */
  readonly #entries = new Map<string, WorkspaceEntry>();
  readonly #byPath = new Map<string, WorkspaceEntry>();
  /** What a file that comes to a path is called, where its path does not tell. */
  readonly #ids: Map<string, string>;

  /** `root`: the workspace's folder, absolute. */
  constructor(root: string, host: EntryHost) {
    this.#root = root;
    this.#host = host;
    this.#ids = new Map(host.ids);
  }

  get all(): WorkspaceEntry[] {
    return [...this.#entries.values()];
  }

  of(session: Session): WorkspaceEntry | undefined {
    return this.#entries.get(session.id);
  }

  at(path: string): WorkspaceEntry | undefined {
    return this.#byPath.get(path);
  }

  /** That at a path itself, and those below it. */
  below(path: string): WorkspaceEntry[] {
    return this.all.filter((entry) => isBelow(entry.path, path));
  }

  /** `of`: the session the file is of, if there is one already. */
  enter(path: string, stamp: string, text: string, config: SessionConfig, of?: Session): WorkspaceEntry {
    const id = of?.id ?? this.#idFor(path);
    const document = new SessionDocument(join(this.#root, path), text, config, {
      root: this.#root,
      config: () => entry.session.config,
      apply: (next) => entry.session.configure(next),
      changed: () => this.#host.changed(entry.session),
      failed: (error) => entry.session.reportSaving(unsaved(error)),
      recovered: () => entry.session.reportSaving(undefined),
      keepDraft: (draft) => this.#host.drafts.keep(entry.document.path, draft),
    });
    // A new session asks for its place while it is made.
    const entry = { id, path, stamp, document } as WorkspaceEntry;
    this.#entries.set(id, entry);
    this.#byPath.set(path, entry);
    entry.session = of ?? this.#host.addSession(id, config);
    return entry;
  }

  /** Its file is elsewhere. */
  place(entry: WorkspaceEntry, path: string): void {
    if (this.#byPath.get(entry.path) === entry) this.#byPath.delete(entry.path);
    entry.path = path;
    entry.stamp = '';
    entry.document.path = join(this.#root, path);
    this.#byPath.set(path, entry);
    this.expect(path, entry.id);
  }

  /** A file that comes to this path is the session that was called so before. */
  expect(path: string, id: string): void {
    this.#ids.set(path, id);
  }

  /** Its file is followed no more. */
  async forget(entry: WorkspaceEntry): Promise<void> {
    this.#entries.delete(entry.id);
    this.#byPath.delete(entry.path);
    await entry.document.dispose();
    await this.#host.drafts.keep(entry.document.path, undefined);
  }

  /** Resolves at a moment when what is below a path is saved, as far as it can be, and nothing is being written. */
  async quiet(path: string): Promise<void> {
    const documents = this.below(path).map(({ document }) => document);
    await Promise.all(documents.map((document) => document.unsaved && document.sync()));
    while (documents.some((document) => !document.idle))
      await Promise.all(documents.map((document) => document.sync()));
  }

  /** Has those ids remembered that could not be told from the path. */
  rememberIds(): void {
    const ids = new Map<string, string>();
    for (const [id, { path }] of this.#entries) if (id !== idOf(this.#root, path)) ids.set(path, id);
    this.#host.rememberIds(ids);
  }

  #idFor(path: string): string {
    const known = this.#ids.get(path);
    if (known !== undefined && !this.#host.isTaken(known)) return known;
    return freeName(idOf(this.#root, path), (id) => this.#host.isTaken(id));
  }
}

function idOf(root: string, path: string): string {
  return `w-${createHash('sha256')
    .update(`${root}\0${pathIn(root, join(root, path))}`)
    .digest('hex')
    .slice(0, 16)}`;
}
