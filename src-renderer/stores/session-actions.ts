// Orders to the engine about sessions. Edits are shown at once and sent soon; whatever needs them sends them
// first, so that no stale value is ever used.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SavedMessage, SessionConfig } from '../../src-main/core/session-config.ts';
import { bridge } from '../bridge/bridge.ts';
import { desktop } from '../bridge/host.ts';
import { uploadFile } from '../bridge/upload.ts';
import { freeName, newConfig, withValue } from './config-edit.ts';
import { attempt, ENGINE_GONE, problemOf, reportProblem } from './problem.ts';
import {
  closeTab,
  configOf,
  dropSession,
  openTab,
  putSession,
  shownSessions,
  useSessions,
  without,
} from './sessions.ts';
import { offerUndo } from './undoing.ts';

/** An edit is sent after so long, however fast others follow: the engine then saves it within a second of the typing. */
const SEND_AFTER_MS = 300;

/** What an edit that is still to be sent was made of; after each sending, what was sent. */
const bases = new Map<string, SessionConfig>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const sending = new Map<string, Promise<void>>();

/** Changes a session's config. Shown at once. */
export function editConfig(id: string, change: (config: SessionConfig) => SessionConfig): void {
  const config = configOf(useSessions.getState(), id);
  if (!config) return;
  const next = change(config);
  if (next === config) return;
  if (!useSessions.getState().edits[id]) bases.set(id, config);
  useSessions.setState(({ edits }) => ({ edits: { ...edits, [id]: next } }));
  if (timers.has(id)) return;
  timers.set(
    id,
    setTimeout(() => void saveEdits(id), SEND_AFTER_MS),
  );
}

/** Sends what was typed, now. False when the engine refused it; the reason stands in `editProblems`. */
export async function saveEdits(id: string): Promise<boolean> {
  clearTimeout(timers.get(id));
  timers.delete(id);
  const turn = (sending.get(id) ?? Promise.resolve()).then(() => sendEdit(id));
  sending.set(id, turn);
  await turn;
  return useSessions.getState().editProblems[id] === undefined;
}

/** Sends all that was typed, now. */
export async function saveAllEdits(): Promise<void> {
  await Promise.all(Object.keys(useSessions.getState().edits).map(saveEdits));
}

async function sendEdit(id: string): Promise<void> {
  const config = useSessions.getState().edits[id];
  if (!config) return;
  try {
    const base = bases.get(id);
    const session = await bridge.call('sessions.update', { session: id, config, ...(base && { base }) });
    bases.set(id, config);
    putSession(session);
    useSessions.setState((state) => ({
      // Typed on meanwhile: that edit waits for its own turn.
      edits: state.edits[id] === config ? without(state.edits, id) : state.edits,
      editProblems: without(state.editProblems, id),
    }));
  } catch (error) {
    useSessions.setState(({ editProblems }) => ({ editProblems: { ...editProblems, [id]: problemOf(error) } }));
  }
}

/**
 * Connects or listens with what was typed last; true when that is done. A failure stands in `startProblems`, and shows
 * under the address.
 */
export async function startSession(id: string): Promise<boolean> {
  if (!(await saveEdits(id))) return false;
  useSessions.setState(({ startProblems }) => ({ startProblems: without(startProblems, id) }));
  try {
    await bridge.call('sessions.start', { session: id });
    return true;
  } catch (error) {
    const problem = problemOf(error);
    if (problem.code === ENGINE_GONE) return false;
    useSessions.setState(({ startProblems }) => ({ startProblems: { ...startProblems, [id]: problem } }));
    return false;
  }
}

export async function stopSession(id: string): Promise<void> {
  await attempt(() => bridge.call('sessions.stop', { session: id }));
}

function takenNames(): string[] {
  return shownSessions(useSessions.getState()).map((session) => session.config.name);
}

/** In a folder of the workspace; undefined: the scratch area. */
async function createSession(config: SessionConfig, folder?: string): Promise<SessionState | undefined> {
  const session = await attempt(() =>
    bridge.call('sessions.create', { config, ...(folder === undefined ? {} : { folder }) }),
  );
  if (session) show(session);
  return session;
}

function show(session: SessionState): void {
  putSession(session);
  openTab(session.id);
}

export function createNewSession(
  role: 'client' | 'server',
  protocol: SessionConfig['protocol'],
  folder?: string,
): Promise<SessionState | undefined> {
  return createSession(newConfig(role, protocol, takenNames()), folder);
}

/** The same again beside it, under a free name. */
export async function duplicateSession(id: string): Promise<void> {
  if (!(await saveEdits(id))) return;
  // Read only now: its file may have been moved meanwhile.
  const session = useSessions.getState().byId[id];
  if (!session) return;
  const { config, place } = session;
  if (place.in === 'scratch') {
    await createSession({ ...config, name: freeName(`${config.name} copy`, takenNames()) });
    return;
  }
  const copy = await attempt(() => bridge.call('workspace.duplicate', { path: place.path }));
  if (copy) show(copy);
}

export function renameSession(id: string, name: string): void {
  const trimmed = name.trim();
  if (trimmed === '') return;
  editConfig(id, (config) => (config.name === trimmed ? config : withValue(config, 'name', trimmed)));
  void saveEdits(id);
}

/** Ends it and removes its file. It can be had back, tab and all. A capture's own file stays where it is. */
export async function deleteSession(id: string): Promise<void> {
  const session = useSessions.getState().byId[id];
  if (!session) return;
  const wasOpen = useSessions.getState().tabs.includes(id);
  await saveEdits(id);
  const name = configOf(useSessions.getState(), id)?.name ?? session.config.name;
  const isDone = await attempt(async () => (await bridge.call('sessions.remove', { session: id })) === null);
  if (!isDone) return;
  closeTab(id);
  dropSession(id);
  if (session.config.role === 'capture' && session.place.in === 'scratch') return;
  offerUndo(name, wasOpen ? [session.place] : []);
}

export async function tryIt(): Promise<void> {
  const session = await attempt(() => bridge.call('sessions.tryIt', {}));
  if (session) show(session);
}

/** Opens a capture that was dropped or picked: by its path on the desktop, uploaded from a browser. */
export async function openCaptureFile(file: File): Promise<void> {
  const path = desktop?.pathOf(file);
  if (desktop && path) return desktop.openPath(path);
  const session = await attempt(async () => bridge.call('captures.open', { upload: await uploadFile(file) }));
  if (session) show(session);
}

export async function openCapturePath(path: string): Promise<void> {
  const session = await attempt(() => bridge.call('captures.open', { path }));
  if (session) show(session);
}

/** Replaces the saved messages, at once. */
export async function saveMessages(id: string, change: (messages: SavedMessage[]) => SavedMessage[]): Promise<void> {
  editConfig(id, (config) => {
    const messages = change(config.messages ?? []);
    return withValue(config, 'messages', messages.length > 0 ? messages : undefined);
  });
  if (!(await saveEdits(id))) reportProblem(new Error(useSessions.getState().editProblems[id]?.what));
}
