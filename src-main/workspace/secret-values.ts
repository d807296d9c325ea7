// Gives the secrets among variables their values, or something to show in place of them.
import { MASK, type SecretMask } from './secret-mask.ts';
import type { SecretStore } from './secret-store.ts';
import type { Variable } from './variables.ts';

/** Where a variable's value is kept. */
export type StoreOf = (variable: Variable) => Promise<SecretStore>;

const UNKNOWN = 'It is a secret that has no value on this machine.';

/** Reads the values of the secrets among `variables`. One that cannot be read says so when it is used. */
export async function fillSecrets(variables: readonly Variable[], storeOf: StoreOf, mask: SecretMask): Promise<void> {
  for (const variable of variables) {
    if (!variable.secret) continue;
    try {
      // It may have been given for once: on the command line, by an answer.
      const value = variable.value ?? (await (await storeOf(variable)).get(variable.name));
      if (value === undefined) {
        variable.why = UNKNOWN;
        continue;
      }
      variable.value = value;
      mask.add(value);
    } catch (error) {
      variable.why = reasonOf(error);
    }
  }
}

/** Gives those that have a value a mask, without reading it. */
export async function maskSecrets(variables: readonly Variable[], storeOf: StoreOf): Promise<void> {
  for (const variable of variables) {
    if (!variable.secret) continue;
    try {
      if (variable.value !== undefined || (await (await storeOf(variable)).has(variable.name))) variable.value = MASK;
      else variable.why = UNKNOWN;
    } catch (error) {
      variable.why = reasonOf(error);
    }
  }
}

/** Lets the secrets among `variables` stand for themselves, as in a text for others. */
export function nameSecrets(variables: readonly Variable[]): void {
  for (const variable of variables) if (variable.secret) variable.value = `{{${variable.name}}}`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
