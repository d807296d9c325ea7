// Changes to JSON text by path that touch nothing else: what was typed, its order, its spacing and keys nobody knows stay
// as they are. Pure. Text with a fault in it is not changed.
import { type JsonNode, type JsonPath, nodeAt, propertyOf, readJsonTree } from './json-tree.ts';

const INDENT = '  ';

/** `text` with the JSON `value` at a path, made if its parent is there; undefined takes it away. Empty text is `{}`. */
export function withValueAt(text: string, path: JsonPath, value: string | undefined): string {
  const whole = text.trim() === '' ? '{}' : text;
  const { root, faults } = readJsonTree(whole);
  if (!root || faults.length > 0) return text;
  const step = path.at(-1);
  if (step === undefined) return value === undefined ? '{}' : value;
  const parent = nodeAt(root, path.slice(0, -1));
  if (typeof step === 'string') return parent?.kind === 'object' ? withProperty(whole, parent, step, value) : text;
  return parent?.kind === 'array' ? withItem(whole, parent, step, value) : text;
}

/** `text` with the property at a path under another name, in the same place. */
export function withKeyAt(text: string, path: JsonPath, key: string): string {
  const { root, faults } = readJsonTree(text);
  const step = path.at(-1);
  const property = typeof step === 'string' ? propertyOf(nodeAt(root, path.slice(0, -1)), step) : undefined;
  if (!property || faults.length > 0) return text;
  return splice(text, property.keyStart, property.keyEnd, JSON.stringify(key));
}

/** `text` with an item of the list at a path moved to another place in it. */
export function withItemMoved(text: string, path: JsonPath, from: number, to: number): string {
  const { root, faults } = readJsonTree(text);
  const list = nodeAt(root, path);
  if (list?.kind !== 'array' || faults.length > 0) return text;
  const order = list.items.map((_, index) => index);
  const [moved] = order.splice(from, 1);
  if (moved === undefined || to < 0 || to > order.length) return text;
  order.splice(to, 0, moved);
  const contents = list.items.map((item) => text.slice(item.start, item.end));
  let result = '';
  let at = 0;
  for (const [place, item] of list.items.entries()) {
    result += text.slice(at, item.start) + contents[order[place]!]!;
    at = item.end;
  }
  return result + text.slice(at);
}

function withProperty(
  text: string,
  object: JsonNode & { kind: 'object' },
  key: string,
  value: string | undefined,
): string {
  const property = propertyOf(object, key);
  const { properties } = object;
  if (property) {
    if (value === undefined) {
      const at = properties.indexOf(property);
      const places = properties.map((each) => ({ start: each.keyStart, end: each.value?.end ?? each.keyEnd }));
      return without(text, object, places, at);
    }
    const { start, end } = property.value ?? { start: property.keyEnd, end: property.keyEnd };
    return splice(text, start, end, indented(value, indentAt(text, property.keyStart)));
  }
  if (value === undefined) return text;
  const last = properties.at(-1);
  return withAppended(text, object, last && { start: last.keyStart, end: last.value?.end ?? last.keyEnd }, (indent) => {
    return `${JSON.stringify(key)}: ${indented(value, indent)}`;
  });
}

function withItem(text: string, list: JsonNode & { kind: 'array' }, at: number, value: string | undefined): string {
  const item = list.items[at];
  if (item && value === undefined) return without(text, list, list.items, at);
  if (item && value !== undefined) {
    return splice(text, item.start, item.end, indented(value, indentAt(text, item.start)));
  }
  if (value === undefined) return text;
  return withAppended(text, list, list.items.at(-1), (indent) => indented(value, indent));
}

/** A further part behind the last: on a line of its own if the last has one, or in a container that was empty. */
function withAppended(
  text: string,
  container: JsonNode,
  last: { start: number; end: number } | undefined,
  write: (indent: string) => string,
): string {
  const outer = indentAt(text, container.start);
  if (!last) {
    const indent = outer + INDENT;
    const open = text[container.start];
    const close = open === '{' ? '}' : ']';
    return splice(text, container.start, container.end, `${open}\n${indent}${write(indent)}\n${outer}${close}`);
  }
  const ownLine = /\n\s*$/.test(text.slice(container.start, last.start));
  if (!ownLine) return splice(text, last.end, last.end, `, ${write(outer)}`);
  const indent = indentAt(text, last.start);
  return splice(text, last.end, last.end, `,\n${indent}${write(indent)}`);
}

/** Without one part, its comma, and the line that was its own. */
function without(
  text: string,
  container: JsonNode,
  parts: readonly { start: number; end: number }[],
  at: number,
): string {
  const part = parts[at]!;
  const next = parts[at + 1];
  const previous = parts[at - 1];
  if (next) return splice(text, part.start, next.start, '');
  if (previous) return splice(text, previous.end, part.end, '');
  return splice(text, container.start + 1, container.end - 1, '');
}

/** White space that begins the line of an offset. */
function indentAt(text: string, offset: number): string {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line, offset))?.[0] ?? '';
}

/** The further lines of a value, moved in. */
function indented(value: string, indent: string): string {
  return value.replaceAll('\n', `\n${indent}`);
}

function splice(text: string, start: number, end: number, middle: string): string {
  return text.slice(0, start) + middle + text.slice(end);
}
