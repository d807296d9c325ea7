import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonSequence } from '../../src-main/core/sequence-diff.ts';

function partnersOf(one: readonly number[], other: readonly number[]): number[] {
  const search = commonSequence(Int32Array.from(one), Int32Array.from(other));
  for (let step = search.next(); ; step = search.next()) if (step.done) return [...step.value];
}

/** Length of a longest common subsequence, by the table that everybody knows. */
function longest(one: readonly number[], other: readonly number[]): number {
  let row = new Array<number>(other.length + 1).fill(0);
  for (const item of one) {
    const next = [0];
    for (const [at, candidate] of other.entries())
      next.push(item === candidate ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!));
    row = next;
  }
  return row.at(-1)!;
}

const sequence = (kinds: number) => fc.array(fc.integer({ min: 0, max: kinds }), { maxLength: 60 });

test('partners are equal, rise, and are as many as can be', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 8 }).chain((kinds) => fc.tuple(sequence(kinds), sequence(kinds))),
      ([one, other]) => {
        const partners = partnersOf(one, other);
        expect(partners).toHaveLength(one.length);
        const pairs = partners.flatMap((partner, at) => (partner < 0 ? [] : [[at, partner] as const]));
        for (const [at, partner] of pairs) expect(one[at]).toBe(other[partner]);
        for (const [index, [, partner]] of pairs.entries())
          if (index > 0) expect(partner).toBeGreaterThan(pairs[index - 1]![1]);
        expect(pairs).toHaveLength(longest(one, other));
      },
    ),
    { numRuns: 2000 },
  );
});

test('of a sequence and itself every item has its partner', () => {
  const items = Array.from({ length: 20_000 }, (_, at) => (at * 7919) % 13);
  expect(partnersOf(items, items)).toEqual(items.map((_, at) => at));
});

test('what was put in and taken out of a long sequence is found', () => {
  const one = Array.from({ length: 20_000 }, (_, at) => at % 11);
  const other = one.flatMap((item, at) => (at % 97 === 5 ? [99] : at % 89 === 3 ? [item, 98] : [item]));
  const missing = one.flatMap((_, at) => (at % 97 === 5 ? [at] : []));
  expect(partnersOf(one, other).flatMap((partner, at) => (partner < 0 ? [at] : []))).toEqual(missing);
});

test('sequences that have too little in common for the shortest way still get a common one, in bounded steps', () => {
  const random = (seed: number) => {
    let state = seed;
    return Array.from({ length: 8000 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 16) % 40;
    });
  };
  const [one, other] = [random(1), random(2)];
  const search = commonSequence(Int32Array.from(one), Int32Array.from(other));
  let steps = 0;
  let step = search.next();
  for (; !step.done; step = search.next()) steps += 1;
  expect(steps).toBeLessThan(2 * one.length);
  const pairs = [...step.value].flatMap((partner, at) => (partner < 0 ? [] : [[at, partner] as const]));
  expect(pairs.every(([at, partner]) => one[at] === other[partner])).toBe(true);
  expect(pairs.every(([, partner], index) => index === 0 || partner > pairs[index - 1]![1])).toBe(true);
  expect(pairs.length).toBeGreaterThan(1500);
});
