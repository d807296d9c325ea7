import { describe, expect, it } from 'vitest';
import {
  clampTop,
  type Geometry,
  isAtEnd,
  isScaled,
  MAX_SCROLLER_PX,
  maxTop,
  rowsAt,
  rowsPerPage,
  scrollerPx,
  scrollOfTop,
  topOfScroll,
  topToShow,
} from '../../../src-renderer/timeline/virtual-scroll.ts';

const small: Geometry = { rows: 1000, rowHeightPx: 24, viewportPx: 480 };
const huge: Geometry = { rows: 10_000_000, rowHeightPx: 24, viewportPx: 480 };

describe('virtual scroll', () => {
  it('is the browser’s own scrolling while the element may be as tall as its rows', () => {
    expect(isScaled(small)).toBe(false);
    expect(scrollerPx(small)).toBe(24_000);
    expect(topOfScroll(small, 1234)).toBe(1234);
    expect(scrollOfTop(small, 1234)).toBe(1234);
  });

  it('stays under the limit of browsers with ten million rows', () => {
    expect(isScaled(huge)).toBe(true);
    expect(scrollerPx(huge)).toBe(MAX_SCROLLER_PX);
    expect(maxTop(huge)).toBe(240_000_000 - 480);
  });

  it('meets both ends exactly when scaled', () => {
    expect(topOfScroll(huge, 0)).toBe(0);
    expect(topOfScroll(huge, MAX_SCROLLER_PX - 480)).toBe(maxTop(huge));
    expect(scrollOfTop(huge, maxTop(huge))).toBe(MAX_SCROLLER_PX - 480);
  });

  it('reaches every row with keys: each step of one row is exact at any depth', () => {
    let top = 0;
    for (const row of [5, 333_333, 333_334, 4_999_999, 9_999_998, 9_999_999]) {
      top = topToShow(huge, top, row);
      const { first, end } = rowsAt(huge, top, 0);
      expect(first).toBeLessThanOrEqual(row);
      expect(end).toBeGreaterThan(row);
      expect(row * 24 - top).toBeGreaterThanOrEqual(0);
      expect(row * 24 + 24 - top).toBeLessThanOrEqual(480);
    }
    expect(isAtEnd(huge, top)).toBe(true);
  });

  it('does not move for a row that is seen already', () => {
    expect(topToShow(small, 240, 10)).toBe(240);
    expect(topToShow(small, 240, 29)).toBe(240);
    expect(topToShow(small, 240, 30)).toBe(264);
    expect(topToShow(small, 240, 9)).toBe(216);
    expect(topToShow(small, 240, 500, true)).toBe(500 * 24 - 228);
  });

  it('names the rows that touch the viewport, and no row that is not there', () => {
    expect(rowsAt(small, 0, 0)).toEqual({ first: 0, end: 20 });
    expect(rowsAt(small, 12, 0)).toEqual({ first: 0, end: 21 });
    expect(rowsAt(small, 12, 5)).toEqual({ first: 0, end: 26 });
    expect(rowsAt({ ...small, rows: 3 }, 0, 5)).toEqual({ first: 0, end: 3 });
    expect(rowsAt({ ...small, rows: 0 }, 0, 5)).toEqual({ first: 0, end: 0 });
  });

  it('is at the end when all rows fit', () => {
    const few = { ...small, rows: 4 };
    expect(maxTop(few)).toBe(0);
    expect(isAtEnd(few, 0)).toBe(true);
    expect(clampTop(few, 99)).toBe(0);
    expect(rowsPerPage({ ...few, viewportPx: 10 })).toBe(1);
  });
});
