// Comma-separated values (RFC 4180) → rows of fields. Pure.

/** A row and the line it begins in, counted from 1. */
export interface CsvRow {
  line: number;
  fields: string[];
}

/** Text that is no CSV; the message names the line. */
export class CsvError extends Error {
  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
    this.name = 'CsvError';
  }
}

/** A field that is not in quotes. */
const PLAIN = /[^",\r\n]*/y;
const SEPARATOR = /,|\r\n|\r|\n|$/y;
const LINE_END = /\r\n|\r|\n/;

/**
 * Rows end with CRLF, as RFC 4180 has it, LF or CR; a byte order mark and empty lines are skipped. Fields may hold commas,
 * quotes and line ends if they are in quotes. Throws a CsvError for a quote that is not closed or stands inside a field, and
 * for more than `maxRows` after the first, which names the fields.
 */
export function parseCsv(text: string, maxRows: number): CsvRow[] {
  const rows: CsvRow[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  let row: CsvRow = { line, fields: [] };
  while (at < text.length || row.fields.length > 0) {
    const isQuoted = text[at] === '"';
    const end = isQuoted ? endOfQuoted(text, at) : endOf(PLAIN, text, at);
    const next = end < 0 ? -1 : endOf(SEPARATOR, text, end);
    if (next < 0) throw new CsvError(line, 'a quote is not closed, or stands in a field that is not in quotes');
    const field = isQuoted ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end);
    row.fields.push(field);
    line += text.slice(at, next).split(LINE_END).length - 1;
    at = next;
    if (text[end] === ',') continue;
    if (row.fields.length > 1 || isQuoted || field !== '') rows.push(row);
    if (rows.length > maxRows + 1) throw new CsvError(row.line, `there are more than ${maxRows} rows`);
    row = { line, fields: [] };
  }
  return rows;
}

/** Offset after what matches at an offset; -1 if nothing does. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** Offset after the quote that closes the one at an offset; -1 if none does. Two in a row are one that is meant. */
function endOfQuoted(text: string, at: number): number {
  let close = text.indexOf('"', at + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  return close < 0 ? -1 : close + 1;
}
