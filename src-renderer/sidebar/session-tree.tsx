// The tree itself, of which only the rows in sight are drawn: arrows move and fold, letters find, Enter opens, F2 names,
// Del deletes, Ctrl+X and Ctrl+V or the mouse move, Ctrl+Z brings back. The keyboard belongs to the tree, never to a row.
import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { isMac } from '../bridge/host.ts';
import { matchesShortcut } from '../shell/shortcuts.ts';
import { useDialogs } from '../stores/dialogs.ts';
import { useSessions } from '../stores/sessions.ts';
import { undoDeletion } from '../stores/undoing.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { createFolder, movePath, renameFolder, renameSessionFile } from '../stores/workspace-actions.ts';
import { joined, nameError, parentOf } from '../stores/workspace-path.ts';
import { useVirtualScroll, VirtualRows } from '../timeline/virtual-rows.tsx';
import { ContextMenu } from '../ui/menu.tsx';
import { NameField } from './name-field.tsx';
import { cutRow, deleteRow, openRow, pasteInto } from './tree-actions.ts';
import { useTreeDrag } from './tree-drag.ts';
import { type TreeLine, treeLines } from './tree-lines.ts';
import { rowEntries } from './tree-menu.ts';
import { TreeRowView } from './tree-row.tsx';
import { folderKey, folderOf, sessionKey, stepOf, type TreeRow, typedRow } from './tree-rows.ts';
import { focusRow, fold, useTree } from './tree-store.ts';

const ROW_PX = 26;
/** Letters typed within this time are one word. */
const TYPING_MS = 700;

export function SessionTree({ rows }: { rows: readonly TreeRow[] }) {
  const active = useSessions((state) => state.active);
  const focused = useTree((state) => state.focused);
  const cut = useTree((state) => state.cut?.key);
  const newFolderIn = useTree((state) => state.newFolderIn);
  const renaming = useDialogs((state) => state.renaming);
  const tree = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });
  /** Key of a row that is to be shown as soon as it is there. */
  const wanted = useRef<string>(undefined);
  const [menuKey, setMenuKey] = useState<string>();
  const id = useId();

  const lines = useMemo(() => treeLines(rows, renaming, newFolderIn), [rows, renaming, newFolderIn]);
  const scroll = useVirtualScroll({ rows: lines.length, rowHeightPx: ROW_PX });
  const { show, perPage } = scroll;

  const rowOf = (key: string | undefined) => rows.find((row) => row.key === key);
  const { dropKey, handlers } = useTreeDrag((target) => rowOf(keyAt(target)));
  const activeKey = active === null ? undefined : sessionKey(active);
  const current = (rowOf(focused) ?? rowOf(activeKey) ?? rows[0])?.key;
  const currentAt = useMemo(() => lines.findIndex(({ key }) => key === current), [lines, current]);
  const naming = useMemo(() => lines.find(({ kind }) => kind === 'rename' || kind === 'newFolder')?.key, [lines]);

  const showLine = (at: number) => {
    // What is wrong with a name stands below it.
    if (lines[at]?.kind !== 'row') show(at + 2);
    show(at);
  };

  const go = (key: string) => {
    focusRow(key);
    const at = lines.findIndex((line) => line.key === key);
    if (at < 0) wanted.current = key;
    else showLine(at);
    tree.current?.focus();
  };

  useEffect(() => {
    if (activeKey === undefined) return;
    focusRow(activeKey);
    wanted.current = activeKey;
  }, [activeKey]);

  useEffect(() => {
    if (naming !== undefined) wanted.current = naming;
  }, [naming]);

  useEffect(() => {
    const at = lines.findIndex(({ key }) => key === wanted.current);
    // Before it is measured nothing is in sight, wherever it scrolls.
    if (at < 0 || scroll.geometry.viewportPx === 0) return;
    wanted.current = undefined;
    showLine(at);
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || !handleKey(event, rowOf(current))) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Whether the key meant something. */
  const handleKey = (event: KeyboardEvent, row: TreeRow | undefined): boolean => {
    const matches = (shortcut: string) => matchesShortcut(shortcut, event.nativeEvent, isMac);
    if (matches('Mod+Z')) {
      if (useWorkspace.getState().state.undo !== null) void undoDeletion();
      return true;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return row !== undefined && handleClipboard(matches, row);
    const step = stepOf(rows, row?.key, event.key, perPage);
    if (step) {
      if ('go' in step) go(step.go);
      else if (row) fold(row.key, step.fold);
      return true;
    }
    if (!row) return false;
    if (event.key === 'Enter' || (event.key === ' ' && typed.current.text === '')) openRow(row);
    else if (event.key === 'Delete' || (isMac && event.key === 'Backspace')) deleteAndGo(row);
    else if (event.key === 'Escape' && cut !== undefined) useTree.setState({ cut: undefined });
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

  /** The keyboard goes to the row below, or above the last. */
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
    go(row.key);
    openRow(row);
  };

  /** A row that the mouse is pressed on keeps the focus until it is let go: it may be dragged. */
  const onFocus = (event: FocusEvent) => {
    const key = keyAt(event.target);
    if (key !== undefined && !event.target.matches(':active')) go(key);
  };

  /** By a key it comes from the tree: then it is about the row that has the keyboard, and opens there. */
  const onContextMenu = (event: MouseEvent) => {
    const key = keyAt(event.target);
    if (key !== undefined) {
      setMenuKey(key);
      focusRow(key);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const row = document.getElementById(`${id}-${currentAt}`);
    if (!row) return;
    const { left, bottom } = row.getBoundingClientRect();
    const place = { clientX: left + ROW_PX, clientY: bottom };
    row.dispatchEvent(new globalThis.MouseEvent('contextmenu', { bubbles: true, cancelable: true, ...place }));
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

  const drawn = (line: TreeLine, index: number) => {
    if (line.kind === 'room') return <div className="tree-room" />;
    const { row } = line;
    if (line.kind === 'row') {
      return (
        <TreeRowView
          id={`${id}-${index}`}
          row={row}
          isActive={row.key === activeKey}
          isCurrent={row.key === current}
          isCut={row.key === cut}
          isDropTarget={row.key === dropKey}
        />
      );
    }
    const isNew = line.kind === 'newFolder';
    return (
      <NameField
        label={isNew ? 'Name of the folder' : row.kind === 'session' ? 'Name of the session' : 'Name'}
        name={isNew ? '' : row.text}
        level={isNew ? row.level + 1 : row.level}
        check={!isNew && row.kind === 'session' ? sessionNameError : nameError}
        onEnd={(name, byKey) => void (isNew ? makeFolder(row.path ?? '', name, byKey) : nameRow(row, name, byKey))}
      />
    );
  };

  return (
    <ContextMenu entries={rowEntries(rowOf(menuKey))}>
      <div
        className="tree"
        style={{ flexBasis: lines.length * ROW_PX }}
        ref={tree}
        role="tree"
        aria-label="Sessions"
        aria-activedescendant={currentAt < 0 ? undefined : `${id}-${currentAt}`}
        tabIndex={0}
        data-pane-entry
        data-current-key={current}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onContextMenuCapture={onContextMenu}
        onFocus={onFocus}
        {...handlers}
      >
        <VirtualRows scroll={scroll} keyOf={(index) => lines[index]!.key}>
          {(index) => drawn(lines[index]!, index)}
        </VirtualRows>
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
