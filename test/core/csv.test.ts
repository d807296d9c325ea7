import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvError, parseCsv } from '../../src-main/core/csv.ts';

function fields(text: string): string[][] {
  return parseCsv(text, 100).map((row) => row.fields);
}

describe('rows', () => {
  test.each<[string, string[][]]>([
    ['', []],
    [
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['\ufeffa\n1\n', [['a'], ['1']]],
    ['"a ""b""","c,d","e\r\nf"\n', [['a "b"', 'c,d', 'e\r\nf']]],
    [
      'a,\n,b\n,\n',
      [
        ['a', ''],
        ['', 'b'],
        ['', ''],
      ],
    ],
    ['a,', [['a', '']]],
    ['a\n\n""\nb', [['a'], [''], ['b']]],
    [' a , b ', [[' a ', ' b ']]],
  ])('of %j', (text, expected) => {
    expect(fields(text)).toEqual(expected);
  });

  test('know the line they begin in', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['a', `"b${end}c"`, '', 'd'].join(end);
      expect(parseCsv(text, 100).map(({ line }) => line)).toEqual([1, 2, 5]);
    }
  });

  test('written by RFC 4180 are read back', () => {
    const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.array(fc.string(), { minLength: 1 }), { maxLength: 6 }), (rows) => {
        expect(fields(rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join(''))).toEqual(rows);
      }),
    );
  });
});

test.each([
  ['a\n"b', 'line 2: a quote is not closed'],
  ['a\nb"c', 'line 2: a quote'],
  ['"a"b', 'line 1: a quote'],
])('%j is none', (text, message) => {
  expect(() => parseCsv(text, 100)).toThrow(CsvError);
  expect(() => parseCsv(text, 100)).toThrow(message);
});

test('there is a limit to rows, and none to the length of a field', () => {
  expect(() => parseCsv('a\n'.repeat(5), 3)).toThrow('line 5: there are more than 3 rows');
  for (const long of ['x'.repeat(8_000_000), '""'.repeat(4_000_000)]) {
    expect(parseCsv(`"${long}"`, 1)[0]!.fields[0]!.length).toBe(long[0] === 'x' ? 8_000_000 : 4_000_000);
    expect(() => parseCsv(`"${long}`, 1)).toThrow('is not closed');
  }
});
