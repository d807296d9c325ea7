// Variables: `{{name}}` in any text of a session config. Whoever stands nearer to what is sent wins: the command line over
// the session, over the environment, over the folder, over the workspace. Values that a person wrote down may name other
// variables.
import { DYNAMIC_VARIABLES, type Dynamics } from './dynamics.ts';
import { SessionFileError } from './session-file-error.ts';

/** Farthest first. `captured`: taken from an answer by a step of a script. */
const VARIABLE_LAYERS = ['workspace', 'folder', 'environment', 'session', 'captured', 'command line'] as const;
export type VariableLayer = (typeof VARIABLE_LAYERS)[number];

export interface Variable {
  name: string;
  /** undefined: a secret that nobody has given a value on this machine. */
  value: string | undefined;
  secret: boolean;
  layer: VariableLayer;
  /** Where it was written down, for a person: `environments/local.yaml`. */
  origin: string;
  /** Why it has no value, for a person. */
  why?: string;
}

/** `{{ name }}` and `{{ $name with words }}`. */
const REFERENCE = /\{\{\s*(\$?[A-Za-z_][\w.-]*)((?:\s+[^\s{}]+)*)\s*\}\}/g;

/** Values that name each other deeper than this go round in a circle, or might as well. */
const MAX_DEPTH = 16;

/** Whether a text names variables. */
export function hasReferences(text: string): boolean {
  return text.includes('{{') && text.search(REFERENCE) >= 0;
}

/** Whether any text in plain data names variables. */
export function namesVariables(data: unknown): boolean {
  if (typeof data === 'string') return hasReferences(data);
  return typeof data === 'object' && data !== null && Object.values(data).some(namesVariables);
}

export class VariableScope {
  readonly #variables = new Map<string, Variable>();
  readonly #dynamics: Dynamics;

  /** Of variables with one name the nearest layer counts, and the last within it. */
  constructor(variables: Iterable<Variable>, dynamics: Dynamics) {
    this.#dynamics = dynamics;
    for (const variable of variables) this.define(variable);
  }

  /** Adds a variable, unless a nearer layer has one of that name. What any layer calls a secret is one. */
  define(variable: Variable): void {
    const known = this.#variables.get(variable.name);
    const secret = variable.secret || (known?.secret ?? false);
    const nearest = known && distance(known) < distance(variable) ? known : variable;
    this.#variables.set(nearest.name, nearest.secret === secret ? nearest : { ...nearest, secret });
  }

  /** All that count, by name. */
  list(): Variable[] {
    return [...this.#variables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** One that begins with the same variables and goes its own way. What counts up goes on counting for both. */
  fork(): VariableScope {
    return new VariableScope(this.#variables.values(), this.#dynamics);
  }

  /** A copy of plain data as resolve() makes it, but nothing counts up by it. Throws as resolve() does. */
  sample<T>(data: T, dynamics: Dynamics): T {
    return new VariableScope(this.#variables.values(), dynamics).resolve(data);
  }

  /** Of the variables that count, those that plain data names, and that their values name. */
  needed(data: unknown): Variable[] {
    const found = new Set<Variable>();
    const look = (text: string): string => {
      for (const [, name] of text.matchAll(REFERENCE)) {
        const variable = this.#variables.get(name!);
        if (!variable || found.has(variable)) continue;
        found.add(variable);
        if (variable.value !== undefined && !isText(variable)) look(variable.value);
      }
      return text;
    };
    replaceIn(data, look);
    return [...found];
  }

  /** A copy of plain data with every reference replaced. Throws a SessionFileError that names all that have no value. */
  resolve<T>(data: T): T {
    const faults = new Set<string>();
    const resolved = replaceIn(data, (text) => this.#replace(text, faults, 0));
    if (faults.size > 0) throw undefinedVariables([...faults], this.#reasons(data, faults));
    return resolved as T;
  }

  /** Whether all that plain data names has a value. */
  covers(data: unknown): boolean {
    const faults = new Set<string>();
    replaceIn(data, (text) => this.#replace(text, faults, 0));
    return faults.size === 0;
  }

  #reasons(data: unknown, faults: ReadonlySet<string>): string {
    const ofValues = this.needed(data).flatMap(({ value, why }) =>
      value === undefined && why !== undefined ? [why] : [],
    );
    const ofDynamics = [...faults].filter(isDynamic).map(dynamicReason);
    return [...ofValues, ...new Set(ofDynamics)].join(' ');
  }

  #replace(text: string, faults: Set<string>, depth: number): string {
    return text.replace(REFERENCE, (whole, name: string, words: string) => {
      const value = name.startsWith('$')
        ? this.#dynamics(name.slice(1), words.split(/\s+/).filter(Boolean))
        : words === ''
          ? this.#variables.get(name)?.value
          : undefined;
      if (value === undefined) {
        faults.add(whole);
        return '';
      }
      if (name.startsWith('$') || isText(this.#variables.get(name)!) || !hasReferences(value)) return value;
      if (depth >= MAX_DEPTH) {
        faults.add(`${whole} (its value leads back to itself)`);
        return '';
      }
      return this.#replace(value, faults, depth + 1);
    });
  }
}

/** What a peer chose or nobody may see is taken as it is: braces in it name nothing. */
function isText({ layer, secret }: Variable): boolean {
  return secret || layer === 'captured';
}

/** 0 for the nearest layer. */
function distance({ layer }: Variable): number {
  return VARIABLE_LAYERS.length - 1 - VARIABLE_LAYERS.indexOf(layer);
}

function replaceIn(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value);
  if (Array.isArray(value)) return value.map((item) => replaceIn(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceIn(item, replace)]));
}

/** Of a reference as it is written. */
function isDynamic(reference: string): boolean {
  return /^\{\{\s*\$/.test(reference);
}

/** Why a reference to a dynamic variable makes no value. */
function dynamicReason(reference: string): string {
  const [name = '', ...words] = reference.replace(/[{}]/g, ' ').trim().split(/\s+/);
  const known = DYNAMIC_VARIABLES.find((each) => each.name === name);
  if (!known) return `There is no ${name}, but ${DYNAMIC_VARIABLES.map((each) => each.name).join(', ')}.`;
  if (name === '$env' && words.length === 1) return `The system environment has no ${words[0]}.`;
  return `It is written {{${known.usage}}}: ${known.description}.`;
}

function undefinedVariables(references: string[], why: string): SessionFileError {
  const list = references.join(', ');
  return new SessionFileError({
    what: references.length === 1 ? `The variable ${list} has no value.` : `The variables ${list} have no values.`,
    why,
    next: references.every(isDynamic)
      ? ''
      : 'Give values in the environment, in the session, or with --var NAME=VALUE.',
    code: 'UNDEFINED_VARIABLE',
  });
}
