import { describe, expect, it } from 'vitest';
import type { SessionState, TreeNode, WorkspaceState } from '../../../src-main/bridge/contract.ts';
import {
  CAPTURES_SECTION,
  folderKey,
  folderOf,
  foldersOf,
  foldKey,
  SCRATCH_SECTION,
  sessionKey,
  stepOf,
  treeRows,
  typedRow,
  WORKSPACE_SECTION,
} from '../../../src-renderer/sidebar/tree-rows.ts';
import { NO_WORKSPACE } from '../../../src-renderer/stores/no-workspace.ts';
import { sessionState } from '../session-state.ts';

const named = (id: string, name: string, place: SessionState['place']) =>
  sessionState({ id, place, config: { ...sessionState().config, name } });
const inWorkspace = (id: string, name: string, path: string) => named(id, name, { in: 'workspace', path });

const sessions = new Map(
  [
    inWorkspace('w1', 'Lobby', 'chat/lobby.yaml'),
    inWorkspace('w2', 'Greeter', 'greeter.yaml'),
    named('s1', 'Quick look', { in: 'scratch', path: 'quick.yaml' }),
    sessionState({
      id: 'c1',
      place: { in: 'scratch', path: '' },
      config: { wirescope: 1, name: 'dump.pcapng', role: 'capture', protocol: 'tcp', file: '/d.pcapng' },
    }),
  ].map((session) => [session.id, session]),
);
const tree: TreeNode[] = [
  {
    kind: 'folder',
    path: 'chat',
    children: [
      { kind: 'folder', path: 'chat/empty', children: [] },
      { kind: 'session', path: 'chat/lobby.yaml', session: 'w1' },
      { kind: 'session', path: 'chat/late.yaml', session: 'not announced yet' },
    ],
  },
  { kind: 'broken', path: 'bad.yaml', problem: 'line 3: unknown key' },
  { kind: 'session', path: 'greeter.yaml', session: 'w2' },
];
const workspace: WorkspaceState = { ...NO_WORKSPACE, folder: '/w', name: 'service', tree };
const rowsOf = (input: { folded?: string[]; search?: string; workspace?: WorkspaceState } = {}) =>
  treeRows({
    workspace: input.workspace ?? workspace,
    sessions,
    folded: new Set(input.folded?.map((key) => foldKey(key, '/w'))),
    search: input.search ?? '',
  });
const texts = (rows: ReturnType<typeof rowsOf>) => rows.map(({ level, text }) => `${'  '.repeat(level - 1)}${text}`);

describe('rows', () => {
  it('show the workspace, the scratch area and captures', () => {
    expect(texts(rowsOf())).toEqual([
      'service',
      '  chat',
      '    empty',
      '    Lobby',
      '  bad.yaml',
      '  Greeter',
      'Scratch',
      '  Quick look',
      'Captures',
      '  dump.pcapng',
    ]);
  });

  it('count those beside each other', () => {
    const row = rowsOf().find(({ text }) => text === 'bad.yaml');
    expect([row?.position, row?.size]).toEqual([2, 3]);
  });

  it('hide what is folded, and nothing from a search', () => {
    const folded = [folderKey('chat'), SCRATCH_SECTION, CAPTURES_SECTION];
    expect(texts(rowsOf({ folded }))).toEqual(['service', '  chat', '  bad.yaml', '  Greeter', 'Scratch', 'Captures']);
    expect(texts(rowsOf({ folded, search: 'LOB' }))).toEqual(['service', '  chat', '    Lobby']);
    expect(texts(rowsOf({ search: 'chat' }))).toEqual(['service', '  chat', '    empty', '    Lobby']);
    expect(texts(rowsOf({ search: 'greeter ws://h' }))).toEqual(['service', '  Greeter']);
    expect(rowsOf({ search: 'nowhere' })).toEqual([]);
  });

  it('are folded in their own workspace, but for what all have in common', () => {
    const folded = [folderKey('chat'), WORKSPACE_SECTION, SCRATCH_SECTION];
    const elsewhere = rowsOf({ folded, workspace: { ...workspace, folder: '/other' } });
    const expanded = (text: string) => elsewhere.find((row) => row.text === text);
    expect(expanded('service')).toMatchObject({ expanded: true });
    expect(expanded('chat')).toMatchObject({ expanded: true });
    expect(expanded('Scratch')).toMatchObject({ expanded: false });
  });

  it('call the scratch area plain sessions while no workspace is open', () => {
    expect(texts(rowsOf({ workspace: NO_WORKSPACE }))).toEqual([
      'Sessions',
      '  Quick look',
      'Captures',
      '  dump.pcapng',
    ]);
    expect(treeRows({ workspace: NO_WORKSPACE, sessions: new Map(), folded: new Set(), search: '' })).toEqual([]);
  });

  it('lie in folders, or in the scratch area', () => {
    const rows = rowsOf();
    const folder = (text: string) => folderOf(rows.find((row) => row.text === text));
    expect(['service', 'chat', 'Lobby', 'bad.yaml', 'Quick look', 'Scratch'].map(folder)).toEqual([
      '',
      'chat',
      'chat',
      '',
      undefined,
      undefined,
    ]);
  });
});

describe('keys', () => {
  const rows = rowsOf();
  const lobby = sessionKey('w1');

  it('go up and down, and to the ends', () => {
    expect(stepOf(rows, folderKey('chat'), 'ArrowDown', 3)).toEqual({ go: folderKey('chat/empty') });
    expect(stepOf(rows, WORKSPACE_SECTION, 'ArrowUp', 3)).toEqual({ go: WORKSPACE_SECTION });
    expect(stepOf(rows, lobby, 'Home', 3)).toEqual({ go: WORKSPACE_SECTION });
    expect(stepOf(rows, lobby, 'End', 3)).toEqual({ go: sessionKey('c1') });
    expect(stepOf(rows, undefined, 'ArrowDown', 3)).toEqual({ go: WORKSPACE_SECTION });
    expect(stepOf([], undefined, 'ArrowDown', 3)).toBeUndefined();
  });

  it('go by pages, as far as there are rows', () => {
    expect(stepOf(rows, WORKSPACE_SECTION, 'PageDown', 3)).toEqual({ go: rows[3]!.key });
    expect(stepOf(rows, WORKSPACE_SECTION, 'PageDown', 100)).toEqual({ go: rows.at(-1)!.key });
    expect(stepOf(rows, rows[4]!.key, 'PageUp', 3)).toEqual({ go: rows[1]!.key });
    expect(stepOf(rows, rows[1]!.key, 'PageUp', 3)).toEqual({ go: WORKSPACE_SECTION });
  });

  it('unfold and go in, fold and go out', () => {
    const folded = rowsOf({ folded: [folderKey('chat')] });
    expect(stepOf(folded, folderKey('chat'), 'ArrowRight', 3)).toEqual({ fold: false });
    expect(stepOf(rows, folderKey('chat'), 'ArrowRight', 3)).toEqual({ go: folderKey('chat/empty') });
    expect(stepOf(rows, folderKey('chat/empty'), 'ArrowRight', 3)).toBeUndefined();
    expect(stepOf(rows, lobby, 'ArrowRight', 3)).toBeUndefined();
    expect(stepOf(rows, lobby, 'ArrowLeft', 3)).toEqual({ go: folderKey('chat') });
    expect(stepOf(rows, folderKey('chat'), 'ArrowLeft', 3)).toEqual({ fold: true });
    expect(stepOf(folded, WORKSPACE_SECTION, 'x', 3)).toBeUndefined();
  });

  it('find by letters, around the end', () => {
    expect(typedRow(rows, lobby, 's')).toBe(SCRATCH_SECTION);
    expect(typedRow(rows, SCRATCH_SECTION, 's')).toBe(WORKSPACE_SECTION);
    expect(typedRow(rows, SCRATCH_SECTION, 'sc')).toBe(SCRATCH_SECTION);
    expect(typedRow(rows, lobby, 'zz')).toBeUndefined();
    expect(typedRow([], undefined, 's')).toBeUndefined();
  });
});

it('lists the folders to move to', () => {
  expect(foldersOf(tree)).toEqual(['', 'chat', 'chat/empty']);
});
