// `wirescope read CAPTURE`: records of a capture file as lines, streamed. Whatever the record's numbers can answer is
// answered from them.
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Capture, View } from '../capture/capture.ts';
import type { FilterSubject } from '../core/filter/subject.ts';
import type { DissectAs } from '../core/protocol.ts';
import { Level, type LevelName } from '../core/record.ts';
import type { EngineParts } from '../engine/parts.ts';
import { problemOf } from '../engine/problem.ts';
import { subjectOf } from '../engine/scripts/field-reader.ts';
import { type Column, columnNamed, DEFAULT_COLUMNS, JSON_COLUMNS } from './columns.ts';
import type { Output } from './output.ts';
import { loadSchemaFiles } from './schema-files.ts';
import { ExitCode, UsageError } from './usage.ts';

export interface ReadOptions {
  file: string;
  filter: string;
  level?: LevelName;
  /** Absent: the default columns. */
  fields?: readonly string[];
  format: 'tsv' | 'json';
  /** Print only the number of records. */
  count: boolean;
  decodeAs: ReadonlyMap<number, DissectAs>;
  /** Path of a TLS key log. */
  keylog?: string;
  /** .proto files, folders of them, or descriptor sets. */
  protos: readonly string[];
  importPaths: readonly string[];
}

/** Rows taken from the view at a time, and characters written at a time. */
const BATCH_ROWS = 1000;
const BATCH_CHARS = 64 * 1024;
const SCAN_POLL_MS = 5;

/** Resolves with the exit code. Rejects with a UsageError. */
export async function read(options: ReadOptions, parts: EngineParts, output: Output): Promise<ExitCode> {
  const format =
    options.format === 'json' ? jsonLine(options.fields ?? []) : tsvLine(options.fields ?? DEFAULT_COLUMNS);
  const schema =
    options.protos.length === 0
      ? undefined
      : await loadSchemaFiles(parts, {
          files: options.protos,
          importPaths: options.importPaths,
          folder: process.cwd(),
        });
  const capture = await open(options, parts);
  if (schema) capture.explainWith(schema.types);
  try {
    const view = options.filter === '' ? undefined : await filtered(capture, options.filter);
    if (options.count) await output.write(`${countRecords(capture, view, options.level)}\n`);
    else await print(capture, view, options.level, format, output);
    view?.dispose();
  } finally {
    await capture.dispose();
  }
  return ExitCode.ok;
}

async function open({ file, decodeAs, keylog }: ReadOptions, parts: EngineParts): Promise<Capture> {
  try {
    const capture = await parts.openCapture(resolve(file), {
      decodeAs,
      ...(keylog !== undefined && { keylog: resolve(keylog) }),
    });
    await capture.loaded;
    return capture;
  } catch (error) {
    throw usageError(error);
  }
}

/** A view of everything that matches, complete. */
async function filtered(capture: Capture, filter: string): Promise<View> {
  let view: View;
  try {
    view = capture.query({ level: 'everything', filter });
  } catch (error) {
    throw usageError(error);
  }
  while (view.scanning < 1) await delay(SCAN_POLL_MS);
  return view;
}

function countRecords(capture: Capture, view: View | undefined, level: LevelName | undefined): number {
  if (level === undefined) return view?.total ?? capture.count;
  let count = 0;
  for (const seq of seqsOf(capture, view)) if (capture.record(seq).levels & Level[level]) count += 1;
  return count;
}

async function print(
  capture: Capture,
  view: View | undefined,
  level: LevelName | undefined,
  format: (subject: FilterSubject) => string,
  output: Output,
): Promise<void> {
  let text = '';
  for (const seq of seqsOf(capture, view)) {
    const subject = subjectOf(capture, seq);
    if (!subject || (level !== undefined && (subject.record.levels & Level[level]) === 0)) continue;
    text += format(subject);
    if (text.length < BATCH_CHARS) continue;
    if (!(await output.write(text))) return;
    text = '';
  }
  await output.write(text);
}

function* seqsOf(capture: Capture, view: View | undefined): Generator<number> {
  if (!view) {
    for (let seq = 0; seq < capture.count; seq += 1) yield seq;
    return;
  }
  for (let from = 0; from < view.total; from += BATCH_ROWS) yield* view.seqs(from, BATCH_ROWS);
}

function tsvLine(names: readonly string[]): (subject: FilterSubject) => string {
  const columns = names.map(columnNamed);
  return (subject) => `${columns.map((column) => escapeCell(String(column.value(subject)))).join('\t')}\n`;
}

function jsonLine(names: readonly string[]): (subject: FilterSubject) => string {
  const columns: Column[] = [...new Set([...JSON_COLUMNS, ...names])].map(columnNamed);
  return (subject) =>
    `${JSON.stringify(Object.fromEntries(columns.map((column) => [column.name, column.value(subject)])))}\n`;
}

const ESCAPES: { readonly [character: string]: string } = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** As tshark: nothing in a cell can end it, and no payload gets to steer the terminal. */
function escapeCell(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    return ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

function usageError(error: unknown): UsageError {
  const { what, why, next } = problemOf(error);
  return new UsageError([what, why, next].filter(Boolean).join(' '));
}
