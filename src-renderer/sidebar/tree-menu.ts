// The menu of a row.
import {
  ClipboardPaste,
  Copy,
  FolderInput,
  FolderPlus,
  Pencil,
  Play,
  Plus,
  Scissors,
  Square,
  Trash2,
  Undo2,
} from 'lucide-react';
import { isMac } from '../bridge/host.ts';
import { commandShortcut } from '../shell/commands.ts';
import { shownShortcut } from '../shell/shortcuts.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { startSession, stopSession } from '../stores/session-actions.ts';
import { isRunning } from '../stores/sessions.ts';
import { undoDeletion } from '../stores/undoing.ts';
import { useWorkspace } from '../stores/workspace.ts';
import type { MenuEntry } from '../ui/menu.tsx';
import {
  canDuplicate,
  canRename,
  cutRow,
  deleteRow,
  duplicateRow,
  movableOf,
  nameNewFolder,
  openRow,
  pasteInto,
  renameRow,
} from './tree-actions.ts';
import { folderOf, isFolder, type TreeRow } from './tree-rows.ts';
import { focusRow, useTree } from './tree-store.ts';

const shown = (shortcut: string) => shownShortcut(shortcut, isMac);

/** After the menu has given the focus back. */
const later = (run: () => void) => () => void setTimeout(run);

export function rowEntries(row: TreeRow | undefined): MenuEntry[] {
  if (!row) return undoEntry();
  const groups = [
    row.kind === 'session' ? runEntries(row) : [],
    isFolder(row) ? newEntries(row) : [],
    nameEntries(row),
    moveEntries(row),
    undoEntry(),
    canRename(row) ? [deleteEntry(row)] : [],
  ].filter((group) => group.length > 0);
  return groups.flatMap((group, index): MenuEntry[] => (index === 0 ? group : [{ type: 'separator' }, ...group]));
}

function runEntries({ session }: Extract<TreeRow, { kind: 'session' }>): MenuEntry[] {
  const { id, config } = session;
  if (config.role === 'capture') return [];
  const isServer = config.role === 'server';
  return isRunning(session)
    ? [{ text: isServer ? 'Stop' : 'Disconnect', icon: Square, run: () => void stopSession(id) }]
    : [{ text: isServer ? 'Listen' : 'Connect', icon: Play, run: () => void startSession(id) }];
}

function newEntries(row: TreeRow): MenuEntry[] {
  const folder = folderOf(row);
  const newSession: MenuEntry = {
    text: 'New session…',
    icon: Plus,
    run: later(() => {
      focusRow(row.key);
      useTree.setState({ newSession: true });
    }),
  };
  if (folder === undefined) return [newSession];
  return [newSession, { text: 'New folder', icon: FolderPlus, run: later(() => nameNewFolder(folder, row)) }];
}

function nameEntries(row: TreeRow): MenuEntry[] {
  const entries: MenuEntry[] = [];
  if (row.kind === 'broken') entries.push({ text: 'What is wrong…', run: later(() => openRow(row)) });
  if (canRename(row))
    entries.push({
      text: 'Rename',
      icon: Pencil,
      shortcut: commandShortcut('session.rename'),
      run: later(() => renameRow(row)),
    });
  if (row.kind === 'session')
    entries.push({
      text: 'Duplicate',
      icon: Copy,
      shortcut: commandShortcut('session.duplicate'),
      disabled: !canDuplicate(row),
      run: () => duplicateRow(row),
    });
  return entries;
}

function moveEntries(row: TreeRow): MenuEntry[] {
  const { folder: workspace } = useWorkspace.getState().state;
  if (workspace === null) return [];
  const movable = movableOf(row);
  const folder = folderOf(row);
  const entries: MenuEntry[] = [];
  if (movable)
    entries.push(
      {
        text: row.path === undefined ? 'Move to the workspace…' : 'Move to…',
        icon: FolderInput,
        run: later(() => useDialogs.setState({ moving: movable })),
      },
      { text: 'Cut', icon: Scissors, shortcut: shown('Mod+X'), run: () => cutRow(row) },
    );
  if (folder !== undefined && useTree.getState().cut)
    entries.push({
      text: 'Paste here',
      icon: ClipboardPaste,
      shortcut: shown('Mod+V'),
      run: () => pasteInto(folder),
    });
  return entries;
}

function undoEntry(): MenuEntry[] {
  const { undo } = useWorkspace.getState().state;
  if (undo === null) return [];
  return [
    {
      text: `Bring back “${undo}”`,
      icon: Undo2,
      shortcut: shown('Mod+Z'),
      run: () => void undoDeletion(),
    },
  ];
}

function deleteEntry(row: TreeRow): MenuEntry {
  const isCapture = row.kind === 'session' && row.path === undefined && row.session.config.role === 'capture';
  return {
    text: isCapture ? 'Remove from the list' : 'Delete',
    icon: Trash2,
    shortcut: 'Del',
    danger: true,
    run: () => deleteRow(row),
  };
}
