// What the tree is at in this window: which rows are folded, where the keyboard is, what was cut, what is being named.
import { create } from 'zustand';
import type { SessionPlace } from '../../src-main/bridge/contract.ts';
import type { Movable } from '../stores/movable.ts';
import { useSessions } from '../stores/sessions.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { parentOf } from '../stores/workspace-path.ts';
import { folderKey, SCRATCH_SECTION, sessionKey } from './tree-rows.ts';

interface TreeStore {
  /** Of the row that has the keyboard, or would. */
  focused: string | undefined;
  /** Keys of folded rows, of all workspaces. */
  folded: readonly string[];
  cut: { key: string; movable: Movable } | undefined;
  /** Path of the folder in which a new one is being named. */
  newFolderIn: string | undefined;
  /** The menu of new sessions. */
  newSession: boolean;
}

const KEY = 'wirescope:folded';

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
  useTree.setState((state) => {
    const others = state.folded.filter((each) => each !== key);
    return { folded: folded ? [...others, key] : others };
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
  const row = document.activeElement?.closest<HTMLElement>('[role="treeitem"][data-key]');
  return row?.dataset.key;
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
