// The tree's rows as it draws them: in place of one, or below a folder, there may be a name that is being typed. Pure.
import { isFolder, type TreeRow } from './tree-rows.ts';

/** As high as a row each. */
export type TreeLine =
  | { kind: 'row'; key: string; row: TreeRow }
  /** The name of a row. */
  | { kind: 'rename'; key: string; row: TreeRow }
  /** The name of a folder that is to be made in a row. */
  | { kind: 'newFolder'; key: string; row: TreeRow }
  /** For what is wrong with the name above. */
  | { kind: 'room'; key: string };

/** What is wrong with a name takes two lines at most. */
const ROOM = ['room 1', 'room 2'];

/** `renaming`: key of a row; `newFolderIn`: path of a folder. */
export function treeLines(
  rows: readonly TreeRow[],
  renaming: string | null,
  newFolderIn: string | undefined,
): readonly TreeLine[] {
  if (renaming === null && newFolderIn === undefined) return rows.map((row) => ({ kind: 'row', key: row.key, row }));
  const lines: TreeLine[] = [];
  for (const row of rows) {
    lines.push({ kind: row.key === renaming ? 'rename' : 'row', key: row.key, row });
    if (newFolderIn !== undefined && isFolder(row) && row.path === newFolderIn)
      lines.push({ kind: 'newFolder', key: `new folder in ${row.key}`, row });
  }
  return [...lines, ...ROOM.map((key) => ({ kind: 'room' as const, key }))];
}
