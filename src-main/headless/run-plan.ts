// What `wirescope run` is to do: each session file, for each row of the data. Everything that can be wrong with files is
// found here, before anything is sent.
import { access } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { SessionConfig, VariablesConfig } from '../core/session-config.ts';
import type { EngineParts } from '../engine/parts.ts';
import { problem, problemOf } from '../engine/problem.ts';
import { checkRun } from '../engine/scripts/check.ts';
import { inRow, readScriptData, type ScriptData } from '../engine/scripts/data.ts';
import { rowVariables } from '../workspace/data-file.ts';
import { createDynamics, type Dynamics } from '../workspace/dynamics.ts';
import { SecretMask } from '../workspace/secret-mask.ts';
import { SecretStores } from '../workspace/secret-store.ts';
import { fillSecrets } from '../workspace/secret-values.ts';
import { readSessionFile } from '../workspace/session-file.ts';
import { sessionVariables } from '../workspace/session-variables.ts';
import { findRoot, readSettings, withDefaults } from '../workspace/settings-file.ts';
import { environmentFolder, readEnvironment } from '../workspace/variable-file.ts';
import { type Variable, VariableScope } from '../workspace/variables.ts';
import { userDataFolder } from './data-folder.ts';
import { loadSchemaFiles } from './schema-files.ts';
import { UsageError } from './usage.ts';

export interface PlanOptions {
  files: readonly string[];
  environment?: string;
  /** Of the command line. */
  variables: ReadonlyMap<string, string>;
  /** CSV or JSON file. */
  data?: string;
  /** JSON file of names and values, instead of the data folder's. */
  secretsFile?: string;
}

/** One run of a session. */
export interface PlannedRun {
  /** With what it inherits; variables stand for themselves. */
  config: SessionConfig;
  /** Of the session file. */
  folder: string;
  variables: VariableScope;
  /** Which row of the data it is for, counted from 1. */
  iteration?: { at: number; of: number };
}

/** A session file with all that is the same for each row. */
interface LoadedSession {
  config: SessionConfig;
  folder: string;
  variables: Variable[];
}

/** Rejects with a UsageError that says what is wrong. */
export async function planRuns(options: PlanOptions, parts: EngineParts): Promise<PlannedRun[]> {
  const mask = new SecretMask();
  try {
    const data = options.data === undefined ? undefined : await readScriptData(options.data);
    const stores = await secretStores(options.secretsFile);
    const sessions = await Promise.all(
      options.files.map((file) => loadSession(file, options.environment, stores, mask)),
    );
    const plans: PlannedRun[] = [];
    for (const session of sessions) plans.push(...(await planSession(session, options, data)));
    await checkSchemas(plans, parts);
    return plans;
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(mask.text(error.message));
    const { what, why, next } = mask.problem(problemOf(error));
    throw new UsageError([what, why, next].filter(Boolean).join(' '));
  }
}

/** `data`: of the command line, in place of the session's own. */
async function planSession(
  { config, folder, variables }: LoadedSession,
  options: PlanOptions,
  data: ScriptData | undefined,
): Promise<PlannedRun[]> {
  const dynamics = createDynamics();
  const asked = [...options.variables].map(([name, value]) => commandLineVariable(name, value));
  const whole = (row: readonly Variable[]) => [...variables, ...row, ...asked];
  const rows = data ?? (await ownData(config, folder, new VariableScope(whole([]), createDynamics())));
  if (!rows) return [{ config, folder, variables: checkedScope(config, whole([]), dynamics) }];
  return rows.rows.map((row, index) => {
    const all = whole(rowVariables(row, rows.name));
    const iteration = { at: index + 1, of: rows.rows.length };
    return { config, folder, variables: inRow(rows.name, index, () => checkedScope(config, all, dynamics)), iteration };
  });
}

async function ownData(
  { data }: SessionConfig,
  folder: string,
  variables: VariableScope,
): Promise<ScriptData | undefined> {
  return data === undefined ? undefined : await readScriptData(resolve(folder, variables.resolve(data)));
}

/** Checks with dynamic variables of its own, so that those of the run begin to count with what is sent. */
function checkedScope(config: SessionConfig, variables: readonly Variable[], dynamics: Dynamics): VariableScope {
  if (config.role === 'capture') throw new UsageError(`${config.name}: a capture cannot be run; use wirescope read.`);
  try {
    checkRun(config, new VariableScope(variables, createDynamics()));
  } catch (error) {
    const { what, why, next } = problemOf(error);
    throw problem(`${config.name}: ${what}`, { why, next });
  }
  return new VariableScope(variables, dynamics);
}

/** Each set of schema files once, however many rows there are. */
async function checkSchemas(plans: readonly PlannedRun[], parts: EngineParts): Promise<void> {
  const checked = new Set<string>();
  for (const { config, folder, variables } of plans) {
    if (config.protocol !== 'grpc') continue;
    const { files = [], importPaths = [] } = variables.resolve(config.grpc?.schema ?? {});
    const key = JSON.stringify([folder, files, importPaths]);
    if (checked.has(key)) continue;
    checked.add(key);
    await loadSchemaFiles(parts, { files, importPaths, folder });
  }
}

/** Environment variables first, then a file. */
async function secretStores(file: string | undefined): Promise<SecretStores> {
  if (file !== undefined) await access(file);
  return new SecretStores({
    folder: userDataFolder(),
    environment: process.env,
    ...(file !== undefined && { file }),
  });
}

async function loadSession(
  file: string,
  environmentName: string | undefined,
  stores: SecretStores,
  mask: SecretMask,
): Promise<LoadedSession> {
  const written = await readSessionFile(file);
  const folder = dirname(resolve(file));
  const root = await findRoot(folder);
  const settings = await readSettings(root, folder);
  const config = withDefaults(written, settings, folder);
  const environment = environmentName === undefined ? undefined : await findEnvironment(environmentName, root, folder);
  const sources = { config, origin: basename(file), root, settings, secrets: () => undefined };
  const variables = sessionVariables({ ...sources, ...(environment && { environment }) });
  const store = await stores.open(root);
  await fillSecrets(variables, async () => store, mask);
  return { config, folder, variables };
}

/** The workspace's, or one beside the file. */
async function findEnvironment(
  name: string,
  root: string,
  folder: string,
): Promise<{ name: string; variables: VariablesConfig }> {
  const found = (await environmentFolder([root, folder], name)) ?? folder;
  return { name, variables: await readEnvironment(found, name) };
}

function commandLineVariable(name: string, value: string): Variable {
  return { name, value, secret: false, layer: 'command line', origin: '--var' };
}
