// What decoders of self-describing binary formats share: reading with bounds, a budget of nodes, and a tree that keeps
// what was read before a fault. Knows no format.
import { hex, isUtf8, utf8 } from '../dissect/bytes.ts';
import {
  type CutValue,
  type Decoded,
  type DecodeError,
  type DecodeErrorCode,
  MAX_DEPTH,
  MAX_NODES,
  MAX_REMARKS,
  MAX_VALUE_CHARS,
  type PayloadNode,
  type PayloadRemark,
} from './payload.ts';
import { hexPreview, shorten } from './preview.ts';
import { STEERING } from './text.ts';

/** Where a node belongs. */
export interface Place {
  siblings: PayloadNode[];
  label: string;
  /** First byte of the node: that of its key in a map, else its own. */
  start: number;
  /** Containers around it. */
  depth: number;
}

/** Reads one item at the reader's position, adds its node where it belongs, and returns it. */
export type ReadItem = (reader: BinaryReader, place: Place) => PayloadNode;

/** Decodes items one after the other until the bytes end, which may be only the first of `total`. */
export function decodeItems(bytes: Uint8Array, total: number, readItem: ReadItem): Decoded {
  const reader = new BinaryReader(bytes, total);
  const tree: PayloadNode[] = [];
  let stop: Stop | undefined;
  try {
    while (reader.at < bytes.length) {
      const label = tree.length === 0 ? 'value' : `value ${tree.length + 1}`;
      readItem(reader, { siblings: tree, label, start: reader.at, depth: 0 });
    }
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    stop = thrown;
  }
  const shown = stop ? reader.itemStart : bytes.length;
  const error = stop?.error;
  if (error) tree.push(undecoded(bytes, shown));
  const decoded = { tree, remarks: reader.remarks, shown };
  return error ? { ...decoded, error } : decoded;
}

/** The node for bytes nobody could make sense of. */
export function undecoded(bytes: Uint8Array, from: number): PayloadNode {
  const rest = bytes.subarray(from);
  return {
    label: 'not decoded',
    value: hexPreview(rest, rest.length),
    type: 'bytes',
    start: from,
    length: rest.length,
  };
}

/** Text in double quotes with JSON's escapes, at most MAX_VALUE_CHARS characters. `cut`: there is more of it. */
function quoted(text: string, cut = false): string {
  return JSON.stringify(shorten(text, MAX_VALUE_CHARS - 2, cut)).replace(
    STEERING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A floating-point number with all its digits. */
export function floatText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The beginning of a text in UTF-8, quoted; a character that is cut off is left out. */
export function quotedUtf8(bytes: Uint8Array, cut: boolean): string {
  const start = bytes.subarray(0, MAX_VALUE_CHARS * 4);
  return quoted(utf8(start, cut || start.length < bytes.length), cut);
}

/** Ends a decode: with an error, because the tree is full, or because the bytes end before the payload does. */
class Stop extends Error {
  readonly error: DecodeError | undefined;

  constructor(error?: DecodeError) {
    super(error?.message);
    this.error = error;
  }
}

interface Content {
  bytes: Uint8Array;
  cut?: CutValue;
}

export class BinaryReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly remarks: PayloadRemark[] = [];
  at = 0;
  /** Where the item now being read began. */
  itemStart = 0;
  readonly #total: number;
  #nodes = 0;

  constructor(bytes: Uint8Array, total: number) {
    this.bytes = bytes;
    this.#total = total;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    this.need(1);
    return this.bytes[this.at++]!;
  }

  /** Big-endian, 1, 2, 4 or 8 bytes; a bigint only where a number would lose digits. */
  unsigned(width: 1 | 2 | 4 | 8): number | bigint {
    const at = this.skip(width);
    if (width === 1) return this.view.getUint8(at);
    if (width === 2) return this.view.getUint16(at);
    if (width === 4) return this.view.getUint32(at);
    const value = this.view.getBigUint64(at);
    return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }

  /** The next `length` bytes, or what there is of them. */
  take(length: number | bigint): Content {
    const left = this.bytes.length - this.at;
    const isCut = length > left && length <= this.#total - this.at;
    const at = this.skip(isCut ? left : length);
    const bytes = this.bytes.subarray(at, this.at);
    return isCut ? { bytes, cut: { shownBytes: left, totalBytes: Number(length) } } : { bytes };
  }

  /** Moves on by `length` and returns the offset before. */
  skip(length: number | bigint): number {
    this.need(length);
    const at = this.at;
    this.at += Number(length);
    return at;
  }

  need(length: number | bigint): void {
    const left = this.#total - this.at;
    if (length <= this.bytes.length - this.at) return;
    if (length <= left) throw new Stop();
    this.fail('truncated', `The value needs ${length} more bytes, ${left} are left.`, this.at);
  }

  fail(code: DecodeErrorCode, message: string, at: number): never {
    throw new Stop({ code, message, at });
  }

  remark(text: string, at: number): void {
    if (this.remarks.length < MAX_REMARKS) this.remarks.push({ text, at });
  }

  /** Adds a node for an item that has been read. Behind one that was cut there is nothing. */
  scalar({ siblings, label, start }: Place, type: string, value: string, cut?: CutValue): PayloadNode {
    this.#spend(start);
    const node = { label, value, type, start, length: this.at - start, ...(cut && { cut }) };
    siblings.push(node);
    if (!cut) return node;
    this.itemStart = this.at;
    throw new Stop();
  }

  /** Reads text of `length` bytes. */
  text(place: Place, type: string, length: number | bigint): PayloadNode {
    const { bytes, cut } = this.take(length);
    const isCut = cut !== undefined;
    if (!isUtf8(bytes, isCut)) this.remark('This text is not UTF-8.', this.at - bytes.length);
    return this.scalar(place, type, quotedUtf8(bytes, isCut), cut);
  }

  /** Reads `length` bytes. */
  binary(place: Place, type: string, length: number | bigint): PayloadNode {
    const { bytes, cut } = this.take(length);
    const start = hex(bytes.subarray(0, MAX_VALUE_CHARS / 2));
    const isWhole = bytes.length <= MAX_VALUE_CHARS / 2 && !cut;
    return this.scalar(place, `${type}(${length})`, isWhole ? start : `${start}…`, cut);
  }

  /** Adds a node with children, which `fill` adds to it. If it fails, the node keeps those read so far. */
  container({ siblings, label, start, depth }: Place, type: string, fill: (node: ContainerNode) => void): PayloadNode {
    this.#spend(start);
    if (depth >= MAX_DEPTH) this.fail('too-deep', `Nested deeper than ${MAX_DEPTH} levels.`, start);
    const node: ContainerNode = { label, value: '', type, start, length: 0, children: [] };
    siblings.push(node);
    try {
      fill(node);
    } finally {
      node.length = this.at - start;
    }
    return node;
  }

  #spend(at: number): void {
    if (++this.#nodes <= MAX_NODES) return;
    this.remark(`The tree ends after ${MAX_NODES} values.`, at);
    throw new Stop();
  }
}

/** A node that is open for children. */
export type ContainerNode = PayloadNode & { children: PayloadNode[] };

/**
 * Reads a map entry: the value's node is labelled with its key and covers both. A key that is itself a container gets a
 * node of its own before it.
 */
export function readEntry(reader: BinaryReader, siblings: PayloadNode[], depth: number, readItem: ReadItem): void {
  const start = reader.at;
  // The key is added like any item, so that one cut off inside is not lost, and taken back if a label is enough.
  const key = readItem(reader, { siblings, label: 'key', start, depth });
  if (key.children) {
    readItem(reader, { siblings, label: 'value', start: reader.at, depth });
  } else {
    siblings.pop();
    const label = key.value.startsWith('"') ? key.value.slice(1, -1) : key.value;
    readItem(reader, { siblings, label, start, depth });
  }
}
