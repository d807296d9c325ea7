// The sidebar's tree as the rows that are shown: sections, folders, sessions, files that cannot be used. Which are folded
// away, which a search leaves, and where a key leads. Pure.
import type { SessionState, TreeNode, WorkspaceState } from '../../src-main/bridge/contract.ts';
import { nameOf, parentOf } from '../stores/workspace-path.ts';

/** Keys of the sections, which are rows too. */
export const WORKSPACE_SECTION = 'section workspace';
export const SCRATCH_SECTION = 'section scratch';
export const CAPTURES_SECTION = 'section captures';

interface RowBase {
  /** Identity that outlives a new tree. */
  key: string;
  text: string;
  /** 1 for sections. */
  level: number;
  /** Place among those beside it, counted from 1, and how many they are. */
  position: number;
  size: number;
}

export type TreeRow = RowBase &
  (
    | { kind: 'section'; expanded: boolean; path?: '' }
    | { kind: 'folder'; expanded: boolean; path: string }
    /** `path`: of those in the workspace. */
    | { kind: 'session'; session: SessionState; path?: string }
    | { kind: 'broken'; path: string; problem: string }
  );

export const folderKey = (path: string) => (path === '' ? WORKSPACE_SECTION : `folder ${path}`);
export const isSection = (key: string) => key.startsWith('section ');
export const sessionKey = (id: string) => `session ${id}`;

/** What the folding of a row is remembered under: folders of one name in two workspaces are two. */
export function foldKey(key: string, workspace: string | null): string {
  return isSection(key) && key !== WORKSPACE_SECTION ? key : `${workspace} ${key}`;
}

export interface TreeInput {
  workspace: WorkspaceState;
  /** By id, with what was typed last. */
  sessions: ReadonlyMap<string, SessionState>;
  /** Of rows that are folded: see foldKey. */
  folded: ReadonlySet<string>;
  /** What was typed to search; nothing is folded while it is not empty. */
  search: string;
}

interface Item {
  key: string;
  text: string;
  /** What a search looks through, in small letters. */
  words(): string;
  content:
    | { kind: 'section'; path?: '' }
    | { kind: 'folder'; path: string }
    | { kind: 'session'; session: SessionState; path?: string }
    | { kind: 'broken'; path: string; problem: string };
  children?: Item[];
}

/** Rows from top to bottom. */
export function treeRows({ workspace, sessions, folded, search }: TreeInput): TreeRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const sections = sectionsOf(workspace, sessions);
  const shown = words.length === 0 ? sections : sections.flatMap((section) => found(section, words) ?? []);
  const rows: TreeRow[] = [];
  const add = (items: readonly Item[], level: number) => {
    for (const [index, { key, text, content, children }] of items.entries()) {
      const base = { key, text, level, position: index + 1, size: items.length };
      if (content.kind === 'session' || content.kind === 'broken') {
        rows.push({ ...base, ...content });
        continue;
      }
      const expanded = words.length > 0 || !folded.has(foldKey(key, workspace.folder));
      rows.push({ ...base, ...content, expanded });
      if (expanded && children) add(children, level + 1);
    }
  };
  add(shown, 1);
  return rows;
}

function sectionsOf(workspace: WorkspaceState, sessions: ReadonlyMap<string, SessionState>): Item[] {
  const scratch = [...sessions.values()].filter(({ place }) => place.in === 'scratch');
  const captures = scratch.filter(({ config }) => config.role === 'capture');
  const others = scratch.filter(({ config }) => config.role !== 'capture');
  const isOpen = workspace.folder !== null;
  const sections: Item[] = [];
  if (isOpen) {
    const children = workspace.tree.flatMap((node) => itemOf(node, sessions) ?? []);
    sections.push(section(WORKSPACE_SECTION, workspace.name, children, { kind: 'section', path: '' }));
  }
  // What is not of a workspace is only called so beside one.
  if (others.length > 0 || isOpen)
    sections.push(section(SCRATCH_SECTION, isOpen ? 'Scratch' : 'Sessions', others.map(sessionItem)));
  if (captures.length > 0) sections.push(section(CAPTURES_SECTION, 'Captures', captures.map(sessionItem)));
  return sections;
}

function section(key: string, text: string, children: Item[], content: Item['content'] = { kind: 'section' }): Item {
  return { key, text, words: () => '', content, children };
}

function sessionItem(session: SessionState): Item {
  const { name, target = '', listen = '', protocol } = session.config;
  const path = session.place.in === 'workspace' ? session.place.path : undefined;
  const words = () => `${name} ${target} ${listen} ${protocol} ${path ?? ''}`.toLowerCase();
  const content = { kind: 'session' as const, session, ...(path === undefined ? {} : { path }) };
  return { key: sessionKey(session.id), text: name, words, content };
}

function itemOf(node: TreeNode, sessions: ReadonlyMap<string, SessionState>): Item | undefined {
  const { path } = node;
  const text = nameOf(path);
  if (node.kind === 'session') {
    const session = sessions.get(node.session);
    // Its announcement is on the way.
    if (!session) return undefined;
    const item = sessionItem(session);
    return { ...item, content: { kind: 'session', session, path } };
  }
  if (node.kind === 'broken')
    return { key: `broken ${path}`, text, words: () => path.toLowerCase(), content: { ...node, kind: 'broken' } };
  const children = node.children.flatMap((child) => itemOf(child, sessions) ?? []);
  return { key: folderKey(path), text, words: () => path.toLowerCase(), content: { kind: 'folder', path }, children };
}

/** An item with what of it was searched for; undefined if nothing was. */
function found(item: Item, words: readonly string[]): Item | undefined {
  const text = item.words();
  if (text !== '' && words.every((word) => text.includes(word))) return item;
  const children = item.children?.flatMap((child) => found(child, words) ?? []) ?? [];
  return children.length > 0 ? { ...item, children } : undefined;
}

export const isFolder = (row: TreeRow): row is Extract<TreeRow, { expanded: boolean }> =>
  row.kind === 'section' || row.kind === 'folder';

/** The row one level up. */
function parentRow(rows: readonly TreeRow[], at: number): TreeRow | undefined {
  const level = rows[at]?.level ?? 0;
  for (let above = at - 1; above >= 0; above--) if (rows[above]!.level < level) return rows[above];
  return undefined;
}

/** The workspace's folder that a row is or lies in; undefined: the scratch area. */
export function folderOf(row: TreeRow | undefined): string | undefined {
  if (row?.path === undefined) return undefined;
  return isFolder(row) ? row.path : parentOf(row.path);
}

/** What a key does from a row: goes to a row, or folds or unfolds this one. */
export type Step = { go: string } | { fold: boolean };

/** `perPage`: rows that PageUp and PageDown pass over. */
export function stepOf(
  rows: readonly TreeRow[],
  key: string | undefined,
  press: string,
  perPage: number,
): Step | undefined {
  const at = rows.findIndex((row) => row.key === key);
  const row = rows[at];
  const go = (index: number): Step | undefined => {
    const target = rows[Math.max(0, Math.min(rows.length - 1, index))];
    return target && { go: target.key };
  };
  if (press === 'ArrowDown') return go(at + 1);
  if (press === 'ArrowUp') return go(at - 1);
  if (press === 'PageDown') return go(at + perPage);
  if (press === 'PageUp') return go(at - perPage);
  if (press === 'Home') return go(0);
  if (press === 'End') return go(rows.length - 1);
  if (!row) return undefined;
  if (press === 'ArrowRight') {
    if (!isFolder(row)) return undefined;
    if (!row.expanded) return { fold: false };
    return (rows[at + 1]?.level ?? 0) > row.level ? go(at + 1) : undefined;
  }
  if (press === 'ArrowLeft') {
    if (isFolder(row) && row.expanded) return { fold: true };
    const parent = parentRow(rows, at);
    return parent && { go: parent.key };
  }
  return undefined;
}

/** The next row, from `key` on, whose text begins with what was typed. One letter alone passes over the row itself. */
export function typedRow(rows: readonly TreeRow[], key: string | undefined, typed: string): string | undefined {
  const at = Math.max(
    0,
    rows.findIndex((row) => row.key === key),
  );
  const first = typed.length === 1 ? 1 : 0;
  for (let step = first; step < rows.length + first; step++) {
    const row = rows[(at + step) % rows.length]!;
    if (row.text.toLowerCase().startsWith(typed.toLowerCase())) return row.key;
  }
  return undefined;
}

/** Paths of all folders of a workspace, the workspace itself first. */
export function foldersOf(tree: readonly TreeNode[]): string[] {
  const below = (nodes: readonly TreeNode[]): string[] =>
    nodes.flatMap((node) => (node.kind === 'folder' ? [node.path, ...below(node.children)] : []));
  return ['', ...below(tree)];
}
