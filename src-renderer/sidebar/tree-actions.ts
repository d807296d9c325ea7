// What one can do with a row, the same from its menu, by keys and by dragging.
import { useDialogs } from '../stores/dialogs.ts';
import { type Movable, movableSession } from '../stores/movable.ts';
import { deleteSession, duplicateSession } from '../stores/session-actions.ts';
import { openTab } from '../stores/sessions.ts';
import { moveInto, removePath } from '../stores/workspace-actions.ts';
import { isFolder, type TreeRow } from './tree-rows.ts';
import { fold, useTree } from './tree-store.ts';

/** What of a row can be moved; undefined: nothing, as of sections and of captures. */
export function movableOf(row: TreeRow): Movable | undefined {
  if (row.kind === 'section') return undefined;
  return row.kind === 'session' ? movableSession(row.session) : { path: row.path, name: row.text };
}

/** A session as a tab, a folder unfolded or folded, what is wrong with a file. */
export function openRow(row: TreeRow): void {
  if (row.kind === 'session') openTab(row.session.id);
  else if (row.kind === 'broken') useDialogs.setState({ broken: { path: row.path, problem: row.problem } });
  else fold(row.key, row.expanded);
}

export function canRename(row: TreeRow): boolean {
  return row.kind === 'session' || row.kind === 'folder' || row.kind === 'broken';
}

export function renameRow(row: TreeRow): void {
  if (canRename(row)) useDialogs.setState({ renaming: row.key });
}

export function canDuplicate(row: TreeRow): boolean {
  return row.kind === 'session' && (row.path !== undefined || row.session.config.role !== 'capture');
}

export function duplicateRow(row: TreeRow): void {
  if (row.kind === 'session' && canDuplicate(row)) void duplicateSession(row.session.id);
}

export function deleteRow(row: TreeRow): void {
  if (row.kind === 'session') void deleteSession(row.session.id);
  else if (row.kind === 'broken' || row.kind === 'folder') void removePath(row.path);
}

export function cutRow(row: TreeRow): void {
  const movable = movableOf(row);
  if (movable) useTree.setState({ cut: { key: row.key, movable } });
}

export function pasteInto(folder: string): void {
  const { cut } = useTree.getState();
  if (!cut) return;
  useTree.setState({ cut: undefined });
  void moveInto(cut.movable, folder);
}

/** Names a new folder in `folder`, which is unfolded for it. */
export function nameNewFolder(folder: string, row: TreeRow | undefined): void {
  if (row && isFolder(row)) fold(row.key, false);
  useTree.setState({ newFolderIn: folder });
}
