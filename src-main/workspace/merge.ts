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

/** Items with a name are the same item however they changed. */
function mergeLists(
  base: readonly unknown[],
  ours: readonly unknown[],
  theirs: readonly unknown[],
  path: string,
  conflicts: string[],
): unknown[] {
  const named = [base, ours, theirs].every(haveNames);
  const same = named ? (a: unknown, b: unknown) => nameOf(a) === nameOf(b) : isSame;
  const inOurs = new Map(commonItems(base, ours, same));
  const inTheirs = new Map(commonItems(base, theirs, same));
  const merged: unknown[] = [];
  let b = 0;
  let o = 0;
  let t = 0;
  /** What stands between two items that all three have. */
  const mergeGap = (untilBase: number, untilOurs: number, untilTheirs: number) => {
    const before = base.slice(b, untilBase);
    const mine = ours.slice(o, untilOurs);
    const others = theirs.slice(t, untilTheirs);
    if (sameList(before, others, same)) merged.push(...mine);
    else if (sameList(before, mine, same)) merged.push(...others);
    else if (sameList(mine, others, same)) merged.push(...mine);
    else if (named) merged.push(...mergeNamed(before, mine, others));
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
  return named ? mergeContents(merged, base, ours, theirs, path, conflicts) : merged;
}

/** New items of both, ours first; what one side removed or moved away is gone. */
function mergeNamed(before: readonly unknown[], mine: readonly unknown[], others: readonly unknown[]): unknown[] {
  const known = new Set(before.map(nameOf));
  const held = new Set(mine.map(nameOf));
  const kept = new Set(others.map(nameOf));
  return [
    ...mine.filter((item) => !known.has(nameOf(item)) || kept.has(nameOf(item))),
    ...others.filter((item) => !known.has(nameOf(item)) && !held.has(nameOf(item))),
  ];
}

/** The items' own changes; an item that one side removed and the other changed stays, and is named. */
function mergeContents(
  merged: readonly unknown[],
  base: readonly unknown[],
  ours: readonly unknown[],
  theirs: readonly unknown[],
  path: string,
  conflicts: string[],
): unknown[] {
  const find = (list: readonly unknown[], name: unknown) => list.find((item) => nameOf(item) === name);
  const place = (name: unknown) => `${path}.${String(name)}`;
  const names = [...new Set(merged.map(nameOf))];
  const result = names.map((name) => {
    const mine = find(ours, name);
    const other = find(theirs, name);
    if (mine === undefined) return other;
    if (other === undefined) return mine;
    return mergeValue(find(base, name), mine, other, place(name), conflicts);
  });
  for (const item of base) {
    const name = nameOf(item);
    const mine = find(ours, name);
    const other = find(theirs, name);
    const left = mine ?? other;
    if (left === undefined || (mine !== undefined && other !== undefined) || isSame(left, item)) continue;
    conflicts.push(place(name));
    if (!names.includes(name)) result.push(left);
  }
  return result;
}

function sameList(
  one: readonly unknown[],
  other: readonly unknown[],
  same: (a: unknown, b: unknown) => boolean,
): boolean {
  return one.length === other.length && one.every((item, index) => same(item, other[index]));
}

function haveNames(list: readonly unknown[]): boolean {
  const names = list.map(nameOf);
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
}

function nameOf(item: unknown): unknown {
  return isPlainObject(item) ? item.name : undefined;
}
