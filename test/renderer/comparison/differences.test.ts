import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Difference,
  differenceOf,
  ListedRows,
  stepDifference,
} from '../../../src-renderer/comparison/differences.ts';

/** Rows 2, 3, 7 and 9 … 11 of 13 differ. */
const DIFFERENCES: Difference[] = [
  { from: 2, count: 2 },
  { from: 7, count: 1 },
  { from: 9, count: 3 },
];

describe('differenceOf', () => {
  test.each([
    [0, undefined],
    [2, 0],
    [3, 0],
    [4, undefined],
    [7, 1],
    [11, 2],
    [12, undefined],
  ])('row %i is part of difference %s', (row, place) => {
    expect(differenceOf(DIFFERENCES, row)).toBe(place);
  });
});

describe('stepDifference', () => {
  test.each([
    [0, 2, 9],
    [2, 7, 9],
    [3, 7, 9],
    [5, 7, 2],
    [7, 9, 2],
    [10, 2, 7],
    [12, 2, 9],
  ])('from row %i the next begins at %i, the one before at %i, once round', (row, next, previous) => {
    expect(stepDifference(DIFFERENCES, row, 1)).toBe(next);
    expect(stepDifference(DIFFERENCES, row, -1)).toBe(previous);
  });

  test('there is none where nothing differs', () => {
    expect(stepDifference([], 3, 1)).toBeUndefined();
  });
});

describe('ListedRows', () => {
  test('lists every row, or those that differ', () => {
    const all = new ListedRows(13);
    expect([all.total, all.rowAt(5), all.placeOf(5)]).toEqual([13, 5, 5]);
    const some = new ListedRows(13, DIFFERENCES);
    expect(Array.from({ length: some.total }, (_, place) => some.rowAt(place))).toEqual([2, 3, 7, 9, 10, 11]);
  });

  test('says where a row is, or where the next one is that is listed', () => {
    const some = new ListedRows(13, DIFFERENCES);
    expect([0, 2, 3, 5, 7, 8, 10, 12].map((row) => some.placeOf(row))).toEqual([0, 0, 1, 2, 2, 3, 4, 5]);
    expect(new ListedRows(3, []).total).toBe(0);
    expect(new ListedRows(3, []).placeOf(2)).toBe(0);
  });

  test('finds the row of a place and the place of a row alike', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (differs) => {
        const rows = differs.flatMap((each, row) => (each ? [row] : []));
        const differences: Difference[] = [];
        for (const row of rows) {
          const last = differences.at(-1);
          if (last && last.from + last.count === row) last.count += 1;
          else differences.push({ from: row, count: 1 });
        }
        const listed = new ListedRows(differs.length, differences);
        expect(listed.total).toBe(rows.length);
        expect(rows.map((row) => listed.placeOf(row))).toEqual([...rows.keys()]);
        expect([...rows.keys()].map((place) => listed.rowAt(place))).toEqual(rows);
      }),
    );
  });
});
