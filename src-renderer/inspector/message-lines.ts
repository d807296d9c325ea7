// A decoded message in a few lines to read in passing: `user: "ada"`, what is inside moved in. Pure.
import type { PayloadNode, PayloadView } from '../../src-main/bridge/contract.ts';
import type { Field } from '../../src-main/core/field.ts';
import { cutText } from './cut-text.ts';
import { fieldText } from './field-text.ts';

const MAX_LINES = 12;
const MAX_CHARS = 300;

/** At most MAX_LINES lines; the last says … when there are more. */
export function messageLines(view: PayloadView): string[] {
  if (view.tree) return first(treeLines(view.tree));
  if (view.text !== undefined) return first(view.text.split('\n').map(shorten));
  return view.total === 0 ? [] : [`${view.total} bytes`];
}

/** The same of a message that is among a record's fields, under the name protobuf. */
export function fieldLines(message: Field): string[] {
  return first(treeLines(messageNodes(message)));
}

/** What `treeLines` reads of a node. */
type Line = Pick<PayloadNode, 'label' | 'value' | 'type' | 'cut'> & { children?: Line[] };

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
    const { label, value, type, cut, children = [] } = node;
    // The message itself has neither name nor value: its fields stand in the first column.
    const isWhole = label === '' && value === '' && depth === 0;
    if (!isWhole) {
      const said = value === '' && children.length > 0 ? '' : value || type;
      const line = `${'  '.repeat(depth)}${label}${label === '' ? '' : ': '}${said}`.trimEnd();
      lines.push(`${shorten(line)}${cut ? ` (${cutText(cut)})` : ''}`);
    }
    const inner = isWhole ? 0 : depth + 1;
    for (const child of [...children].reverse()) stack.push({ node: child, depth: inner });
  }
  return lines;
}

function first(lines: string[]): string[] {
  return lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), '…'] : lines;
}

function shorten(line: string): string {
  return line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS)}…` : line;
}
