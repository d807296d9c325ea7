// A value that does not fit its type, found deep inside a message: collects the way to it while it is thrown outwards.
import { SchemaError } from './loaded-schema.ts';

export class Misfit extends Error {
  #path = '';

  /** `user.tags[2]`. */
  get path(): string {
    return this.#path;
  }

  /** Says which field (`user`) or element (`[2]`) of the value around it this was. */
  within(step: string): this {
    const separator = this.#path === '' || this.#path.startsWith('[') ? '' : '.';
    this.#path = `${step}${separator}${this.#path}`;
    return this;
  }
}

/** What was thrown inside `step`, with the step said. */
export function within(thrown: unknown, step: string): unknown {
  return thrown instanceof Misfit ? thrown.within(step) : thrown;
}

/** What the outside is told. `otherwise`: the sentence for what is no misfit, as faults of reading bytes. */
export function schemaError(thrown: unknown, otherwise: (reason: string) => string): unknown {
  if (thrown instanceof Misfit) return new SchemaError(thrown.message, thrown.path);
  return thrown instanceof Error ? new SchemaError(otherwise(thrown.message)) : thrown;
}

const MAX_SHOWN_CHARS = 60;

/** A value as a message quotes it: short, on one line. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, MAX_SHOWN_CHARS)) : String(value);
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
}

export type JsonObject = { [key: string]: unknown };

/** @throws Misfit unless the value is an object with keys */
export function objectOf(value: unknown, wanted: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new Misfit(`expected ${wanted}, not ${shown(value)}`);
}

/** Sets a key whatever its name is: `__proto__` too becomes a key. */
export function setKey(target: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}
