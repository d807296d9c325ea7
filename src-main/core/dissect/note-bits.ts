// Notes by name: a protocol defines them as an object, and record.notes holds them as bits in the order of definition.
import type { NoteDefinition } from '../field.ts';

/** The bit of each note: the n-th definition has bit n. */
export function noteBits<Name extends string>(
  definitions: { readonly [name in Name]: NoteDefinition },
): {
  readonly [name in Name]: number;
} {
  const bits = {} as { [name in Name]: number };
  for (const [position, name] of (Object.keys(definitions) as Name[]).entries()) bits[name] = 2 ** position;
  return bits;
}
