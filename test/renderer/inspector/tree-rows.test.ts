import { describe, expect, it } from 'vitest';
import {
  innermost,
  nodeAt,
  reveal,
  type TreeNode,
  toggle,
  treeKey,
  treeRows,
} from '../../../src-renderer/inspector/tree-rows.ts';

interface Named extends TreeNode {
  name: string;
  children?: Named[];
}
const node = (name: string, start: number, length: number, children?: Named[]): Named =>
  children ? { name, start, length, children } : { name, start, length };

const forest: Named[] = [
  node('frame', 0, 10, [
    node('head', 0, 2, [node('fin', 0, 1), node('opcode', 0, 1)]),
    node('mask', 2, 4),
    node('payload', 6, 4, [node('text', 6, 4)]),
  ]),
  node('computed', 0, 0),
];
const names = (toggled: ReadonlySet<string> = new Set()): string[] =>
  treeRows(forest, toggled).map((row) => `${' '.repeat(row.depth)}${row.node.name}`);

describe('tree rows', () => {
  it('opens the upper levels and what was opened by hand', () => {
    expect(names()).toEqual(['frame', ' head', '  fin', '  opcode', ' mask', ' payload', '  text', 'computed']);
    expect(names(toggle(new Set(), '0.0'))).toEqual(['frame', ' head', ' mask', ' payload', '  text', 'computed']);
    expect(names(new Set(['0']))).toEqual(['frame', 'computed']);
    expect(names(reveal(new Set(['0', '0.0']), '0.0.1'))).toContain('  opcode');
  });

  it('finds what is at a path', () => {
    expect(nodeAt(forest, '0.0.1')?.name).toBe('opcode');
    expect(nodeAt(forest, '1')?.name).toBe('computed');
    for (const path of ['2', '0.3', '1.0', '0.0.1.0']) expect(nodeAt(forest, path)).toBeUndefined();
  });

  it('moves as trees do', () => {
    const rows = treeRows(forest, new Set());
    expect(treeKey(rows, 0, 'ArrowLeft', 10)).toEqual({ toggle: '0' });
    expect(treeKey(rows, 0, 'ArrowRight', 10)).toEqual({ to: 1 });
    expect(treeKey(rows, 2, 'ArrowLeft', 10)).toEqual({ to: 1 });
    expect(treeKey(rows, 7, 'ArrowDown', 10)).toEqual({ to: 7 });
    expect(treeKey(rows, 3, 'End', 10)).toEqual({ to: 7 });
    expect(treeKey(rows, 3, 'q', 10)).toBeUndefined();
  });

  it('finds the innermost node that holds the bytes', () => {
    const anywhere = (): boolean => true;
    expect(innermost(forest, { start: 3, length: 1 }, anywhere)).toBe('0.1');
    expect(innermost(forest, { start: 6, length: 2 }, anywhere)).toBe('0.2.0');
    expect(innermost(forest, { start: 1, length: 3 }, anywhere)).toBe('0');
    expect(innermost(forest, { start: 20, length: 1 }, anywhere)).toBeUndefined();
    expect(innermost(forest, { start: 0, length: 1 }, (candidate) => candidate.name === 'head')).toBe('0.0');
  });

  it('survives a tree as deep as a hostile payload makes it', () => {
    let deep: Named = node('leaf', 0, 1);
    for (let depth = 0; depth < 50_000; depth += 1) deep = node('n', 0, 1, [deep]);
    expect(treeRows([deep], new Set()).length).toBe(3);
    expect(treeRows([deep], new Set(), 100).length).toBe(101);
  });
});
