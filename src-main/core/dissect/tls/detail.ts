// What a TLS record means to a person: summary, field tree, byte sources, payload. Pure functions of a RecordView.
import type { ByteSource, Detail, Field } from '../../field.ts';
import { hexPreview, oneLine, previewOf, shorten } from '../../payload/preview.ts';
import type { Payload, Protocol, RecordView } from '../../protocol.ts';
import type { TimelineRecord } from '../../record.ts';
import { concat } from '../bytes.ts';
import { certificateCount, handshakeDefinitions, messageField } from './fields.ts';
import {
  alertLevelName,
  alertName,
  Content,
  TlsFlag as Flag,
  MESSAGE_HEADER_BYTES,
  Message,
  messageName,
  RECORD_HEADER_BYTES,
  TLS_ID,
  TLS_NOTES,
  TLS_TYPES,
  TlsType,
  versionName,
  wireTypeOf,
} from './format.ts';
import {
  alpnNames,
  chosenVersion,
  Extension,
  extensionData,
  isRetryRequest,
  newestVersion,
  readHello,
  serverName,
} from './hello.ts';
import { keptMessages, messageLength } from './messages.ts';
import { suiteName } from './suites.ts';

const MAX_SUMMARY_CHARS = 200;
/** Enough of a handshake record for its summary: a whole record and the message that ends in it. */
const SUMMARY_BYTES = 300_000;
/** Messages of one record that are shown. */
const MAX_MESSAGES = 200;

export const tlsProtocol: Protocol = {
  id: TLS_ID,
  name: 'tls',
  label: 'TLS',
  types: TLS_TYPES,
  notes: TLS_NOTES,
  fields: [
    { name: 'tls.record.content_type', label: 'Content type', type: 'number' },
    { name: 'tls.record.opaque_type', label: 'Content type outside', type: 'number' },
    { name: 'tls.record.version', label: 'Record version', type: 'number' },
    { name: 'tls.record.length', label: 'Length', type: 'number' },
    { name: 'tls.app_data', label: 'Encrypted data', type: 'bytes' },
    { name: 'tls.alert_message.level', label: 'Alert level', type: 'number' },
    { name: 'tls.alert_message.desc', label: 'Alert description', type: 'number' },
    { name: 'tls.change_cipher_spec', label: 'Change of the cipher spec', type: 'bytes' },
    { name: 'tls.heartbeat_message.type', label: 'Heartbeat type', type: 'number' },
    { name: 'tls.heartbeat_message.payload_length', label: 'Heartbeat payload length', type: 'number' },
    { name: 'tls.handshake.fragment', label: 'Part of a handshake message', type: 'bytes' },
    ...handshakeDefinitions,
  ],
  quick: {
    'tls.record.content_type': (record) => (isOpen(record) ? contentTypeOf(record) : undefined),
    'tls.record.opaque_type': (record) =>
      hasHeader(record) && isOpaque(record) ? wireTypeOf(record.flags) : undefined,
  },
  summary,
  detail,
  payload,
};

function hasHeader(record: TimelineRecord): boolean {
  return record.type !== TlsType.raw;
}

/** What it carries, as far as that is known. */
function contentTypeOf(record: TimelineRecord): number {
  return record.type < TlsType.unknown ? record.type + Content.changeCipherSpec : wireTypeOf(record.flags);
}

/** Encrypted by TLS 1.3, so what its header calls it is not what it is. */
function isOpaque(record: TimelineRecord): boolean {
  return (record.flags & Flag.opaque) !== 0;
}

/** What it carries is known. */
function isOpen(record: TimelineRecord): boolean {
  return hasHeader(record) && (!isOpaque(record) || (record.flags & Flag.decrypted) !== 0);
}

/** A handshake message, or a part of one, in a record. */
interface MessagePart {
  /** The whole message; undefined for a part. */
  message?: Uint8Array;
  /** First byte in the record's content and how many; of a message from earlier records those in this one. */
  at: number;
  length: number;
  /** Of the message with its header, and how much of it came before; 0 if unknown. */
  total: number;
  before: number;
  type: number;
}

/** The handshake messages of a record, in order. */
function partsOf(content: Uint8Array, before: number, begun: Uint8Array): MessagePart[] {
  const parts: MessagePart[] = [];
  let at = 0;
  if (before > 0) {
    const head = concat([begun.subarray(0, MESSAGE_HEADER_BYTES), content.subarray(0, MESSAGE_HEADER_BYTES)]);
    const total = head.length < MESSAGE_HEADER_BYTES ? 0 : messageLength(head);
    const length = total === 0 ? content.length : Math.max(0, Math.min(content.length, total - before));
    const part = { at: 0, length, total, before, type: head[0]! };
    const isWhole = before + length === total && begun.length === before;
    parts.push(isWhole ? { ...part, message: concat([begun, content.subarray(0, length)]) } : part);
    at = length;
  }
  while (at < content.length && parts.length < MAX_MESSAGES) {
    const left = content.length - at;
    const total = left < MESSAGE_HEADER_BYTES ? 0 : messageLength(content, at);
    const length = total === 0 ? left : Math.min(left, total);
    const part = { at, length, total, before: 0, type: content[at]! };
    parts.push(length === total ? { ...part, message: content.subarray(at, at + length) } : part);
    at += length;
  }
  return parts;
}

function summary(view: RecordView): string {
  return shorten(oneLine(words(view)), MAX_SUMMARY_CHARS);
}

function words(view: RecordView): string {
  const { record } = view;
  if (!hasHeader(record)) return previewOf(view.bytes(1024), record.length);
  const isOpened = (record.flags & Flag.decrypted) !== 0;
  if (record.type === TlsType.applicationData) {
    const size = record.size === 1 ? '1 byte' : `${record.size} bytes`;
    return isOpened ? `${size} decrypted` : `${size} encrypted`;
  }
  if ((record.flags & Flag.encrypted) !== 0 && !isOpened) return `${record.size} bytes encrypted`;
  const { content, before, begun } = read(view, SUMMARY_BYTES);
  switch (contentTypeOf(record)) {
    case Content.handshake:
      return partsOf(content, before, begun)
        .map((part) => partSummary(part, isOpaque(record)))
        .join(', ');
    case Content.alert:
      return content.length < 2 ? '(cut)' : `${alertLevelName(content[0]!)} ${alertName(content[1]!)}`;
    case Content.changeCipherSpec:
      return 'Change Cipher Spec';
    case Content.heartbeat:
      return content[0] === 1 ? 'request' : 'response';
    default:
      return previewOf(content, content.length);
  }
}

function partSummary({ message, type, total, before, length }: MessagePart, is13: boolean): string {
  const name = messageName(type);
  if (!message) return `${name} (${total === 0 ? length : `${before + length} of ${total}`} bytes)`;
  if (type === Message.clientHello || type === Message.serverHello) return helloSummary(message);
  if (type !== Message.certificate) return name;
  const count = certificateCount(message, is13);
  return `${name} (${count === 1 ? '1 certificate' : `${count} certificates`})`;
}

function helloSummary(message: Uint8Array): string {
  const isClient = message[0] === Message.clientHello;
  const hello = readHello(message);
  if (!hello) return `${messageName(message[0]!)} (malformed)`;
  const alpn = alpnNames(extensionData(message, hello, Extension.alpn)).join(', ');
  if (isClient) {
    const name = serverName(extensionData(message, hello, Extension.serverName));
    return ['Client Hello', name, alpn, `up to ${versionName(newestVersion(message, hello))}`]
      .filter(Boolean)
      .join(' · ');
  }
  const suite = suiteName((message[hello.suites.at]! << 8) | message[hello.suites.at + 1]!);
  const what = isRetryRequest(message, hello) ? 'Hello Retry Request' : 'Server Hello';
  return [what, versionName(chosenVersion(message, hello)), suite, alpn].filter(Boolean).join(' · ');
}

function read(view: RecordView, limit: number): { content: Uint8Array; before: number; begun: Uint8Array } {
  return keptMessages(view.record.flags, view.bytes(limit), view.derived(limit));
}

function detail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const wire = view.bytes(limit);
  const sources: ByteSource[] = [{ label: 'Wire', bytes: wire, total: record.length }];
  if (!hasHeader(record)) return { fields: [], sources };
  const fields = headFields(record, wire);
  const isOpened = (record.flags & Flag.decrypted) !== 0;
  if (record.type === TlsType.applicationData) {
    const length = Math.max(0, record.length - RECORD_HEADER_BYTES);
    if (length > 0) {
      const value = hexPreview(wire.subarray(RECORD_HEADER_BYTES), length);
      fields.push({ name: 'tls.app_data', label: 'Encrypted data', value, start: RECORD_HEADER_BYTES, length });
    }
    if (!isOpened) return { fields, sources };
    sources.push({ label: 'Decrypted', bytes: view.derived(limit) ?? new Uint8Array(0), total: record.size });
    return { fields, sources, payload: 1 };
  }
  if ((record.flags & Flag.encrypted) !== 0 && !isOpened) return { fields, sources };
  const { content, before, begun } = read(view, SUMMARY_BYTES);
  const base = isOpened ? 0 : RECORD_HEADER_BYTES;
  if (isOpened) sources.push({ label: 'Decrypted', bytes: content.subarray(0, limit), total: content.length });
  const place = { ...(isOpened && { source: 1 }), start: base };
  if (contentTypeOf(record) !== Content.handshake) {
    fields.push(...shortFields(contentTypeOf(record), content, place));
    return { fields, sources };
  }
  for (const part of partsOf(content, before, begun)) {
    const { message, at, length } = part;
    if (message && part.before > 0) {
      sources.push({ label: 'Message', bytes: message.subarray(0, limit), total: message.length });
      fields.push(messageField(message, 0, sources.length - 1, isOpaque(record)));
    } else if (message) {
      fields.push(messageField(message, base + at, isOpened ? 1 : 0, isOpaque(record)));
    } else {
      const value = `${part.before + length} of ${part.total} bytes`;
      const label = messageName(part.type);
      fields.push({ name: 'tls.handshake.fragment', label, value, ...place, start: base + at, length });
    }
  }
  return { fields, sources };
}

function headFields(record: TimelineRecord, wire: Uint8Array): Field[] {
  const type = contentTypeOf(record);
  const fields: Field[] = [];
  const typeName = (number: number): string => `${TLS_TYPES[number - 20] ?? 'unknown'} (${number})`;
  if (isOpaque(record)) {
    const outside = wireTypeOf(record.flags);
    fields.push({
      name: 'tls.record.opaque_type',
      label: 'Content type outside',
      value: outside,
      display: typeName(outside),
      start: 0,
      length: 1,
    });
  }
  if (isOpen(record)) {
    fields.push({
      name: 'tls.record.content_type',
      label: 'Content type',
      value: type,
      display: typeName(type),
      start: 0,
      length: isOpaque(record) ? 0 : 1,
    });
  }
  if (wire.length < RECORD_HEADER_BYTES) return fields;
  const version = (wire[1]! << 8) | wire[2]!;
  fields.push({
    name: 'tls.record.version',
    label: 'Record version',
    value: version,
    display: versionName(version),
    start: 1,
    length: 2,
  });
  const length = (wire[3]! << 8) | wire[4]!;
  fields.push({ name: 'tls.record.length', label: 'Length', value: length, start: 3, length: 2 });
  return fields;
}

/** Fields of what is no handshake. */
function shortFields(type: number, content: Uint8Array, place: { source?: number; start: number }): Field[] {
  const number = (
    name: string,
    label: string,
    at: number,
    length: number,
    names?: (value: number) => string,
  ): Field => {
    const value = length === 1 ? content[at]! : (content[at]! << 8) | content[at + 1]!;
    const display = names && { display: `${names(value)} (${value})` };
    return { name, label, value, ...display, ...place, start: place.start + at, length };
  };
  switch (type) {
    case Content.alert:
      if (content.length < 2) return [];
      return [
        number('tls.alert_message.level', 'Alert level', 0, 1, alertLevelName),
        number('tls.alert_message.desc', 'Alert description', 1, 1, alertName),
      ];
    case Content.changeCipherSpec: {
      const value = hexPreview(content, content.length);
      const { length } = content;
      return [{ name: 'tls.change_cipher_spec', label: 'Change of the cipher spec', value, ...place, length }];
    }
    case Content.heartbeat:
      if (content.length < 3) return [];
      return [
        number('tls.heartbeat_message.type', 'Heartbeat type', 0, 1),
        number('tls.heartbeat_message.payload_length', 'Heartbeat payload length', 1, 2),
      ];
    default:
      return [];
  }
}

/** The plaintext of application data that was opened. */
function payload(view: RecordView, limit: number): Payload | undefined {
  const { record } = view;
  const isData = record.type === TlsType.applicationData && (record.flags & Flag.decrypted) !== 0;
  if (!isData) return undefined;
  return { bytes: view.derived(limit) ?? new Uint8Array(0), total: record.size, text: false };
}
