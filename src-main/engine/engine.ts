// The engine: all sessions, what outlives them on disk, and one method for each of the bridge's contract. Imports no
// electron and no transport; whoever shows it sits behind the bridge.
import { join } from 'node:path';
import type { Announcement, AppInfo, Input, MethodName, Output } from '../bridge/contract.ts';
import { removeLeftIndexFolders } from '../capture/index/index-folder.ts';
import type { SessionConfig } from '../core/session-config.ts';
import { relativePath } from '../workspace/config-paths.ts';
import { mergeConfigs } from '../workspace/merge-configs.ts';
import { Trash } from '../workspace/trash.ts';
import { Announcer } from './announcer.ts';
import { createCaptures } from './captures.ts';
import { composeMethods } from './compose.ts';
import { checkFilter, listFilterFields } from './filters.ts';
import { CaptureFolder } from './history/capture-folder.ts';
import { History } from './history/history.ts';
import { createHistoryGroup } from './history/methods.ts';
import type { GroupHost, Method } from './methods.ts';
import type { EngineParts } from './parts.ts';
import { isInternal, ProblemError, problem, problemOf, unsaved } from './problem.ts';
import { createScripts } from './scripts/scripts.ts';
import { sessionMethods } from './session/methods.ts';
import { Session, type SessionHost } from './session/session.ts';
import { SessionStore } from './session/store.ts';
import { tryIt } from './try-it.ts';
import { Unsent } from './unsent.ts';
import { Uploads } from './uploads.ts';
import { createVariables, type SecretOptions } from './variables.ts';
import type { Place } from './workspace/place.ts';
import { Removals } from './workspace/removals.ts';
import { Workspace } from './workspace/workspace.ts';

export interface EngineOptions extends SecretOptions {
  /** Absolute path. Captures, sessions and uploads live below it. */
  dataFolder: string;
  /** Folder to open as workspace instead of the one that was open last. Absolute path. */
  workspace?: string;
  /** The bundled samples. Absolute path. */
  samplesFolder?: string;
  host: AppInfo['host'];
  version: string;
  parts: EngineParts;
  /** Takes a line about what no session can show. */
  log(line: string): void;
}

type Methods = { [M in MethodName]: Method<M> };

export interface Engine {
  /** `input` must have passed the contract's schema. Rejects with anything; problemOf() makes a Problem of it. */
  call<M extends MethodName>(method: M, input: Input<M>): Promise<Output[M]>;
  /** Returns its own undoing. */
  listen(listener: (announcement: Announcement) => void): () => void;
  /** The file of a session's capture with all that was written so far; undefined if it has none. */
  captureFile(session: string): Promise<string | undefined>;
  /** Stops all sessions and finishes their captures. */
  dispose(): Promise<void>;
}

/** Loads what earlier runs left. Rejects if the data folder cannot be used. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { dataFolder, log } = options;
  const sessions = new Map<string, Session>();
  const announcer = new Announcer();
  const store = new SessionStore(join(dataFolder, 'sessions'), (id, error) =>
    sessions.get(id)?.reportSaving(error === undefined ? undefined : unsaved(error)),
  );
  const captureFolder = new CaptureFolder(join(dataFolder, 'captures'));
  const uploads = new Uploads(join(dataFolder, 'uploads'));
  const trash = new Trash(join(dataFolder, 'trash'));
  const removals = new Removals();

  const host: SessionHost = {
    parts: options.parts,
    place,
    effective,
    beside(session) {
      const script = scripts.state(session);
      return { ...workspace.beside(session), ...(script && { script }) };
    },
    newCapture: (session, config) => history.record(session, config),
    variables: (session) => variables.of(session),
    isOwnCapture: (path) => captureFolder.holds(path),
    // A session that was removed still ends what ran: nobody wants to hear of it.
    changed: (session) => sessions.get(session.id) === session && announcer.changed(session),
    typed: (session) => sessions.get(session.id) === session && announcer.typed(session),
    grown: (session) => sessions.get(session.id) === session && announcer.grown(session),
  };

  const groupHost: GroupHost = {
    dataFolder,
    app: options.host,
    parts: options.parts,
    session: find,
    sessions: () => sessions.values(),
    create,
    openCapture,
    forget,
    place,
    workspace: () => workspace,
    changed: (session) => host.changed(session),
    log,
  };
  const history = new History(captureFolder, groupHost);
  const historyGroup = createHistoryGroup(history, groupHost);
  const scripts = createScripts(groupHost, history);
  const workspace = new Workspace({
    dataFolder,
    ...(options.samplesFolder !== undefined && { samplesFolder: options.samplesFolder }),
    trash,
    removals,
    isTaken: (id) => sessions.has(id),
    addSession: add,
    dropSession: drop,
    changed: (session) => host.changed(session),
    stateChanged: () => announcer.workspaceChanged(),
    refreshAll() {
      for (const session of sessions.values()) session.refresh();
    },
    log,
  });
  const variables = createVariables(groupHost, options);
  const captures = createCaptures(groupHost, uploads);
  const unsent = new Unsent(join(dataFolder, 'unsent'), log);

  const loaded = await store.load();
  for (const { id, config } of loaded.sessions) add(id, config);
  for (const found of loaded.problems) log(`session not loaded: ${found.what}`);
  await workspace.begin(options.workspace);
  await removeLeftIndexFolders();
  await uploads.prune((path) => [...sessions.values()].some(({ config }) => names(config, path)));

  function find(id: string): Session {
    const session = sessions.get(id);
    if (!session) throw problem('There is no such session.', { why: 'It may have been closed.', code: 'NO_SESSION' });
    return session;
  }

  function place(session: Session): Place {
    const found = workspace.place(session);
    if (found) return found;
    return { in: 'scratch', path: store.fileOf(session.id), folder: store.folder, settings: [] };
  }

  function effective(session: Session): SessionConfig {
    return workspace.inherited(session);
  }

  function add(id: string, config: SessionConfig): Session {
    const session = new Session(id, config, host);
    sessions.set(id, session);
    announcer.changed(session);
    return session;
  }

  /** A session of the scratch area. */
  function create(config: SessionConfig): Session {
    const session = add(
      store.reserve(config.name, (id) => sessions.has(id)),
      config,
    );
    save(session);
    return session;
  }

  /** `base`: what the edit was made of. */
  function configure(session: Session, config: SessionConfig, base?: SessionConfig): void {
    if (workspace.holds(session)) workspace.update(session, config, base);
    else {
      session.configure(base ? mergeConfigs(base, config, session.config).config : config);
      save(session);
    }
  }

  /** Does not wait for the disk; a failure is shown in the session. */
  function save(session: Session): void {
    void store.save(session.id, session.config);
  }

  /** Ends a session; its file is not touched. */
  async function drop(session: Session): Promise<void> {
    sessions.delete(session.id);
    announcer.removed(session);
    await session.dispose();
  }

  /** Removes a session so that it can be brought back. */
  async function remove(session: Session): Promise<void> {
    if (workspace.holds(session)) return await workspace.removeSession(session);
    const { id, config } = session;
    const file = store.fileOf(id);
    await drop(session);
    await store.remove(id, async (path) => {
      const bringBack = await trash.take(path);
      const restore = async () => {
        await bringBack();
        store.restore(id, file);
        add(id, config);
      };
      removals.add({ label: config.name, restore });
    });
    workspace.changed();
  }

  async function forget(session: Session): Promise<void> {
    await drop(session);
    await store.remove(session.id);
  }

  async function openCapture(config: SessionConfig): Promise<Session> {
    const session = create(config);
    try {
      await session.start();
    } catch (error) {
      await forget(session);
      throw error;
    }
    return session;
  }

  /** The session that an earlier "try it" made of this config, or a new one. */
  function reuse(config: SessionConfig): Session {
    const { name, role, protocol } = config;
    const same = [...sessions.values()].find(
      ({ config: other }) => other.name === name && other.role === role && other.protocol === protocol,
    );
    return same ?? create(config);
  }

  const implementation: Methods = {
    'app.info': () => ({
      name: 'Wirescope',
      version: options.version,
      host: options.host,
      platform: process.platform,
      node: process.versions.node,
      pid: process.pid,
      dataFolder,
    }),
    'sessions.list': () => [...sessions.values()].map((session) => session.state()),
    'sessions.create': async ({ config, folder }) =>
      (folder === undefined ? create(config) : await workspace.create(config, folder)).state(),
    'sessions.update': ({ session: id, config, base }) => {
      const session = find(id);
      configure(session, config, base);
      return session.state();
    },
    'sessions.remove': async ({ session }) => {
      await remove(find(session));
      return null;
    },
    'sessions.place': async ({ session: id, folder }) => {
      const session = find(id);
      if (workspace.holds(session))
        throw problem('This session is in the workspace already.', { next: 'Move it there.' });
      await workspace.adopt(session, folder, () => store.remove(id));
      return session.state();
    },
    'sessions.resolveDisk': async ({ session, take }) => {
      await workspace.resolveDisk(find(session), take);
      return null;
    },
    'sessions.nameFiles': ({ session, paths }) => {
      const { settingsRoot, folder } = place(find(session));
      if (settingsRoot === undefined) return { paths };
      return { paths: paths.map((path) => relativePath(path, settingsRoot, folder)) };
    },
    'sessions.tryIt': async () => (await tryIt({ reuse, configure })).state(),
    ...sessionMethods(find),
    ...captures.methods,
    ...composeMethods(groupHost, variables.mask, store.folder),
    ...workspace.methods,
    ...variables.methods,
    ...historyGroup.methods,
    ...scripts.methods,
    ...unsent.methods,
    'filter.fields': () => listFilterFields(),
    'filter.check': ({ filter }) => checkFilter(filter),
  };

  return {
    async call(method, input) {
      try {
        return await implementation[method](input);
      } catch (error) {
        const found = problemOf(error);
        const masked = variables.mask.problem(found);
        if (isInternal(masked)) log(`${method}: ${masked.details}`);
        throw masked === found ? error : new ProblemError(masked);
      }
    },
    listen: (listener) => announcer.listen(listener),
    captureFile: captures.file,
    async dispose() {
      await scripts.dispose();
      await Promise.all([...sessions.values()].map((session) => session.dispose()));
      await Promise.all([
        store.settled(),
        uploads.dispose(),
        workspace.dispose(),
        historyGroup.dispose(),
        unsent.settled(),
      ]);
      await history.dispose();
      announcer.dispose();
    },
  };
}

/** Whether a config names a file anywhere. */
function names(config: SessionConfig, path: string): boolean {
  return JSON.stringify(config).includes(JSON.stringify(path).slice(1, -1));
}
