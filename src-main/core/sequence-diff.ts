// Which items two sequences have in common, in order: a longest common subsequence, found by Myers' O(ND) algorithm in
// linear space ("An O(ND) Difference Algorithm and Its Variations", 1986), and where that would take too long, a good
// common subsequence. Knows nothing of what the items are: equal numbers are equal items.

/**
 * Edits that are tried in one search for a middle. Beyond, the way that has come farthest is taken: the result is still
 * common to both, but may not be the longest.
 */
const MAX_EDITS = 512;

/** A part of both sequences that is still to be compared: [from, end) of each. */
interface Box {
  oneFrom: number;
  oneEnd: number;
  otherFrom: number;
  otherEnd: number;
}

/**
 * For each item of `one` the index of its partner in `other`, or -1; partners rise. Yields every few milliseconds, so
 * that others get their turn.
 */
export function* commonSequence(one: Int32Array, other: Int32Array): Generator<undefined, Int32Array> {
  const partners = new Int32Array(one.length).fill(-1);
  // What the other sequence does not have at all would only be in the way.
  const ones = placesOf(one, new Set(other));
  const others = placesOf(other, new Set(one));
  const left = ones.map((place) => one[place]!);
  const right = others.map((place) => other[place]!);
  const search = new MiddleSearch(left, right);
  const boxes: Box[] = [{ oneFrom: 0, oneEnd: left.length, otherFrom: 0, otherEnd: right.length }];
  for (let box = boxes.pop(); box; box = boxes.pop()) {
    let { oneFrom, oneEnd, otherFrom, otherEnd } = box;
    for (; oneFrom < oneEnd && otherFrom < otherEnd && left[oneFrom] === right[otherFrom]; oneFrom++, otherFrom++)
      partners[ones[oneFrom]!] = others[otherFrom]!;
    for (; oneFrom < oneEnd && otherFrom < otherEnd && left[oneEnd - 1] === right[otherEnd - 1]; oneEnd--, otherEnd--)
      partners[ones[oneEnd - 1]!] = others[otherEnd - 1]!;
    if (oneFrom === oneEnd || otherFrom === otherEnd) continue;
    const [at, otherAt] = search.find({ oneFrom, oneEnd, otherFrom, otherEnd });
    boxes.push(
      { oneFrom, oneEnd: at, otherFrom, otherEnd: otherAt },
      { oneFrom: at, oneEnd, otherFrom: otherAt, otherEnd },
    );
    yield;
  }
  return partners;
}

/** Indices of the items that are among `known`. */
function placesOf(items: Int32Array, known: ReadonlySet<number>): Int32Array {
  const places = new Int32Array(items.length);
  let count = 0;
  for (let index = 0; index < items.length; index += 1) if (known.has(items[index]!)) places[count++] = index;
  return places.subarray(0, count);
}

/** No way leads to this diagonal yet. */
const NOWHERE = -1;

/** Looks from both corners of a box at once for a point in the middle of the shortest way between them. */
class MiddleSearch {
  readonly #one: Int32Array;
  readonly #other: Int32Array;
  /** By diagonal (one − other), from −MAX_EDITS − 1 on: how far into `one` a way from the start has come. */
  readonly #forward = new Int32Array(2 * MAX_EDITS + 3);
  /** By diagonal from the end: how far from the end of `one` a way from the end has come. */
  readonly #backward = new Int32Array(2 * MAX_EDITS + 3);

  constructor(one: Int32Array, other: Int32Array) {
    this.#one = one;
    this.#other = other;
  }

  /** A point of the box that is none of its ends. Neither side of the box is empty, nor do its ends have items in common. */
  find({ oneFrom, oneEnd, otherFrom, otherEnd }: Box): [one: number, other: number] {
    const width = oneEnd - oneFrom;
    const height = otherEnd - otherFrom;
    /** Diagonals from the start lie so far from those from the end. */
    const shift = width - height;
    const forward = this.#forward;
    const backward = this.#backward;
    const origin = MAX_EDITS + 1;
    const one = this.#one;
    const other = this.#other;
    forward.fill(NOWHERE, origin - 1, origin + 2);
    backward.fill(NOWHERE, origin - 1, origin + 2);
    forward[origin] = 0;
    backward[origin] = 0;
    for (let edits = 1; edits <= MAX_EDITS; edits += 1) {
      for (const [ways, facing] of [
        [forward, backward],
        [backward, forward],
      ] as const) {
        const isForward = ways === forward;
        ways[origin - edits - 1] = NOWHERE;
        ways[origin + edits + 1] = NOWHERE;
        const last = Math.min(edits, width);
        for (let diagonal = -Math.min(edits, height); diagonal <= last; diagonal += 1) {
          if (((diagonal + edits) & 1) !== 0) continue;
          let x = furthest(ways, origin + diagonal, diagonal, width, height);
          if (x === NOWHERE) continue;
          let y = x - diagonal;
          if (isForward) {
            for (; x < width && y < height && one[oneFrom + x] === other[otherFrom + y]; x++, y++);
          } else {
            for (; x < width && y < height && one[oneEnd - 1 - x] === other[otherEnd - 1 - y]; x++, y++);
          }
          ways[origin + diagonal] = x;
          const met = shift - diagonal;
          if (Math.abs(met) > edits || facing[origin + met] === NOWHERE || x + facing[origin + met]! < width) continue;
          return isForward ? [oneFrom + x, otherFrom + y] : [oneEnd - x, otherEnd - y];
        }
      }
    }
    return this.#best(oneFrom, otherFrom, Math.min(MAX_EDITS, height), Math.min(MAX_EDITS, width));
  }

  /** The end of the way from the start that has come farthest. */
  #best(oneFrom: number, otherFrom: number, below: number, above: number): [one: number, other: number] {
    let bestX = 0;
    let bestY = 0;
    for (let diagonal = -below; diagonal <= above; diagonal += 1) {
      const x = this.#forward[MAX_EDITS + 1 + diagonal]!;
      if (x === NOWHERE || 2 * x - diagonal <= bestX + bestY) continue;
      bestX = x;
      bestY = x - diagonal;
    }
    return [oneFrom + bestX, otherFrom + bestY];
  }
}

/** How far a way on a diagonal can have come with one more edit: an item of `one` passed over, or one of the other. */
function furthest(ways: Int32Array, at: number, diagonal: number, width: number, height: number): number {
  let x = ways[at]!;
  const right = ways[at - 1]!;
  if (right !== NOWHERE && right < width) x = Math.max(x, right + 1);
  const down = ways[at + 1]!;
  if (down !== NOWHERE && down - diagonal <= height) x = Math.max(x, down);
  return x;
}
