// JSON text as a tree that knows where everything stands, also while it is being typed: what is missing is left out and
// said in `errors`, and the rest is read on. Pure, bounded in depth, never throws.

export type JsonPath = readonly (string | number)[];

export interface JsonProperty {
  key: string;
  /** The quotes are part of it. */
  keyStart: number;
  keyEnd: number;
  /** Offset of the colon, if it is there. */
  colon?: number;
  value?: JsonNode;
}

interface Placed {
  start: number;
  /** Behind the last character. */
  end: number;
}

export type JsonNode = Placed &
  (
    | { kind: 'object'; properties: JsonProperty[]; closed: boolean }
    | { kind: 'array'; items: JsonNode[]; closed: boolean }
    | { kind: 'string'; value: string }
    | { kind: 'number' }
    /** true, false, null, or a word that is none of them. */
    | { kind: 'word' }
  );

export interface JsonFault extends Placed {
  text: string;
}

export interface JsonTree {
  /** Absent in text without a value. */
  root?: JsonNode;
  /** In order of place. Without one, JSON.parse takes the text. */
  faults: JsonFault[];
}

/** Deeper values are not read: text like that is nobody's message. */
const MAX_DEPTH = 200;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[^\s[\]{},:"]+/y;

export function readJsonTree(text: string): JsonTree {
  return new Reader(text).tree();
}

class Reader {
  readonly #text: string;
  readonly #faults: JsonFault[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  tree(): JsonTree {
    const root = this.#value(0);
    if (!root) this.#fault('A value is missing.', this.#at, this.#at);
    this.#skipSpace();
    if (root && this.#at < this.#text.length) this.#fault('Nothing may follow the value.', this.#at, this.#text.length);
    return { ...(root ? { root } : {}), faults: this.#faults };
  }

  #value(depth: number): JsonNode | undefined {
    this.#skipSpace();
    const character = this.#text[this.#at];
    if (character === undefined) return undefined;
    if (depth > MAX_DEPTH) {
      this.#fault(`Nested deeper than ${MAX_DEPTH} levels.`, this.#at, this.#text.length);
      this.#at = this.#text.length;
      return undefined;
    }
    if (character === '{') return this.#object(depth);
    if (character === '[') return this.#array(depth);
    if (character === '"') return this.#string();
    return this.#word();
  }

  #object(depth: number): JsonNode {
    const start = this.#at++;
    const properties: JsonProperty[] = [];
    for (;;) {
      this.#skipSpace();
      const character = this.#text[this.#at];
      if (character === undefined) {
        this.#fault('The object is not closed.', start, start + 1);
        return { kind: 'object', start, end: this.#at, properties, closed: false };
      }
      if (character === '}') {
        this.#at++;
        return { kind: 'object', start, end: this.#at, properties, closed: true };
      }
      if (character === '"') properties.push(this.#property(depth));
      else if (this.#text.startsWith('{{', start))
        this.#passOver('A variable in JSON stands in quotes, as "{{name}}".');
      else this.#passOver('A name in quotes is wanted here.');
      this.#separator('}');
    }
  }

  #property(depth: number): JsonProperty {
    const key = this.#string();
    const property: JsonProperty = { key: key.value, keyStart: key.start, keyEnd: key.end };
    this.#skipSpace();
    if (this.#text[this.#at] !== ':') {
      this.#fault('A colon and a value are wanted here.', key.start, key.end);
      return property;
    }
    property.colon = this.#at++;
    this.#skipSpace();
    const next = this.#text[this.#at];
    const value = next === ',' || next === '}' ? undefined : this.#value(depth + 1);
    if (value) property.value = value;
    else this.#fault('A value is wanted here.', key.start, property.colon + 1);
    return property;
  }

  #array(depth: number): JsonNode {
    const start = this.#at++;
    const items: JsonNode[] = [];
    for (;;) {
      this.#skipSpace();
      const character = this.#text[this.#at];
      if (character === undefined) {
        this.#fault('The list is not closed.', start, start + 1);
        return { kind: 'array', start, end: this.#at, items, closed: false };
      }
      if (character === ']') {
        this.#at++;
        return { kind: 'array', start, end: this.#at, items, closed: true };
      }
      const item = character === ',' || character === '}' || character === ':' ? undefined : this.#value(depth + 1);
      if (item) items.push(item);
      else this.#passOver('A value is wanted here.');
      this.#separator(']');
    }
  }

  /** The comma between two, or nothing before the end. */
  #separator(close: '}' | ']'): void {
    this.#skipSpace();
    const character = this.#text[this.#at];
    if (character === close || character === undefined) return;
    if (character !== ',') {
      this.#fault('A comma is wanted here.', this.#at, this.#at + 1);
      return;
    }
    const comma = this.#at++;
    this.#skipSpace();
    if (this.#text[this.#at] === close) this.#fault('No comma may stand before the end.', comma, comma + 1);
  }

  #string(): JsonNode & { kind: 'string' } {
    const start = this.#at++;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at];
      if (character === '\n') break;
      this.#at += character === '\\' ? 2 : 1;
      if (character === '"') return this.#decoded(start);
    }
    this.#at = Math.min(this.#at, this.#text.length);
    this.#fault('The string is not closed.', start, this.#at);
    return { kind: 'string', start, end: this.#at, value: this.#text.slice(start + 1, this.#at) };
  }

  #decoded(start: number): JsonNode & { kind: 'string' } {
    const end = this.#at;
    const raw = this.#text.slice(start, end);
    try {
      return { kind: 'string', start, end, value: JSON.parse(raw) as string };
    } catch {
      this.#fault('The string has a character that must be escaped.', start, end);
      return { kind: 'string', start, end, value: raw.slice(1, -1) };
    }
  }

  #word(): JsonNode | undefined {
    const start = this.#at;
    WORD.lastIndex = start;
    const word = WORD.exec(this.#text)?.[0];
    if (word === undefined) return undefined;
    this.#at = start + word.length;
    NUMBER.lastIndex = start;
    if (NUMBER.exec(this.#text)?.[0] === word) return { kind: 'number', start, end: this.#at };
    if (!/^(true|false|null)$/.test(word)) this.#fault(`“${word.slice(0, 40)}” is no JSON value.`, start, this.#at);
    return { kind: 'word', start, end: this.#at };
  }

  /** What cannot stand here, up to what may go on. */
  #passOver(fault: string): void {
    const start = this.#at;
    while (this.#at < this.#text.length && !/[,"}\]]/.test(this.#text[this.#at]!)) this.#at++;
    if (this.#at === start && !/[,"}]/.test(this.#text[this.#at] ?? ',')) this.#at++;
    if (this.#at === start && this.#text[this.#at] !== ',') this.#at++;
    this.#fault(fault, start, Math.max(this.#at, start + 1));
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && ' \t\n\r'.includes(this.#text[this.#at]!)) this.#at++;
  }

  #fault(text: string, start: number, end: number): void {
    this.#faults.push({ text, start, end });
  }
}

/** The property that counts: of doubled ones the last. */
export function propertyOf(node: JsonNode | undefined, ...keys: readonly string[]): JsonProperty | undefined {
  if (node?.kind !== 'object') return undefined;
  for (let at = node.properties.length - 1; at >= 0; at--) {
    const property = node.properties[at];
    if (property && keys.includes(property.key)) return property;
  }
  return undefined;
}

/** The value at a path. */
export function nodeAt(root: JsonNode | undefined, path: JsonPath): JsonNode | undefined {
  let node = root;
  for (const step of path) {
    if (typeof step === 'string') node = propertyOf(node, step)?.value;
    else node = node?.kind === 'array' ? node.items[step] : undefined;
  }
  return node;
}

/** What the text of a string node says; undefined for what is no string. */
export function stringOf(node: JsonNode | undefined): string | undefined {
  return node?.kind === 'string' ? node.value : undefined;
}

/** Where the caret is: about to write (or within) a key of the object, or a value. */
export type JsonPlace =
  | {
      at: 'key';
      path: JsonPath;
      object: JsonNode & { kind: 'object' };
      property?: JsonProperty;
      start: number;
      end: number;
    }
  | { at: 'value'; path: JsonPath; node?: JsonNode; start: number; end: number };

/** The place of an offset; undefined where nothing can be written, as behind a value. */
export function placeAt(tree: JsonTree, text: string, offset: number): JsonPlace | undefined {
  const { root } = tree;
  if (!root) return { at: 'value', path: [], start: offset, end: offset };
  let node = root;
  const path: (string | number)[] = [];
  for (;;) {
    if (!isInside(node, offset)) {
      const touches = offset >= node.start && offset <= node.end && node.kind !== 'object' && node.kind !== 'array';
      return touches ? { at: 'value', path, node, start: node.start, end: node.end } : undefined;
    }
    if (node.kind === 'object') {
      const found = withinObject(node, offset, path, text);
      if (!found || 'at' in found) return found;
      path.push(found.step);
      node = found.node;
    } else if (node.kind === 'array') {
      const index = node.items.findIndex((item) => offset >= item.start && offset <= item.end);
      const item = node.items[index];
      if (!item) {
        const before = node.items.filter((each) => each.end <= offset).length;
        if (!/[[,]\s*$/.test(text.slice(node.start, offset))) return undefined;
        return { at: 'value', path: [...path, before], start: offset, end: offset };
      }
      path.push(index);
      node = item;
    } else {
      return { at: 'value', path, node, start: node.start, end: node.end };
    }
  }
}

function isInside(node: JsonNode, offset: number): boolean {
  if (node.kind === 'object' || node.kind === 'array') {
    return offset > node.start && (node.closed ? offset < node.end : offset <= node.end);
  }
  return offset >= node.start && offset <= node.end;
}

function withinObject(
  object: JsonNode & { kind: 'object' },
  offset: number,
  path: JsonPath,
  text: string,
): JsonPlace | { step: string; node: JsonNode } | undefined {
  for (const [index, property] of object.properties.entries()) {
    const { key, keyStart, keyEnd, colon, value } = property;
    if (offset > keyStart && offset <= keyEnd) {
      return { at: 'key', path, object, property, start: keyStart, end: keyEnd };
    }
    if (colon === undefined || offset <= colon) continue;
    if (value && offset >= value.start && offset <= value.end) return { step: key, node: value };
    const next = object.properties[index + 1]?.keyStart ?? object.end;
    const until = value ? value.start : next;
    if (offset <= until && !text.slice(colon + 1, offset).trim()) {
      return { at: 'value', path: [...path, key], start: offset, end: offset };
    }
  }
  if (!/[{,]\s*$/.test(text.slice(object.start, offset))) return undefined;
  return { at: 'key', path, object, start: offset, end: offset };
}
