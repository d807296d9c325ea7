// A tree as the rows of a list: which nodes are shown, at which depth, and how keys move in it; and which node a byte
// belongs to. Works for fields and for decoded payloads alike. Pure and iterative: a hostile tree may be deep.
import type { ByteRange } from './hex-layout.ts';

/** What both Field and PayloadNode have. */
export interface TreeNode {
  start: number;
  length: number;
  children?: TreeNode[];
}

export interface TreeRow<N extends TreeNode> {
  node: N;
  /** Where it is: child positions from the root, joined by dots; survives growth of what comes after. */
  path: string;
  depth: number;
  hasChildren: boolean;
  expanded: boolean;
  /** Row index of its parent, or -1. */
  parent: number;
  /** Position among its siblings, from 1, and how many they are: for screen readers. */
  position: number;
  siblings: number;
}

/** Paths whose state differs from the usual one. */
export type Toggled = ReadonlySet<string>;

/** Nodes above this depth are open unless toggled. */
const OPEN_DEPTH = 2;

/** Rows in all: a hostile payload of a million nodes must not become a million rows. */
const MAX_TREE_ROWS = 20_000;

/** The visible rows of a forest; `toggled` names the nodes that are not as their depth would have them. */
export function treeRows<N extends TreeNode>(roots: N[], toggled: Toggled, openDepth = OPEN_DEPTH): TreeRow<N>[] {
  const rows: TreeRow<N>[] = [];
  const stack: { nodes: N[]; next: number; prefix: string; depth: number; parent: number }[] = [
    { nodes: roots, next: 0, prefix: '', depth: 0, parent: -1 },
  ];
  while (stack.length > 0 && rows.length < MAX_TREE_ROWS) {
    const level = stack[stack.length - 1]!;
    const node = level.nodes[level.next];
    if (!node) {
      stack.pop();
      continue;
    }
    const path = `${level.prefix}${level.next}`;
    level.next += 1;
    const children = node.children as N[] | undefined;
    const hasChildren = children !== undefined && children.length > 0;
    const expanded = hasChildren && level.depth < openDepth !== toggled.has(path);
    rows.push({
      node,
      path,
      depth: level.depth,
      hasChildren,
      expanded,
      parent: level.parent,
      position: level.next,
      siblings: level.nodes.length,
    });
    if (expanded) {
      stack.push({ nodes: children, next: 0, prefix: `${path}.`, depth: level.depth + 1, parent: rows.length - 1 });
    }
  }
  return rows;
}

/** The other state for one node. */
export function toggle(toggled: Toggled, path: string): Toggled {
  const next = new Set(toggled);
  if (!next.delete(path)) next.add(path);
  return next;
}

/** Toggled so that every ancestor of a path is open. */
export function reveal(toggled: Toggled, path: string, openDepth = OPEN_DEPTH): Toggled {
  const next = new Set(toggled);
  const parts = path.split('.');
  for (let depth = 0; depth < parts.length - 1; depth += 1) {
    const ancestor = parts.slice(0, depth + 1).join('.');
    if (depth < openDepth) next.delete(ancestor);
    else next.add(ancestor);
  }
  return next;
}

/** The node at a path, if there is one. */
export function nodeAt<N extends TreeNode>(roots: N[], path: string): N | undefined {
  let node: N | undefined;
  for (const position of path.split('.')) {
    const nodes: N[] | undefined = node === undefined ? roots : (node.children as N[] | undefined);
    node = nodes?.[Number(position)];
    if (!node) return undefined;
  }
  return node;
}

export type TreeMove = { to: number } | { toggle: string } | undefined;

/** What a key does at a row: go elsewhere, open or close, or nothing. As in every tree of the platform. */
export function treeKey<N extends TreeNode>(
  rows: TreeRow<N>[],
  at: number,
  key: string,
  rowsPerPage: number,
): TreeMove {
  const row = rows[at];
  const last = rows.length - 1;
  const go = (to: number): TreeMove => ({ to: Math.min(Math.max(0, to), last) });
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'PageDown':
      return go(at + rowsPerPage);
    case 'PageUp':
      return go(at - rowsPerPage);
    case 'Home':
      return go(0);
    case 'End':
      return go(last);
    case 'ArrowRight':
      if (!row?.hasChildren) return undefined;
      return row.expanded ? go(at + 1) : { toggle: row.path };
    case 'ArrowLeft':
      if (row?.expanded) return { toggle: row.path };
      return row && row.parent >= 0 ? go(row.parent) : undefined;
    default:
      return undefined;
  }
}

/**
 * Path of the innermost node whose bytes hold the whole range: the smallest, and of equals the deepest. `belongs` says
 * whether a node's range counts in the source that is looked at.
 */
export function innermost<N extends TreeNode>(
  roots: N[],
  range: ByteRange,
  belongs: (node: N) => boolean,
): string | undefined {
  let best: { path: string; length: number } | undefined;
  const stack: { nodes: N[]; prefix: string }[] = [{ nodes: roots, prefix: '' }];
  const end = range.start + range.length;
  while (stack.length > 0) {
    const { nodes, prefix } = stack.pop()!;
    nodes.forEach((node, position) => {
      const path = `${prefix}${position}`;
      const holds = node.length > 0 && belongs(node) && node.start <= range.start && node.start + node.length >= end;
      if (holds && (!best || node.length < best.length || (node.length === best.length && deeper(path, best.path)))) {
        best = { path, length: node.length };
      }
      if (node.children) stack.push({ nodes: node.children as N[], prefix: `${path}.` });
    });
  }
  return best?.path;
}

function deeper(path: string, other: string): boolean {
  return path.split('.').length > other.split('.').length;
}
