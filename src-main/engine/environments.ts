// The environments of a workspace: files environments/NAME.yaml of variables. Saving keeps their comments. Values of
// secrets are not in them.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Input, Output } from '../bridge/contract.ts';
import type { VariablesConfig } from '../core/session-config.ts';
import { environmentPath, parseVariables, readEnvironment } from '../workspace/variable-file.ts';
import { readText, replaceText } from '../workspace/whole-file.ts';
import { locateForWriting, requireGoodName } from '../workspace/workspace-path.ts';
import { editYaml } from '../workspace/yaml-edit.ts';
import { problem } from './problem.ts';

type Variables = Output['environments.get']['variables'];

/** Rejects with a SessionFileError for a file that cannot be used. */
export async function getEnvironment(root: string, name: string): Promise<Variables> {
  const texts = await readEnvironment(root, name);
  return Object.entries(texts).map(([variable, text]) =>
    typeof text === 'object'
      ? { name: variable, value: null, secret: true }
      : { name: variable, value: String(text), secret: false },
  );
}

/** Makes the file or changes it. Rejects, and changes nothing, if what is there cannot be understood. */
export async function saveEnvironment(root: string, { name, variables }: Input<'environments.save'>): Promise<void> {
  requireGoodName(name);
  const twice = variables.find((variable, at) => variables.findIndex((other) => other.name === variable.name) !== at);
  if (twice) throw problem(`There are two variables ${JSON.stringify(twice.name)}.`, { next: 'Rename one.' });
  const path = environmentPath(root, name);
  await mkdir(dirname(path), { recursive: true });
  const file = await locateForWriting(root, path);
  let isWritten = false;
  while (!isWritten) {
    const before = await readText(file);
    const known = before === undefined ? {} : parseVariables(before, name);
    const next = Object.fromEntries(variables.map((variable) => [variable.name, textOf(variable, known)]));
    isWritten = await replaceText(file, before, editYaml(before ?? '', next));
  }
}

/** A value that says the same stays what it is: `8080` is not made a text. */
function textOf({ name, value, secret }: Variables[number], known: VariablesConfig): VariablesConfig[string] {
  if (secret) return { secret: true };
  const before = Object.hasOwn(known, name) ? known[name]! : undefined;
  return before !== undefined && typeof before !== 'object' && String(before) === value ? before : (value ?? '');
}
