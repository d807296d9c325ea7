// The environments of the open workspace: files environments/NAME.yaml of variables, one of them selected. Saving keeps
// their comments. Values of secrets are not in them.
import { lstat, mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Input, Output } from '../../bridge/contract.ts';
import type { VariablesConfig } from '../../core/session-config.ts';
import { merge } from '../../workspace/merge.ts';
import { isSame } from '../../workspace/plain.ts';
import { environmentFolder, environmentPath, parseVariables, readEnvironment } from '../../workspace/variable-file.ts';
import { readText, replaceText } from '../../workspace/whole-file.ts';
import { locateForWriting, requireGoodName } from '../../workspace/workspace-path.ts';
import { editYaml } from '../../workspace/yaml-edit.ts';
import type { MethodsOf } from '../methods.ts';
import { problem, problemOf } from '../problem.ts';
import type { OpenWorkspace } from './open-workspace.ts';

/** The selected environment; with `problem` instead of variables if its file cannot be used. */
export interface Environment {
  name: string;
  variables: VariablesConfig;
  problem?: string;
}

export interface EnvironmentsHost {
  /** Throws a ProblemError if no workspace is open. */
  required(): OpenWorkspace;
  open(): OpenWorkspace | undefined;
  /** Remembers what is selected. */
  remember(open: OpenWorkspace, name: string | null): void;
  /** Moves a file to the trash, from where an undoing called `label` brings it back. Call in turn. */
  discard(open: OpenWorkspace, file: string, label: string): Promise<void>;
  /** Another environment counts, or the same says something else. */
  changed(): void;
}

type Variables = Output['environments.get']['variables'];

export class Environments {
  readonly methods: MethodsOf<'environments'>;
  readonly #host: EnvironmentsHost;
  #selected: Environment | null = null;

  constructor(host: EnvironmentsHost) {
    this.#host = host;
    this.methods = this.#methods();
  }

  get selected(): Environment | null {
    return this.#selected;
  }

  /** No workspace is open any more. */
  forget(): void {
    this.#selected = null;
  }

  /** Takes over what the file of the selected environment says now; `name`: of another that is selected thereby. */
  async read(name: string | null = this.#selected?.name ?? null): Promise<void> {
    const open = this.#host.open();
    const environment = open && name !== null ? await environmentOf(open, name) : null;
    if (this.#host.open() !== open || isSame(environment, this.#selected)) return;
    this.#selected = environment;
    this.#host.changed();
  }

  async #select(name: string | null): Promise<void> {
    const open = this.#host.required();
    if (name !== null) await readEnvironment(await folderOf(open, name), name);
    this.#host.remember(open, name);
    await this.read(name);
  }

  async #rename(open: OpenWorkspace, { name, to }: Input<'environments.rename'>): Promise<void> {
    if (name === to) return;
    requireGoodName(to);
    const folder = await folderOf(open, name);
    const [source, target] = [environmentPath(folder, name), environmentPath(folder, to)];
    const taken = await lstat(target).catch(() => undefined);
    // Where case does not count, a name may change into itself.
    const isTaken = taken ? taken.ino !== (await lstat(source)).ino : open.environments.includes(to);
    if (isTaken)
      throw problem(`There is an environment ${JSON.stringify(to)} already.`, {
        next: 'Choose another name.',
        code: 'EEXIST',
      });
    await rename(source, target);
    if (this.#selected?.name === name) await this.#select(to);
    await open.rescan();
  }

  async #remove(open: OpenWorkspace, name: string): Promise<void> {
    const file = environmentPath(await folderOf(open, name), name);
    await this.#host.discard(open, file, name);
    if (this.#selected?.name === name) await this.#select(null);
    await open.rescan();
  }

  #methods(): MethodsOf<'environments'> {
    /** Does it when what was ordered before is done. */
    const inTurn = async (order: (open: OpenWorkspace) => Promise<void>): Promise<null> => {
      const open = this.#host.required();
      await open.inTurn(() => order(open));
      return null;
    };
    return {
      'environments.get': async ({ name }) => ({ variables: await getEnvironment(this.#host.required(), name) }),
      'environments.save': (order) =>
        inTurn(async (open) => {
          await saveEnvironment(open, order);
          await open.rescan();
          await this.read();
        }),
      'environments.rename': (order) => inTurn((open) => this.#rename(open, order)),
      'environments.remove': ({ name }) => inTurn((open) => this.#remove(open, name)),
      'environments.select': async ({ name }) => {
        await this.#select(name);
        return null;
      },
    };
  }
}

/** The folder that an environment counts of; the first for one that is still to be made. */
async function folderOf({ environmentFolders }: OpenWorkspace, name: string): Promise<string> {
  return (await environmentFolder(environmentFolders, name)) ?? environmentFolders[0]!;
}

async function environmentOf(open: OpenWorkspace, name: string): Promise<Environment> {
  try {
    return { name, variables: await readEnvironment(await folderOf(open, name), name) };
  } catch (error) {
    return { name, variables: {}, problem: problemOf(error).what };
  }
}

/** Rejects with a SessionFileError for a file that cannot be used. */
async function getEnvironment(open: OpenWorkspace, name: string): Promise<Variables> {
  return variablesOf(await readEnvironment(await folderOf(open, name), name));
}

function variablesOf(texts: VariablesConfig): Variables {
  return Object.entries(texts).map(([name, text]) =>
    typeof text === 'object' ? { name, value: null, secret: true } : { name, value: String(text), secret: false },
  );
}

/** Makes the file or changes it. Rejects, and changes nothing, if what is there cannot be understood. */
async function saveEnvironment(
  open: OpenWorkspace,
  { name, variables, base }: Input<'environments.save'>,
): Promise<void> {
  requireGoodName(name);
  const twice = variables.find((variable, at) => variables.findIndex((other) => other.name === variable.name) !== at);
  if (twice) throw problem(`There are two variables ${JSON.stringify(twice.name)}.`, { next: 'Rename one.' });
  const folder = await folderOf(open, name);
  const path = environmentPath(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const file = await locateForWriting(folder, path);
  let isWritten = false;
  while (!isWritten) {
    const before = await readText(file);
    const known = before === undefined ? {} : parseVariables(before, name);
    const isMerged = base !== undefined && before !== undefined;
    const merged = isMerged ? (merge(base, variables, variablesOf(known)).value as Variables) : variables;
    const next = Object.fromEntries(merged.map((variable) => [variable.name, textOf(variable, known)]));
    isWritten = await replaceText(file, before, editYaml(before ?? '', next));
  }
}

/** A value that says the same stays what it is: `8080` is not made a text. */
function textOf({ name, value, secret }: Variables[number], known: VariablesConfig): VariablesConfig[string] {
  if (secret) return { secret: true };
  const before = Object.hasOwn(known, name) ? known[name]! : undefined;
  return before !== undefined && typeof before !== 'object' && String(before) === value ? before : (value ?? '');
}
