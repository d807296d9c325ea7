// A payload as text of several lines, whatever it is: to be held against another.
import { decodePayload } from '../../core/payload/decode.ts';
import type { PayloadNode, PayloadViewName } from '../../core/payload/payload.ts';
import type { Payload } from '../../core/protocol.ts';

export interface PayloadLines {
  /** How it was read. */
  view: PayloadViewName;
  text: string;
  /** Bytes that the text covers, and bytes in all. */
  shown: number;
  total: number;
}

/** Text and JSON as such, structured payloads a value a line, others as a hex dump. */
export function payloadLines(payload: Payload): PayloadLines {
  const { view, text, tree, shown, total } = decodePayload(payload, 'auto');
  return { view, text: text ?? treeLines(tree ?? []).join('\n'), shown, total };
}

/** Bounded as the tree is. */
function treeLines(nodes: readonly PayloadNode[], indent = ''): string[] {
  return nodes.flatMap(({ label, value, type, children }) => {
    const name = label === '' ? indent : `${indent}${label}: `;
    if (!children) return [`${name}${value}`];
    return [`${name}${type}`, ...treeLines(children, `${indent}  `)];
  });
}
