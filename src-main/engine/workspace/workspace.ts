// The workspace of the engine: none or one open folder, what is remembered of it and of others, and the methods that are
// about it. Beside it are the scratch sessions, of which it knows nothing.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionState, WorkspaceState } from '../../bridge/contract.ts';
import type { SessionConfig } from '../../core/session-config.ts';
import { withRelativePaths } from '../../workspace/config-paths.ts';
import { Drafts } from '../../workspace/drafts.ts';
import { mergeConfigs } from '../../workspace/merge-configs.ts';
import { withDefaults } from '../../workspace/settings-file.ts';
import type { Trash } from '../../workspace/trash.ts';
import { locate, nameOf, namesOf } from '../../workspace/workspace-path.ts';
import type { MethodsOf } from '../methods.ts';
import { problem, problemOf } from '../problem.ts';
import type { Session } from '../session/session.ts';
import { Turns } from '../turns.ts';
import { type Environment, Environments } from './environments.ts';
import { inheritedSettings } from './inherited-settings.ts';
import { WorkspaceMemory } from './memory.ts';
import { OpenWorkspace, type OpenWorkspaceHost } from './open-workspace.ts';
import { createFolder, duplicate, move, requireShown, workspaceRoot } from './orders.ts';
import type { Place } from './place.ts';
import type { Removal, Removals } from './removals.ts';

export interface WorkspaceHost
  extends Pick<OpenWorkspaceHost, 'isTaken' | 'addSession' | 'dropSession' | 'changed' | 'log'> {
  readonly dataFolder: string;
  /** The bundled samples; absent: there are none. */
  readonly samplesFolder?: string;
  /** Removals of scratch sessions are there as well. */
  readonly removals: Removals;
  readonly trash: Trash;
  /** The workspace's state is another. */
  stateChanged(): void;
  /** What all sessions inherit is another. */
  refreshAll(): void;
}

export class Workspace {
  readonly methods: MethodsOf<'workspace'> & MethodsOf<'environments'>;
  readonly #host: WorkspaceHost;
  readonly #memory: WorkspaceMemory;
  readonly #drafts: Drafts;
  #open: OpenWorkspace | undefined;
  readonly #environments: Environments;
  /** The state that was announced last, as JSON. */
  #shown = '';
  /** Opening and closing, one after the other. */
  readonly #turns = new Turns();

  constructor(host: WorkspaceHost) {
    this.#host = host;
    this.#memory = new WorkspaceMemory(join(host.dataFolder, 'workspaces.json'), (line) => host.log(line));
    this.#drafts = new Drafts(join(host.dataFolder, 'drafts'));
    this.#environments = new Environments({
      required: () => this.#required(),
      open: () => this.#open,
      remember: ({ root }, name) => this.#memory.selectEnvironment(root, name),
      discard: async (open, file, label) => {
        const bringBack = await host.trash.take(file);
        this.#removed(open, label, bringBack, () => open.rescan());
      },
      changed: () => {
        host.refreshAll();
        this.changed();
      },
    });
    this.methods = { ...this.#methods(), ...this.#environments.methods };
  }

  /** Opens a folder, or the one that was open last, if there still is one. Rejects only for a folder that is given. */
  async begin(folder: string | undefined): Promise<void> {
    await this.#memory.load();
    const last = this.#memory.open;
    if (folder !== undefined) await this.open(folder, false);
    else if (last !== null)
      await this.open(last, false).catch((error) => this.#host.log(`workspace not opened: ${problemOf(error).what}`));
  }

  get folder(): string | null {
    return this.#open?.root ?? null;
  }

  /** Where the settings of the open folder begin: there, or in a folder above. */
  get settingsRoot(): string | null {
    return this.#open?.settingsRoot ?? null;
  }

  get environment(): Environment | null {
    return this.#environments.selected;
  }

  /** Undefined for a scratch session. */
  place(session: Session): Place | undefined {
    return this.#open?.place(session);
  }

  holds(session: Session): boolean {
    return this.#open?.holds(session) ?? false;
  }

  /** What its state tells of its file, and of those above. */
  beside(session: Session): Pick<SessionState, 'unsaved' | 'disk' | 'inherited'> {
    const document = this.#open?.document(session);
    const place = this.place(session);
    if (!document || !place) return {};
    const { disk } = document;
    const inherited = inheritedSettings(session.config, place.settings, place.folder);
    return {
      ...(document.unsaved && { unsaved: true as const }),
      ...(disk && { disk: { conflicts: [], ...disk } }),
      ...(inherited.length > 0 && { inherited }),
    };
  }

  /** A session's config with what it inherits from the folders above. Throws a ProblemError if they cannot be read. */
  inherited(session: Session): SessionConfig {
    const wrong = this.#open?.settingsProblem(session);
    if (wrong !== undefined) throw problem(wrong, { next: 'Correct the file.', code: 'SETTINGS' });
    const place = this.place(session);
    const unread = place && this.environment?.problem;
    if (unread)
      throw problem(unread, { next: 'Correct the file, or select another environment.', code: 'ENVIRONMENT' });
    return place ? withDefaults(session.config, place.settings, place.folder) : session.config;
  }

  /** An edit of one of its sessions. `base`: what it was made of. Its file follows soon. */
  update(session: Session, config: SessionConfig, base: SessionConfig | undefined): void {
    const document = this.#open?.document(session);
    if (!document) return;
    const merged = mergeConfigs(base ?? session.config, config, session.config);
    if (base && merged.conflicts.length > 0) document.unlearn(base);
    session.configure(merged.config);
    document.touch();
  }

  async create(config: SessionConfig, folder: string): Promise<Session> {
    const open = this.#required();
    requireShown(folder);
    return await open.inTurn(() => open.create(config, folder));
  }

  /** Moves a session of the scratch area here: `release` removes its file there. */
  async adopt(session: Session, folder: string, release: () => Promise<void>): Promise<void> {
    const open = this.#required();
    requireShown(folder);
    await open.inTurn(async () => {
      const target = await locate(open.root, folder);
      session.configure(withRelativePaths(session.config, open.root, target));
      await open.adopt(session, folder);
      await release();
      session.refresh();
    });
  }

  async resolveDisk(session: Session, take: 'mine' | 'theirs'): Promise<void> {
    const open = this.#open;
    const document = open?.document(session);
    if (!open || !document?.disk) return;
    if (take === 'theirs' && document.disk.state === 'removed') await open.inTurn(() => this.#forget(open, session));
    else await document.resolve(take);
  }

  /** Removes one of its sessions with its file. */
  async removeSession(session: Session): Promise<void> {
    const open = this.#open;
    const path = open?.place(session)?.path;
    if (!open || path === undefined) return;
    if (open.document(session)?.disk?.state === 'removed') await open.inTurn(() => this.#forget(open, session));
    else await this.#remove(path, session.config.name);
  }

  async open(folder: string, create: boolean): Promise<WorkspaceState> {
    return await this.#turns.take(async () => {
      const root = await workspaceRoot(folder, create);
      if (this.#open?.root === root) {
        // Its sessions may be running.
        const same = this.#open;
        await same.inTurn(() => same.rescan());
        return this.state();
      }
      await this.#close();
      const open = new OpenWorkspace(root, this.#hostOf(root));
      this.#open = open;
      try {
        await open.inTurn(() => open.rescan());
      } catch (error) {
        await this.#close();
        throw error;
      }
      this.#memory.opened(root, open.name);
      await this.#environments.read(this.#memory.environment(root));
      return this.state();
    });
  }

  state(): WorkspaceState {
    const open = this.#open;
    const truncated = open?.scan.truncated;
    const lost = open?.problem;
    return {
      folder: open?.root ?? null,
      name: open?.name ?? '',
      recent: this.#memory.recent,
      tree: open?.tree() ?? [],
      environments: [...(open?.environments ?? [])],
      environment: this.environment?.name ?? null,
      undo: this.#host.removals.last(open?.root)?.label ?? null,
      ...(open && { environmentsRevision: open.environmentsRevision }),
      ...(truncated !== undefined && { truncated }),
      ...(lost !== undefined && { problem: lost }),
    };
  }

  /** Saves what can be saved. The sessions are disposed of by whoever has them. */
  async dispose(): Promise<void> {
    await this.#turns.settled();
    await this.#open?.close();
    await this.#memory.settled();
  }

  #hostOf(root: string): OpenWorkspaceHost {
    const { isTaken, addSession, dropSession, changed, log } = this.#host;
    return {
      ...{ isTaken, addSession, dropSession, changed, log },
      drafts: this.#drafts,
      ids: this.#memory.ids(root),
      rememberIds: (ids) => this.#memory.rememberIds(root, ids),
      scanned: () => {
        if (this.#open?.root !== root) return;
        this.changed();
        void this.#environments.read();
      },
      lost: () => this.changed(),
    };
  }

  /** Says so if what is shown is something else than was said last. */
  changed(): void {
    const shown = JSON.stringify(this.state());
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#host.stateChanged();
  }

  async #close(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    const sessions = await open.close();
    this.#open = undefined;
    this.#environments.forget();
    for (const session of sessions) await this.#host.dropSession(session);
    this.changed();
  }

  #required(): OpenWorkspace {
    if (this.#open) return this.#open;
    throw problem('No workspace is open.', { next: 'Open a folder first.', code: 'NO_WORKSPACE' });
  }

  async #forget(open: OpenWorkspace, session: Session): Promise<void> {
    await open.drop(session);
    this.changed();
  }

  async #remove(path: string, label: string): Promise<void> {
    const open = this.#required();
    await open.inTurn(async () => {
      let bringBack = async () => {};
      const again = await open.remove(path, async (file) => {
        bringBack = await this.#host.trash.take(file);
      });
      this.#removed(open, label, bringBack, again);
    });
  }

  /** `again`: what the workspace does when the files are back, if it was not closed meanwhile. */
  #removed(open: OpenWorkspace, label: string, bringBack: () => Promise<void>, again: () => Promise<void>): void {
    const restore = async () => {
      const now = this.#required();
      await now.inTurn(async () => {
        await bringBack();
        await (now === open ? again() : now.rescan());
      });
    };
    this.#host.removals.add({ label, root: open.root, restore });
    this.changed();
  }

  async #undo(): Promise<void> {
    const { removals } = this.#host;
    const last: Removal | undefined = removals.last(this.#open?.root);
    if (!last) throw problem('There is nothing to bring back.', { code: 'NOTHING' });
    await last.restore();
    removals.drop(last);
    this.changed();
  }

  async #openSamples(): Promise<WorkspaceState> {
    const { samplesFolder, dataFolder } = this.#host;
    if (samplesFolder === undefined) throw problem('This installation has no samples.', { code: 'NO_SAMPLES' });
    const folder = join(dataFolder, 'samples');
    // What the user made of them stays.
    await cp(samplesFolder, folder, { recursive: true, force: false, errorOnExist: false });
    return await this.open(folder, false);
  }

  #methods(): MethodsOf<'workspace'> {
    const done = async (order: Promise<unknown>): Promise<null> => {
      await order;
      return null;
    };
    return {
      'workspace.state': () => this.state(),
      'workspace.open': ({ folder, create = false }) => this.open(folder, create),
      'workspace.close': () =>
        done(
          this.#turns.take(async () => {
            await this.#close();
            this.#memory.closed();
            this.changed();
          }),
        ),
      'workspace.forget': ({ folder }) => {
        if (folder !== this.folder) this.#memory.forget(folder);
        this.changed();
        return null;
      },
      'workspace.createFolder': ({ path }) => done(createFolder(this.#required(), path)),
      'workspace.move': (order) => done(move(this.#required(), order)),
      'workspace.duplicate': async ({ path }) => (await duplicate(this.#required(), path)).state(),
      'workspace.remove': ({ path }) => {
        if (namesOf(path).length === 0) throw problem('The workspace itself is not removed here.');
        return done(this.#remove(path, nameOf(path)));
      },
      'workspace.undo': () => done(this.#undo()),
      'workspace.openSamples': () => this.#openSamples(),
    };
  }
}
