// Variables: `{{name}}` in any text of a session config, and the environment files that give them values.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { SessionFileError } from './session-file.ts';

export type Variables = ReadonlyMap<string, string>;

const REFERENCE = /\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/g;

/** A copy of plain data with every reference replaced. Throws a SessionFileError that names all undefined variables. */
export function resolveVariables<T>(data: T, variables: Variables): T {
  const missing = new Set<string>();
  const resolved = replaceIn(data, (name) => {
    const value = variables.get(name);
    if (value === undefined) missing.add(name);
    return value ?? '';
  });
  if (missing.size > 0) throw undefinedVariables([...missing]);
  return resolved as T;
}

function replaceIn(value: unknown, lookUp: (name: string) => string): unknown {
  if (typeof value === 'string') return value.replace(REFERENCE, (_whole, name: string) => lookUp(name));
  if (Array.isArray(value)) return value.map((item) => replaceIn(item, lookUp));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceIn(item, lookUp)]));
}

/** The variables of `environments/NAME.yaml` beside a session file. Throws a SessionFileError. */
export async function readEnvironment(sessionFile: string, name: string): Promise<Variables> {
  if (basename(name) !== name || name.startsWith('.')) throw environmentError(name, 'its name must be a plain word');
  const path = join(dirname(sessionFile), 'environments', `${name}.yaml`);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw environmentError(name, `there is no file ${path}`);
  }
  const document = parseDocument(text);
  const fault = document.errors[0];
  if (fault) throw environmentError(name, `line ${fault.linePos?.[0].line}: ${fault.message.split('\n')[0]}`);
  const values: unknown = document.toJS({ maxAliasCount: 100 }) ?? {};
  if (typeof values !== 'object' || Array.isArray(values))
    throw environmentError(name, 'it must hold "name: value" lines');
  const variables = new Map<string, string>();
  for (const [key, value] of Object.entries(values as object)) {
    if (typeof value === 'object') throw environmentError(name, `the value of ${JSON.stringify(key)} must be plain`);
    variables.set(key, String(value));
  }
  return variables;
}

function undefinedVariables(names: string[]): SessionFileError {
  const list = names.map((name) => `{{${name}}}`).join(', ');
  return new SessionFileError({
    what: names.length === 1 ? `The variable ${list} is not defined.` : `The variables ${list} are not defined.`,
    why: '',
    next: 'Give values with --var NAME=VALUE, or in an environment named with --env.',
    code: 'UNDEFINED_VARIABLE',
  });
}

function environmentError(name: string, reason: string): SessionFileError {
  return new SessionFileError({
    what: `The environment ${JSON.stringify(name)} cannot be used: ${reason}.`,
    why: '',
    next: 'Environments are files environments/NAME.yaml beside the session file.',
    code: 'ENVIRONMENT',
  });
}
