// The tree itself: arrows move and fold, letters find, Enter opens, F2 names, Del deletes, Ctrl+X and Ctrl+V or the mouse
// move, Ctrl+Z brings back.
import { type DragEvent, Fragment, type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { isMac } from '../bridge/host.ts';
import { matchesShortcut } from '../shell/shortcuts.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { canMove } from '../stores/movable.ts';
import { useSessions } from '../stores/sessions.ts';
import { undoDeletion } from '../stores/undoing.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { createFolder, moveInto, movePath, renameFolder, renameSessionFile } from '../stores/workspace-actions.ts';
import { joined, nameError, parentOf } from '../stores/workspace-path.ts';
import { ContextMenu } from '../ui/menu.tsx';
import { NameField } from './name-field.tsx';
import { cutRow, deleteRow, movableOf, openRow, pasteInto } from './tree-actions.ts';
import { rowEntries } from './tree-menu.ts';
import { TreeRowView } from './tree-row.tsx';
import { folderKey, folderOf, isFolder, sessionKey, stepOf, type TreeRow, typedRow } from './tree-rows.ts';
import { focusRow, fold, useTree } from './tree-store.ts';

/** Letters typed within this time are one word. */
const TYPING_MS = 700;

export function SessionTree({ rows }: { rows: readonly TreeRow[] }) {
  const active = useSessions((state) => state.active);
  const focused = useTree((state) => state.focused);
  const cut = useTree((state) => state.cut?.key);
  const newFolderIn = useTree((state) => state.newFolderIn);
  const renaming = useDialogs((state) => state.renaming);
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });
  const [menuKey, setMenuKey] = useState<string>();
  const [dropKey, setDropKey] = useState<string>();
  const dragged = useRef<TreeRow>(undefined);
  const rowOf = (key: string | undefined) => rows.find((row) => row.key === key);
  const activeKey = active === null ? undefined : sessionKey(active);
  const entry = (rowOf(focused) ?? rowOf(activeKey) ?? rows[0])?.key;

  /** Also of rows that are only about to be drawn. */
  const go = (key: string) => {
    focusRow(key);
    requestAnimationFrame(() => rowElement(list.current, key)?.focus());
  };

  useEffect(() => {
    if (activeKey === undefined) return;
    focusRow(activeKey);
    rowElement(list.current, activeKey)?.scrollIntoView({ block: 'nearest' });
  }, [activeKey]);

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rowOf((event.target as HTMLElement).dataset.key);
    if (!handleKey(event, row)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Whether the key meant something. */
  const handleKey = (event: KeyboardEvent, row: TreeRow | undefined): boolean => {
    if (event.target instanceof HTMLInputElement) return false;
    const matches = (shortcut: string) => matchesShortcut(shortcut, event.nativeEvent, isMac);
    if (matches('Mod+Z')) {
      if (useWorkspace.getState().state.undo !== null) void undoDeletion();
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return row !== undefined && handleClipboard(matches, row);
    const step = stepOf(rows, row?.key, event.key);
    if (step) {
      if ('go' in step) go(step.go);
      else if (row) fold(row.key, step.fold);
      return true;
    }
    if (!row) return false;
    if (event.key === 'Enter' || (event.key === ' ' && typed.current.text === '')) openRow(row);
    else if (event.key === 'Delete' || (isMac && event.key === 'Backspace')) deleteAndGo(row);
    else if (event.key === 'Escape') useTree.setState({ cut: undefined });
    else if (event.key.length === 1) typeAhead(event.key, row);
    else return false;
    return true;
  };

  const handleClipboard = (matches: (shortcut: string) => boolean, row: TreeRow): boolean => {
    if (matches('Mod+X')) cutRow(row);
    else if (matches('Mod+V')) {
      const folder = folderOf(row);
      if (folder !== undefined) pasteInto(folder);
    } else return false;
    return true;
  };

  /** The focus goes to the row below, or above the last. */
  const deleteAndGo = (row: TreeRow) => {
    const at = rows.indexOf(row);
    const next = rows.slice(at + 1).find((each) => each.level <= row.level) ?? rows[at - 1];
    if (row.kind === 'section') return;
    deleteRow(row);
    if (next) go(next.key);
  };

  const typeAhead = (letter: string, row: TreeRow) => {
    const now = performance.now();
    const text = now - typed.current.at < TYPING_MS ? typed.current.text + letter : letter;
    typed.current = { text, at: now };
    setTimeout(() => {
      if (performance.now() - typed.current.at >= TYPING_MS) typed.current.text = '';
    }, TYPING_MS);
    const found = typedRow(rows, row.key, text);
    if (found) go(found);
  };

  const onClick = (event: MouseEvent) => {
    const row = rowOf(keyAt(event.target));
    if (!row) return;
    focusRow(row.key);
    openRow(row);
  };

  const onDragStart = (event: DragEvent) => {
    const row = rowOf(keyAt(event.target));
    if (!row || !movableOf(row) || useWorkspace.getState().state.folder === null) {
      event.preventDefault();
      return;
    }
    dragged.current = row;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', row.text);
  };

  /** The folder that what is dragged would fall into at this point. */
  const dropFolder = (event: DragEvent): string | undefined => {
    const movable = dragged.current && movableOf(dragged.current);
    const folder = folderOf(rowOf(keyAt(event.target)));
    return movable && folder !== undefined && canMove(movable, folder) ? folder : undefined;
  };

  const onDragOver = (event: DragEvent) => {
    if (!dragged.current) return;
    const folder = dropFolder(event);
    setDropKey(folder === undefined ? undefined : folderKey(folder));
    if (folder === undefined) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'move';
  };

  const onDrop = (event: DragEvent) => {
    const folder = dropFolder(event);
    const movable = dragged.current && movableOf(dragged.current);
    endDrag();
    if (folder === undefined || !movable) return;
    event.preventDefault();
    void moveInto(movable, folder);
  };

  const endDrag = () => {
    dragged.current = undefined;
    setDropKey(undefined);
  };

  const nameRow = async (row: TreeRow, name: string | undefined, byKey: boolean) => {
    useDialogs.setState({ renaming: null });
    if (byKey) go(row.key);
    if (name === undefined || name.trim() === row.text) return;
    if (row.kind === 'session') await renameSessionFile(row.session, name);
    else if (row.kind === 'broken') await movePath(row.path, joined(parentOf(row.path), name.trim()));
    else if (row.kind === 'folder') {
      const path = await renameFolder(row.path, name);
      if (path !== undefined && byKey) go(folderKey(path));
    }
  };

  const makeFolder = async (parent: string, name: string | undefined, byKey: boolean) => {
    useTree.setState({ newFolderIn: undefined });
    if (byKey) go(folderKey(parent));
    if (name === undefined) return;
    const path = await createFolder(parent, name);
    if (path !== undefined && byKey) go(folderKey(path));
  };

  return (
    <ContextMenu entries={rowEntries(rowOf(menuKey))}>
      <div
        className="tree"
        ref={list}
        role="tree"
        aria-label="Sessions"
        tabIndex={-1}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onContextMenuCapture={(event) => {
          const key = keyAt(event.target);
          setMenuKey(key);
          if (key !== undefined) focusRow(key);
        }}
        onDragStart={onDragStart}
        onDragOver={onDragOver}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDropKey(undefined);
        }}
        onDrop={onDrop}
        onDragEnd={endDrag}
      >
        {rows.map((row) => (
          <Fragment key={row.key}>
            {renaming === row.key ? (
              <NameField
                label={row.kind === 'session' ? 'Name of the session' : 'Name'}
                name={row.text}
                level={row.level}
                check={row.kind === 'session' ? sessionNameError : nameError}
                onEnd={(name, byKey) => void nameRow(row, name, byKey)}
              />
            ) : (
              <TreeRowView
                row={row}
                isActive={row.key === activeKey}
                isEntry={row.key === entry}
                isCut={row.key === cut}
                isDropTarget={row.key === dropKey}
              />
            )}
            {newFolderIn !== undefined && isFolder(row) && row.path === newFolderIn && (
              <NameField
                label="Name of the folder"
                name=""
                level={row.level + 1}
                check={nameError}
                onEnd={(name, byKey) => void makeFolder(newFolderIn, name, byKey)}
              />
            )}
          </Fragment>
        ))}
      </div>
    </ContextMenu>
  );
}

function sessionNameError(name: string): string | undefined {
  return name.trim() === '' ? 'A name is needed.' : undefined;
}

function keyAt(target: EventTarget): string | undefined {
  return (target as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset.key;
}

function rowElement(list: HTMLElement | null, key: string): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;
}
