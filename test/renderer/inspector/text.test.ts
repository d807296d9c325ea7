import { describe, expect, it } from 'vitest';
import { jsonLines } from '../../../src-renderer/inspector/json-text.ts';
import { matchingLines, plainLines, widestColumns, wrapLines } from '../../../src-renderer/inspector/text-lines.ts';

const laidOut = (text: string): string =>
  jsonLines(text)
    .map((line) => line.map((token) => token.text).join(''))
    .join('\n');

describe('JSON for reading', () => {
  it('lays out as JSON.stringify does', () => {
    const value = { a: [1, 2.5e-3, { b: null }], c: {}, d: [], 'e"\\': 'x:,{}[]', f: true };
    expect(laidOut(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
    expect(laidOut(JSON.stringify(value, null, 4))).toBe(JSON.stringify(value, null, 2));
  });

  it('keeps numbers, duplicate keys and order as they were sent', () => {
    expect(laidOut('{"id":9007199254740993,"id":1.10,"a":-0}')).toBe(
      '{\n  "id": 9007199254740993,\n  "id": 1.10,\n  "a": -0\n}',
    );
  });

  it('colours by what a token is', () => {
    const [, line] = jsonLines('{"key": "value"}');
    expect(line).toEqual([
      { kind: 'plain', text: '  ' },
      { kind: 'key', text: '"key"' },
      { kind: 'mark', text: ': ' },
      { kind: 'string', text: '"value"' },
    ]);
  });

  it('shows what is not JSON as it is', () => {
    expect(laidOut('{"a": nope, "open')).toBe('{\n  "a": nope,\n  "open');
    expect(laidOut('')).toBe('');
  });

  it('is not slow or deep with hostile nesting', () => {
    expect(jsonLines('['.repeat(100_000)).length).toBe(100_001);
  });
});

describe('lines of text', () => {
  it('breaks at line ends', () => {
    expect(plainLines('a\r\nb\n\nc\n').map((line) => line[0]?.text ?? '')).toEqual(['a', 'b', '', 'c']);
    expect(plainLines('').length).toBe(1);
  });

  it('wraps at columns and numbers only what begins a line', () => {
    const lines = wrapLines(plainLines('abcdefgh\nxy'), 3);
    expect(lines.map((line) => [line.number, line.tokens.map((token) => token.text).join('')])).toEqual([
      [1, 'abc'],
      [0, 'def'],
      [0, 'gh'],
      [2, 'xy'],
    ]);
    expect(wrapLines(plainLines('abcdefgh'), Number.POSITIVE_INFINITY)).toHaveLength(1);
  });

  it('never cuts a character in two and gives wide ones two columns', () => {
    const lines = wrapLines(plainLines('世界👋a'), 3);
    expect(lines.map((line) => line.tokens.map((token) => token.text).join(''))).toEqual(['世', '界', '👋a']);
  });

  it('finds lines and the widest one', () => {
    const lines = wrapLines(plainLines('one\nTwo\nthree two'), Number.POSITIVE_INFINITY);
    expect(matchingLines(lines, 'two')).toEqual([1, 2]);
    expect(widestColumns(lines)).toBe(9);
  });
});
