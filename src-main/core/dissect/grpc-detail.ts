// What a gRPC record means to a person: summary, field tree, byte sources, payload. Pure functions of a RecordView; field names
// are Wireshark's where it has one.
import { parseBase64 } from '../compose/base64.ts';
import type { ByteSource, Detail, Field, FieldDefinition } from '../field.ts';
import { hexPreview, oneLine, previewOf, shorten } from '../payload/preview.ts';
import { compact, decodeProtobuf } from '../payload/protobuf.ts';
import { readVarint } from '../payload/varint.ts';
import type { Payload, Protocol, RecordView } from '../protocol.ts';
import { NONE } from '../record.ts';
import { hex } from './bytes.ts';
import { type AssembledMessage, assembleMessage } from './grpc-assembly.ts';
import { GrpcFlag as Flag, GRPC_ID, GRPC_NOTES, GRPC_TYPES, GrpcType, STATUS_NAMES, statusOf } from './grpc-format.ts';
import { PREFIX_BYTES } from './grpc-messages.ts';
import { decodePercent, timeoutMicroseconds } from './grpc-rules.ts';
import { type HeaderItem, headerValue } from './hpack.ts';
import { headersOf, headerText } from './http2-header-fields.ts';

const MAX_SUMMARY_CHARS = 200;
/** Bytes of a message that its summary is made from. */
const SUMMARY_BYTES = 1024;
/** Frames of a message that a detail lists. */
const LISTED_FRAMES = 100;

const definitions: readonly FieldDefinition[] = [
  { name: 'grpc', label: 'gRPC', type: 'string' },
  { name: 'grpc.path', label: 'Path', type: 'string' },
  { name: 'grpc.service', label: 'Service', type: 'string' },
  { name: 'grpc.method', label: 'Method', type: 'string' },
  { name: 'grpc.timeout', label: 'Timeout', type: 'number' },
  { name: 'grpc.encoding', label: 'Encoding', type: 'string' },
  { name: 'grpc.metadata', label: 'Metadata', type: 'string' },
  { name: 'grpc.metadata.name', label: 'Name', type: 'string' },
  { name: 'grpc.metadata.value', label: 'Value', type: 'string' },
  { name: 'grpc.metadata.binary', label: 'Binary value', type: 'string' },
  { name: 'grpc.frame_type', label: 'Frame type', type: 'number' },
  { name: 'grpc.compressed_flag', label: 'Compressed', type: 'number' },
  { name: 'grpc.message_length', label: 'Length', type: 'number' },
  { name: 'grpc.message_data', label: 'Message', type: 'bytes' },
  { name: 'grpc.inflated_length', label: 'Inflated length', type: 'number' },
  { name: 'grpc.frames', label: 'Spread over frames', type: 'number' },
  { name: 'grpc.frame', label: 'Frame in record', type: 'number' },
  { name: 'grpc.status_code', label: 'Status', type: 'number' },
  { name: 'grpc.status_message', label: 'Status message', type: 'string' },
  { name: 'grpc.trailers_only', label: 'Trailers only', type: 'boolean' },
  { name: 'grpc.call_in', label: 'Call in record', type: 'number' },
  { name: 'grpc.duration', label: 'Time since the call', type: 'number' },
];
const labels = new Map(definitions.map((definition) => [definition.name, definition.label]));

export const grpcProtocol: Protocol = {
  id: GRPC_ID,
  name: 'grpc',
  label: 'gRPC',
  types: GRPC_TYPES,
  notes: GRPC_NOTES,
  fields: definitions,
  quick: { 'grpc.status_code': (record) => statusOf(record.flags) },
  summary,
  detail,
  payload,
};

function summary(view: RecordView): string {
  const { type } = view.record;
  if (type === GrpcType.call) return shorten(oneLine(`→ ${pathOf(view)}`), MAX_SUMMARY_CHARS);
  if (type === GrpcType.status) return shorten(oneLine(statusSummary(view)), MAX_SUMMARY_CHARS);
  return messageSummary(view);
}

function pathOf(view: RecordView): string {
  return headerText(headerValue(headersOf(view)?.items ?? [], ':path') ?? '');
}

function statusSummary(view: RecordView): string {
  const items = headersOf(view)?.items ?? [];
  const message = headerValue(items, 'grpc-message');
  const words = statusWords(view, items);
  return message ? `${words}: ${decodePercent(message).text}` : words;
}

/** `5 NOT_FOUND`; what the answer has instead if it has no status. */
function statusWords(view: RecordView, items: readonly HeaderItem[]): string {
  const text = headerValue(items, 'grpc-status');
  const code = statusOf(view.record.flags);
  if (code !== undefined) return statusName(code);
  if (text !== undefined) return headerText(text);
  const status = headerValue(items, ':status');
  return status === undefined || status === '200' ? 'no status' : `no status, HTTP ${status}`;
}

function statusName(code: number): string {
  const name = STATUS_NAMES[code];
  return name ? `${code} ${name}` : String(code);
}

/** The fields by number if the message can be protobuf; text for JSON; else hex. */
function messageSummary(view: RecordView): string {
  const assembled = assembleMessage(view, SUMMARY_BYTES);
  const { bytes, total, text } = payloadOf(view, assembled);
  if (isStillCompressed(view, assembled)) return hexPreview(bytes, total);
  if (text) return previewOf(bytes, total);
  return protobufSummary(bytes, total) ?? previewOf(bytes, total);
}

/** `{1: "text", 2: 5}`; undefined for what cannot be protobuf. A long field that `bytes` end inside is shown as far as it goes. */
function protobufSummary(bytes: Uint8Array, total: number): string | undefined {
  const { tree = [], error, shown } = decodeProtobuf(bytes, bytes.length < total);
  if (error) return undefined;
  const fields = compact(tree).slice(1, -1);
  const cut = shown < bytes.length ? cutField(bytes, shown) : undefined;
  return shorten(oneLine(`{${[fields, cut].filter(Boolean).join(', ')}}`), MAX_SUMMARY_CHARS);
}

/** The beginning of a length-delimited field at `at`, or '…'. */
function cutField(bytes: Uint8Array, at: number): string {
  const tag = readVarint(bytes, at, bytes.length);
  const length = typeof tag === 'string' ? tag : readVarint(bytes, at + tag.length, bytes.length);
  if (typeof tag === 'string' || typeof length === 'string' || (tag.low & 7) !== 2) return '…';
  const content = bytes.subarray(at + tag.length + length.length);
  return `${tag.low >>> 3}: ${previewOf(content, Number.POSITIVE_INFINITY)}`;
}

/** The message was compressed in a way that is not known. */
function isStillCompressed({ record }: RecordView, { inflated }: AssembledMessage): boolean {
  return (record.flags & Flag.compressed) !== 0 && !inflated;
}

/** What the application receives: a message as its sender meant it. */
function payload(view: RecordView, limit: number): Payload | undefined {
  return view.record.type === GrpcType.message ? payloadOf(view, assembleMessage(view, limit)) : undefined;
}

function payloadOf(view: RecordView, assembled: AssembledMessage): Payload {
  const { flags, size } = view.record;
  const bytes = assembled.inflated ?? assembled.content;
  const text = (flags & Flag.json) !== 0 && !isStillCompressed(view, assembled);
  return { bytes, total: Math.max(size, bytes.length), text };
}

function detail(view: RecordView, limit: number): Detail {
  return view.record.type === GrpcType.message ? messageDetail(view, limit) : headersDetail(view, limit);
}

/** Fields of a `call` or `status`. Which bytes they were read from, the HTTP/2 record of the same bytes says. */
function headersDetail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const items = headersOf(view)?.items ?? [];
  const isCall = record.type === GrpcType.call;
  const children = isCall ? callFields(items) : statusFields(view, items);
  const encoding = headerValue(items, 'grpc-encoding');
  if (encoding !== undefined) children.push(computed('grpc.encoding', headerText(encoding)));
  children.push(...items.filter(isMetadata).map(metadataField), ...relationFields(view));
  const root: Field = {
    ...computed('grpc', isCall ? pathOf(view) : statusWords(view, items)),
    label: isCall ? 'gRPC call' : 'gRPC status',
    length: record.length,
    children,
  };
  return { fields: [root], sources: [{ label: 'Wire', bytes: view.bytes(limit), total: record.length }] };
}

function callFields(items: readonly HeaderItem[]): Field[] {
  const path = headerText(headerValue(items, ':path') ?? '');
  const fields = [computed('grpc.path', path)];
  const parts = /^\/(.+)\/([^/]+)$/.exec(path);
  if (parts) fields.push(computed('grpc.service', parts[1]!), computed('grpc.method', parts[2]!));
  const timeout = headerValue(items, 'grpc-timeout');
  const microseconds = timeout === undefined ? undefined : timeoutMicroseconds(timeout);
  if (timeout !== undefined) {
    const display = microseconds === undefined ? headerText(timeout) : `${timeout}: ${milliseconds(microseconds)}`;
    fields.push({ ...computed('grpc.timeout', microseconds ?? null), display });
  }
  return fields;
}

function statusFields(view: RecordView, items: readonly HeaderItem[]): Field[] {
  const { flags } = view.record;
  const fields: Field[] = [];
  const code = statusOf(flags);
  if (code !== undefined) fields.push({ ...computed('grpc.status_code', code), display: statusName(code) });
  const message = headerValue(items, 'grpc-message');
  if (message !== undefined) fields.push(computed('grpc.status_message', decodePercent(message).text));
  fields.push(computed('grpc.trailers_only', (flags & Flag.trailersOnly) !== 0));
  return fields;
}

/** Metadata of the application: not the pseudo-headers, nor what gRPC itself says. */
function isMetadata({ name }: HeaderItem): boolean {
  const isOwn = name === '' || name.startsWith(':') || name === 'te' || name === 'content-type';
  return !isOwn && (!name.startsWith('grpc-') || name === 'grpc-status-details-bin');
}

function metadataField(item: HeaderItem): Field {
  const name = headerText(item.name);
  const value = headerText(item.value);
  const children = [computed('grpc.metadata.name', name), computed('grpc.metadata.value', value)];
  const binary = item.name.endsWith('-bin') ? binaryValue(item.value) : undefined;
  if (binary) {
    const display = previewOf(binary, binary.length);
    children.push({ ...computed('grpc.metadata.binary', hex(binary)), display });
  }
  const line = shorten(oneLine(`${name}: ${binary ? hexPreview(binary, binary.length) : value}`), MAX_SUMMARY_CHARS);
  return { ...computed('grpc.metadata', line), children };
}

/** The bytes of a -bin header: base64, or (between two C cores that agreed on it) raw behind a NUL. */
function binaryValue(value: string): Uint8Array | undefined {
  if (value.charCodeAt(0) === 0) return Uint8Array.from(value.slice(1), (character) => character.charCodeAt(0));
  try {
    return parseBase64(value);
  } catch {
    return undefined;
  }
}

function messageDetail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const assembled = assembleMessage(view, limit);
  const { prefix, content, inflated, frames } = assembled;
  const isScattered = frames.length > 0;
  const sources: ByteSource[] = [{ label: 'Wire', bytes: view.bytes(limit), total: record.length }];
  const announced = prefix.length < PREFIX_BYTES ? 0 : new DataView(prefix.buffer, prefix.byteOffset).getUint32(1);
  const wireTotal = isScattered ? Math.max(announced, content.length) : Math.max(0, record.length - PREFIX_BYTES);
  const label = (record.flags & Flag.compressed) !== 0 ? 'Compressed' : 'Message';
  const source = sources.push({ label, bytes: content, total: Math.max(wireTotal, content.length) }) - 1;
  let last = source;
  if (inflated) {
    last = sources.push({ label: 'Inflated', bytes: inflated, total: Math.max(record.size, inflated.length) }) - 1;
  }
  // In a message over several frames, the prefix too may be: its bytes are then not where they would be.
  const range = (start: number, length: number) => (isScattered ? {} : { start, length });
  const children: Field[] = [];
  if (prefix.length > 0) {
    children.push(
      { ...computed('grpc.frame_type', prefix[0]! >> 7), ...range(0, 1), mask: 0x80 },
      { ...computed('grpc.compressed_flag', prefix[0]! & 1), ...range(0, 1), mask: 0x01 },
    );
  }
  if (prefix.length === PREFIX_BYTES) children.push({ ...computed('grpc.message_length', announced), ...range(1, 4) });
  if (content.length > 0) {
    const value = hex(content.subarray(0, SUMMARY_BYTES));
    const display = hexPreview(content, wireTotal);
    children.push({ ...computed('grpc.message_data', value), display, source, length: content.length });
  }
  if (inflated) children.push(computed('grpc.inflated_length', record.size));
  if (isScattered) children.push(framesField(frames));
  children.push(...relationFields(view));
  const root: Field = {
    ...computed('grpc', shorten(messageSummary(view), MAX_SUMMARY_CHARS)),
    label: 'gRPC message',
    length: record.length,
    children,
  };
  return { fields: [root], sources, payload: last };
}

function framesField(frames: readonly number[]): Field {
  return {
    ...computed('grpc.frames', frames.length),
    children: frames.slice(0, LISTED_FRAMES).map((seq) => computed('grpc.frame', seq)),
  };
}

/** How the record belongs to its call. */
function relationFields(view: RecordView): Field[] {
  const { link, at, type } = view.record;
  const call = link === NONE || type === GrpcType.call ? undefined : view.at(link);
  if (call?.record.protocol !== GRPC_ID) return [];
  const since = at - call.record.at;
  return [computed('grpc.call_in', link), { ...computed('grpc.duration', since), display: milliseconds(since) }];
}

function milliseconds(microseconds: number): string {
  return `${(microseconds / 1000).toFixed(3)} ms`;
}

/** A field under its defined label that is not read from bytes (yet). */
function computed(name: string, value: Field['value']): Field {
  return { name, label: labels.get(name) ?? name, value, start: 0, length: 0 };
}
