// The field tree of an HTTP/2 frame, under Wireshark's names where it has them.
import type { Field, FieldDefinition } from '../../field.ts';
import { hexPreview, previewOf } from '../../payload/preview.ts';
import type { RecordView } from '../../protocol.ts';
import { NONE, recordNumber } from '../../record.ts';
import { hex, utf8 } from '../bytes.ts';
import { milliseconds } from '../duration.ts';
import { isCall } from '../grpc/format.ts';
import {
  ERROR_CODES,
  Frame,
  FrameFlag,
  HTTP2_TYPES,
  recordType,
  Setting,
  STREAM_STATES,
  StreamState,
  statesOf,
} from './format.ts';
import type { FrameParts } from './frame.ts';
import { headerDefinitions } from './header-fields.ts';
import { decodeWindows } from './kept.ts';
import { SETTING_BYTES } from './settings.ts';

export const definitions: readonly FieldDefinition[] = [
  { name: 'http2', label: 'HTTP/2', type: 'string' },
  { name: 'http2.magic', label: 'Preface', type: 'string' },
  { name: 'http2.length', label: 'Length', type: 'number' },
  { name: 'http2.type', label: 'Type', type: 'number' },
  { name: 'http2.flags', label: 'Flags', type: 'number' },
  { name: 'http2.flags.end_stream', label: 'END_STREAM', type: 'boolean' },
  { name: 'http2.flags.eh', label: 'END_HEADERS', type: 'boolean' },
  { name: 'http2.flags.padded', label: 'PADDED', type: 'boolean' },
  { name: 'http2.flags.priority', label: 'PRIORITY', type: 'boolean' },
  { name: 'http2.flags.ack.settings', label: 'ACK', type: 'boolean' },
  { name: 'http2.flags.ack.ping', label: 'ACK', type: 'boolean' },
  { name: 'http2.r', label: 'Reserved', type: 'number' },
  { name: 'http2.streamid', label: 'Stream', type: 'number' },
  { name: 'http2.stream_state', label: 'State of the stream', type: 'string' },
  { name: 'http2.opened_in', label: 'The stream was opened by record', type: 'number' },
  { name: 'http2.call_in', label: 'Call in record', type: 'number' },
  { name: 'http2.time', label: 'Time since the stream was opened', type: 'number' },
  { name: 'http2.pad_length', label: 'Pad length', type: 'number' },
  { name: 'http2.padding', label: 'Padding', type: 'bytes' },
  { name: 'http2.data.data', label: 'Data', type: 'bytes' },
  { name: 'http2.headers', label: 'Header block fragment', type: 'bytes' },
  { name: 'http2.block_in', label: 'The header block began in record', type: 'number' },
  { name: 'http2.exclusive', label: 'Exclusive', type: 'boolean' },
  { name: 'http2.stream_dependency', label: 'Depends on stream', type: 'number' },
  { name: 'http2.headers.weight', label: 'Weight as written', type: 'number' },
  { name: 'http2.headers.weight_real', label: 'Weight', type: 'number' },
  { name: 'http2.rst_stream.error', label: 'Error', type: 'number' },
  { name: 'http2.settings', label: 'Setting', type: 'string' },
  { name: 'http2.settings.id', label: 'Identifier', type: 'number' },
  { name: 'http2.settings.header_table_size', label: 'HEADER_TABLE_SIZE', type: 'number' },
  { name: 'http2.settings.enable_push', label: 'ENABLE_PUSH', type: 'number' },
  { name: 'http2.settings.max_concurrent_streams', label: 'MAX_CONCURRENT_STREAMS', type: 'number' },
  { name: 'http2.settings.initial_window_size', label: 'INITIAL_WINDOW_SIZE', type: 'number' },
  { name: 'http2.settings.max_frame_size', label: 'MAX_FRAME_SIZE', type: 'number' },
  { name: 'http2.settings.max_header_list_size', label: 'MAX_HEADER_LIST_SIZE', type: 'number' },
  { name: 'http2.settings.extended_connect', label: 'ENABLE_CONNECT_PROTOCOL', type: 'number' },
  { name: 'http2.settings.unknown', label: 'Unknown setting', type: 'number' },
  { name: 'http2.settings_in', label: 'Acknowledges the SETTINGS in record', type: 'number' },
  { name: 'http2.settings_before', label: 'Settings before these in record', type: 'number' },
  { name: 'http2.push_promise.promised_stream_id', label: 'Promised stream', type: 'number' },
  { name: 'http2.ping', label: 'Ping', type: 'bytes' },
  { name: 'http2.pong', label: 'Pong', type: 'bytes' },
  { name: 'http2.ping_in', label: 'Answers the PING in record', type: 'number' },
  { name: 'http2.rtt', label: 'Round trip', type: 'number' },
  { name: 'http2.goaway.last_stream_id', label: 'Last stream', type: 'number' },
  { name: 'http2.goaway.error', label: 'Error', type: 'number' },
  { name: 'http2.goaway.addata', label: 'Debug data', type: 'bytes' },
  { name: 'http2.window_update.window_size_increment', label: 'Increment', type: 'number' },
  { name: 'http2.window', label: 'Flow-control window', type: 'string' },
  { name: 'http2.window.connection.before', label: 'Connection, before', type: 'number' },
  { name: 'http2.window.connection.after', label: 'Connection, after', type: 'number' },
  { name: 'http2.window.stream.before', label: 'Stream, before', type: 'number' },
  { name: 'http2.window.stream.after', label: 'Stream, after', type: 'number' },
  { name: 'http2.altsvc.origin', label: 'Origin', type: 'string' },
  { name: 'http2.altsvc.field_value', label: 'Alternative services', type: 'string' },
  { name: 'http2.origin.origin', label: 'Origin', type: 'string' },
  { name: 'http2.priority_update_stream_id', label: 'Prioritised stream', type: 'number' },
  { name: 'http2.priority_update_field_value', label: 'Priority', type: 'string' },
  { name: 'http2.unknown', label: 'Unknown', type: 'bytes' },
  ...headerDefinitions,
];

const labels = new Map(definitions.map((definition) => [definition.name, definition.label]));

/** A field under its defined label; without a range it is not read from bytes. */
export function named(name: string, value: Field['value'], start = 0, length = 0): Field {
  return { name, label: labels.get(name) ?? name, value, start, length };
}

/** `8 CANCEL`. */
export function errorName(code: number): string {
  const name = ERROR_CODES[code];
  return name ? `${code} ${name}` : String(code);
}

/** Microseconds from the record this one answers (the ping of a pong, the opener of a stream), if it is known. */
export function sinceLink(view: RecordView): number | undefined {
  const { link, at } = view.record;
  const other = link === NONE ? undefined : view.at(link);
  return other && at - other.record.at;
}

/** The settings that have a field of their own. */
const settingFields: { readonly [id: number]: string } = {
  [Setting.headerTableSize]: 'http2.settings.header_table_size',
  [Setting.enablePush]: 'http2.settings.enable_push',
  [Setting.maxConcurrentStreams]: 'http2.settings.max_concurrent_streams',
  [Setting.initialWindowSize]: 'http2.settings.initial_window_size',
  [Setting.maxFrameSize]: 'http2.settings.max_frame_size',
  [Setting.maxHeaderListSize]: 'http2.settings.max_header_list_size',
  8: 'http2.settings.extended_connect',
};

/** Settings of extensions: RFC 9218, and what two ends of gRPC's C core agree on. */
const otherSettings: { readonly [id: number]: string } = {
  9: 'NO_RFC7540_PRIORITIES',
  65027: 'GRPC_ALLOW_TRUE_BINARY_METADATA',
};

/** A setting by name, or by its number in hex. */
export function settingName(id: number): string {
  const name = settingFields[id];
  return (name ? labels.get(name) : otherSettings[id]) ?? `0x${id.toString(16).padStart(4, '0')}`;
}

/** Settings in the content of a frame, in order. */
export function* settingsIn(
  bytes: Uint8Array,
  parts: FrameParts,
): Generator<{ at: number; id: number; value: number }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(parts.contentEnd, bytes.length);
  for (let at = parts.contentStart; at + SETTING_BYTES <= end; at += SETTING_BYTES) {
    yield { at, id: view.getUint16(at), value: view.getUint32(at + 2) };
  }
}

/** Fields of a frame's header: length, type, flags, stream. */
export function headFields(view: RecordView, parts: FrameParts): Field[] {
  const { type, flags, streamId } = parts;
  const fields: Field[] = [
    named('http2.length', parts.length, 0, 3),
    { ...named('http2.type', type), display: `${type} ${HTTP2_TYPES[recordType(type)]}`, start: 3, length: 1 },
    { ...named('http2.flags', flags), display: hexByte(flags), start: 4, length: 1, children: flagFields(parts) },
  ];
  if (parts.reserved) fields.push({ ...named('http2.r', 1), start: 5, length: 1, mask: 0x80 });
  fields.push(named('http2.streamid', streamId, 5, 4));
  const states = streamStates(view.record.flags);
  if (states !== undefined) fields.push(named('http2.stream_state', states));
  return fields;
}

/** `idle → open`, or one state that stays; undefined for a frame that is on no stream. */
export function streamStates(flags: number): string | undefined {
  const { before, after } = statesOf(flags);
  if (before === StreamState.none && after === StreamState.none) return undefined;
  return [...new Set([STREAM_STATES[before], STREAM_STATES[after]])].filter(Boolean).join(' → ');
}

function hexByte(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}

/** Flags that have a meaning, by frame type. */
function flagFields({ type, flags }: FrameParts): Field[] {
  const bit = (name: string, mask: number): Field => ({
    ...named(`http2.flags.${name}`, (flags & mask) !== 0),
    start: 4,
    length: 1,
    mask,
  });
  const endStream = () => bit('end_stream', FrameFlag.endStream);
  const endHeaders = () => bit('eh', FrameFlag.endHeaders);
  const padded = () => bit('padded', FrameFlag.padded);
  switch (type) {
    case Frame.data:
      return [padded(), endStream()];
    case Frame.headers:
      return [bit('priority', FrameFlag.priority), padded(), endHeaders(), endStream()];
    case Frame.pushPromise:
      return [padded(), endHeaders()];
    case Frame.continuation:
      return [endHeaders()];
    case Frame.settings:
      return [bit('ack.settings', FrameFlag.ack)];
    case Frame.ping:
      return [bit('ack.ping', FrameFlag.ack)];
    default:
      return [];
  }
}

/** Fields of a frame's payload but for header lists; `bytes` is the whole frame, or its beginning. */
export function payloadFields(view: RecordView, bytes: Uint8Array, parts: FrameParts): Field[] {
  const fields: Field[] = [];
  if (parts.paddedAt !== undefined) {
    fields.push(named('http2.pad_length', parts.padding, parts.paddedAt, 1));
  }
  fields.push(...contentFields(view, bytes, parts));
  if (parts.padding > 0) {
    const padding = bytes.subarray(parts.contentEnd, parts.contentEnd + parts.padding);
    const value = hexPreview(padding, parts.padding);
    fields.push(named('http2.padding', value, parts.contentEnd, parts.padding));
  }
  return fields;
}

function contentFields(view: RecordView, bytes: Uint8Array, parts: FrameParts): Field[] {
  const { type, contentStart: start } = parts;
  const content = bytes.subarray(start, parts.contentEnd);
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (name: string, at: number, display?: (value: number) => string): Field[] => {
    if (at + 4 > bytes.length) return [];
    const value = data.getUint32(at);
    return [{ ...named(name, value), ...(display && { display: display(value) }), start: at, length: 4 }];
  };
  const stream = (name: string, at: number): Field[] =>
    at + 4 > bytes.length ? [] : [named(name, data.getUint32(at) & 0x7fff_ffff, at, 4)];
  const bytesField = (name: string, from = start): Field[] => {
    const part = bytes.subarray(from, parts.contentEnd);
    if (part.length === 0) return [];
    const value = previewOf(part, Math.max(part.length, view.record.length - from));
    return [named(name, value, from, part.length)];
  };
  const text = (name: string, from: number, to: number): Field[] =>
    to > bytes.length ? [] : [{ ...named(name, utf8(bytes.subarray(from, to))), start: from, length: to - from }];

  switch (type) {
    case Frame.data:
      return bytesField('http2.data.data');
    case Frame.headers:
    case Frame.continuation: {
      const priority = parts.priorityAt === undefined ? [] : priorityFields(bytes, parts.priorityAt);
      return [...priority, ...bytesField('http2.headers')];
    }
    case Frame.pushPromise:
      return [
        ...stream('http2.push_promise.promised_stream_id', parts.promisedAt ?? start),
        ...bytesField('http2.headers'),
      ];
    case Frame.priority:
      return priorityFields(bytes, start);
    case Frame.rstStream:
      return number('http2.rst_stream.error', start, errorName);
    case Frame.settings:
      return settingFieldsOf(bytes, parts);
    case Frame.ping: {
      const name = (parts.flags & FrameFlag.ack) !== 0 ? 'http2.pong' : 'http2.ping';
      return bytesField(name).map((field) => ({ ...field, value: hex(content) }));
    }
    case Frame.goaway:
      return [
        ...stream('http2.goaway.last_stream_id', start),
        ...number('http2.goaway.error', start + 4, errorName),
        ...bytesField('http2.goaway.addata', start + 8),
      ];
    case Frame.windowUpdate:
      return stream('http2.window_update.window_size_increment', start);
    case Frame.altsvc: {
      if (content.length < 2) return bytesField('http2.unknown');
      const originEnd = start + 2 + data.getUint16(start);
      return [
        ...text('http2.altsvc.origin', start + 2, originEnd),
        ...text('http2.altsvc.field_value', Math.min(originEnd, parts.contentEnd), parts.contentEnd),
      ];
    }
    case Frame.origin:
      return originFields(bytes, parts);
    case Frame.priorityUpdate:
      return [
        ...stream('http2.priority_update_stream_id', start),
        ...text('http2.priority_update_field_value', Math.min(start + 4, parts.contentEnd), parts.contentEnd),
      ];
    default:
      return bytesField('http2.unknown');
  }
}

function priorityFields(bytes: Uint8Array, at: number): Field[] {
  if (at + 5 > bytes.length) return [];
  const dependency = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
  const weight = bytes[at + 4]!;
  return [
    { ...named('http2.exclusive', dependency > 0x7fff_ffff), start: at, length: 1, mask: 0x80 },
    named('http2.stream_dependency', dependency & 0x7fff_ffff, at, 4),
    named('http2.headers.weight', weight, at + 4, 1),
    named('http2.headers.weight_real', weight + 1, at + 4, 1),
  ];
}

function settingFieldsOf(bytes: Uint8Array, parts: FrameParts): Field[] {
  return Array.from(settingsIn(bytes, parts), ({ at, id, value }): Field => {
    const name = settingFields[id] ?? 'http2.settings.unknown';
    return {
      ...named('http2.settings', `${settingName(id)} = ${value}`),
      start: at,
      length: SETTING_BYTES,
      children: [
        { ...named('http2.settings.id', id), display: `${id} ${settingName(id)}`, start: at, length: 2 },
        named(name, value, at + 2, 4),
      ],
    };
  });
}

function originFields(bytes: Uint8Array, parts: FrameParts): Field[] {
  const fields: Field[] = [];
  const end = Math.min(parts.contentEnd, bytes.length);
  for (let at = parts.contentStart; at + 2 <= end; ) {
    const length = (bytes[at]! << 8) | bytes[at + 1]!;
    const origin = utf8(bytes.subarray(at + 2, Math.min(end, at + 2 + length)));
    fields.push({ ...named('http2.origin.origin', origin), start: at + 2, length: Math.min(length, end - at - 2) });
    at += 2 + length;
  }
  return fields;
}

/** Windows of the sender of DATA before and after this frame, if they are known. */
export function windowFields(view: RecordView, bytes: Uint8Array, parts: FrameParts): Field[] {
  const isData = parts.type === Frame.data;
  if (!isData && parts.type !== Frame.windowUpdate) return [];
  const before = view.record.derived === NONE ? undefined : decodeWindows(view.derived(8));
  if (!before) return [];
  const { connectionBytes, streamBytes } = before;
  const increment = isData || bytes.length < 13 ? 0 : new DataView(bytes.buffer, bytes.byteOffset + 9, 4).getUint32(0);
  const change = isData ? -parts.length : increment & 0x7fff_ffff;
  const field = (which: string, bytesBefore: number, isChanged: boolean): Field[] => [
    named(`http2.window.${which}.before`, bytesBefore),
    named(`http2.window.${which}.after`, isChanged ? bytesBefore + change : bytesBefore),
  ];
  const children = field('connection', connectionBytes, isData || parts.streamId === 0);
  if (streamBytes !== undefined) children.push(...field('stream', streamBytes, true));
  return [{ ...named('http2.window', null), display: isData ? 'of the sender' : 'of the peer', children }];
}

/** How the record belongs to others. */
export function relationFields(view: RecordView, { type, flags }: FrameParts): Field[] {
  const { link } = view.record;
  if (link === NONE) return [];
  const since = sinceLink(view);
  const time = (name: string): Field[] =>
    since === undefined ? [] : [{ ...named(name, since), display: milliseconds(since) }];
  const isAck = (flags & FrameFlag.ack) !== 0;
  const number = recordNumber(link);
  if (type === Frame.ping) return [named('http2.ping_in', number), ...time('http2.rtt')];
  if (type === Frame.settings) return [named(isAck ? 'http2.settings_in' : 'http2.settings_before', number)];
  const linked = view.at(link);
  if (linked && isCall(linked.record)) return [named('http2.call_in', number), ...time('http2.time')];
  if (type === Frame.continuation) return [named('http2.block_in', number)];
  return [named('http2.opened_in', number), ...time('http2.time')];
}
