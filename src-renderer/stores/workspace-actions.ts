// Orders to the engine about the workspace: which folder is open, and what lies where in it.
import type { SessionState, WorkspaceState } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { desktop } from '../bridge/host.ts';
import { showToast } from '../ui/toast.tsx';
import { useDialogs } from './dialogs.ts';
import { canMove, type Movable } from './movable.ts';
import { attempt, problemOf, reportProblem } from './problem.ts';
import { renameSession, saveAllEdits, saveEdits } from './session-actions.ts';
import { putSession, shownSessions, useSessions } from './sessions.ts';
import { forgetUndo, offerUndo } from './undoing.ts';
import { loadWorkspace, putWorkspace, useWorkspace } from './workspace.ts';
import { mayLeaveWorkspace } from './workspace-leaving.ts';
import { isWithin, joined, nameOf, parentOf } from './workspace-path.ts';

/** Opens a folder, or a new one with a wirescope.yaml. True when it is open. */
export async function openWorkspace(folder: string, create = false): Promise<boolean> {
  return (await attempt(() => open(folder, create))) === true;
}

/** Opens a folder that was open before. If there is none any more it can be left out of those. */
export async function openRecent(folder: string, name: string): Promise<void> {
  try {
    await open(folder, false);
  } catch (error) {
    const { code, what } = problemOf(error);
    if (code !== 'NO_FOLDER') return reportProblem(error);
    const forget = () => attempt(() => bridge.call('workspace.forget', { folder })).then(loadWorkspace);
    showToast({ text: what, severity: 'error', action: { label: `Forget “${name}”`, run: () => void forget() } });
  }
}

/** False when the open one is not to be left. */
async function open(folder: string, create: boolean): Promise<boolean> {
  if (folder !== useWorkspace.getState().state.folder && !(await mayLeaveWorkspace())) return false;
  show(await bridge.call('workspace.open', { folder, ...(create ? { create } : {}) }));
  return true;
}

/** Asks which folder: by the system's dialog on the desktop, by its path in a browser. */
export async function chooseWorkspace(create: boolean): Promise<void> {
  if (!desktop) {
    useDialogs.setState({ workspace: create ? 'create' : 'open' });
    return;
  }
  const title = create ? 'New workspace' : 'Open workspace';
  const folder = await attempt(() => desktop!.chooseFolder({ title, create }));
  if (folder) await openWorkspace(folder, create);
}

export async function openSamples(): Promise<void> {
  if (!(await mayLeaveWorkspace())) return;
  const state = await attempt(() => bridge.call('workspace.openSamples', {}));
  if (state) show(state);
}

function show(state: WorkspaceState): void {
  if (state.folder !== useWorkspace.getState().state.folder) forgetUndo();
  putWorkspace(state);
}

/** What was typed is in its files before they are let go. */
export async function closeWorkspace(): Promise<void> {
  if (!(await mayLeaveWorkspace())) return;
  await saveAllEdits();
  await attempt(() => bridge.call('workspace.close', {}));
  forgetUndo();
  await loadWorkspace();
}

export async function createFolder(parent: string, name: string): Promise<string | undefined> {
  const path = joined(parent, name.trim());
  const isDone = await attempt(async () => (await bridge.call('workspace.createFolder', { path })) === null);
  await loadWorkspace();
  return isDone ? path : undefined;
}

/** Moves or renames a file or folder. True when that is done. */
export async function movePath(from: string, to: string): Promise<boolean> {
  if (from === to) return true;
  const isDone = await attempt(async () => (await bridge.call('workspace.move', { from, to })) === null);
  await loadWorkspace();
  return isDone === true;
}

/** Moves into a folder of the workspace, and says where to, with the way back. */
export async function moveInto(movable: Movable, folder: string): Promise<void> {
  if ('session' in movable) await moveSession(movable.session.id, folder);
  else if (canMove(movable, folder)) await moveFile(movable.path, movable.name, folder);
}

/** Its file may lie elsewhere than when it was cut. */
async function moveSession(id: string, folder: string): Promise<void> {
  if (!(await saveEdits(id))) return;
  const session = useSessions.getState().byId[id];
  if (!session || !canMove({ session }, folder)) return;
  const { place, config } = session;
  if (place.in === 'workspace') return moveFile(place.path, config.name, folder, id);
  const placed = await attempt(() => bridge.call('sessions.place', { session: id, folder }));
  if (!placed) return;
  putSession(placed);
  await loadWorkspace();
  showToast({ text: `Moved “${config.name}” to ${folderName(folder)}.` });
}

/** `session`: whose file it is. */
async function moveFile(path: string, name: string, folder: string, session?: string): Promise<void> {
  const to = joined(folder, nameOf(path));
  if (!(await movePath(path, to))) return;
  const moveBack = () => {
    // A session may have been renamed meanwhile, and its file with it.
    const place = session === undefined ? undefined : useSessions.getState().byId[session]?.place;
    const now = place?.in === 'workspace' ? place.path : to;
    return movePath(now, joined(parentOf(path), nameOf(now)));
  };
  showToast({
    text: `Moved “${name}” to ${folderName(folder)}.`,
    action: { label: 'Undo', run: () => void moveBack() },
  });
}

function folderName(folder: string): string {
  return folder === '' ? useWorkspace.getState().state.name : folder;
}

/** Gives a folder another name. Its new path, or undefined if that failed. */
export async function renameFolder(path: string, name: string): Promise<string | undefined> {
  const to = joined(parentOf(path), name.trim());
  return (await movePath(path, to)) ? to : undefined;
}

/** Gives a session of the workspace another name; a file that was called like it follows. */
export async function renameSessionFile({ id, config }: SessionState, name: string): Promise<void> {
  renameSession(id, name);
  if (!(await saveEdits(id))) return;
  const place = useSessions.getState().byId[id]?.place;
  if (place?.in !== 'workspace') return;
  const to = renamedFile(place.path, config.name, name.trim());
  if (to === place.path) return;
  // A name that is taken leaves the file with its own: the session is renamed all the same.
  await bridge.call('workspace.move', { from: place.path, to }).catch(() => undefined);
  await loadWorkspace();
}

const letters = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** Path of a session's file when the session is renamed: the same if the file's name has nothing to do with it. */
function renamedFile(path: string, oldName: string, newName: string): string {
  const [, stem = '', extension = ''] = /^(.*?)(\.ya?ml)$/i.exec(nameOf(path)) ?? [];
  const next = newName.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+|[.-]+$/g, '');
  if (next === '' || letters(stem) !== letters(oldName)) return path;
  return joined(parentOf(path), next + extension);
}

/** Moves a folder with all in it, or a file that cannot be used, to the trash. */
export async function removePath(path: string): Promise<void> {
  const { tabs, byId } = useSessions.getState();
  const inIt = shownSessions(useSessions.getState()).filter(
    ({ place }) => place.in === 'workspace' && isWithin(place.path, path),
  );
  await Promise.all(inIt.map(({ id }) => saveEdits(id)));
  const open = tabs.flatMap((id) => (inIt.includes(byId[id]!) ? [byId[id]!.place] : []));
  const isDone = await attempt(async () => (await bridge.call('workspace.remove', { path })) === null);
  if (!isDone) return;
  await loadWorkspace();
  offerUndo(nameOf(path), open);
}

/** null: none. */
export async function selectEnvironment(name: string | null): Promise<void> {
  await attempt(() => bridge.call('environments.select', { name }));
  await loadWorkspace();
}
