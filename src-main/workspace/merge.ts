// Three-way merge of plain data: what two people (or a person and a git checkout) made of the same file. Where both
// changed the same value differently nobody is overruled: the place is named, and whoever asked decides.
import { commonItems, isPlainObject, isSame, type PlainObject } from './plain.ts';

export interface Merge {
  /** Both changes; ours where they contradict each other. */
  value: unknown;
  /** Where they do, as `websocket.headers.X-Team` or `script[2]`. */
  conflicts: string[];
}

/** `base`: what both began with. */
export function merge(base: unknown, ours: unknown, theirs: unknown): Merge {
  const conflicts: string[] = [];
  return { value: mergeValue(base, ours, theirs, '', conflicts), conflicts };
}

function mergeValue(base: unknown, ours: unknown, theirs: unknown, path: string, conflicts: string[]): unknown {
  if (isSame(ours, theirs) || isSame(base, theirs)) return ours;
  if (isSame(base, ours)) return theirs;
  if (isPlainObject(ours) && isPlainObject(theirs)) {
    return mergeObjects(isPlainObject(base) ? base : {}, ours, theirs, path, conflicts);
  }
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    return mergeLists(Array.isArray(base) ? base : [], ours, theirs, path, conflicts);
  }
  conflicts.push(path);
  return ours;
}

function mergeObjects(
  base: PlainObject,
  ours: PlainObject,
  theirs: PlainObject,
  path: string,
  conflicts: string[],
): PlainObject {
  const merged: PlainObject = {};
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const value = mergeValue(base[key], ours[key], theirs[key], path === '' ? key : `${path}.${key}`, conflicts);
    if (value !== undefined) Object.defineProperty(merged, key, { value, ...OPEN });
  }
  return merged;
}

/** Not by assignment: `__proto__` is a key like any other. */
const OPEN = { enumerable: true, configurable: true, writable: true };

/** What each side changed between two items that all three have in common is taken; both in one place contradict. */
function mergeLists(
  base: readonly unknown[],
  ours: readonly unknown[],
  theirs: readonly unknown[],
  path: string,
  conflicts: string[],
): unknown[] {
  const lists = [base, ours, theirs].map(byName);
  if (lists.every((list) => list !== undefined)) return mergeNamed(lists as [Named, Named, Named], path, conflicts);
  const inOurs = new Map(commonItems(base, ours, isSame));
  const inTheirs = new Map(commonItems(base, theirs, isSame));
  const merged: unknown[] = [];
  let b = 0;
  let o = 0;
  let t = 0;
  const mergeGap = (untilBase: number, untilOurs: number, untilTheirs: number) => {
    const before = base.slice(b, untilBase);
    const mine = ours.slice(o, untilOurs);
    const others = theirs.slice(t, untilTheirs);
    if (isSame(before, others) || isSame(mine, others)) merged.push(...mine);
    else if (isSame(before, mine)) merged.push(...others);
    else {
      conflicts.push(`${path}[${merged.length}]`);
      merged.push(...mine);
    }
  };
  for (let at = 0; at < base.length; at += 1) {
    const mine = inOurs.get(at);
    const other = inTheirs.get(at);
    if (mine === undefined || other === undefined) continue;
    mergeGap(at, mine, other);
    merged.push(ours[mine]);
    b = at + 1;
    o = mine + 1;
    t = other + 1;
  }
  mergeGap(base.length, ours.length, theirs.length);
  return merged;
}

type Named = ReadonlyMap<string, unknown>;

/** The items of a list in its order, if each has a name of its own: then it stays the same item however it changes. */
function byName(list: readonly unknown[]): Named | undefined {
  const named = new Map<string, unknown>();
  for (const item of list) if (isPlainObject(item) && typeof item.name === 'string') named.set(item.name, item);
  return named.size === list.length ? named : undefined;
}

/** In the order of the side that changed it, ours if both did. */
function mergeNamed([base, ours, theirs]: [Named, Named, Named], path: string, conflicts: string[]): unknown[] {
  const merged = new Map<string, unknown>();
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    const before = base.get(name);
    const mine = ours.get(name);
    const other = theirs.get(name);
    const place = `${path}.${name}`;
    if (mine !== undefined && other !== undefined) merged.set(name, mergeValue(before, mine, other, place, conflicts));
    else if (before === undefined) merged.set(name, mine ?? other);
    else if (!isSame(before, mine ?? other)) {
      // One side changed what the other removed.
      conflicts.push(place);
      merged.set(name, mine ?? other);
    }
  }
  const [first, second] = keepsOrder(base, ours) ? [theirs, ours] : [ours, theirs];
  const order = [...first.keys()].filter((name) => merged.has(name));
  let previous = -1;
  for (const name of second.keys()) {
    if (!merged.has(name)) continue;
    if (!first.has(name)) order.splice(previous + 1, 0, name);
    previous = order.indexOf(name);
  }
  return order.map((name) => merged.get(name));
}

function keepsOrder(base: Named, list: Named): boolean {
  return isSame(
    [...base.keys()].filter((name) => list.has(name)),
    [...list.keys()].filter((name) => base.has(name)),
  );
}
