// Messages of Protocol Buffers as fields under Wireshark's names, with their bytes: by their type where that is known, else by
// what the wire says.
import type { Field, FieldDefinition, FieldValue } from '../../field.ts';
import type { PayloadNode } from '../../payload/payload.ts';
import { hexPreview } from '../../payload/preview.ts';
import { decodeProtobuf } from '../../payload/protobuf.ts';
import { messageLine } from '../../payload/protobuf-line.ts';
import { decodeTyped, type TypedNode } from '../../payload/protobuf-typed.ts';
import { readTag, WireType } from '../../payload/protobuf-wire.ts';
import { readVarint } from '../../payload/varint.ts';
import type { FieldKind, TypeRegistry } from '../../schema.ts';

export const protobufDefinitions: readonly FieldDefinition[] = [
  { name: 'protobuf', label: 'Protocol Buffers', type: 'string' },
  { name: 'protobuf.message.name', label: 'Message', type: 'string' },
  { name: 'protobuf.field', label: 'Field', type: 'string' },
  { name: 'protobuf.field.name', label: 'Name', type: 'string' },
  { name: 'protobuf.field.number', label: 'Number', type: 'number' },
  { name: 'protobuf.field.wiretype', label: 'Wire type', type: 'number' },
  { name: 'protobuf.field.value.length', label: 'Length', type: 'number' },
  { name: 'protobuf.field.value', label: 'Value', type: 'bytes' },
  { name: 'protobuf.field.value.repeated', label: 'Elements', type: 'string' },
  { name: 'protobuf.field.value.double', label: 'double', type: 'number' },
  { name: 'protobuf.field.value.float', label: 'float', type: 'number' },
  { name: 'protobuf.field.value.int32', label: 'int32', type: 'number' },
  { name: 'protobuf.field.value.int64', label: 'int64', type: 'number' },
  { name: 'protobuf.field.value.uint32', label: 'uint32', type: 'number' },
  { name: 'protobuf.field.value.uint64', label: 'uint64', type: 'number' },
  { name: 'protobuf.field.value.bool', label: 'bool', type: 'boolean' },
  { name: 'protobuf.field.value.string', label: 'string', type: 'string' },
  { name: 'protobuf.guess', label: 'Perhaps', type: 'string' },
  { name: 'protobuf.failed', label: 'Not decoded', type: 'string' },
];
const labels = new Map(protobufDefinitions.map((definition) => [definition.name, definition.label]));

const WIRE_TYPES = ['varint', '64-bit', 'length-delimited', 'start group', 'end group', '32-bit'];
/** Fields of one message that a detail has; more are counted by the root. */
const MAX_FIELDS = 2000;

/** A message within a byte source. */
export interface MessagePlace {
  bytes: Uint8Array;
  /** More than there are bytes if it was cut to a limit. */
  total: number;
  /** Index of the source, and where in it the message begins. */
  source: number;
  offset: number;
}

/**
 * A message as a field tree, with the line that sums it up as `display`.
 * @param type full name of its type; used if `types` knows it
 * @returns undefined for bytes of no known type that are no message
 */
export function protobufField(
  place: MessagePlace,
  type: string | undefined,
  types: TypeRegistry | undefined,
): Field | undefined {
  const { bytes, total } = place;
  const isKnown = type !== undefined && types?.message(type) !== undefined;
  const { fields, error } = isKnown ? decodeTyped(bytes, type, types, total) : untyped(bytes, total);
  if (error && !isKnown) return undefined;
  const builder = new FieldBuilder(place);
  const children: Field[] = [];
  if (type !== undefined) children.push(builder.computed('protobuf.message.name', type));
  children.push(...builder.fields(fields));
  if (error) children.push(builder.computed('protobuf.failed', error.message));
  return {
    ...builder.field('protobuf', type ?? null, 0, bytes.length),
    display: `${type ?? ''} ${messageLine(fields)}`.trim(),
    children,
  };
}

function untyped(bytes: Uint8Array, total: number): { fields: TypedNode[]; error?: { message: string } } {
  const { tree = [], error } = decodeProtobuf(bytes, total);
  return { fields: tree.map(asUntyped), ...(error && { error }) };
}

function asUntyped({ children, ...node }: PayloadNode): TypedNode {
  return {
    ...{ ...node, number: Number(node.label), kind: 'unknown', raw: node.value },
    ...(children && { children: children.map(asUntyped) }),
  };
}

/** Which of Wireshark's values a kind's are. */
const VALUE_FIELDS: { readonly [kind in FieldKind]?: string } = {
  double: 'double',
  float: 'float',
  int32: 'int32',
  sint32: 'int32',
  sfixed32: 'int32',
  enum: 'int32',
  int64: 'int64',
  sint64: 'int64',
  sfixed64: 'int64',
  uint32: 'uint32',
  fixed32: 'uint32',
  uint64: 'uint64',
  fixed64: 'uint64',
  bool: 'bool',
  string: 'string',
};

class FieldBuilder {
  readonly #place: MessagePlace;
  #left = MAX_FIELDS;

  constructor(place: MessagePlace) {
    this.#place = place;
  }

  computed(name: string, value: FieldValue): Field {
    return { name, label: labels.get(name) ?? name, value, start: 0, length: 0 };
  }

  /** @param start within the message */
  field(name: string, value: FieldValue, start: number, length: number): Field {
    const { source, offset } = this.#place;
    return { name, label: labels.get(name) ?? name, value, source, start: offset + start, length };
  }

  fields(nodes: readonly TypedNode[]): Field[] {
    const fields: Field[] = [];
    for (const node of nodes) {
      if (this.#left === 0) break;
      this.#left--;
      fields.push(this.#node(node));
    }
    return fields;
  }

  #node(node: TypedNode): Field {
    const { bytes } = this.#place;
    const { label, start, length, kind, cut } = node;
    const end = start + length;
    const value = node.children && node.value === '' ? messageLine(node.children) : node.value;
    const display = cut && { display: `first ${cut.shownBytes} of ${cut.totalBytes} bytes: ${value}` };
    const root = { ...this.field('protobuf.field', value, start, length), label, ...display };
    const tag = readTag(bytes, start, end);
    if (node.number === 0 || 'code' in tag) return root;
    const { number, wireType } = tag;
    const children: Field[] = [
      ...(kind === 'unknown' ? [] : [this.computed('protobuf.field.name', nameOf(label))]),
      this.computed('protobuf.field.number', number),
      { ...this.computed('protobuf.field.wiretype', wireType), display: `${wireType} ${WIRE_TYPES[wireType]}` },
    ];
    const from = wireType === WireType.bytes ? contentStart(bytes, tag.valueStart, end) : tag.valueStart;
    if (wireType === WireType.bytes) {
      const size = cut?.totalBytes ?? end - from;
      children.push(this.field('protobuf.field.value.length', size, tag.valueStart, from - tag.valueStart));
    }
    if (wireType !== WireType.startGroup) {
      const content = bytes.subarray(from, end);
      const preview = hexPreview(content, cut?.totalBytes ?? content.length);
      children.push(this.field('protobuf.field.value', preview, from, end - from));
    }
    children.push(...this.#values(node, wireType, from));
    return { ...root, children };
  }

  /** What the bytes `from`…end of a field say: a value, the elements of a packed field, or the fields of a message. */
  #values(node: TypedNode, wireType: number, from: number): Field[] {
    const { kind, children, type } = node;
    const end = node.start + node.length;
    if (kind === 'unknown') return this.#untypedValues(node, wireType, from);
    const name = `protobuf.field.value.${VALUE_FIELDS[kind]}`;
    if (children && type.startsWith('packed ')) {
      const elements = children.map((element) => ({
        ...this.field(name, element.raw, element.start, element.length),
        display: element.value,
      }));
      return [{ ...this.field('protobuf.field.value.repeated', node.value, from, end - from), children: elements }];
    }
    if (children) {
      const message = kind === 'message' && type !== 'entry' ? [this.computed('protobuf.message.name', type)] : [];
      return [...message, ...this.fields(children)];
    }
    if (VALUE_FIELDS[kind] === undefined) return [];
    return [{ ...this.field(name, node.raw, from, end - from), ...(kind === 'enum' && { display: node.value }) }];
  }

  /** What length-delimited bytes are is a guess, and named so: Wireshark makes none. */
  #untypedValues(node: TypedNode, wireType: number, from: number): Field[] {
    const { type, value, start, length, children } = node;
    if (wireType === WireType.startGroup) return this.fields(children ?? []);
    if (wireType === WireType.bytes) return type === 'string' || children ? [this.#guess(node, from)] : [];
    const field = (name: string, of: FieldValue) =>
      this.field(`protobuf.field.value.${name}`, of, from, start + length - from);
    const number = Number(value);
    if (!Number.isSafeInteger(number)) return [field('uint64', BigInt(value))];
    return [field(number > 0xffff_ffff || wireType === WireType.fixed64 ? 'uint64' : 'uint32', number)];
  }

  /** The likeliest reading of a node's bytes: text, a number, or a message of further guesses. */
  #guess({ value, type, start, length, children }: TypedNode, from = start): Field {
    const text = type === 'string' ? (JSON.parse(value) as string) : children ? messageLine(children) : value;
    const guess = this.field('protobuf.guess', text, from, start + length - from);
    if (!children) return guess;
    const inner: Field[] = [];
    for (const child of children) {
      if (this.#left === 0) break;
      this.#left--;
      inner.push({ ...this.#guess(child), label: child.label });
    }
    return { ...guess, children: inner };
  }
}

/** The name of a field whose node may be labelled as an element or entry: `tags[2]`. */
function nameOf(label: string): string {
  const bracket = label.indexOf('[');
  return bracket > 0 ? label.slice(0, bracket) : label;
}

/** Where the content of a length-delimited field begins. */
function contentStart(bytes: Uint8Array, at: number, end: number): number {
  const length = readVarint(bytes, at, end);
  return typeof length === 'string' ? end : at + length.length;
}
