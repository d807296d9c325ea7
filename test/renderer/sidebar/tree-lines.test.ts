import { expect, it } from 'vitest';
import { treeLines } from '../../../src-renderer/sidebar/tree-lines.ts';
import { folderKey, type TreeRow, WORKSPACE_SECTION } from '../../../src-renderer/sidebar/tree-rows.ts';

const base = { position: 1, size: 1 };
const rows: TreeRow[] = [
  { ...base, kind: 'section', key: WORKSPACE_SECTION, text: 'service', level: 1, expanded: true, path: '' },
  { ...base, kind: 'folder', key: folderKey('chat'), text: 'chat', level: 2, expanded: true, path: 'chat' },
  { ...base, kind: 'broken', key: 'broken x.yaml', text: 'x.yaml', level: 2, path: 'x.yaml', problem: 'line 1' },
];
const kinds = (...input: [renaming: string | null, newFolderIn: string | undefined]) =>
  treeLines(rows, ...input).map(({ kind, key }) => `${kind} ${key}`);

it('are the rows while nothing is named', () => {
  expect(kinds(null, undefined)).toEqual(rows.map(({ key }) => `row ${key}`));
});

it('have a name in place of its row, with room for what is wrong with it', () => {
  expect(kinds('broken x.yaml', undefined)).toEqual([
    `row ${WORKSPACE_SECTION}`,
    `row ${folderKey('chat')}`,
    'rename broken x.yaml',
    'room room 1',
    'room room 2',
  ]);
});

it('have a new folder below the one it is made in', () => {
  expect(kinds(null, 'chat').slice(1, 3)).toEqual([
    `row ${folderKey('chat')}`,
    `newFolder new folder in ${folderKey('chat')}`,
  ]);
  expect(kinds(null, '')[1]).toBe(`newFolder new folder in ${WORKSPACE_SECTION}`);
});
