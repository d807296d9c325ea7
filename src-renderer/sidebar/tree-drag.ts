// Moving rows of the tree by the mouse: what is dragged, and the folder it would fall into.
import { type DragEvent, useRef, useState } from 'react';
import { canMove } from '../stores/movable.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { moveInto } from '../stores/workspace-actions.ts';
import { movableOf } from './tree-actions.ts';
import { folderKey, folderOf, type TreeRow } from './tree-rows.ts';

/** `rowAt`: the row that an event is about. */
export function useTreeDrag(rowAt: (target: EventTarget) => TreeRow | undefined) {
  const [dropKey, setDropKey] = useState<string>();
  const dragged = useRef<TreeRow>(undefined);

  const onDragStart = (event: DragEvent) => {
    const row = rowAt(event.target);
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
    const folder = folderOf(rowAt(event.target));
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

  const onDragLeave = (event: DragEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDropKey(undefined);
  };

  const onDragEnd = () => {
    dragged.current = undefined;
    setDropKey(undefined);
  };

  const onDrop = (event: DragEvent) => {
    const folder = dropFolder(event);
    const movable = dragged.current && movableOf(dragged.current);
    onDragEnd();
    if (folder === undefined || !movable) return;
    event.preventDefault();
    void moveInto(movable, folder);
  };

  return { dropKey, handlers: { onDragStart, onDragOver, onDragLeave, onDragEnd, onDrop } };
}
