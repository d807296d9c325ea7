// Variables: those of environments, all that a session sees, and those that are secret.
import { z } from 'zod';
import { variableNameSchema } from '../../core/session-config.ts';
import { MAX_ITEMS, sessionId, typedText } from './inputs.ts';

/** Of an environment: its file's name without extension. */
const environmentName = z.string().min(1).max(200);
const variableName = variableNameSchema.max(200);
const variableValue = z.string().max(1_000_000);

const environmentVariables = z
  .array(z.strictObject({ name: variableName, value: variableValue.nullable(), secret: z.boolean() }))
  .max(MAX_ITEMS);

export const variableMethods = {
  'environments.get': z.strictObject({ name: environmentName }),
  /**
   * Makes its file or changes it; comments in it stay. `base`: what `variables` were made of, so that what others wrote into
   * the file since stays as well. Values of secrets are set by `secrets.set` and never here.
   */
  'environments.save': z.strictObject({
    name: environmentName,
    variables: environmentVariables,
    base: environmentVariables.optional(),
  }),
  /** Gives its file another name; what is in it stays as it is. Never over another. */
  'environments.rename': z.strictObject({ name: environmentName, to: environmentName }),
  'environments.remove': z.strictObject({ name: environmentName }),
  /** The environment whose variables count, remembered for the workspace; null: none. */
  'environments.select': z.strictObject({ name: environmentName.nullable() }),
  /** All variables that a session's texts can name. */
  'variables.list': z.strictObject({ session: sessionId }),
  /** What a text of the session becomes when it is sent, with secrets masked. Nothing counts up by it. */
  'variables.preview': z.strictObject({ session: sessionId, text: typedText }),
  'secrets.state': z.strictObject({}),
  /** null: forgets it. Kept for the open workspace, or the place of `session`: a scratch session's are apart. */
  'secrets.set': z.strictObject({
    name: variableName,
    value: z.string().max(65_536).nullable(),
    session: sessionId.optional(),
  }),
  /** The user agrees to a file that only they may read, where the system has no key store. */
  'secrets.allowFile': z.strictObject({}),
} as const;

export interface VariableOutput {
  /** `value` is null of secrets. */
  'environments.get': { variables: { name: string; value: string | null; secret: boolean }[] };
  'environments.save': null;
  'environments.rename': null;
  'environments.remove': null;
  'environments.select': null;
  /** By name. */
  'variables.list': VariableState[];
  'variables.preview': { ok: true; text: string } | { ok: false; error: string };
  'secrets.state': SecretsState;
  'secrets.set': null;
  'secrets.allowFile': SecretsState;
}

/** A variable as it may be shown. */
export interface VariableState {
  name: string;
  /** null: a secret, or one that has no value. */
  value: string | null;
  /** It has a value. */
  has: boolean;
  secret: boolean;
  /** Whoever comes later here wins. dynamic: `$uuid` and the like, made anew at each use; `value` is an example. */
  layer: 'workspace' | 'folder' | 'environment' | 'session' | 'captured' | 'command line' | 'dynamic';
  /** Where it was written down: `environments/local.yaml`. */
  origin: string;
}

export interface SecretsState {
  /** none: secrets are forgotten when the app ends. */
  store: 'keychain' | 'file' | 'none';
  /** For a person: why it is not the keychain. */
  why: string;
}
