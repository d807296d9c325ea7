// What a WebSocket record means to a person: summary, field tree, byte sources, payload. Pure functions of a RecordView;
// field names are Wireshark's where it has one.
import type { ByteSource, Detail, Field, FieldDefinition } from '../../field.ts';
import { hexPreview, MAX_PREVIEW_CHARS, oneLine, previewOf, shorten } from '../../payload/preview.ts';
import type { Payload, Protocol, RecordView } from '../../protocol.ts';
import { Level, NONE, recordNumber, type TimelineRecord } from '../../record.ts';
import { hex, utf8 } from '../bytes.ts';
import { milliseconds } from '../duration.ts';
import {
  CLOSE_CODES,
  WebSocketFlag as Flag,
  MAX_HEADER_BYTES,
  Opcode,
  RAW,
  WEBSOCKET_ID,
  WEBSOCKET_NOTES,
  WEBSOCKET_TYPES,
} from './format.ts';
import { assemble, type FrameHeader, framePayload, isAssembled, readHeader } from './frame.ts';

/** Bytes a summary reads: 200 characters of at most four bytes. */
const SUMMARY_BYTES = 800;
/** Fragments a detail lists. */
const LISTED_FRAGMENTS = 100;

const definitions: readonly FieldDefinition[] = [
  { name: 'websocket', label: 'WebSocket', type: 'string' },
  { name: 'websocket.fin', label: 'FIN', type: 'boolean' },
  { name: 'websocket.rsv', label: 'Reserved', type: 'number' },
  { name: 'websocket.rsv1', label: 'RSV1', type: 'boolean' },
  { name: 'websocket.rsv2', label: 'RSV2', type: 'boolean' },
  { name: 'websocket.rsv3', label: 'RSV3', type: 'boolean' },
  { name: 'websocket.pmc', label: 'Per-message compressed', type: 'boolean' },
  { name: 'websocket.opcode', label: 'Opcode', type: 'number' },
  { name: 'websocket.mask', label: 'Mask', type: 'boolean' },
  { name: 'websocket.payload_length', label: 'Payload length code', type: 'number' },
  { name: 'websocket.payload_length_ext_16', label: 'Payload length (16 bits)', type: 'number' },
  { name: 'websocket.payload_length_ext_64', label: 'Payload length (64 bits)', type: 'number' },
  { name: 'websocket.masking_key', label: 'Masking key', type: 'bytes' },
  { name: 'websocket.payload', label: 'Payload', type: 'bytes' },
  { name: 'websocket.payload.text', label: 'Text', type: 'string' },
  { name: 'websocket.payload.continue', label: 'Continuation', type: 'bytes' },
  { name: 'websocket.payload.close', label: 'Close', type: 'bytes' },
  { name: 'websocket.payload.close.status_code', label: 'Status code', type: 'number' },
  { name: 'websocket.payload.close.reason', label: 'Reason', type: 'string' },
  { name: 'websocket.payload.ping', label: 'Ping', type: 'bytes' },
  { name: 'websocket.payload.pong', label: 'Pong', type: 'bytes' },
  { name: 'websocket.payload.unknown', label: 'Unknown', type: 'bytes' },
  { name: 'websocket.inflated_length', label: 'Inflated length', type: 'number' },
  { name: 'websocket.rtt', label: 'Round trip', type: 'number' },
  { name: 'websocket.ping_in', label: 'Answers the ping in record', type: 'number' },
  { name: 'websocket.fragments', label: 'Fragments', type: 'number' },
  { name: 'websocket.fragment', label: 'Fragment', type: 'bytes' },
  { name: 'websocket.fragment.count', label: 'Fragment count', type: 'number' },
  { name: 'websocket.fragment_of', label: 'Continues the message begun in record', type: 'number' },
  { name: 'websocket.reassembled.length', label: 'Reassembled length', type: 'number' },
];

const labels = new Map(definitions.map((definition) => [definition.name, definition.label]));

export const websocketProtocol: Protocol = {
  id: WEBSOCKET_ID,
  name: 'websocket',
  label: 'WebSocket',
  types: WEBSOCKET_TYPES,
  notes: WEBSOCKET_NOTES,
  fields: definitions,
  quick: {
    'websocket.opcode': (record) => (hasHeader(record) ? record.type : undefined),
    'websocket.fin': flagReader(Flag.fin),
    'websocket.rsv1': flagReader(Flag.rsv1),
    'websocket.rsv2': flagReader(Flag.rsv2),
    'websocket.rsv3': flagReader(Flag.rsv3),
    'websocket.mask': flagReader(Flag.mask),
  },
  summary,
  detail,
  payload,
};

/** A single frame whose header was read whole. */
function hasHeader(record: TimelineRecord): boolean {
  return record.levels !== Level.message && record.type !== RAW;
}

function flagReader(flag: number): (record: TimelineRecord) => boolean | undefined {
  return (record) => (hasHeader(record) ? (record.flags & flag) !== 0 : undefined);
}

function summary(view: RecordView): string {
  const { record } = view;
  const content = payload(view, SUMMARY_BYTES);
  if (record.type === Opcode.close) return closeSummary(content?.bytes);
  const words = content ? contentSummary(content, (record.flags & Flag.fin) === 0) : '';
  if (record.type === Opcode.pong) {
    const rtt = roundTripMicroseconds(view);
    return rtt === undefined ? words : `${words}${words && ' · '}${milliseconds(rtt)}`;
  }
  return words;
}

/** What is text by its opcode is shown as text, whatever is in it. `open`: the rest is in another frame. */
function contentSummary(content: Payload, open: boolean): string {
  if (!content.text) return previewOf(content.bytes, content.total);
  const cut = content.bytes.length < content.total;
  return shorten(oneLine(utf8(content.bytes, cut || open)), MAX_PREVIEW_CHARS, cut);
}

function closeSummary(bytes: Uint8Array | undefined): string {
  if (!bytes || bytes.length === 0) return 'no code';
  if (bytes.length === 1) return hexPreview(bytes, 1);
  const code = (bytes[0]! << 8) | bytes[1]!;
  const words = CLOSE_CODES[code] ? `${code} ${CLOSE_CODES[code]}` : String(code);
  const reason = shorten(oneLine(utf8(bytes.subarray(2))), 150);
  return reason ? `${words}: ${reason}` : words;
}

/** Microseconds from the ping to this pong, if it answers one. */
function roundTripMicroseconds(view: RecordView): number | undefined {
  if (view.record.type !== Opcode.pong || view.record.link === NONE) return undefined;
  const ping = view.at(view.record.link);
  return ping && view.record.at - ping.record.at;
}

function payload(view: RecordView, limit: number): Payload | undefined {
  const { record } = view;
  if (record.type >= Opcode.close && record.type !== RAW && record.size === 0) return undefined;
  const text = messageType(view) === Opcode.text;
  if (record.derived !== NONE) return { bytes: view.derived(limit) ?? new Uint8Array(0), total: record.size, text };
  const bytes = isAssembled(view) ? assemble(view, limit).bytes : framePayload(view, limit);
  const compressed = (record.flags & Flag.compressed) !== 0;
  return { bytes, total: Math.max(record.size, bytes.length), text: text && !compressed };
}

/** The opcode that says what the data is: for a continuation that of the first fragment. */
function messageType(view: RecordView): number {
  const { type, link } = view.record;
  if (type !== Opcode.continuation || link === NONE) return type;
  return view.at(link)?.record.type ?? type;
}

function detail(view: RecordView, limit: number): Detail {
  if (isAssembled(view)) return messageDetail(view, limit);
  if (view.record.type === RAW) return rawDetail(view, limit);
  return frameDetail(view, limit);
}

function rawDetail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const wire = { label: 'Wire', bytes: view.bytes(limit), total: record.length };
  const field = { ...computed('websocket.payload.unknown', hexPreview(wire.bytes, wire.total)), length: record.length };
  return { fields: [field], sources: [wire], payload: 0 };
}

function frameDetail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const bytes = view.bytes(limit + MAX_HEADER_BYTES);
  const sources: ByteSource[] = [{ label: 'Wire', bytes: bytes.subarray(0, limit), total: record.length }];
  const header = readHeader(bytes);
  const children = header ? headerFields(header, bytes, record.flags) : [];
  const root: Field = {
    name: 'websocket',
    label: 'WebSocket frame',
    value: WEBSOCKET_TYPES[record.type] ?? null,
    start: 0,
    length: record.length,
    children,
  };
  if (!header) return { fields: [root], sources };

  const wirePayloadBytes = record.length - header.length;
  const plain = framePayload(view, limit);
  let index = 0;
  if (header.masked && wirePayloadBytes > 0) {
    index = sources.push({ label: 'Unmasked', bytes: plain, total: wirePayloadBytes }) - 1;
  }
  // Where a byte of the payload stands in the source it is read from.
  let base = index === 0 ? header.length : 0;
  let content = plain;
  if (record.derived !== NONE) {
    content = view.derived(limit) ?? new Uint8Array(0);
    index = sources.push({ label: 'Inflated', bytes: content, total: record.size }) - 1;
    base = 0;
    children.push(computed('websocket.inflated_length', record.size));
  }
  const payloadField: Field = {
    ...computed('websocket.payload', null),
    display: `${wirePayloadBytes} ${wirePayloadBytes === 1 ? 'byte' : 'bytes'}`,
    start: header.length,
    length: wirePayloadBytes,
    children: contentFields(view, content, index, base),
  };
  if (wirePayloadBytes > 0 || record.derived !== NONE) children.push(payloadField);
  children.push(...relationFields(view));
  const result: Detail = { fields: [root], sources };
  // An unmasked frame has its payload inside the wire bytes: a source of its own keeps the header out of it.
  if (index === 0 && wirePayloadBytes > 0) {
    index = sources.push({ label: 'Payload', bytes: plain, total: wirePayloadBytes }) - 1;
  }
  if (index > 0) result.payload = index;
  return result;
}

function headerFields(header: FrameHeader, bytes: Uint8Array, flags: number): Field[] {
  const { first, second } = header;
  const bit = (name: string, byte: number, mask: number): Field => ({
    ...computed(name, ((byte === 0 ? first : second) & mask) !== 0),
    start: byte,
    length: 1,
    mask,
  });
  const opcode = first & 15;
  const code = second & 0x7f;
  const fields: Field[] = [
    bit('websocket.fin', 0, 0x80),
    {
      ...computed('websocket.rsv', (first >> 4) & 7),
      start: 0,
      length: 1,
      mask: 0x70,
      children: [bit('websocket.rsv1', 0, 0x40), bit('websocket.rsv2', 0, 0x20), bit('websocket.rsv3', 0, 0x10)],
    },
  ];
  if ((flags & Flag.deflate) !== 0) fields.push(bit('websocket.pmc', 0, 0x40));
  fields.push(
    {
      ...computed('websocket.opcode', opcode),
      display: `${opcode} ${WEBSOCKET_TYPES[opcode]}`,
      start: 0,
      length: 1,
      mask: 0x0f,
    },
    bit('websocket.mask', 1, 0x80),
    { ...computed('websocket.payload_length', code), start: 1, length: 1, mask: 0x7f },
  );
  if (code === 126) {
    fields.push({ ...computed('websocket.payload_length_ext_16', header.payloadLength), start: 2, length: 2 });
  } else if (code === 127) {
    fields.push({ ...computed('websocket.payload_length_ext_64', header.payloadLength), start: 2, length: 8 });
  }
  if (header.masked) {
    const key = hex(bytes.subarray(header.keyStart, header.length));
    fields.push({ ...computed('websocket.masking_key', key), start: header.keyStart, length: 4 });
  }
  return fields;
}

/** What the payload says, by opcode; its bytes are `content`, at `base` of source `source`. */
function contentFields(view: RecordView, content: Uint8Array, source: number, base: number): Field[] {
  const { record } = view;
  const at = (name: string, value: string | number, start: number, length: number, display?: string): Field => ({
    ...computed(name, value),
    ...(display === undefined ? {} : { display }),
    source,
    start: base + start,
    length,
  });
  const preview = () => hexPreview(content, content.length);
  const compressedPart = (record.flags & Flag.compressed) !== 0 && record.derived === NONE;
  switch (record.type) {
    case Opcode.text:
      if (compressedPart) return [at('websocket.payload.unknown', hex(content), 0, content.length, preview())];
      return [textField(content, source, base)];
    case Opcode.binary:
      return [];
    case Opcode.continuation:
      return [at('websocket.payload.continue', hex(content), 0, content.length, preview())];
    case Opcode.ping:
      return [at('websocket.payload.ping', hex(content), 0, content.length, previewOf(content, content.length))];
    case Opcode.pong:
      return [at('websocket.payload.pong', hex(content), 0, content.length, previewOf(content, content.length))];
    case Opcode.close: {
      if (content.length < 2) return [at('websocket.payload.close', hex(content), 0, content.length)];
      const code = (content[0]! << 8) | content[1]!;
      const reason = utf8(content.subarray(2));
      const fields = [
        at('websocket.payload.close.status_code', code, 0, 2, `${code} ${CLOSE_CODES[code] ?? 'unregistered'}`),
      ];
      if (reason) {
        const display = shorten(oneLine(reason), 200);
        fields.push(at('websocket.payload.close.reason', reason, 2, content.length - 2, display));
      }
      return fields;
    }
    default:
      return [at('websocket.payload.unknown', hex(content), 0, content.length, preview())];
  }
}

function textField(content: Uint8Array, source: number, base: number): Field {
  const text = utf8(content);
  const display = shorten(oneLine(text.slice(0, SUMMARY_BYTES)), 200, text.length > SUMMARY_BYTES);
  return { ...computed('websocket.payload.text', text), display, source, start: base, length: content.length };
}

/** How the record belongs to others. */
function relationFields(view: RecordView): Field[] {
  const { type, link } = view.record;
  if (link === NONE) return [];
  if (type !== Opcode.pong) return [computed('websocket.fragment_of', recordNumber(link))];
  const rtt = roundTripMicroseconds(view);
  const fields = [computed('websocket.ping_in', recordNumber(link))];
  if (rtt !== undefined) fields.push({ ...computed('websocket.rtt', rtt), display: milliseconds(rtt) });
  return fields;
}

function messageDetail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const message = assemble(view, limit);
  const sources: ByteSource[] = [{ label: 'Wire', bytes: view.bytes(limit), total: record.length }];
  const compressed = record.derived !== NONE;
  const total = compressed ? message.payloadBytes : record.size;
  sources.push({
    label: compressed ? 'Compressed' : 'Message',
    bytes: message.bytes,
    total: Math.max(total, message.bytes.length),
  });
  if (compressed) {
    sources.push({ label: 'Inflated', bytes: view.derived(limit) ?? new Uint8Array(0), total: record.size });
  }
  const source = sources.length - 1;
  const content = sources[source]!.bytes;
  const children: Field[] = [];
  if (message.complete) {
    children.push(
      computed('websocket.fragment.count', message.count),
      computed('websocket.reassembled.length', message.payloadBytes),
    );
  }
  if (compressed) children.push(computed('websocket.inflated_length', record.size));
  children.push({
    ...computed('websocket.fragments', null),
    display: message.count > LISTED_FRAGMENTS ? `the first ${LISTED_FRAGMENTS}` : `${message.count}`,
    length: record.length,
    children: message.fragments.slice(0, LISTED_FRAGMENTS).map((fragment, i) => ({
      ...computed('websocket.fragment', i),
      display: `${fragment.length} bytes on the wire`,
      start: fragment.start,
      length: fragment.length,
    })),
  });
  if (record.type === Opcode.text) children.push(textField(content, source, 0));
  const root: Field = {
    name: 'websocket',
    label: 'WebSocket message',
    value: WEBSOCKET_TYPES[record.type] ?? null,
    start: 0,
    length: record.length,
    children,
  };
  return { fields: [root], sources, payload: source };
}

/** A field under its defined label that is not read from bytes (yet). */
function computed(name: string, value: Field['value']): Field {
  return { name, label: labels.get(name) ?? name, value, start: 0, length: 0 };
}
