// The rows of data that a script runs for, one after the other. The app and `wirescope run` do it alike: each row is a run
// with a connection of its own, and what is wrong with any of them is found before the first.
import { basename } from 'node:path';
import type { SessionConfig } from '../../core/session-config.ts';
import { type DataRow, readDataFile, rowVariables } from '../../workspace/data-file.ts';
import type { VariableScope } from '../../workspace/variables.ts';
import { problem, problemOf } from '../problem.ts';
import { Slices } from '../session/slices.ts';
import { checkRun } from './check.ts';

export interface ScriptData {
  /** Of the file, for a person. */
  name: string;
  rows: readonly DataRow[];
}

/** Rejects with a SessionFileError, or the file system's own error. */
export async function readScriptData(path: string): Promise<ScriptData> {
  return { name: basename(path), rows: await readDataFile(path) };
}

/**
 * Rejects with a ProblemError that names the row for which the script cannot run. `variables`: without those of rows; none is
 * changed.
 */
export async function checkRows(
  config: SessionConfig,
  variables: VariableScope,
  { name, rows }: ScriptData,
  signal: AbortSignal,
): Promise<void> {
  const slices = new Slices(Number.POSITIVE_INFINITY);
  for (const [index, row] of rows.entries()) {
    if (slices.due) await slices.pause();
    if (signal.aborted) return;
    const known = variables.fork();
    for (const variable of rowVariables(row, name)) known.define(variable);
    inRow(name, index, () => checkRun(config, known));
  }
}

/** Does something for a row; what it throws names the row. `index`: from 0. */
export function inRow<T>(name: string, index: number, order: () => T): T {
  try {
    return order();
  } catch (error) {
    const { what, why, next, code } = problemOf(error);
    throw problem(`${name}, row ${index + 1}: ${what}`, { why, next, ...(code !== undefined && { code }) });
  }
}

const MAX_VALUES_CHARS = 120;

/** A row in a line, for a person: `user=Ada, room=lobby`. */
export function rowText(row: DataRow): string {
  const text = Object.entries(row)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
  return text.length > MAX_VALUES_CHARS ? `${text.slice(0, MAX_VALUES_CHARS)}…` : text;
}
