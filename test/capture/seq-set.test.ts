import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeqSet } from '../../src-main/capture/index/seq-set.ts';

/** Increasing numbers with small and large gaps. */
const members = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5000 })), { maxLength: 400 })
  .map((gaps) => {
    let last = -1;
    return gaps.map((gap) => {
      last += gap;
      return last;
    });
  });

function setOf(seqs: readonly number[]): SeqSet {
  const set = new SeqSet();
  for (const seq of seqs) set.add(seq);
  return set;
}

test('slices and ranks are those of the sorted list', () => {
  fc.assert(
    fc.property(members, fc.nat(500), fc.nat(60), fc.nat(2_000_000), (seqs, from, count, seq) => {
      const set = setOf(seqs);
      expect(set.total).toBe(seqs.length);
      expect(set.slice(from, count)).toEqual(seqs.slice(from, from + count));
      expect(set.rank(seq)).toBe(seqs.filter((member) => member < seq).length);
    }),
  );
});

test('a set survives its bytes', () => {
  fc.assert(
    fc.property(members, (seqs) => {
      const copy = SeqSet.deserialize(setOf(seqs).serialize().slice());
      expect(copy.slice(0, seqs.length + 1)).toEqual(seqs);
      expect(copy.total).toBe(seqs.length);
    }),
  );
});
