// The variables of one session, with the values they have at the moment they are needed: another environment, another
// secret count from the next send on. What was captured and what counts up lasts from one send to the next.
import type { VariableState } from '../../bridge/contract.ts';
import { type Counter, createDynamics, DYNAMIC_VARIABLES, REAL_SOURCES } from '../../workspace/dynamics.ts';
import type { SecretMask } from '../../workspace/secret-mask.ts';
import { fillSecrets, maskSecrets, nameSecrets, type StoreOf } from '../../workspace/secret-values.ts';
import { namesVariables, type Variable, VariableScope } from '../../workspace/variables.ts';

/** What surrounds the variables of a session. */
export interface VariableHost {
  /** Those that are written down now, secrets without values. */
  written(): Variable[];
  storeOf: StoreOf;
  /** Rises with every change of a secret. */
  readonly secretsRevision: number;
  /** Learns the values of secrets that are used. */
  readonly mask: SecretMask;
}

export class SessionVariables {
  readonly #host: VariableHost;
  readonly #counter: Counter = { count: 0 };
  #captured: Variable[] = [];
  #row: readonly Variable[] = [];

  constructor(host: VariableHost) {
    this.#host = host;
  }

  get mask(): SecretMask {
    return this.#host.mask;
  }

  /** Forgets what was captured: a run begins. */
  begin(): void {
    this.#captured = [];
  }

  /** What a row of data gives, for as long as its run lasts. */
  giveRow(variables: readonly Variable[]): void {
    this.#row = variables;
  }

  /** Keeps the values that a script has captured in a scope. */
  keepCaptured(scope: VariableScope): void {
    this.#captured = scope.list().filter(({ layer }) => layer === 'captured');
  }

  /** Values as they are now, for all that `data` names; other secrets are not read. */
  async scope(data: unknown): Promise<VariableScope> {
    const scope = this.#unfilled(this.#counter);
    await fillSecrets(scope.needed(data), this.#host.storeOf, this.mask);
    return scope;
  }

  /** Plain data as it is sent. Rejects with a SessionFileError that names what has no value. */
  async resolve<T>(data: T): Promise<T> {
    return namesVariables(data) ? (await this.scope(data)).resolve(data) : data;
  }

  /** As scope(), but nothing counts up by it. */
  async trial(data: unknown): Promise<VariableScope> {
    const scope = this.#unfilled({ ...this.#counter });
    await fillSecrets(scope.needed(data), this.#host.storeOf, this.mask);
    return scope;
  }

  /** The secrets that texts can name and that have values. */
  async secrets(): Promise<{ name: string; value: string }[]> {
    const names = this.#host.written().flatMap(({ name, secret }) => (secret ? [`{{${name}}}`] : []));
    const variables = (await this.trial(names)).list();
    return variables.flatMap(({ name, secret, value }) => (secret && value !== undefined ? [{ name, value }] : []));
  }

  /** As resolve(), but nothing counts up by it. */
  async peek<T>(data: T): Promise<T> {
    return namesVariables(data) ? (await this.trial(data)).resolve(data) : data;
  }

  /** As peek(), with secrets masked; their values are not read. */
  async shown<T>(data: T): Promise<T> {
    const scope = this.#unfilled({ ...this.#counter });
    await this.#hide(scope.needed(data));
    return scope.resolve(data);
  }

  /** As peek(), but secrets stand for themselves: `{{token}}`. */
  async shared<T>(data: T): Promise<T> {
    const scope = this.#unfilled({ ...this.#counter });
    nameSecrets(scope.list());
    return scope.resolve(data);
  }

  /** The same as long as no value is another. Tells none of a secret. */
  fingerprint(): string {
    return JSON.stringify([this.#host.secretsRevision, this.#host.written()]);
  }

  /** All that texts can name, secrets without values. */
  async list(): Promise<VariableState[]> {
    const scope = this.#unfilled({ ...this.#counter });
    const variables = scope.list();
    await this.#hide(variables);
    const listed = variables.map(({ name, value, secret, layer, origin }) => ({
      name,
      value: secret ? null : (value ?? null),
      has: value !== undefined,
      secret,
      layer,
      origin,
    }));
    return [...listed, ...DYNAMIC_VARIABLES.map(({ name, description }) => dynamicState(scope, name, description))];
  }

  /** Masks secrets, and what a peer said of them. */
  async #hide(variables: readonly Variable[]): Promise<void> {
    await maskSecrets(variables, this.#host.storeOf);
    for (const variable of variables)
      if (variable.layer === 'captured' && variable.value !== undefined)
        variable.value = this.mask.text(variable.value);
  }

  #unfilled(counter: Counter): VariableScope {
    const passing = [...this.#captured, ...this.#row].map((variable) => ({ ...variable }));
    return new VariableScope([...this.#host.written(), ...passing], createDynamics(REAL_SOURCES, counter));
  }
}

function dynamicState(scope: VariableScope, name: string, description: string): VariableState {
  const reference = `{{${name}}}`;
  const value = scope.covers(reference) ? scope.resolve(reference) : null;
  return { name, value, has: true, secret: false, layer: 'dynamic', origin: description };
}
