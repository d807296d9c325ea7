// Protocol Buffers with a schema → tree: the message's own names, types and readings. Pure and total: what does not fit
// the type is read as without one, and what cannot be read at all ends in a node that says so.
//
//   const { fields, remarks, error, shown } = decodeTyped(bytes, 'chat.Message', registry, bytesOfTheWholeMessage);
//
// `fields` are PayloadNodes (label, value, type, start, length, children: they render like those of any payload) that also
// carry the field's number and its `raw` value for filters. Offsets are into `bytes`. Bounded: nesting by MAX_DEPTH, nodes
// by about MAX_NODES with a remark where the tree ends.
import { hex, isUtf8, utf8 } from '../dissect/bytes.ts';
import type { FieldValue } from '../field.ts';
import type { FieldKind, MessageField, MessageType, TypeRegistry } from '../schema.ts';
import { quotedUtf8 } from './binary-reader.ts';
import {
  type DecodeError,
  MAX_DEPTH,
  MAX_NODES,
  MAX_REMARKS,
  MAX_VALUE_CHARS,
  type PayloadNode,
  type PayloadRemark,
} from './payload.ts';
import { hexPreview, shorten } from './preview.ts';
import { ProtobufDecoder } from './protobuf.ts';
import { fixedValue, type ScalarValue, varintValue, wireTypeOf } from './protobuf-scalar.ts';
import { entryType, fieldOf, Occurrences } from './protobuf-typed-fields.ts';
import { anyType, wellKnownText } from './protobuf-well-known.ts';
import { failure, readTag, type Tag, varintError, WireType } from './protobuf-wire.ts';
import { readVarint } from './varint.ts';

/** A field, an element of a repeated one (`tags[2]`) or an entry of a map (`counts["a"]`). */
export interface TypedNode extends PayloadNode {
  /** Field number; 0 for an element inside a packed field and for what could not be decoded. */
  number: number;
  /** How the .proto declares it; `unknown` for a field the type does not have, or not with this wire type. */
  kind: FieldKind | 'unknown';
  /** Number, text or truth for filters: text is cut to MAX_VALUE_CHARS, bytes are hex; null for messages. */
  raw: FieldValue;
  /** The oneof it is the choice of. */
  oneof?: string;
  children?: TypedNode[];
}

export interface TypedMessage {
  fields: TypedNode[];
  remarks: PayloadRemark[];
  /** Why decoding stopped before the end; then the last field is the rest as bytes. Faults inside a field are remarks. */
  error?: DecodeError;
  /** Bytes from the start that the fields cover, what could not be decoded not counted. */
  shown: number;
}

/**
 * Decodes one message.
 * @param typeName full name, no leading dot; of a type the registry does not have, every field is unknown
 * @param total bytes of the whole message: that there are only the first of them is no error
 */
export function decodeTyped(
  bytes: Uint8Array,
  typeName: string,
  registry: TypeRegistry,
  total = bytes.length,
): TypedMessage {
  const decoder = new TypedDecoder(bytes, registry);
  const { fields, end, error } = decoder.message(registry.message(typeName), 0, total, 0);
  const remarks = decoder.remarks;
  if (!error) return { fields, remarks, shown: end };
  // Of a message that is cut inside another one, all is in its node already.
  const rest = end < bytes.length ? [decoder.undecoded(end, bytes.length)] : [];
  return { fields: [...fields, ...rest], remarks, error, shown: end };
}

interface Message {
  fields: TypedNode[];
  /** Offset after the last field. */
  end: number;
  error?: DecodeError;
  /** The tree is full: there is more, unread. */
  full?: boolean;
}

/** Why a message cannot go on behind a field. */
type Halt = Pick<Message, 'error' | 'full'>;

/** What is read of a field beside its place. */
type Reading = Pick<TypedNode, 'type' | 'value' | 'kind' | 'raw' | 'cut' | 'children'>;

/** Where a message or a field ends may lie behind the bytes, which are then only the first of more. */
class TypedDecoder {
  readonly remarks: PayloadRemark[];
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #registry: TypeRegistry;
  /** For fields that the type does not know. */
  readonly #untyped: ProtobufDecoder;
  #nodes = 0;

  constructor(bytes: Uint8Array, registry: TypeRegistry) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#registry = registry;
    this.#untyped = new ProtobufDecoder(bytes);
    this.remarks = this.#untyped.remarks;
  }

  /** Fields from `start` to `stop`; in group `group` up to its end, which `end` then is after. */
  message(type: MessageType | undefined, start: number, stop: number, depth: number, group?: number): Message {
    const seen = new Occurrences((text, at) => this.#remark(text, at));
    const message: Message = { fields: [], end: start };
    const limit = this.#limit(stop);
    while (message.end < limit) {
      const at = message.end;
      if (!this.#spend(at)) return { ...message, full: true };
      const tag = readTag(this.#bytes, at, limit);
      if ('code' in tag) return this.#isCut(tag, stop) ? message : { ...message, error: tag };
      if (tag.wireType === WireType.endGroup) {
        if (tag.number === group) return { fields: message.fields, end: tag.valueStart };
        return {
          ...message,
          error: failure('unmatched-group', `An end of group ${tag.number} without its start.`, at),
        };
      }
      const field = fieldOf(type, tag.number);
      const halt =
        field && this.#fits(field, tag, at)
          ? this.#field(field, seen, tag, at, stop, depth, message.fields)
          : this.#unknown(tag, at, stop, depth, message.fields);
      const last = message.fields[message.fields.length - 1];
      if (last) message.end = last.start + last.length;
      if (halt) return this.#isCut(halt.error, stop) ? message : { ...message, ...halt };
    }
    if (stop > limit) return message;
    if (group !== undefined) return { ...message, error: failure('truncated', `Group ${group} has no end.`, stop) };
    seen.missing(type, start);
    return message;
  }

  /** Where reading ends of what ends at `stop`. */
  #limit(stop: number): number {
    return Math.min(stop, this.#bytes.length);
  }

  /** Whether a message that ends at `stop` has this fault only because there are no more bytes of it. */
  #isCut(error: DecodeError | undefined, stop: number): boolean {
    return error?.code === 'truncated' && stop > this.#bytes.length;
  }

  /** The bytes that nobody could make sense of. */
  undecoded(start: number, stop: number): TypedNode {
    const rest = this.#bytes.subarray(start, stop);
    const value = hexPreview(rest, rest.length);
    const raw = shortHex(rest);
    return { label: 'not decoded', value, type: 'bytes', start, length: rest.length, number: 0, kind: 'unknown', raw };
  }

  /** Whether the field travels as its type says. */
  #fits(field: MessageField, tag: Tag, at: number): boolean {
    if (tag.wireType === (field.mapKey ? WireType.bytes : wireTypeOf(field.kind)) || isPacked(field, tag)) return true;
    this.#remark(`Field ${tag.number} is declared as ${field.name}, ${typeText(field)}, which travels otherwise.`, at);
    return false;
  }

  #unknown(tag: Tag, start: number, stop: number, depth: number, fields: TypedNode[]): Halt | undefined {
    const nodes: PayloadNode[] = [];
    const halt = this.#untyped.field(tag, start, stop, depth, nodes);
    for (const node of nodes) fields.push(asUnknown(node, tag.number));
    return halt;
  }

  #field(
    field: MessageField,
    seen: Occurrences,
    tag: Tag,
    start: number,
    stop: number,
    depth: number,
    fields: TypedNode[],
  ): Halt | undefined {
    const add = (end: number, reading: Reading, label = seen.label(field, start)) => {
      const place = { label, start, length: end - start, number: field.number };
      fields.push({ ...place, ...reading, ...(field.oneof !== undefined && { oneof: field.oneof }) });
    };
    const at = tag.valueStart;
    if (tag.wireType === WireType.startGroup) {
      return this.#group(field, tag, stop, depth, add);
    }
    if (tag.wireType !== WireType.bytes) {
      const read = this.#scalar(field, at, stop);
      if ('code' in read) return { error: read };
      add(read.end, read.reading);
      return undefined;
    }
    const varint = readVarint(this.#bytes, at, this.#limit(stop));
    if (typeof varint === 'string') return { error: varintError(varint, at) };
    const from = at + varint.length;
    const length = varint.low + varint.high * 2 ** 32;
    const past = length > stop - from;
    const to = past ? stop : from + length;
    const error = failure('length-past-end', `${field.name} has ${length} bytes, ${stop - from} are left.`, start);
    // Only of a message that goes on past its parent's end, what is there is shown.
    if (past && (field.mapKey || field.kind !== 'message')) return { error };
    const end = this.#limit(to);
    const cut = end < to && { cut: { shownBytes: end - from, totalBytes: length } };
    const addRead = (reading: Reading, label?: string) => add(end, { ...reading, ...cut }, label);
    if (field.mapKey) return this.#entry(field, from, to, depth, addRead);
    if (isPacked(field, tag)) return this.#packed(field, from, to, addRead);
    if (field.kind !== 'message') {
      addRead(this.#textOrBytes(field.kind, from, to));
      return undefined;
    }
    const { reading, full } = this.#nested(field, from, to, depth, past);
    addRead(reading);
    if (full) return { full };
    return past ? { error } : undefined;
  }

  #nested(
    field: Pick<MessageField, 'kind' | 'type'>,
    from: number,
    to: number,
    depth: number,
    past: boolean,
  ): { reading: Reading; full?: boolean } {
    const { kind, type = '' } = field;
    if (depth + 1 >= MAX_DEPTH) {
      this.#remark(`Nested deeper than ${MAX_DEPTH} levels: shown as bytes from here.`, from);
      return { reading: this.#textOrBytes('bytes', from, to) };
    }
    const { fields: children, end, error, full } = this.message(this.#registry.message(type), from, to, depth + 1);
    if (error && !past) this.#remark(error.message, error.at);
    if (error && end < this.#limit(to)) children.push(this.undecoded(end, this.#limit(to)));
    if (type === 'google.protobuf.Any') this.#openAny(children, depth + 1);
    const reading = { type, value: wellKnownText(type, children), kind, raw: null, children };
    return full ? { reading, full } : { reading };
  }

  /** Gives the bytes inside an Any the fields of the type that it names. */
  #openAny(fields: TypedNode[], depth: number): void {
    const type = anyType(fields);
    const value = fields.find((field) => field.number === 2 && field.kind === 'bytes');
    if (type === undefined || !value || !this.#registry.message(type)) return;
    const to = value.start + value.length;
    const tag = readTag(this.#bytes, value.start, to);
    if ('code' in tag) return;
    const length = readVarint(this.#bytes, tag.valueStart, to);
    if (typeof length === 'string') return;
    const from = tag.valueStart + length.length;
    const { reading } = this.#nested({ kind: 'message', type }, from, from + length.low, depth, false);
    Object.assign(value, reading);
  }

  #group(
    field: MessageField,
    tag: Tag,
    stop: number,
    depth: number,
    add: (end: number, reading: Reading) => void,
  ): Halt | undefined {
    if (depth + 1 >= MAX_DEPTH) {
      return { error: failure('too-deep', `Nested deeper than ${MAX_DEPTH} levels.`, tag.valueStart) };
    }
    const type = field.type ?? '';
    const group = this.message(this.#registry.message(type), tag.valueStart, stop, depth + 1, tag.number);
    add(group.end, { type, value: '', kind: 'group', raw: null, children: group.fields });
    if (group.error) return { error: group.error };
    return group.full ? { full: true } : undefined;
  }

  /** An entry is a message of key 1 and value 2; its node is labelled with the key. */
  #entry(
    field: MessageField,
    from: number,
    to: number,
    depth: number,
    add: (reading: Reading, label: string) => void,
  ): Halt | undefined {
    const { fields: children, end, error, full } = this.message(entryType(field), from, to, depth + 1);
    if (error) {
      this.#remark(error.message, error.at);
      children.push(this.undecoded(end, this.#limit(to)));
    }
    const key = children.find((child) => child.number === 1)?.value ?? defaultText(field.mapKey!);
    const value = children.find((child) => child.number === 2);
    const label = `${field.name}[${key}]`;
    add({ type: 'entry', value: value?.value ?? '', kind: field.kind, raw: value?.raw ?? null, children }, label);
    return full ? { full } : undefined;
  }

  #packed(
    field: MessageField,
    from: number,
    to: number,
    add: (reading: Reading, label?: string) => void,
  ): Halt | undefined {
    const children: TypedNode[] = [];
    const limit = this.#limit(to);
    let at = from;
    let full = false;
    while (at < limit) {
      full = !this.#spend(at);
      if (full) break;
      const read = this.#scalar(field, at, to);
      if ('code' in read) {
        if (this.#isCut(read, to)) break;
        this.#remark(read.message, read.at);
        children.push(this.undecoded(at, limit));
        break;
      }
      const place = { label: `[${children.length}]`, start: at, length: read.end - at, number: 0 };
      children.push({ ...place, ...read.reading });
      at = read.end;
    }
    const reading = {
      type: `packed ${typeText(field)}`,
      value: listed(children),
      kind: field.kind,
      raw: null,
      children,
    };
    add(reading, field.name);
    return full ? { full } : undefined;
  }

  /** A number, truth or enum at `at`. */
  #scalar(field: MessageField, at: number, stop: number): { end: number; reading: Reading } | DecodeError {
    const wireType = wireTypeOf(field.kind);
    const limit = this.#limit(stop);
    if (wireType === WireType.varint) {
      const varint = readVarint(this.#bytes, at, limit);
      if (typeof varint === 'string') return varintError(varint, at);
      return { end: at + varint.length, reading: this.#numberReading(field, varintValue(field.kind, varint)) };
    }
    const width = wireType === WireType.fixed32 ? 4 : 8;
    if (limit - at < width) return failure('truncated', `A number of ${width} bytes, ${limit - at} are left.`, at);
    return { end: at + width, reading: this.#numberReading(field, fixedValue(field.kind, this.#view, at)) };
  }

  #numberReading(field: MessageField, { raw, text }: ScalarValue): Reading {
    const { kind } = field;
    if (kind !== 'enum') return { type: kind, value: text, kind, raw };
    const named = this.#registry.enumeration(field.type ?? '')?.values.find(({ number }) => number === raw);
    return { type: field.type ?? kind, value: named ? `${named.name} (${text})` : text, kind, raw };
  }

  #textOrBytes(kind: FieldKind, from: number, to: number): Reading {
    const bytes = this.#bytes.subarray(from, to);
    const isCut = bytes.length < to - from;
    if (kind !== 'string') return { type: 'bytes', value: hexPreview(bytes, to - from), kind, raw: shortHex(bytes) };
    if (!isUtf8(bytes, isCut)) this.#remark('This text is not UTF-8.', from);
    const text = utf8(bytes.subarray(0, MAX_VALUE_CHARS * 4), isCut);
    return { type: 'string', value: quotedUtf8(bytes, isCut), kind, raw: shorten(text, MAX_VALUE_CHARS) };
  }

  /** Whether there is room for one more node. */
  #spend(at: number): boolean {
    if (++this.#nodes <= MAX_NODES) return true;
    this.#remark(`The tree ends after ${MAX_NODES} fields.`, at);
    return false;
  }

  #remark(text: string, at: number): void {
    if (this.remarks.length < MAX_REMARKS) this.remarks.push({ text, at });
  }
}

function isPacked(field: MessageField, tag: Tag): boolean {
  return (
    field.repeated &&
    tag.wireType === WireType.bytes &&
    wireTypeOf(field.kind) !== WireType.bytes &&
    field.kind !== 'group'
  );
}

/** As the .proto declares it: `int32`, `chat.Color`, `map<string, chat.User>`. */
function typeText({ kind, type, mapKey }: MessageField): string {
  const value = type ?? kind;
  return mapKey ? `map<${mapKey}, ${value}>` : value;
}

/** A key that is not on the wire. */
function defaultText(kind: FieldKind): string {
  if (kind === 'string') return '""';
  return kind === 'bool' ? 'false' : '0';
}

const MAX_LISTED = 16;

function listed(nodes: readonly TypedNode[]): string {
  const shown = nodes.slice(0, MAX_LISTED).map((node) => node.value);
  return `[${shown.join(', ')}${nodes.length > MAX_LISTED ? `, … ${nodes.length - MAX_LISTED} more` : ''}]`;
}

function shortHex(bytes: Uint8Array): string {
  return hex(bytes.subarray(0, MAX_VALUE_CHARS / 2));
}

function asUnknown({ children, ...node }: PayloadNode, number: number): TypedNode {
  const unknown: TypedNode = { ...node, number, kind: 'unknown', raw: node.value };
  if (children) unknown.children = children.map((child) => asUnknown(child, Number(child.label)));
  return unknown;
}
