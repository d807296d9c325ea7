import { describe, expect, it } from 'vitest';
import { type ColumnOptions, columnsFor, gridTemplate, storedWidths } from '../../../src-renderer/timeline/columns.ts';

const usual: ColumnOptions = {
  connection: false,
  delta: true,
  timeCharacters: 9,
  numberCharacters: 4,
  calls: false,
  frames: false,
  marked: false,
  widthPx: 900,
  widths: {},
  hidden: [],
};
const names = (change: Partial<ColumnOptions>): string[] =>
  columnsFor({ ...usual, ...change }).map((column) => column.name);

describe('columns', () => {
  it('shows all there is room for, and the connection when there are several', () => {
    expect(names({})).toEqual(['number', 'time', 'delta', 'direction', 'kind', 'size', 'summary']);
    expect(names({ connection: true })).toContain('connection');
  });

  it('gives way to the summary in a narrow pane, the least telling first', () => {
    expect(names({ widthPx: 520 })).not.toContain('delta');
    expect(names({ widthPx: 630 })).toContain('delta');
    expect(names({ widthPx: 630, calls: true })).not.toContain('delta');
    expect(names({ widthPx: 520 })).toContain('size');
    expect(names({ widthPx: 280 })).toEqual(['direction', 'kind', 'summary']);
  });

  it('keeps the time longer than the kind of messages, and room for the kinds of frames', () => {
    const calls = { calls: true, widthPx: 410 };
    expect(names(calls)).toEqual(['time', 'direction', 'summary']);
    expect(names({ ...calls, frames: true })).toEqual(['time', 'direction', 'kind', 'summary']);
    const kindPx = (frames: boolean) =>
      columnsFor({ ...usual, calls: true, frames }).find(({ name }) => name === 'kind')?.widthPx ?? 0;
    expect(kindPx(true)).toBeGreaterThan(kindPx(false));
  });

  it('leaves out what is not wanted, but never the time from a marked row', () => {
    expect(names({ hidden: ['number', 'size', 'delta'] })).toEqual(['time', 'direction', 'kind', 'summary']);
    expect(names({ hidden: ['delta'], marked: true })).toContain('delta');
    expect(names({ widthPx: 400, marked: true })).toContain('delta');
  });

  it('grows with the numbers it has to hold, unless somebody set a width', () => {
    const width = (change: Partial<ColumnOptions>): number | undefined =>
      columnsFor({ ...usual, ...change }).find((column) => column.name === 'number')?.widthPx;
    expect(width({ numberCharacters: 8 })).toBeGreaterThan(width({}) ?? 0);
    expect(width({ numberCharacters: 8, widths: { number: 50 } })).toBe(50);
    expect(gridTemplate(columnsFor({ ...usual, widths: { number: 50 } }))).toMatch(/^50px .* minmax\(0, 1fr\)$/);
  });

  it('remembers only widths that make sense', () => {
    const stored = (text: string) => storedWidths({ getItem: () => text });
    expect(stored('{"kind":120,"summary":5,"time":1,"evil":7,"size":"9"}')).toEqual({ kind: 120 });
    expect(stored('not json')).toEqual({});
    expect(storedWidths({ getItem: () => null })).toEqual({});
  });
});
