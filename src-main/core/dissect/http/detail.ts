// What an HTTP/1.1 record means to a person: summary, field tree, payload. Pure functions of a RecordView; field names are
// Wireshark's where it has one.
import type { ByteSource, Detail, Field, FieldDefinition } from '../../field.ts';
import { hexPreview, oneLine, previewOf, shorten } from '../../payload/preview.ts';
import type { Payload, Protocol, RecordView } from '../../protocol.ts';
import { NONE, recordNumber } from '../../record.ts';
import { latin1, utf8 } from '../bytes.ts';
import { milliseconds } from '../duration.ts';
import { HTTP_ID, HTTP_NOTES, HTTP_TYPES, HttpFlag, HttpType } from './format.ts';
import { type Head, type HeaderLine, headerValue, type Part, parseHead, readHeader } from './head.ts';

const MAX_SUMMARY_CHARS = 200;
/** Enough of a head for its start line and the headers a summary names. */
const SUMMARY_BYTES = 4096;
/** Longest line that gives the size of a chunk. */
const CHUNK_LINE_BYTES = 8192;

/** Headers that have a field of their own in Wireshark: lower-case name → field. */
const headerFields: { readonly [header: string]: string } = {
  accept: 'http.accept',
  'accept-encoding': 'http.accept_encoding',
  'accept-language': 'http.accept_language',
  authorization: 'http.authorization',
  'cache-control': 'http.cache_control',
  connection: 'http.connection',
  'content-encoding': 'http.content_encoding',
  'content-length': 'http.content_length_header',
  'content-type': 'http.content_type',
  cookie: 'http.cookie',
  date: 'http.date',
  host: 'http.host',
  'last-modified': 'http.last_modified',
  location: 'http.location',
  'proxy-authenticate': 'http.proxy_authenticate',
  'proxy-authorization': 'http.proxy_authorization',
  referer: 'http.referer',
  'sec-websocket-accept': 'http.sec_websocket_accept',
  'sec-websocket-extensions': 'http.sec_websocket_extensions',
  'sec-websocket-key': 'http.sec_websocket_key',
  'sec-websocket-protocol': 'http.sec_websocket_protocol',
  'sec-websocket-version': 'http.sec_websocket_version',
  server: 'http.server',
  'set-cookie': 'http.set_cookie',
  'transfer-encoding': 'http.transfer_encoding',
  upgrade: 'http.upgrade',
  'user-agent': 'http.user_agent',
  'www-authenticate': 'http.www_authenticate',
  'x-forwarded-for': 'http.x_forwarded_for',
};

const definitions: readonly FieldDefinition[] = [
  { name: 'http', label: 'HTTP', type: 'string' },
  { name: 'http.request', label: 'Request', type: 'boolean' },
  { name: 'http.request.method', label: 'Method', type: 'string' },
  { name: 'http.request.uri', label: 'Target', type: 'string' },
  { name: 'http.request.version', label: 'Version', type: 'string' },
  { name: 'http.request.line', label: 'Request header', type: 'string' },
  { name: 'http.response', label: 'Response', type: 'boolean' },
  { name: 'http.response.version', label: 'Version', type: 'string' },
  { name: 'http.response.code', label: 'Status', type: 'number' },
  { name: 'http.response.phrase', label: 'Reason', type: 'string' },
  { name: 'http.response.line', label: 'Response header', type: 'string' },
  { name: 'http.request_in', label: 'Answers the request in record', type: 'number' },
  { name: 'http.time', label: 'Time since request', type: 'number' },
  { name: 'http.file_data', label: 'Body', type: 'string' },
  { name: 'http.chunk_size', label: 'Chunk size', type: 'number' },
  { name: 'http.chunk_data', label: 'Chunk', type: 'bytes' },
  { name: 'http.chunked_trailer_part', label: 'Trailer', type: 'string' },
  { name: 'http.raw', label: 'Not HTTP', type: 'bytes' },
  ...Object.entries(headerFields).map(
    ([header, name]): FieldDefinition => ({ name, label: canonical(header), type: 'string' }),
  ),
];

export const httpProtocol: Protocol = {
  id: HTTP_ID,
  name: 'http',
  label: 'HTTP',
  types: HTTP_TYPES,
  notes: HTTP_NOTES,
  fields: definitions,
  summary,
  detail,
  payload,
};

/** `content-type` → `Content-Type`. */
function canonical(header: string): string {
  return header.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());
}

function summary(view: RecordView): string {
  const { record } = view;
  if (record.type === HttpType.request || record.type === HttpType.response) {
    const head = parseHead(view.bytes(SUMMARY_BYTES));
    if (head) return shorten(oneLine(headSummary(head, (record.flags & HttpFlag.upgrade) !== 0)), MAX_SUMMARY_CHARS);
  }
  if (record.type === HttpType.trailers) return 'end of chunks';
  const content = payload(view, SUMMARY_BYTES);
  return content ? previewOf(content.bytes, content.total) : '';
}

function headSummary(head: Head, upgrade: boolean): string {
  const { startLine } = head;
  if (startLine.kind === 'request') {
    const words = `${startLine.method.text} ${startLine.target.text}`;
    return upgrade ? `${words} · upgrade to WebSocket` : words;
  }
  const words = [`${startLine.status.text} ${startLine.phrase.text}`.trim()];
  if (upgrade) {
    words.push(headerValue(head, 'sec-websocket-protocol') ?? '', headerValue(head, 'sec-websocket-extensions') ?? '');
  }
  return words.filter(Boolean).join(' · ');
}

/** Content of a body record: a chunk without its size line and line end. */
function payload(view: RecordView, limit: number): Payload | undefined {
  const { type, size, length } = view.record;
  if (size === 0 || type === HttpType.request || type === HttpType.response || type === HttpType.trailers) {
    return undefined;
  }
  if (type !== HttpType.chunk) return { bytes: view.bytes(limit), total: length, text: false };
  const bytes = view.bytes(limit + CHUNK_LINE_BYTES);
  const start = chunkDataStart(view, bytes);
  return { bytes: bytes.slice(start, start + Math.min(limit, size)), total: size, text: false };
}

/** A chunk longer than one record has its size line in the first of them only. */
function chunkDataStart(view: RecordView, bytes: Uint8Array): number {
  const { length, size } = view.record;
  if (length - size <= 2) return 0;
  const lineFeed = bytes.indexOf(0x0a);
  return lineFeed < 0 ? 0 : Math.min(lineFeed + 1, length - size);
}

function detail(view: RecordView, limit: number): Detail {
  const { record } = view;
  const sources: ByteSource[] = [{ label: 'Wire', bytes: view.bytes(limit), total: record.length }];
  if (record.type === HttpType.request || record.type === HttpType.response) {
    const head = parseHead(sources[0]!.bytes);
    if (head) return { fields: [headField(view, head, sources[0]!.bytes)], sources };
  }
  if (record.type === HttpType.trailers) return { fields: trailerFields(sources[0]!.bytes), sources };
  const content = payload(view, limit);
  if (!content) return { fields: [], sources };
  return { fields: bodyFields(view, content), sources: [...sources, { label: 'Body', ...content }], payload: 1 };
}

function headField(view: RecordView, head: Head, bytes: Uint8Array): Field {
  const { startLine } = head;
  const request = startLine.kind === 'request';
  const part = (name: string, label: string, { text, start, length }: Part): Field => ({
    name,
    label,
    value: name === 'http.response.code' ? Number(text) : text,
    display: shorten(oneLine(text), MAX_SUMMARY_CHARS),
    start,
    length,
  });
  const start: Field[] = request
    ? [
        part('http.request.method', 'Method', startLine.method),
        part('http.request.uri', 'Target', startLine.target),
        part('http.request.version', 'Version', startLine.version),
      ]
    : [
        part('http.response.version', 'Version', startLine.version),
        part('http.response.code', 'Status', startLine.status),
        part('http.response.phrase', 'Reason', startLine.phrase),
      ];
  const line = request ? 'http.request.line' : 'http.response.line';
  return {
    name: 'http',
    label: request ? 'HTTP request' : 'HTTP response',
    value: shorten(
      oneLine(utf8(bytes.subarray(startLine.start, startLine.start + startLine.length))),
      MAX_SUMMARY_CHARS,
    ),
    start: 0,
    length: view.record.length,
    children: [
      {
        name: request ? 'http.request' : 'http.response',
        label: 'Start line',
        value: true,
        display: start.map((field) => field.display).join(' '),
        ...place(startLine),
        children: start,
      },
      ...head.headers.map((header) => headerField(line, header, bytes)),
      ...answerFields(view),
    ],
  };
}

function place({ start, length }: { start: number; length: number }): { start: number; length: number } {
  return { start, length };
}

/** One header line, as Wireshark has it, and in it the value under the header's own name if it has one. */
function headerField(name: string, header: HeaderLine, bytes: Uint8Array): Field {
  const known = header.name.text.toLowerCase();
  const own = Object.hasOwn(headerFields, known) ? headerFields[known] : undefined;
  const display = shorten(oneLine(header.value.text), MAX_SUMMARY_CHARS);
  const label = shorten(oneLine(header.name.text), MAX_SUMMARY_CHARS);
  const field: Field = {
    name,
    label,
    value: utf8(bytes.subarray(header.start, header.start + header.length)),
    display,
    ...place(header),
  };
  if (own) field.children = [{ name: own, label, value: header.value.text, display, ...place(header.value) }];
  return field;
}

/** How a response belongs to its request. */
function answerFields(view: RecordView): Field[] {
  const { link, at, type } = view.record;
  const request = link === NONE || type === HttpType.request ? undefined : view.at(link);
  if (!request) return [];
  const microseconds = at - request.record.at;
  return [
    { name: 'http.request_in', label: 'Answers the request in record', value: recordNumber(link), start: 0, length: 0 },
    {
      name: 'http.time',
      label: 'Time since request',
      value: microseconds / 1_000_000,
      display: milliseconds(microseconds),
      start: 0,
      length: 0,
    },
  ];
}

function trailerFields(bytes: Uint8Array): Field[] {
  const text = latin1(bytes);
  const headers: HeaderLine[] = [];
  let at = text.indexOf('\n') + 1;
  while (at > 0 && at < text.length) {
    const lineFeed = text.indexOf('\n', at);
    const next = lineFeed < 0 ? text.length : lineFeed + 1;
    const line = text.slice(at, next).replace(/\r?\n$/, '');
    if (line !== '') readHeader(headers, line, at, next - at);
    at = next;
  }
  return headers.map((header) => headerField('http.chunked_trailer_part', header, bytes));
}

function bodyFields(view: RecordView, content: Payload): Field[] {
  const { type, size } = view.record;
  const start = type === HttpType.chunk ? chunkDataStart(view, view.bytes(CHUNK_LINE_BYTES)) : 0;
  if (type === HttpType.body) {
    const text = utf8(content.bytes);
    const display = previewOf(content.bytes, content.total);
    return [{ name: 'http.file_data', label: 'Body', value: text, display, start: 0, length: size }];
  }
  const preview = hexPreview(content.bytes, content.total);
  if (type === HttpType.raw) return [{ name: 'http.raw', label: 'Not HTTP', value: preview, start: 0, length: size }];
  const chunk: Field = { name: 'http.chunk_data', label: 'Chunk', value: preview, start, length: size };
  if (start === 0) return [chunk];
  return [{ name: 'http.chunk_size', label: 'Chunk size', value: size, start: 0, length: start }, chunk];
}
