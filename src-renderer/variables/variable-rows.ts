// The variables of one place as rows of a table: what is wrong with them, and what of them is saved. Pure.
import type { Input } from '../../src-main/bridge/contract.ts';

export type WrittenVariable = Input<'environments.save'>['variables'][number];

export interface VariableRow {
  name: string;
  /** '' of secrets: theirs are kept elsewhere. */
  value: string;
  secret: boolean;
}

export function variableRows(variables: readonly WrittenVariable[]): VariableRow[] {
  return variables.map(({ name, value, secret }) => ({ name, value: value ?? '', secret }));
}

/** What keeps a row from being saved; undefined if nothing. */
export function variableError(rows: readonly VariableRow[], at: number): string | undefined {
  const name = rows[at]?.name.trim() ?? '';
  if (name === '') return rows[at]?.value || rows[at]?.secret ? 'A name is needed.' : undefined;
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) return 'A letter or _, then letters, digits, _, . and -';
  const first = rows.findIndex((row) => row.name.trim() === name);
  return first === at ? undefined : 'There is one of this name already.';
}

/** What the rows say, without empty ones; undefined while one is wrong. */
export function variablesOfRows(rows: readonly VariableRow[]): WrittenVariable[] | undefined {
  if (rows.some((_, at) => variableError(rows, at) !== undefined)) return undefined;
  return rows
    .filter((row) => row.name.trim() !== '')
    .map(({ name, value, secret }) => ({ name: name.trim(), value: secret ? null : value, secret }));
}
