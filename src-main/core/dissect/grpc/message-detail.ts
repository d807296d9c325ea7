// A gRPC message as a person reads it: its content put together and inflated, by its type where the call's path tells it.
import type { ByteSource, Detail, Field } from '../../field.ts';
import type { PayloadNode } from '../../payload/payload.ts';
import { hexPreview, oneLine, previewOf, shorten } from '../../payload/preview.ts';
import { decodeProtobuf } from '../../payload/protobuf.ts';
import { fieldsLine } from '../../payload/protobuf-line.ts';
import { decodeTyped } from '../../payload/protobuf-typed.ts';
import type { Payload, RecordView } from '../../protocol.ts';
import { Direction, recordNumber } from '../../record.ts';
import type { MessageType, TypeRegistry } from '../../schema.ts';
import { hex } from '../bytes.ts';
import { type AssembledMessage, assembleMessage } from './assembly.ts';
import { named, relationFields } from './fields.ts';
import { GrpcFlag as Flag } from './format.ts';
import { pathOf } from './headers-detail.ts';
import { PREFIX_BYTES } from './messages.ts';
import { protobufField } from './protobuf-fields.ts';

const MAX_SUMMARY_CHARS = 200;
/** Bytes of a message that its summary is made from. */
const SUMMARY_BYTES = 1024;
/** Frames of a message that a detail lists. */
const LISTED_FRAMES = 100;

/** The type of a message: the method that its call names has one for each direction. */
function typeOf(view: RecordView): MessageType | undefined {
  const { types } = view;
  const method = types?.method(pathOf(view));
  if (!types || !method) return undefined;
  return types.message(view.record.direction === Direction.clientToServer ? method.input : method.output);
}

/** The fields by name or number if the message can be protobuf; text for JSON; else hex. */
export function messageSummary(view: RecordView): string {
  const assembled = assembleMessage(view, SUMMARY_BYTES);
  const { bytes, total, text } = payloadOf(view, assembled);
  if (isStillCompressed(view, assembled)) return hexPreview(bytes, total);
  if (text) return previewOf(bytes, total);
  return protobufSummary(view, bytes, total) ?? previewOf(bytes, total);
}

/** undefined for what cannot be protobuf. */
function protobufSummary(view: RecordView, bytes: Uint8Array, total: number): string | undefined {
  const fields = decoded(bytes, total, typeOf(view), view.types);
  if (!fields) return undefined;
  const rest = bytes.length < total && !fields.at(-1)?.cut ? '…' : '';
  return shorten(oneLine(`{${[fieldsLine(fields), rest].filter(Boolean).join(', ')}}`), MAX_SUMMARY_CHARS);
}

/** The message by its type if it fits, else without one; undefined if it is none. */
function decoded(
  bytes: Uint8Array,
  total: number,
  type: MessageType | undefined,
  types: TypeRegistry | undefined,
): readonly PayloadNode[] | undefined {
  if (type && types) {
    const { fields, error } = decodeTyped(bytes, type.name, types, total);
    if (!error) return fields;
  }
  const { tree, error } = decodeProtobuf(bytes, total);
  return error ? undefined : tree;
}

/** The message was compressed in a way that is not known. */
function isStillCompressed({ record }: RecordView, { inflated }: AssembledMessage): boolean {
  return (record.flags & Flag.compressed) !== 0 && !inflated;
}

/** What the application receives: a message as its sender meant it. */
export function messagePayload(view: RecordView, limit: number): Payload {
  const assembled = assembleMessage(view, limit);
  const payload = payloadOf(view, assembled);
  const type = payload.text || isStillCompressed(view, assembled) ? undefined : typeOf(view);
  return type && view.types ? { ...payload, messageType: type.name, types: view.types } : payload;
}

function payloadOf(view: RecordView, assembled: AssembledMessage): Payload {
  const { flags, size } = view.record;
  const bytes = assembled.inflated ?? assembled.content;
  const text = (flags & Flag.json) !== 0 && !isStillCompressed(view, assembled);
  return { bytes, total: Math.max(size, bytes.length), text };
}

/** Fields and byte sources of a message record. `limit`: bytes a source may hold. */
export function messageDetail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const assembled = assembleMessage(view, limit);
  const { prefix, content, inflated, frames, isContiguous } = assembled;
  const sources: ByteSource[] = [{ label: 'Wire', bytes: view.bytes(limit), total: record.length }];
  const announced = prefix.length < PREFIX_BYTES ? 0 : new DataView(prefix.buffer, prefix.byteOffset).getUint32(1);
  const wireTotal = isContiguous ? Math.max(0, record.length - PREFIX_BYTES) : Math.max(announced, content.length);
  const label = (record.flags & Flag.compressed) !== 0 ? 'Compressed' : 'Message';
  const source = sources.push({ label, bytes: content, total: Math.max(wireTotal, content.length) }) - 1;
  let last = source;
  if (inflated) {
    last = sources.push({ label: 'Inflated', bytes: inflated, total: Math.max(record.size, inflated.length) }) - 1;
  }
  // In a message over several frames, the prefix too may be: its bytes are then not where they would be.
  const range = (start: number, length: number) => (isContiguous ? { start, length } : {});
  const path = pathOf(view);
  const children: Field[] = path === '' ? [] : [named('grpc.path', path)];
  if (prefix.length > 0) {
    children.push(
      { ...named('grpc.frame_type', prefix[0]! >> 7), ...range(0, 1), mask: 0x80 },
      { ...named('grpc.compressed_flag', prefix[0]! & 1), ...range(0, 1), mask: 0x01 },
    );
  }
  if (prefix.length === PREFIX_BYTES) children.push({ ...named('grpc.message_length', announced), ...range(1, 4) });
  if (content.length > 0) {
    const value = hex(content.subarray(0, SUMMARY_BYTES));
    const display = hexPreview(content, wireTotal);
    children.push({ ...named('grpc.message_data', value), display, source, length: content.length });
  }
  if (inflated) children.push(named('grpc.inflated_length', record.size));
  if (frames.length > 0) children.push(framesField(frames));
  children.push(...relationFields(view));
  const root: Field = {
    ...named('grpc', shorten(messageSummary(view), MAX_SUMMARY_CHARS), 0, record.length),
    label: 'gRPC message',
    children,
  };
  const { text } = payloadOf(view, assembled);
  const { bytes, total } = sources[last]!;
  const isProtobuf = bytes.length > 0 && !text && !isStillCompressed(view, assembled);
  const place = { bytes, total, source: last, offset: 0 };
  const message = isProtobuf ? protobufField(place, typeOf(view)?.name, view.types) : undefined;
  return { fields: message ? [root, message] : [root], sources, payload: last };
}

function framesField(frames: readonly number[]): Field {
  return {
    ...named('grpc.frames', frames.length),
    children: frames.slice(0, LISTED_FRAMES).map((seq) => named('grpc.frame', recordNumber(seq))),
  };
}
