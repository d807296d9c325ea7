// What an HTTP/2 record means to a person: summary, field tree, byte sources, payload. Pure functions of a RecordView.
import type { ByteSource, Detail, Field } from '../../field.ts';
import { hexPreview, oneLine, previewOf, shorten } from '../../payload/preview.ts';
import type { Payload, Protocol, RecordView } from '../../protocol.ts';
import type { TimelineRecord } from '../../record.ts';
import { hex, utf8 } from '../bytes.ts';
import { milliseconds } from '../duration.ts';
import {
  definitions,
  errorName,
  headFields,
  named,
  payloadFields,
  relationFields,
  settingName,
  settingsIn,
  sinceLink,
  streamStates,
  windowFields,
} from './fields.ts';
import {
  Frame,
  FrameFlag,
  frameTypeOf,
  HTTP2_ID,
  HTTP2_NOTES,
  HTTP2_TYPES,
  Http2Type as Type,
  wireFlagsOf,
} from './format.ts';
import { frameContent, MAX_FRONT_BYTES, readFrame } from './frame.ts';
import { type BlockPlace, headerListFields, headersOf, headerText } from './header-fields.ts';
import { type HeaderItem, headerValue } from './hpack.ts';

const MAX_SUMMARY_CHARS = 200;
/** Enough of a frame for its summary; only SETTINGS and debug data are longer. */
const SUMMARY_BYTES = 256;

export const http2Protocol: Protocol = {
  id: HTTP2_ID,
  name: 'http2',
  label: 'HTTP/2',
  types: HTTP2_TYPES,
  notes: HTTP2_NOTES,
  fields: definitions,
  quick: {
    'http2.type': (record) => (isFrame(record) ? frameTypeOf(record.flags) : undefined),
    'http2.flags': (record) => (isFrame(record) ? wireFlagsOf(record.flags) : undefined),
    'http2.streamid': (record) => (isFrame(record) ? record.stream : undefined),
    'http2.stream_state': (record) => (isFrame(record) ? streamStates(record.flags) : undefined),
  },
  summary,
  detail,
  payload,
};

function isFrame(record: TimelineRecord): boolean {
  return record.type < Type.preface;
}

function summary(view: RecordView): string {
  const { type, length } = view.record;
  const bytes = view.bytes(SUMMARY_BYTES);
  const parts = type < Type.preface ? readFrame(bytes) : undefined;
  if (!parts) return type === Type.preface ? 'PRI * HTTP/2.0' : previewOf(bytes, length);
  const stream = parts.streamId === 0 ? '' : `#${parts.streamId}`;
  const words = [stream, frameSummary(view, bytes)].filter(Boolean).join(' ');
  const ends = parts.type <= Frame.headers && (parts.flags & FrameFlag.endStream) !== 0;
  return shorten(oneLine(ends ? `${words} · END_STREAM` : words), MAX_SUMMARY_CHARS);
}

/** A frame in a few words, without its stream. */
function frameSummary(view: RecordView, bytes: Uint8Array): string {
  const parts = readFrame(bytes)!;
  const { contentStart: start, flags } = parts;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (at: number): number => (at + 4 <= bytes.length ? data.getUint32(at) : 0);
  const stream = (at: number): number => number(at) & 0x7fff_ffff;
  const content = bytes.subarray(start, parts.contentEnd);
  const isAck = (flags & FrameFlag.ack) !== 0;
  switch (parts.type) {
    case Frame.data:
      return bytesOf(view.record.size);
    case Frame.headers:
    case Frame.continuation:
      return listSummary(view);
    case Frame.priority:
      return `depends on #${stream(start)}, weight ${(bytes[start + 4] ?? 0) + 1}`;
    case Frame.rstStream:
      return errorName(number(start));
    case Frame.settings:
      return isAck
        ? 'ACK'
        : Array.from(settingsIn(bytes, parts), ({ id, value }) => `${settingName(id)}=${value}`).join(', ');
    case Frame.pushPromise:
      return `promises #${stream(parts.promisedAt ?? start)}: ${listSummary(view)}`;
    case Frame.ping: {
      const rtt = isAck ? sinceLink(view) : undefined;
      return `${isAck ? 'ACK ' : ''}${hex(content)}${rtt === undefined ? '' : ` · ${milliseconds(rtt)}`}`;
    }
    case Frame.goaway: {
      const debug = bytes.subarray(start + 8, parts.contentEnd);
      const words = `${errorName(number(start + 4))}, last stream ${stream(start)}`;
      return debug.length === 0 ? words : `${words}: ${previewOf(debug, parts.contentEnd - start - 8)}`;
    }
    case Frame.windowUpdate:
      return `+${stream(start)}`;
    case Frame.altsvc:
    case Frame.origin:
    case Frame.priorityUpdate:
      return payloadFields(view, bytes, parts)
        .map((field) => field.value)
        .join(' ');
    default:
      return `type 0x${parts.type.toString(16).padStart(2, '0')} ${hexPreview(content, parts.length)}`;
  }
}

function bytesOf(count: number): string {
  return `${count} ${count === 1 ? 'byte' : 'bytes'}`;
}

/** A header list in a few words: the request line, the status, else its first headers. */
function listSummary(view: RecordView): string {
  const kept = headersOf(view);
  if (!kept) return `${bytesOf(view.record.size)} of headers`;
  const { items } = kept;
  const method = headerValue(items, ':method');
  const status = headerValue(items, ':status');
  if (method !== undefined) {
    const target = headerValue(items, ':path') ?? headerValue(items, ':authority') ?? '';
    return headerText(`${method} ${target}`);
  }
  if (status !== undefined) return status;
  const line = ({ name, value }: HeaderItem) => `${headerText(name)}: ${headerText(value)}`;
  return items
    .filter((item) => item.name !== '')
    .slice(0, 4)
    .map(line)
    .join(', ');
}

/** What the application receives of the frame: data, and what is not explained otherwise. */
function payload(view: RecordView, limit: number): Payload | undefined {
  const { record } = view;
  if (record.type === Type.raw) return { bytes: view.bytes(limit), total: record.length, text: false };
  if (!hasPayload(record)) return undefined;
  const bytes = frameContent(view, limit);
  return { bytes, total: Math.max(record.size, bytes.length), text: false };
}

/** Whether a frame has something for the application, or nobody knows for whom. */
function hasPayload({ type, size }: TimelineRecord): boolean {
  return (type === Frame.data || type === Type.unknown) && size > 0;
}

function detail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const bytes = view.bytes(MAX_FRONT_BYTES + limit);
  const wire: ByteSource = { label: 'Wire', bytes: bytes.subarray(0, limit), total: record.length };
  const sources = [wire];
  const parts = isFrame(record) ? readFrame(bytes) : undefined;
  if (!parts) return rawDetail(view, wire);
  const children: Field[] = [...headFields(view, parts), ...payloadFields(view, bytes, parts)];
  const kept = hasList(parts.type) ? headersOf(view) : undefined;
  if (kept) {
    const place: BlockPlace = { source: 0, start: parts.contentStart };
    if (kept.block.length > 0) {
      const block = { label: 'Header block', bytes: kept.block.slice(0, limit), total: kept.block.length };
      place.source = sources.push(block) - 1;
      place.start = 0;
    }
    children.push(...headerListFields(view, kept, place));
  }
  children.push(...windowFields(view, bytes, parts), ...relationFields(view, parts));
  const root: Field = {
    ...named('http2', HTTP2_TYPES[record.type] ?? null),
    label: 'HTTP/2 frame',
    length: record.length,
    children,
  };
  const result: Detail = { fields: [root], sources };
  if (hasPayload(record)) {
    const data = bytes.subarray(parts.contentStart, Math.min(parts.contentEnd, parts.contentStart + limit));
    const label = parts.type === Frame.data ? 'Data' : 'Payload';
    result.payload = sources.push({ label, bytes: data, total: Math.max(record.size, data.length) }) - 1;
  }
  return result;
}

function hasList(frameType: number): boolean {
  return frameType === Frame.headers || frameType === Frame.pushPromise || frameType === Frame.continuation;
}

function rawDetail({ record }: RecordView, wire: ByteSource): Detail {
  const isPreface = record.type === Type.preface;
  const value = isPreface ? utf8(wire.bytes) : hexPreview(wire.bytes, wire.total);
  const field = named(isPreface ? 'http2.magic' : 'http2.unknown', value, 0, record.length);
  return { fields: [field], sources: [wire], ...(!isPreface && { payload: 0 }) };
}
