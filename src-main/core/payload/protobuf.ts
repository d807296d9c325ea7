// Protocol Buffers without a schema → tree. The wire says only field numbers and wire types, so each field also carries
// the other readings that its bytes allow.
import { isUtf8, utf8 } from '../dissect/bytes.ts';
import { floatText, quoted, undecoded } from './binary-reader.ts';
import {
  type Decoded,
  type DecodeError,
  MAX_DEPTH,
  MAX_NODES,
  MAX_REMARKS,
  MAX_VALUE_CHARS,
  type PayloadNode,
  type PayloadRemark,
} from './payload.ts';
import { hexPreview } from './preview.ts';
import { messageLine } from './protobuf-line.ts';
import { packedReadings } from './protobuf-packed.ts';
import { failure, readTag, type Tag, varintError, WireType } from './protobuf-wire.ts';
import { isPrintable } from './text.ts';
import { readVarint } from './varint.ts';

/** Decodes one message. `cut`: the bytes are only the first of more. */
export function decodeProtobuf(bytes: Uint8Array, cut = false): Decoded {
  const decoder = new ProtobufDecoder(bytes);
  const { fields, end, error, full } = decoder.message(0, bytes.length, 0);
  const remarks = decoder.remarks;
  const excused = cut && (error?.code === 'truncated' || error?.code === 'length-past-end');
  if (!error || excused) return { tree: fields, remarks, shown: error || full ? end : bytes.length };
  return { tree: [...fields, undecoded(bytes, end)], remarks, shown: end, error };
}

const LINE_FEED = 0x0a;

interface Message {
  fields: PayloadNode[];
  /** Offset after the last complete field. */
  end: number;
  error?: DecodeError;
  /** The tree is full: there is more, unread. */
  full?: boolean;
}

/** Reads fields anywhere in `bytes`; the bounds count for all that it has read. */
export class ProtobufDecoder {
  readonly remarks: PayloadRemark[] = [];
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Fields read, in readings that were given up too: a bound of the work as well as of the tree. */
  #fields = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Fields from `start` to `stop`; in group `group` up to its end, which `end` then is after. */
  message(start: number, stop: number, depth: number, group?: number): Message {
    const fields: PayloadNode[] = [];
    let end = start;
    while (end < stop) {
      if (++this.#fields > MAX_NODES) {
        this.#remark(`The tree ends after ${MAX_NODES} fields.`, end);
        return { fields, end, full: true };
      }
      const tag = readTag(this.#bytes, end, stop);
      if ('code' in tag) return { fields, end, error: tag };
      if (tag.wireType === WireType.endGroup) {
        if (tag.number === group) return { fields, end: tag.valueStart };
        const message = `An end of group ${tag.number} without its start.`;
        return { fields, end, error: failure('unmatched-group', message, end) };
      }
      const problem = this.field(tag, end, stop, depth, fields);
      // A group that was cut off is there, with what could be read of it.
      const last = fields[fields.length - 1];
      if (last) end = last.start + last.length;
      if (problem) return { fields, end, ...problem };
    }
    if (group === undefined) return { fields, end };
    return { fields, end, error: failure('truncated', `Group ${group} has no end.`, stop) };
  }

  /** Adds a field's node; what keeps the message from going on, if anything. */
  field(
    tag: Tag,
    start: number,
    stop: number,
    depth: number,
    fields: PayloadNode[],
  ): Pick<Message, 'error' | 'full'> | undefined {
    const at = tag.valueStart;
    const add = (end: number, reading: Reading) =>
      fields.push({ label: String(tag.number), start, length: end - start, ...reading });
    switch (tag.wireType) {
      case WireType.varint: {
        const varint = readVarint(this.#bytes, at, stop);
        if (typeof varint === 'string') return { error: varintError(varint, at) };
        add(at + varint.length, varintReading((BigInt(varint.high) << 32n) | BigInt(varint.low)));
        return undefined;
      }
      case WireType.fixed32:
      case WireType.fixed64: {
        const width = tag.wireType === WireType.fixed32 ? 4 : 8;
        if (stop - at < width)
          return { error: failure('truncated', `A number of ${width} bytes, ${stop - at} are left.`, at) };
        add(at + width, width === 4 ? fixed32Reading(this.#view, at) : fixed64Reading(this.#view, at));
        return undefined;
      }
      case WireType.bytes:
        return this.#bytesField(tag, start, stop, depth, add);
      default:
        return this.#group(tag, start, stop, depth, fields);
    }
  }

  #bytesField(
    tag: Tag,
    start: number,
    stop: number,
    depth: number,
    add: (end: number, reading: Reading) => void,
  ): Pick<Message, 'error' | 'full'> | undefined {
    const varint = readVarint(this.#bytes, tag.valueStart, stop);
    if (typeof varint === 'string') return { error: varintError(varint, tag.valueStart) };
    const from = tag.valueStart + varint.length;
    const length = varint.low + varint.high * 2 ** 32;
    if (length > stop - from) {
      const message = `Field ${tag.number} has ${length} bytes, ${stop - from} are left in its message.`;
      return { error: failure('length-past-end', message, start) };
    }
    const message = this.#nested(from, from + length, depth);
    add(from + length, bytesReading(this.#bytes.subarray(from, from + length), message));
    return message?.full ? { full: true } : undefined;
  }

  /** The bytes as a message, if they can be one. */
  #nested(from: number, to: number, depth: number): Message | undefined {
    if (from === to) return undefined;
    if (depth + 1 >= MAX_DEPTH) {
      this.#remark(`Nested deeper than ${MAX_DEPTH} levels: shown as bytes from here.`, from);
      return undefined;
    }
    const message = this.message(from, to, depth + 1);
    return message.error ? undefined : message;
  }

  #group(
    tag: Tag,
    start: number,
    stop: number,
    depth: number,
    fields: PayloadNode[],
  ): Pick<Message, 'error' | 'full'> | undefined {
    if (depth + 1 >= MAX_DEPTH) {
      return { error: failure('too-deep', `Nested deeper than ${MAX_DEPTH} levels.`, start) };
    }
    const { fields: children, end, error, full } = this.message(tag.valueStart, stop, depth + 1, tag.number);
    const type = `group(${children.length})`;
    fields.push({ label: String(tag.number), value: '', type, start, length: end - start, children });
    if (error) return { error };
    return full ? { full } : undefined;
  }

  #remark(text: string, at: number): void {
    if (this.remarks.length < MAX_REMARKS) this.remarks.push({ text, at });
  }
}

type Reading = Pick<PayloadNode, 'type' | 'value' | 'alternatives' | 'children'>;

function varintReading(value: bigint): Reading {
  const alternatives = [{ type: 'sint64', value: String((value >> 1n) ^ -(value & 1n)) }];
  if (value >> 63n) alternatives.unshift({ type: 'int64', value: String(BigInt.asIntN(64, value)) });
  if (value < 2n) alternatives.push({ type: 'bool', value: String(value === 1n) });
  return { type: 'varint', value: String(value), alternatives };
}

function fixed32Reading(view: DataView, at: number): Reading {
  const alternatives = [{ type: 'float', value: floatText(view.getFloat32(at, true)) }];
  const signed = view.getInt32(at, true);
  if (signed < 0) alternatives.push({ type: 'sfixed32', value: String(signed) });
  return { type: 'fixed32', value: String(view.getUint32(at, true)), alternatives };
}

function fixed64Reading(view: DataView, at: number): Reading {
  const alternatives = [{ type: 'double', value: floatText(view.getFloat64(at, true)) }];
  const signed = view.getBigInt64(at, true);
  if (signed < 0n) alternatives.push({ type: 'sfixed64', value: String(signed) });
  return { type: 'fixed64', value: String(view.getBigUint64(at, true)), alternatives };
}

/**
 * The readings of a length-delimited field, the likeliest as the node itself. Readable text comes first, but what
 * begins like field 1 with a length (a line feed) and is a message is rather that.
 */
function bytesReading(bytes: Uint8Array, message: Message | undefined): Reading {
  const text = isUtf8(bytes) ? [{ type: 'string', value: quoted(utf8(bytes.subarray(0, MAX_VALUE_CHARS * 4))) }] : [];
  const binary = { type: `bytes(${bytes.length})`, value: hexPreview(bytes, bytes.length) };
  const packed = packedReadings(bytes);
  const likelyText = isPrintable(bytes) && !(message && bytes[0] === LINE_FEED);
  if (message && !likelyText) {
    const { fields } = message;
    const alternatives = [...text, binary, ...packed];
    return { type: `message(${fields.length})`, value: '', children: fields, alternatives };
  }
  const readings = likelyText ? [...text, binary] : [binary, ...text];
  if (message) readings.splice(1, 0, { type: `message(${message.fields.length})`, value: messageLine(message.fields) });
  const [first, ...others] = [...readings, ...packed];
  return { ...first!, alternatives: others };
}
