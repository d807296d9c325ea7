// Protocol Buffers without a schema → tree. The wire says only field numbers and wire types, so each field also carries
// the other readings that its bytes allow.
import { isUtf8 } from '../dissect/bytes.ts';
import { floatText, quotedUtf8, undecoded } from './binary-reader.ts';
import {
  type Decoded,
  type DecodeError,
  MAX_DEPTH,
  MAX_NODES,
  MAX_REMARKS,
  type PayloadNode,
  type PayloadRemark,
} from './payload.ts';
import { hexPreview } from './preview.ts';
import { messageLine } from './protobuf-line.ts';
import { packedReadings } from './protobuf-packed.ts';
import { failure, readTag, type Tag, varintError, WireType } from './protobuf-wire.ts';
import { isPrintable } from './text.ts';
import { readVarint } from './varint.ts';

/** Decodes one message, of whose `total` bytes there may be only the first. */
export function decodeProtobuf(bytes: Uint8Array, total = bytes.length): Decoded {
  const decoder = new ProtobufDecoder(bytes);
  const { fields, end, error } = decoder.message(0, total, 0);
  const remarks = decoder.remarks;
  if (!error) return { tree: fields, remarks, shown: end };
  return { tree: [...fields, undecoded(bytes, end)], remarks, shown: end, error };
}

/** Whether what was read of a message that is cut is no sign of one: nothing, or any bytes that go on behind the cut. */
export function provesNothing(fields: readonly PayloadNode[]): boolean {
  const [first] = fields;
  return !first || (fields.length === 1 && first.cut !== undefined && first.type.startsWith('bytes('));
}

const LINE_FEED = 0x0a;

interface Message {
  fields: PayloadNode[];
  /** Offset after the last field. */
  end: number;
  error?: DecodeError;
  /** The tree is full: there is more, unread. */
  full?: boolean;
}

/**
 * Reads fields anywhere in `bytes`; the bounds count for all that it has read. Where a message or a field ends may lie
 * behind the bytes, which are then only the first of more: what is there of it is read.
 */
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
    const limit = Math.min(stop, this.#bytes.length);
    while (end < limit) {
      if (++this.#fields > MAX_NODES) {
        this.#remark(`The tree ends after ${MAX_NODES} fields.`, end);
        return { fields, end, full: true };
      }
      const tag = readTag(this.#bytes, end, limit);
      if ('code' in tag) return this.#isCut(tag, stop) ? { fields, end } : { fields, end, error: tag };
      if (tag.wireType === WireType.endGroup) {
        if (tag.number === group) return { fields, end: tag.valueStart };
        const message = `An end of group ${tag.number} without its start.`;
        return { fields, end, error: failure('unmatched-group', message, end) };
      }
      const problem = this.field(tag, end, stop, depth, fields);
      // A group that was cut off is there, with what could be read of it.
      const last = fields[fields.length - 1];
      if (last) end = last.start + last.length;
      if (problem) return this.#isCut(problem.error, stop) ? { fields, end } : { fields, end, ...problem };
    }
    if (group === undefined || stop > limit) return { fields, end };
    return { fields, end, error: failure('truncated', `Group ${group} has no end.`, stop) };
  }

  /** Whether a message that ends at `stop` has this fault only because there are no more bytes of it. */
  #isCut(error: DecodeError | undefined, stop: number): boolean {
    return error?.code === 'truncated' && stop > this.#bytes.length;
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
    const limit = Math.min(stop, this.#bytes.length);
    const add = (end: number, reading: Reading) =>
      fields.push({ label: String(tag.number), start, length: end - start, ...reading });
    switch (tag.wireType) {
      case WireType.varint: {
        const varint = readVarint(this.#bytes, at, limit);
        if (typeof varint === 'string') return { error: varintError(varint, at) };
        add(at + varint.length, varintReading((BigInt(varint.high) << 32n) | BigInt(varint.low)));
        return undefined;
      }
      case WireType.fixed32:
      case WireType.fixed64: {
        const width = tag.wireType === WireType.fixed32 ? 4 : 8;
        if (limit - at < width)
          return { error: failure('truncated', `A number of ${width} bytes, ${limit - at} are left.`, at) };
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
    const { length: limit } = this.#bytes;
    const varint = readVarint(this.#bytes, tag.valueStart, Math.min(stop, limit));
    if (typeof varint === 'string') return { error: varintError(varint, tag.valueStart) };
    const from = tag.valueStart + varint.length;
    const length = varint.low + varint.high * 2 ** 32;
    if (length > stop - from) {
      const message = `Field ${tag.number} has ${length} bytes, ${stop - from} are left in its message.`;
      return { error: failure('length-past-end', message, start) };
    }
    const message = this.#nested(from, from + length, depth);
    const end = Math.min(from + length, limit);
    add(end, bytesReading(this.#bytes.subarray(from, end), length, message));
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
    return message.error || (!message.full && provesNothing(message.fields)) ? undefined : message;
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

type Reading = Pick<PayloadNode, 'type' | 'value' | 'cut' | 'alternatives' | 'children'>;

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
function bytesReading(bytes: Uint8Array, totalBytes: number, message: Message | undefined): Reading {
  const isCut = bytes.length < totalBytes;
  const cut = isCut && { cut: { shownBytes: bytes.length, totalBytes } };
  const text = isUtf8(bytes, isCut) ? [{ type: 'string', value: quotedUtf8(bytes, isCut) }] : [];
  const binary = { type: `bytes(${totalBytes})`, value: hexPreview(bytes, totalBytes) };
  const packed = isCut ? [] : packedReadings(bytes);
  const likelyText = isPrintable(bytes, isCut) && !(message && bytes[0] === LINE_FEED);
  if (message && !likelyText) {
    const { fields } = message;
    const alternatives = [...text, binary, ...packed];
    return { type: `message(${fields.length})`, value: '', ...cut, children: fields, alternatives };
  }
  const readings = likelyText ? [...text, binary] : [binary, ...text];
  if (message) readings.splice(1, 0, { type: `message(${message.fields.length})`, value: messageLine(message.fields) });
  const [first, ...others] = [...readings, ...packed];
  return { ...first!, ...cut, alternatives: others };
}
