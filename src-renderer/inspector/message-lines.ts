// A decoded message in a few lines to read in passing: `user: "ada"`, what is inside moved in. Pure.
import type { PayloadNode, PayloadView } from '../../src-main/bridge/contract.ts';
import type { Field } from '../../src-main/core/field.ts';
import { fieldText } from './field-text.ts';

const MAX_LINES = 12;
const MAX_CHARS = 300;

/** At most MAX_LINES lines; the last says … when there are more. */
export function messageLines(view: PayloadView): string[] {
  if (view.tree) return cut(treeLines(view.tree));
  if (view.text !== undefined) return cut(view.text.split('\n'));
  return view.total === 0 ? [] : [`${view.total} bytes`];
}

/** The same of a message that is among a record's fields, under the name protobuf. */
export function fieldLines(message: Field): string[] {
  return cut(treeLines(messageNodes(message)));
}

/** What `treeLines` reads of a node. */
type Line = Pick<PayloadNode, 'label' | 'value' | 'type'> & { children?: Line[] };

/** Recursive: the engine decodes no deeper than protobuf allows. */
function messageNodes({ children = [] }: Field): Line[] {
  return children
    .filter((field) => field.name === 'protobuf.field')
    .map((field) => {
      const inner = messageNodes(field);
      const value = inner.length > 0 ? '' : fieldText(field);
      return { label: field.label, value, type: '', children: inner };
    });
}

/** Iterative, because a hostile tree may be deep, and no further than is shown. */
function treeLines(roots: readonly Line[]): string[] {
  const lines: string[] = [];
  const stack = roots.map((node) => ({ node, depth: 0 })).reverse();
  while (stack.length > 0 && lines.length <= MAX_LINES) {
    const { node, depth } = stack.pop()!;
    const { label, value, type, children = [] } = node;
    // The message itself has neither name nor value: its fields stand in the first column.
    const isWhole = label === '' && value === '' && depth === 0;
    if (!isWhole) {
      const said = value === '' && children.length > 0 ? '' : value || type;
      lines.push(`${'  '.repeat(depth)}${label}${label === '' ? '' : ': '}${said}`.trimEnd());
    }
    const inner = isWhole ? 0 : depth + 1;
    for (const child of [...children].reverse()) stack.push({ node: child, depth: inner });
  }
  return lines;
}

function cut(lines: string[]): string[] {
  const shown = lines
    .slice(0, MAX_LINES)
    .map((line) => (line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS)}…` : line));
  return lines.length > MAX_LINES ? [...shown, '…'] : shown;
}
