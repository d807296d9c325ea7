// Reads an HTTP/1.1 head: start line and headers, each with its place in the bytes (RFC 9112 §2–§5). Lenient, because
// what is wrong is to be shown, not refused.
import { latin1, utf8 } from '../bytes.ts';
import { HttpNote as Note } from './format.ts';

/** A piece of the head. Offsets count from its first byte. */
export interface Part {
  text: string;
  start: number;
  length: number;
}

export interface HeaderLine {
  name: Part;
  /** Without the white space around it; a folded one joined by single spaces. */
  value: Part;
  /** All of it with its line end. */
  start: number;
  length: number;
}

export type StartLine =
  | { kind: 'request'; method: Part; target: Part; version: Part; start: number; length: number }
  | { kind: 'response'; version: Part; status: Part; phrase: Part; start: number; length: number };

export interface Head {
  startLine: StartLine;
  headers: HeaderLine[];
  /** Bits of HttpNote. */
  notes: number;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}) (.*) (HTTP\/\d\.\d)[ \t]*$/;
const STATUS_LINE = /^(HTTP\/\d\.\d) (\d{3})(?: (.*))?$/;
/** Headers of which a second one is a fault, not a list. */
const SINGULAR = new Set([
  'host',
  'content-length',
  'sec-websocket-key',
  'sec-websocket-accept',
  'sec-websocket-version',
]);

/** The start line in `line` (without its line end), which begins at offset `start`; undefined if it is none. */
export function parseStartLine(line: string, start = 0): StartLine | undefined {
  const request = REQUEST_LINE.exec(line);
  const part = (text: string, at: number): Part => ({ text: asUtf8(text), start: start + at, length: text.length });
  if (request) {
    const [, method = '', target = '', version = ''] = request;
    return {
      kind: 'request',
      method: part(method, 0),
      target: part(target, method.length + 1),
      version: part(version, method.length + target.length + 2),
      start,
      length: line.length,
    };
  }
  const response = STATUS_LINE.exec(line);
  if (!response) return undefined;
  const [, version = '', status = '', phrase = ''] = response;
  return {
    kind: 'response',
    version: part(version, 0),
    status: part(status, version.length + 1),
    phrase: part(phrase, Math.min(line.length, version.length + status.length + 2)),
    start,
    length: line.length,
  };
}

/** The head in `bytes`, whole or cut off; undefined if it does not begin with a start line. */
export function parseHead(bytes: Uint8Array): Head | undefined {
  const text = latin1(bytes);
  const headers: HeaderLine[] = [];
  let startLine: StartLine | undefined;
  let notes = 0;
  for (let at = 0; at < text.length; ) {
    const lineFeed = text.indexOf('\n', at);
    const next = lineFeed < 0 ? text.length : lineFeed + 1;
    let end = lineFeed < 0 ? text.length : lineFeed;
    if (lineFeed >= 0) {
      if (text[end - 1] === '\r' && end > at) end--;
      else notes |= Note.bareLineFeed;
    }
    const line = text.slice(at, end);
    if (!startLine) {
      if (line === '') notes |= Note.leadingEmptyLine;
      else {
        startLine = parseStartLine(line, at);
        if (!startLine) return undefined;
      }
    } else if (line === '') {
      break;
    } else {
      notes |= readHeader(headers, line, at, next - at);
    }
    at = next;
  }
  if (!startLine) return undefined;
  return { startLine, headers, notes: notes | duplicates(headers) };
}

/** Adds the header in `line` to `headers`, or to the last of them if it is folded. Returns notes. */
export function readHeader(headers: HeaderLine[], line: string, start: number, length: number): number {
  if (line[0] === ' ' || line[0] === '\t') {
    const folded = headers.at(-1);
    if (!folded) return Note.badHeader;
    const more = asUtf8(line.trim());
    // No trim of the whole: it would be copied once a line, and there may be 100,000 lines.
    folded.value.text += folded.value.text && more ? ` ${more}` : more;
    folded.value.length = start + line.trimEnd().length - folded.value.start;
    folded.length = start + length - folded.start;
    return Note.foldedHeader;
  }
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  const raw = colon < 0 ? '' : line.slice(colon + 1);
  const value = raw.trim();
  const valueStart = start + (colon < 0 ? line.length : colon + 1 + raw.length - raw.trimStart().length);
  headers.push({
    name: { text: name, start, length: name.length },
    value: { text: asUtf8(value), start: valueStart, length: value.length },
    start,
    length,
  });
  // RFC 9110 §5.5: no control characters but tab in a value.
  return TOKEN.test(name) && colon >= 0 && !hasControl(value) ? 0 : Note.badHeader;
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}

function duplicates(headers: readonly HeaderLine[]): number {
  const seen = new Set<string>();
  for (const { name } of headers) {
    const key = name.text.toLowerCase();
    if (SINGULAR.has(key) && seen.has(key)) return Note.duplicateHeader;
    seen.add(key);
  }
  return 0;
}

/** Bytes read as ISO 8859-1, read again as UTF-8 if they are more than ASCII. */
function asUtf8(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return utf8(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  }
  return text;
}

/** All values of a header, joined with commas as RFC 9110 §5.2 allows; undefined if it is not there. */
export function headerValue(head: Head, name: string): string | undefined {
  const values = head.headers.filter((header) => header.name.text.toLowerCase() === name);
  return values.length === 0 ? undefined : values.map((header) => header.value.text).join(', ');
}

/** Whether a header's comma-separated list names `word`, whatever the case. */
export function headerNames(head: Head, name: string, word: string): boolean {
  const value = headerValue(head, name);
  return value?.split(',').some((item) => item.trim().toLowerCase() === word) ?? false;
}
