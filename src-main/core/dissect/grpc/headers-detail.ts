// What begins and ends a gRPC call, as a person reads it: the request and the beginning of the answer with their metadata, the
// status with its details, the reset of the stream.
import type { Detail, Field } from '../../field.ts';
import { hexPreview, oneLine, previewOf, shorten } from '../../payload/preview.ts';
import type { RecordView } from '../../protocol.ts';
import { directionName } from '../../record.ts';
import type { TypeRegistry } from '../../schema.ts';
import { hex } from '../bytes.ts';
import { milliseconds } from '../duration.ts';
import { errorName } from '../http2/fields.ts';
import { headersOf, headerText } from '../http2/header-fields.ts';
import { type HeaderItem, headerValue, UNKNOWN_TEXT } from '../http2/hpack.ts';
import { callOf, named, relationFields } from './fields.ts';
import { GrpcFlag as Flag, GrpcType, statusName, statusOf } from './format.ts';
import { binaryValues } from './metadata.ts';
import { protobufField } from './protobuf-fields.ts';
import { decodePercent, parseTimeout } from './rules.ts';
import { readStatusDetails, type StatusDetail } from './status-details.ts';

const MAX_TEXT_CHARS = 200;
/** RST_STREAM: its header, and the error. */
const RESET_BYTES = 13;

/** The path of the call that a record belongs to; '' if it is not known. */
export function pathOf(view: RecordView): string {
  const call = callOf(view);
  return headerText(headerValue((call && headersOf(call)?.items) ?? [], ':path') ?? '');
}

/** `← x-server: eu-1, k-bin: 00 01`. */
export function answerSummary(view: RecordView): string {
  return `← ${answerWords(headersOf(view)?.items ?? [])}`;
}

function answerWords(items: readonly HeaderItem[]): string {
  const status = headerValue(items, ':status');
  const metadata = items.filter(isMetadata).map(metadataText);
  const words = [...(status === undefined || status === '200' ? [] : [`HTTP ${headerText(status)}`]), ...metadata];
  return words.join(', ') || 'no metadata';
}

/** `5 NOT_FOUND: no such user`. */
export function statusSummary(view: RecordView): string {
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
  if (items.some(({ unknown }) => unknown)) return 'status not seen';
  const status = headerValue(items, ':status');
  return status === undefined || status === '200' ? 'no status' : `no status, HTTP ${status}`;
}

/** `1 CANCELLED: RST_STREAM 8 CANCEL, client→server`. */
export function resetSummary(view: RecordView): string {
  return `${resetStatus(view)}: RST_STREAM ${errorName(resetError(view))}, ${directionName(view.record.direction)}`;
}

function resetStatus({ record }: RecordView): string {
  return statusName(statusOf(record.flags) ?? 0);
}

function resetError(view: RecordView): number {
  const bytes = view.bytes(RESET_BYTES);
  return bytes.length < RESET_BYTES ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(RESET_BYTES - 4);
}

/** Fields of a `reset`. */
export function resetDetail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const error = resetError(view);
  const children: Field[] = [
    { ...named('grpc.status_code', statusOf(record.flags) ?? 0), display: `${resetStatus(view)}, as it is understood` },
    { ...named('grpc.reset_error', error, RESET_BYTES - 4, 4), display: errorName(error) },
    ...relationFields(view),
  ];
  const root = { ...named('grpc', resetStatus(view), 0, record.length), label: 'gRPC call, reset', children };
  return { fields: [root], sources: [{ label: 'Wire', bytes: view.bytes(limit), total: record.length }] };
}

/**
 * Fields of a `call`, `answer` or `status`. Which bytes they were read from, the HTTP/2 record of the same bytes says; the details of
 * a status are a source of their own.
 */
export function headersDetail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const items = headersOf(view)?.items ?? [];
  const { label, value, children } = startOfDetail(view, items);
  const encoding = headerValue(items, 'grpc-encoding');
  if (encoding !== undefined) children.push(named('grpc.encoding', headerText(encoding)));
  const sources = [{ label: 'Wire', bytes: view.bytes(limit), total: record.length }];
  const [details] = binaryValues(headerValue(items, 'grpc-status-details-bin') ?? '') ?? [];
  if (record.type === GrpcType.status && details && details.length > 0) {
    const source = sources.push({ label: 'Status details', bytes: details.slice(0, limit), total: details.length }) - 1;
    children.push(...detailsFields(details.subarray(0, limit), source, view.types));
  }
  children.push(...items.filter(isMetadata).map(metadataField), ...relationFields(view));
  return { fields: [{ ...named('grpc', value, 0, record.length), label, children }], sources };
}

/** What is told of each kind of record before what they have in common. */
function startOfDetail(
  view: RecordView,
  items: readonly HeaderItem[],
): { label: string; value: string; children: Field[] } {
  switch (view.record.type) {
    case GrpcType.call:
      return { label: 'gRPC call', value: pathOf(view), children: callFields(items) };
    case GrpcType.answer:
      return { label: 'gRPC answer', value: shorten(oneLine(answerWords(items)), MAX_TEXT_CHARS), children: [] };
    default:
      return { label: 'gRPC status', value: statusWords(view, items), children: statusFields(view, items) };
  }
}

function callFields(items: readonly HeaderItem[]): Field[] {
  const path = headerText(headerValue(items, ':path') ?? '');
  const fields = [named('grpc.path', path)];
  const parts = /^\/(.+)\/([^/]+)$/.exec(path);
  if (parts) fields.push(named('grpc.service', parts[1]!), named('grpc.method', parts[2]!));
  const timeout = headerValue(items, 'grpc-timeout');
  const microseconds = timeout === undefined ? undefined : parseTimeout(timeout);
  if (timeout !== undefined) {
    const display = microseconds === undefined ? headerText(timeout) : `${timeout}: ${milliseconds(microseconds)}`;
    fields.push({ ...named('grpc.timeout', microseconds ?? null), display });
  }
  return fields;
}

function statusFields(view: RecordView, items: readonly HeaderItem[]): Field[] {
  const { flags } = view.record;
  const fields: Field[] = [];
  const code = statusOf(flags);
  if (code !== undefined) fields.push({ ...named('grpc.status_code', code), display: statusName(code) });
  const message = headerValue(items, 'grpc-message');
  if (message !== undefined) fields.push(named('grpc.status_message', decodePercent(message).text));
  fields.push(named('grpc.trailers_only', (flags & Flag.trailersOnly) !== 0));
  return fields;
}

/** A google.rpc.Status: code, message, and each detail by its type as far as that is known. */
function detailsFields(bytes: Uint8Array, source: number, types: TypeRegistry | undefined): Field[] {
  const status = readStatusDetails(bytes);
  if (!status) return [];
  const { code, message, details } = status;
  const children: Field[] = [
    { ...named('grpc.status_details.code', code), display: statusName(code) },
    named('grpc.status_details.message', message),
    ...details.map((detail) => detailField(detail, source, types)),
  ];
  const names = details.map(({ typeUrl }) => shortType(typeUrl)).join(', ');
  return [{ ...named('grpc.status_details', names || message, 0, bytes.length), source, children }];
}

function detailField(detail: StatusDetail, source: number, types: TypeRegistry | undefined): Field {
  const { typeUrl, value, valueStart, start, length } = detail;
  const message = protobufField(
    { bytes: value, total: value.length, source, offset: valueStart },
    typeOf(typeUrl),
    types,
  );
  return {
    ...named('grpc.status_details.type', typeUrl, start, length),
    source,
    ...(message && { display: shorten(`${typeUrl} ${message.display ?? ''}`, MAX_TEXT_CHARS), children: [message] }),
  };
}

/** The full name of the type that an Any names: what is behind the last slash. */
function typeOf(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf('/') + 1);
}

function shortType(typeUrl: string): string {
  return typeUrl.slice(Math.max(typeUrl.lastIndexOf('/'), typeUrl.lastIndexOf('.')) + 1);
}

/** Headers that gRPC and what carries it have for themselves; of HTTP/1.1 for gRPC-Web. */
const CARRIERS = new Set([
  ...['', 'te', 'content-type', 'content-length', 'transfer-encoding'],
  ...['connection', 'keep-alive', 'host'],
]);

/** Metadata of the application: not the pseudo-headers, nor what gRPC itself says; nor headers whose names nobody saw. */
function isMetadata({ name, unknown }: HeaderItem): boolean {
  const isOwn = CARRIERS.has(name) || name.startsWith(':') || (unknown && name === UNKNOWN_TEXT);
  return !isOwn && (!name.startsWith('grpc-') || name === 'grpc-status-details-bin');
}

function metadataField(item: HeaderItem): Field {
  const children = [
    named('grpc.metadata.name', headerText(item.name)),
    named('grpc.metadata.value', headerText(item.value)),
  ];
  for (const bytes of binaryOf(item) ?? []) {
    children.push({ ...named('grpc.metadata.binary', hex(bytes)), display: previewOf(bytes, bytes.length) });
  }
  return { ...named('grpc.metadata', shorten(oneLine(metadataText(item)), MAX_TEXT_CHARS)), children };
}

/** `x-trace: abc`, `k-bin: 00 01`. */
function metadataText(item: HeaderItem): string {
  const value = binaryOf(item)
    ?.map((bytes) => hexPreview(bytes, bytes.length))
    .join(', ');
  return `${headerText(item.name)}: ${value ?? headerText(item.value)}`;
}

/** The values of a header whose name ends in -bin; undefined if they are none. */
function binaryOf({ name, value }: HeaderItem): Uint8Array[] | undefined {
  return name.endsWith('-bin') ? binaryValues(value) : undefined;
}
