// Identities for the rows of a list whose items have none, so that a row keeps its field's state when others move.
import { useState } from 'react';

let lastKey = 0;
const newKeys = (count: number) => Array.from({ length: count }, () => ++lastKey);

export interface ListKeys {
  readonly keys: readonly number[];
  /** Gives a row that is being added at `at` its key there. */
  insert(at: number): void;
  remove(at: number): void;
  move(from: number, to: number): void;
}

/** Keys for `length` rows; added ones get theirs at the end. */
export function useListKeys(length: number): ListKeys {
  const [known, setKnown] = useState(() => newKeys(length));
  let keys = known;
  if (keys.length !== length) {
    keys = keys.length < length ? [...keys, ...newKeys(length - keys.length)] : keys.slice(0, length);
    setKnown(keys);
  }
  return {
    keys,
    insert: (at) => setKnown([...keys.slice(0, at), ...newKeys(1), ...keys.slice(at)]),
    remove: (at) => setKnown(keys.filter((_, index) => index !== at)),
    move: (from, to) => {
      const next = [...keys];
      const [key] = next.splice(from, 1);
      if (key !== undefined) next.splice(to, 0, key);
      setKnown(next);
    },
  };
}
