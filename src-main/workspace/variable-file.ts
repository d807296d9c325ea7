// Variables as people write them down: `name: value` lines, and `name: { secret: true }` for a value that is kept
// elsewhere. The same in an environment file and under `variables:` of a session or of wirescope.yaml.
import { access, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isMap, isScalar } from 'yaml';
import { VARIABLE_NAME, type VariablesConfig, variablesSchema } from '../core/session-config.ts';
import { plainValue, readYaml, YamlFault } from './checked-yaml.ts';
import { SessionFileError } from './session-file-error.ts';
import type { Variable, VariableLayer } from './variables.ts';
import { readText } from './whole-file.ts';

/** Of the folder they lie in. */
export const ENVIRONMENTS_FOLDER = 'environments';
const ENVIRONMENT_EXTENSION = '.yaml';

/** Values of secrets, which no workspace file holds. */
export type SecretValues = (name: string) => string | undefined;

/** The variables of one place. `origin`: the file, for a person. */
export function variablesOf(
  texts: VariablesConfig,
  layer: VariableLayer,
  origin: string,
  secrets: SecretValues,
): Variable[] {
  return Object.entries(texts).map(([name, text]) => {
    const secret = typeof text === 'object';
    return { name, secret, layer, origin, value: secret ? secrets(name) : String(text) };
  });
}

/** Names of the environments of a folder, sorted. */
export async function listEnvironments(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, ENVIRONMENTS_FOLDER), { withFileTypes: true }).catch(() => []);
  return entries
    .filter(
      (entry) => !entry.isDirectory() && entry.name.endsWith(ENVIRONMENT_EXTENSION) && !entry.name.startsWith('.'),
    )
    .map(({ name }) => name.slice(0, -ENVIRONMENT_EXTENSION.length))
    .sort();
}

/** The path of an environment's file. Throws a SessionFileError for a name that would lead elsewhere. */
export function environmentPath(folder: string, name: string): string {
  if (basename(name) !== name || name.startsWith('.') || name === '' || /[\\/:\0]/.test(name))
    throw environmentError(name, 'its name must be a plain word');
  return join(folder, ENVIRONMENTS_FOLDER, name + ENVIRONMENT_EXTENSION);
}

/** The first of these folders that has an environment by that name. Throws a SessionFileError as environmentPath() does. */
export async function environmentFolder(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = environmentPath(folder, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
  }
  return undefined;
}

/** What `environments/NAME.yaml` of a folder says. Throws a SessionFileError, or the file system's own error. */
export async function readEnvironment(folder: string, name: string): Promise<VariablesConfig> {
  const path = environmentPath(folder, name);
  const text = await readText(path);
  if (text === undefined) throw environmentError(name, `there is no file ${path}`);
  return parseVariables(text, name);
}

/** `name`: of the environment, for errors. Throws a SessionFileError. */
export function parseVariables(text: string, name: string): VariablesConfig {
  const values = valuesIn(text, name) ?? {};
  if (typeof values !== 'object' || Array.isArray(values))
    throw environmentError(name, 'it must hold "name: value" lines');
  const checked = variablesSchema.safeParse(values);
  if (!checked.success) {
    const key = String(checked.error.issues[0]?.path[0]);
    throw environmentError(name, `the value of ${JSON.stringify(key)} must be plain, or { secret: true }`);
  }
  const odd = Object.keys(checked.data).find((key) => !VARIABLE_NAME.test(key));
  if (odd !== undefined) throw environmentError(name, `${JSON.stringify(odd)} cannot be the name of a variable`);
  return checked.data;
}

/**
 * Has the values of variables in a document say what is written: texts name `1.10`, `007` and numbers of many digits, and
 * as numbers these would be others. `variables`: the node that holds them.
 */
export function keepSpelling(variables: unknown): void {
  if (!isMap(variables)) return;
  for (const { value: node } of variables.items) {
    if (!isScalar(node) || node.source === undefined) continue;
    const isOther = typeof node.value === 'number' || typeof node.value === 'boolean';
    if (isOther && String(node.value) !== node.source) node.value = node.source;
  }
}

function valuesIn(text: string, name: string): unknown {
  try {
    const { document } = readYaml(text);
    keepSpelling(document.contents);
    return plainValue(document);
  } catch (error) {
    throw error instanceof YamlFault ? environmentError(name, error.located) : error;
  }
}

function environmentError(name: string, reason: string): SessionFileError {
  return new SessionFileError({
    what: `The environment ${JSON.stringify(name)} cannot be used: ${reason}.`,
    why: '',
    next: 'Environments are files environments/NAME.yaml in the workspace, or beside the session file.',
    code: 'ENVIRONMENT',
  });
}
