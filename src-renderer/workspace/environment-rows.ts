// The variables of an environment as rows of a table: what is wrong with them, and what of them is saved. Pure.
import type { Input } from '../../src-main/bridge/contract.ts';

export type EnvironmentVariable = Input<'environments.save'>['variables'][number];

export interface EnvironmentRow {
  name: string;
  /** '' of secrets: theirs are kept elsewhere. */
  value: string;
  secret: boolean;
}

export function environmentRows(variables: readonly EnvironmentVariable[]): EnvironmentRow[] {
  return variables.map(({ name, value, secret }) => ({ name, value: value ?? '', secret }));
}

/** What keeps a row from being saved; undefined if nothing. */
export function variableError(rows: readonly EnvironmentRow[], at: number): string | undefined {
  const name = rows[at]?.name.trim() ?? '';
  if (name === '') return rows[at]?.value || rows[at]?.secret ? 'A name is needed.' : undefined;
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) return 'A letter or _, then letters, digits, _, . and -';
  const first = rows.findIndex((row) => row.name.trim() === name);
  return first === at ? undefined : 'There is one of this name already.';
}

/** What the rows say, without empty ones; undefined while one is wrong. */
export function environmentVariables(rows: readonly EnvironmentRow[]): EnvironmentVariable[] | undefined {
  if (rows.some((_, at) => variableError(rows, at) !== undefined)) return undefined;
  return rows
    .filter((row) => row.name.trim() !== '')
    .map(({ name, value, secret }) => ({ name: name.trim(), value: secret ? null : value, secret }));
}

/** Why an environment cannot be called that; undefined if it can. */
export function environmentNameError(name: string, taken: readonly string[]): string | undefined {
  const trimmed = name.trim();
  if (trimmed === '') return 'A name is needed.';
  if (/[\\/<>:"|?*]/.test(trimmed) || trimmed.startsWith('.'))
    return 'It names a file: no / \\ < > : " | ? * and no dot first.';
  return taken.includes(trimmed) ? 'There is one of this name already.' : undefined;
}
