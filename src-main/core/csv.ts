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

/** A field and what ends it: in quotes, where "" is a quote, or as it is. */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/y;

/**
 * Rows end with CRLF, as RFC 4180 has it, or LF; a byte order mark and empty lines are skipped. Fields may hold commas,
 * quotes and line ends if they are in quotes. Throws a CsvError for a quote that is not closed or stands inside a field.
 */
export function parseCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  let row: CsvRow = { line, fields: [] };
  while (at < text.length || row.fields.length > 0) {
    FIELD.lastIndex = at;
    const found = FIELD.exec(text);
    if (!found) throw new CsvError(line, 'a quote is not closed, or stands in a field that is not in quotes');
    const [whole, quoted, plain, end] = found;
    row.fields.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    at += whole.length;
    line += whole.split('\n').length - 1;
    if (end === ',') continue;
    if (row.fields.length > 1 || quoted !== undefined || plain !== '') rows.push(row);
    row = { line, fields: [] };
  }
  return rows;
}
