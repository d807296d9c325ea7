// JSON view: text set out over lines and a tree, with strings and numbers spelled as they are in the bytes (a 64-bit
// integer keeps every digit). What follows an error is shown as it is.
import { latin1, utf8 } from '../dissect/bytes.ts';
import { type JsonScalar, type JsonVisitor, scanJson } from './json-scan.ts';
import {
  type Decoded,
  type DecodeError,
  MAX_DEPTH,
  MAX_NODES,
  MAX_REMARKS,
  MAX_TEXT_CHARS,
  MAX_VALUE_CHARS,
  type PayloadNode,
  type PayloadRemark,
} from './payload.ts';
import { shorten } from './preview.ts';
import { invalidUtf8, STEERING, visible } from './text.ts';

/** Levels that are indented; deep nesting would print little but spaces. */
const MAX_INDENTED_LEVELS = 40;

/** Decodes JSON. `total`: bytes of the whole payload; of one with more than there are, an end inside a value is no error. */
export function decodeJson(bytes: Uint8Array, total = bytes.length): Decoded {
  const builder = new JsonBuilder(bytes);
  const from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  if (from > 0) builder.remarks.push({ text: 'JSON does not begin with a byte order mark (RFC 8259 §8.1).', at: 0 });
  const isCut = bytes.length < total;
  const scan = scanJson(bytes, builder, { from, maxStringBytes: MAX_TEXT_CHARS, isCut });
  let shown = scan.stopped ? scan.end : bytes.length;
  if (scan.error) shown = builder.appendRest(scan.end);
  builder.finish(scan.end);
  const remarks = [...builder.remarks, ...invalidUtf8(bytes.subarray(0, shown), shown < total)].slice(0, MAX_REMARKS);
  const decoded = { tree: builder.roots, text: builder.text, remarks, shown };
  const excused = isCut && scan.error?.code === 'truncated';
  return scan.error && !excused ? { ...decoded, error: scan.error } : decoded;
}

/** What keeps bytes from being one JSON text, all of them looked at; undefined if nothing. */
export function jsonError(bytes: Uint8Array): DecodeError | undefined {
  return scanJson(bytes, { open: ignore, close: ignore, key: ignore, scalar: ignore, full: false }).error;
}

function ignore(): void {}

/** An open container that has a node. */
interface Container {
  node: PayloadNode;
  object: boolean;
  count: number;
  keys: Set<string>;
}

class JsonBuilder implements JsonVisitor {
  readonly roots: PayloadNode[] = [];
  readonly remarks: PayloadRemark[] = [];
  text = '';
  readonly #bytes: Uint8Array;
  /** The outermost open containers; those further in have no nodes. */
  readonly #open: Container[] = [];
  /** The container in which the tree ended for its depth, while it is open. */
  #leaf: PayloadNode | undefined;
  #depth = 0;
  #nodes = 0;
  #first = true;
  #key: { label: string; start: number } | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get full(): boolean {
    return this.text.length >= MAX_TEXT_CHARS;
  }

  open(object: boolean, at: number): void {
    const node = this.#place(at, object ? 'object' : 'array', '');
    if (node && this.#depth < MAX_DEPTH) {
      node.children = [];
      this.#open.push({ node, object, count: 0, keys: new Set() });
    } else if (node) {
      node.value = '…';
      this.#leaf = node;
      this.#remark(`Nested deeper than ${MAX_DEPTH} levels: the tree ends here, the text goes on.`, at);
    }
    this.text += object ? '{' : '[';
    this.#depth++;
    this.#first = true;
  }

  close(end: number): void {
    this.#depth--;
    if (this.#depth < this.#open.length) closeContainer(this.#open.pop()!, end);
    else if (this.#depth === this.#open.length && this.#leaf) {
      this.#leaf.length = end - this.#leaf.start;
      this.#leaf = undefined;
    }
    if (!this.#first) this.#newLine();
    this.text += String.fromCharCode(this.#bytes[end - 1]!);
    this.#first = false;
  }

  key(start: number, end: number): void {
    const spelled = this.#spelled(start, end);
    this.#separate();
    this.text += `${spelled}: `;
    const label = unquoted(spelled);
    this.#key = { label, start };
    const container = this.#innermost();
    if (!container) return;
    if (container.keys.has(label)) this.#remark(`The key “${shorten(visible(label), 60)}” is there twice.`, start);
    container.keys.add(label);
  }

  scalar(kind: JsonScalar, start: number, end: number): void {
    const spelled = this.#spelled(start, end);
    const node = this.#place(start, kind, shorten(spelled, MAX_VALUE_CHARS));
    if (node) node.length = end - node.start;
    this.text += spelled;
    this.#first = false;
  }

  cutString(start: number, end: number): void {
    const spelled = withoutSteering(utf8(this.#bytes.subarray(start, end), true));
    const node = this.#place(start, 'string', shorten(spelled, MAX_VALUE_CHARS, true));
    if (node) Object.assign(node, { length: end - node.start, cut: { shownBytes: end - start - 1 } });
    this.text += spelled;
    this.#first = false;
  }

  /** Adds what could not be read as it is; returns the offset up to which there was room for it. */
  appendRest(from: number): number {
    const room = Math.max(0, MAX_TEXT_CHARS - this.text.length);
    const rest = this.#bytes.subarray(from, from + room);
    this.text += visible(new TextDecoder('utf-8', { ignoreBOM: true }).decode(rest, { stream: true }));
    return from + rest.length;
  }

  /** Ends the containers that are still open. */
  finish(end: number): void {
    if (this.#leaf) this.#leaf.length = end - this.#leaf.start;
    for (const container of this.#open) closeContainer(container, end);
  }

  /** Makes room for a value in the text, and its node if it is to have one. */
  #place(at: number, type: string, value: string): PayloadNode | undefined {
    const key = this.#key;
    this.#key = undefined;
    if (!key && this.#depth > 0) this.#separate();
    if (this.#depth !== this.#open.length) return undefined;
    const container = this.#innermost();
    const label = key?.label ?? (container ? `[${container.count}]` : 'value');
    if (container) container.count++;
    if (++this.#nodes > MAX_NODES) {
      if (this.#nodes === MAX_NODES + 1) this.#remark(`The tree ends after ${MAX_NODES} values.`, at);
      return undefined;
    }
    const start = key?.start ?? at;
    const node = { label: shorten(visible(label), MAX_VALUE_CHARS), value, type, start, length: at - start };
    (container?.node.children ?? this.roots).push(node);
    return node;
  }

  #innermost(): Container | undefined {
    return this.#depth === this.#open.length ? this.#open[this.#depth - 1] : undefined;
  }

  #separate(): void {
    if (!this.#first) this.text += ',';
    this.#first = false;
    this.#newLine();
  }

  #newLine(): void {
    this.text += `\n${'  '.repeat(Math.min(this.#depth, MAX_INDENTED_LEVELS))}`;
  }

  /** A token as it is written, but for what would steer the screen, which gets the escape JSON has for it. */
  #spelled(start: number, end: number): string {
    if (isPlain(this.#bytes, start, end)) return latin1(this.#bytes, start, end);
    return withoutSteering(utf8(this.#bytes.subarray(start, end)));
  }

  #remark(text: string, at: number): void {
    if (this.remarks.length < MAX_REMARKS) this.remarks.push({ text, at });
  }
}

function closeContainer({ node, object, count }: Container, end: number): void {
  node.length = end - node.start;
  node.type = `${object ? 'object' : 'array'}(${count})`;
}

/** What would steer the screen gets the escape that JSON has for it. */
function withoutSteering(text: string): string {
  return text.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Only visible ASCII: what most tokens are. */
function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at]! >= 0x7f) return false;
  }
  return true;
}

/** The text of a string literal the scanner accepted; of one cut off, what there is. */
function unquoted(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, literal.endsWith('"') ? -1 : undefined);
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal.slice(1);
  }
}
