// Variables that make a value of their own at each use: `{{$uuid}}`, `{{$randomInt 1 6}}`.
import { randomInt, randomUUID } from 'node:crypto';

/** The value of a dynamic variable by its name without the `$`; undefined for what there is not. */
export type Dynamics = (name: string, words: readonly string[]) => string | undefined;

/** Of environment variables that give secrets their values. */
export const SECRET_PREFIX = 'WIRESCOPE_SECRET_';

/** What they are made from. */
export interface DynamicSources {
  now(): Date;
  uuid(): string;
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number;
  environment(name: string): string | undefined;
}

export const REAL_SOURCES: DynamicSources = {
  now: () => new Date(),
  uuid: randomUUID,
  integer: (least, most) => randomInt(least, most + 1),
  // Values of secrets are variables of their own, which are masked.
  environment: (name) => (name.startsWith(SECRET_PREFIX) ? undefined : process.env[name]),
};

/** How each is written, and what it is, for completion. */
export const DYNAMIC_VARIABLES: readonly { name: string; usage: string; description: string }[] = [
  { name: '$uuid', usage: '$uuid', description: 'A random UUID (version 4)' },
  { name: '$timestamp', usage: '$timestamp', description: 'Seconds since the Unix epoch' },
  { name: '$isoTime', usage: '$isoTime', description: 'The time in UTC, as 2026-07-28T17:09:00.000Z' },
  { name: '$randomInt', usage: '$randomInt 1 6', description: 'A whole number between two, both included' },
  { name: '$counter', usage: '$counter', description: '1, then one more at each use' },
  { name: '$env', usage: '$env NAME', description: 'A variable of the system environment' },
];

/** What `{{$counter}}` was last. */
export interface Counter {
  count: number;
}

/** Callers that share no counter count for themselves. */
export function createDynamics(sources: DynamicSources = REAL_SOURCES, counter: Counter = { count: 0 }): Dynamics {
  const makers: { [name: string]: (words: readonly string[]) => string | undefined } = {
    uuid: plain(() => sources.uuid()),
    timestamp: plain(() => String(Math.floor(sources.now().getTime() / 1000))),
    isoTime: plain(() => sources.now().toISOString()),
    counter: plain(() => {
      counter.count += 1;
      return String(counter.count);
    }),
    randomInt: (words) => {
      const [least, most] = words.length === 0 ? [0, 999_999] : words.map(Number);
      if (words.length !== 0 && words.length !== 2) return undefined;
      if (!Number.isSafeInteger(least) || !Number.isSafeInteger(most) || least! > most!) return undefined;
      // What node:crypto draws from.
      return most! - least! < 2 ** 48 - 1 ? String(sources.integer(least!, most!)) : undefined;
    },
    env: (words) => (words.length === 1 ? sources.environment(words[0]!) : undefined),
  };
  return (name, words) => (Object.hasOwn(makers, name) ? makers[name]!(words) : undefined);
}

function plain(make: () => string): (words: readonly string[]) => string | undefined {
  return (words) => (words.length === 0 ? make() : undefined);
}
