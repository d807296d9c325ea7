// Payload trees as tests write and compare them.
import type { PayloadNode } from '../../../src-main/core/payload/payload.ts';

/** One line a node: `label: type value start+length (shown of total) | alternatives`, indented by depth. */
export function treeLines(nodes: readonly PayloadNode[], indent = ''): string[] {
  return nodes.flatMap(({ label, type, value, start, length, cut, alternatives = [], children = [] }) => [
    [
      `${indent}${label}: ${type}${value === '' ? '' : ` ${value}`} ${start}+${length}${cut ? ` (${cut.shownBytes} of ${cut.totalBytes ?? '?'})` : ''}`,
      ...alternatives.map((other) => `${other.type}${other.value === '' ? '' : ` ${other.value}`}`),
    ].join(' | '),
    ...treeLines(children, `${indent}  `),
  ]);
}

/** Calls back with every node and its depth. */
export function walk(
  nodes: readonly PayloadNode[],
  visit: (node: PayloadNode, depth: number, parent?: PayloadNode) => void,
  depth = 0,
  parent?: PayloadNode,
): void {
  for (const node of nodes) {
    visit(node, depth, parent);
    walk(node.children ?? [], visit, depth + 1, node);
  }
}
