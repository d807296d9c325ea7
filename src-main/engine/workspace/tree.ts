// The tree that is shown of a workspace, from what was found in its folder. Pure.
import type { TreeNode } from '../../bridge/contract.ts';
import { ENVIRONMENTS_FOLDER } from '../../workspace/variable-file.ts';
import { nameOf, parentOf } from '../../workspace/workspace-path.ts';

export interface TreeContent {
  /** Path → id. */
  sessions: ReadonlyMap<string, string>;
  /** Path → what is wrong. */
  broken: ReadonlyMap<string, string>;
  folders: readonly { path: string; empty: boolean }[];
}

/** Shows the folders that lead to something, and those that were made for something to come. */
export function workspaceTree({ sessions, broken, folders }: TreeContent): TreeNode[] {
  const children = new Map<string, TreeNode[]>([['', []]]);
  const folder = (path: string): TreeNode[] => {
    const known = children.get(path);
    if (known) return known;
    const made: TreeNode[] = [];
    children.set(path, made);
    folder(parentOf(path)).push({ kind: 'folder', path, children: made });
    return made;
  };
  for (const { path, empty } of folders) if (empty && path !== '' && path !== ENVIRONMENTS_FOLDER) folder(path);
  for (const [path, session] of sessions) folder(parentOf(path)).push({ kind: 'session', path, session });
  for (const [path, problem] of broken) folder(parentOf(path)).push({ kind: 'broken', path, problem });
  for (const nodes of children.values()) nodes.sort(inOrder);
  return children.get('')!;
}

const NAMES = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function inOrder(one: TreeNode, other: TreeNode): number {
  if (one.kind !== other.kind && (one.kind === 'folder' || other.kind === 'folder'))
    return one.kind === 'folder' ? -1 : 1;
  return NAMES.compare(stemOf(one), stemOf(other)) || (one.path < other.path ? -1 : 1);
}

function stemOf({ path }: TreeNode): string {
  return nameOf(path).replace(/\.yaml$/, '');
}
