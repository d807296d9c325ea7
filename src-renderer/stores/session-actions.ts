// Orders to the engine about sessions. Edits are shown at once and sent after a pause; whatever needs them sends them
// first, so that no stale value is ever used.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SavedMessage, SessionConfig } from '../../src-main/core/session-config.ts';
import { bridge } from '../bridge/bridge.ts';
import { desktop } from '../bridge/host.ts';
import { uploadFile } from '../bridge/upload.ts';
import { showToast } from '../ui/toast.tsx';
import { freeName, newConfig, withValue } from './config-edit.ts';
import { ENGINE_GONE, problemOf, reportProblem } from './problem.ts';
import { closeTab, configOf, isRunning, openTab, putSession, shownSessions, useSessions, without } from './sessions.ts';

/** Pause in typing after which an edit is sent. */
const EDIT_PAUSE_MS = 300;

const timers = new Map<string, ReturnType<typeof setTimeout>>();
const sending = new Map<string, Promise<void>>();

/** Changes a session's config. Shown at once. */
export function editConfig(id: string, change: (config: SessionConfig) => SessionConfig): void {
  const config = configOf(useSessions.getState(), id);
  if (!config) return;
  const next = change(config);
  if (next === config) return;
  useSessions.setState(({ edits }) => ({ edits: { ...edits, [id]: next } }));
  clearTimeout(timers.get(id));
  timers.set(
    id,
    setTimeout(() => void saveEdits(id), EDIT_PAUSE_MS),
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

async function sendEdit(id: string): Promise<void> {
  const config = useSessions.getState().edits[id];
  if (!config) return;
  try {
    const session = await bridge.call('sessions.update', { session: id, config });
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

/** Runs an order and shows in a toast if it fails. */
async function attempt<T>(order: () => Promise<T>): Promise<T | undefined> {
  try {
    return await order();
  } catch (error) {
    reportProblem(error);
    return undefined;
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

async function createSession(config: SessionConfig): Promise<void> {
  const session = await attempt(() => bridge.call('sessions.create', { config }));
  if (!session) return;
  show(session);
}

function show(session: SessionState): void {
  putSession(session);
  openTab(session.id);
}

export function createNewSession(role: 'client' | 'server', protocol: SessionConfig['protocol']): Promise<void> {
  return createSession(newConfig(role, protocol, takenNames()));
}

/** The same config again, under a free name. */
export async function duplicateSession(id: string): Promise<void> {
  const config = configOf(useSessions.getState(), id);
  if (config) await createSession({ ...config, name: freeName(`${config.name} copy`, takenNames()) });
}

export function renameSession(id: string, name: string): void {
  const trimmed = name.trim();
  if (trimmed === '') return;
  editConfig(id, (config) => (config.name === trimmed ? config : withValue(config, 'name', trimmed)));
  void saveEdits(id);
}

/** Takes the session away at once and deletes it when the toast with the undoing is gone. */
export function deleteSession(id: string): void {
  const session = useSessions.getState().byId[id];
  if (!session) return;
  const wasOpen = useSessions.getState().tabs.includes(id);
  if (isRunning(session)) void stopSession(id);
  closeTab(id);
  useSessions.setState(({ deleted }) => ({ deleted: [...deleted, id] }));
  showToast({
    text: `Deleted “${session.config.name}”.`,
    action: {
      label: 'Undo',
      run: () => {
        useSessions.setState(({ deleted }) => ({ deleted: deleted.filter((each) => each !== id) }));
        if (wasOpen) openTab(id);
      },
    },
    onGone: () => void attempt(() => bridge.call('sessions.remove', { session: id })),
  });
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
