// Data files: each row gives the variables of one iteration of a script. CSV with a line of names, or a JSON list of objects.
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ContentError } from '../core/compose/content-error.ts';
import { parseJsonText } from '../core/compose/json-text.ts';
import { CsvError, parseCsv } from '../core/csv.ts';
import { jsonValueText } from '../core/json-path.ts';
import { VARIABLE_NAME } from '../core/session-config.ts';
import { isPlainObject } from './plain.ts';
import { SessionFileError } from './session-file-error.ts';
import { utf8Text } from './utf8-text.ts';
import type { Variable } from './variables.ts';

/** Name → value. */
export type DataRow = { readonly [name: string]: string };

/** What a row gives: nearer than what is written down elsewhere. `origin`: the file, for a person. */
export function rowVariables(row: DataRow, origin: string): Variable[] {
  return Object.entries(row).map(([name, value]) => ({ name, value, secret: false, layer: 'command line', origin }));
}

/** All of it is held in memory. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Each row is a run with a connection of its own. */
const MAX_ROWS = 100_000;

/** The rows of a file: JSON if its name ends in .json, else CSV. Throws a SessionFileError, or the file system's own error. */
export async function readDataFile(path: string): Promise<DataRow[]> {
  const name = basename(path);
  const status = await stat(path);
  // A device or a pipe may have no end.
  if (!status.isFile()) throw failure(name, 'this is no file, but a folder, a pipe or a device');
  if (status.size > MAX_FILE_BYTES) throw failure(name, 'the file is larger than 64 MiB');
  const text = utf8Text(await readFile(path), name);
  return /\.json$/i.test(name) ? parseJsonData(text, name) : parseCsvData(text, name);
}

/** `name` is how errors call the file. Throws a SessionFileError. */
export function parseCsvData(text: string, name: string): DataRow[] {
  let rows: ReturnType<typeof parseCsv>;
  try {
    rows = parseCsv(text, MAX_ROWS);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw failure(name, error.message);
  }
  const [header, ...data] = rows;
  if (!header) throw failure(name, 'the file is empty; its first line names the variables');
  const names = header.fields.map((field) => field.trim());
  if (names.length === 1 && /[;\t|]/.test(names[0]!))
    throw failure(name, `${JSON.stringify(names[0])} is one name: values are separated by commas`);
  requireNames(name, names);
  return bounded(name, data).map(({ line, fields }) => {
    if (fields.length !== names.length)
      throw failure(
        name,
        `line ${line}: there are ${fields.length} values, and ${names.length} names in the first line`,
      );
    return Object.fromEntries(fields.map((field, index) => [names[index]!, field]));
  });
}

/** `name` is how errors call the file. Throws a SessionFileError. */
export function parseJsonData(text: string, name: string): DataRow[] {
  let data: unknown;
  try {
    data = parseJsonText(text.replace(/^\ufeff/, ''));
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    throw failure(name, error.message);
  }
  if (!Array.isArray(data)) throw failure(name, 'it must hold a list of objects');
  return bounded(name, data).map((row: unknown, index) => {
    if (!isPlainObject(row)) throw failure(name, `item ${index + 1} is no object`);
    requireNames(name, Object.keys(row));
    return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, jsonValueText(value)]));
  });
}

function requireNames(name: string, names: readonly string[]): void {
  const odd = names.find((each) => !VARIABLE_NAME.test(each));
  if (odd !== undefined) throw failure(name, `${JSON.stringify(odd)} cannot be the name of a variable`);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (twice !== undefined) throw failure(name, `${JSON.stringify(twice)} is there twice`);
}

function bounded<T>(name: string, rows: T[]): T[] {
  if (rows.length === 0) throw failure(name, 'there is no row in it');
  if (rows.length > MAX_ROWS) throw failure(name, `there are ${rows.length} rows; the limit is ${MAX_ROWS}`);
  return rows;
}

function failure(name: string, reason: string): SessionFileError {
  return new SessionFileError({ what: `${name}: ${reason}`, why: '', next: '', code: 'DATA_FILE' });
}
