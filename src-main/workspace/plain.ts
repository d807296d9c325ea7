// Comparing plain data: what YAML and JSON can say.

export type PlainObject = { [key: string]: unknown };

/** An object that is neither null nor a list. */
export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Same content; the order of keys does not count. A key that is undefined counts as absent. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (!isPlainObject(one) || !isPlainObject(other)) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isSame(one[key], other[key]));
}

/** The largest product of lengths that is compared item by item. */
const MAX_CELLS = 4_000_000;

/**
 * Pairs of indices that a longest common subsequence of two lists consists of, ascending. Lists too long to compare whole
 * have in common what they begin and end with.
 */
export function commonItems<A, B>(
  one: readonly A[],
  other: readonly B[],
  same: (a: A, b: B) => boolean,
): [number, number][] {
  let head = 0;
  while (head < one.length && head < other.length && same(one[head]!, other[head]!)) head += 1;
  let tail = 0;
  while (
    tail < one.length - head &&
    tail < other.length - head &&
    same(one[one.length - 1 - tail]!, other[other.length - 1 - tail]!)
  ) {
    tail += 1;
  }
  const pairs: [number, number][] = [];
  for (let index = 0; index < head; index += 1) pairs.push([index, index]);
  const rows = one.length - head - tail;
  const columns = other.length - head - tail;
  if (rows * columns <= MAX_CELLS) {
    const width = columns + 1;
    const lengths = new Uint32Array((rows + 1) * width);
    for (let row = rows - 1; row >= 0; row -= 1) {
      for (let column = columns - 1; column >= 0; column -= 1) {
        lengths[row * width + column] = same(one[head + row]!, other[head + column]!)
          ? lengths[(row + 1) * width + column + 1]! + 1
          : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!);
      }
    }
    for (let row = 0, column = 0; row < rows && column < columns; ) {
      if (same(one[head + row]!, other[head + column]!)) {
        pairs.push([head + row, head + column]);
        row += 1;
        column += 1;
      } else if (lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!) row += 1;
      else column += 1;
    }
  }
  for (let index = tail; index > 0; index -= 1) pairs.push([one.length - index, other.length - index]);
  return pairs;
}
