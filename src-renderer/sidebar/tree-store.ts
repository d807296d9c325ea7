// What the tree is at in this window: which rows are folded, where the keyboard is, what was cut, what is being named.
import { create } from 'zustand';
import type { SessionPlace } from '../../src-main/bridge/contract.ts';
import type { Movable } from '../stores/movable.ts';
import { useSessions } from '../stores/sessions.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { parentOf } from '../stores/workspace-path.ts';
import { folderKey, foldKey, SCRATCH_SECTION, sessionKey } from './tree-rows.ts';

interface TreeStore {
  /** Of the row that has the keyboard, or would. */
  focused: string | undefined;
  /** Of folded rows, of all workspaces: see foldKey. */
  folded: readonly string[];
  cut: { key: string; movable: Movable } | undefined;
  /** Path of the folder in which a new one is being named. */
  newFolderIn: string | undefined;
  /** The menu of new sessions. */
  newSession: boolean;
}

const KEY = 'wirescope:folded';
const MAX_REMEMBERED = 5000;

export const useTree = create<TreeStore>(() => ({
  focused: undefined,
  folded: readFolded(),
  cut: undefined,
  newFolderIn: undefined,
  newSession: false,
}));

function readFolded(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((key) => typeof key === 'string') : [];
  } catch {
    return [];
  }
}

export function focusRow(key: string): void {
  useTree.setState({ focused: key });
}

/** Folds a row, or unfolds it. */
export function fold(key: string, folded: boolean): void {
  const remembered = foldKey(key, useWorkspace.getState().state.folder);
  useTree.setState((state) => {
    const others = state.folded.filter((each) => each !== remembered);
    return { folded: folded ? [...others, remembered].slice(-MAX_REMEMBERED) : others };
  });
  localStorage.setItem(KEY, JSON.stringify(useTree.getState().folded));
}

/** Unfolds whatever hides a session. */
export function reveal(place: SessionPlace): void {
  if (place.in === 'scratch') {
    fold(SCRATCH_SECTION, false);
    return;
  }
  for (let { path } = place; path !== ''; ) {
    path = parentOf(path);
    fold(folderKey(path), false);
  }
}

/** Key of the row that has the keyboard now. */
export function rowWithKeyboard(): string | undefined {
  return document.activeElement?.closest<HTMLElement>('[data-current-key]')?.dataset.currentKey;
}

/** The session that a command is about: of the row that has the keyboard, else of the chosen tab. */
export function commandedSession(): string | undefined {
  const key = rowWithKeyboard();
  if (key === undefined) return useSessions.getState().active ?? undefined;
  return Object.keys(useSessions.getState().byId).find((id) => sessionKey(id) === key);
}

/** The workspace's folder in which a new session would lie: that of the row one was at last. undefined: scratch. */
export function creationFolder(): string | undefined {
  const { folder } = useWorkspace.getState().state;
  if (folder === null) return undefined;
  const { focused } = useTree.getState();
  if (focused === SCRATCH_SECTION) return undefined;
  if (focused?.startsWith('folder ')) return focused.slice('folder '.length);
  const session = Object.values(useSessions.getState().byId).find(({ id }) => sessionKey(id) === focused);
  if (!session) return '';
  return session.place.in === 'workspace' ? parentOf(session.place.path) : undefined;
}
