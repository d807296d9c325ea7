import { describe, expect, it } from 'vitest';
import { compilePattern, MAX_MATCHED_CHARS, PatternError } from '../../src-main/core/pattern.ts';

const caseSensitive = { ignoreCase: false };

describe('patterns', () => {
  it.each([
    ['^hello', 'hello world', true],
    ['a.c', 'a\nc', true],
    ['HELLO', 'hello', false],
    ['\\p{Lu}x', 'Äx', true],
    ['(\\d+\\.){3}\\d+', '10.0.0.1', true],
    ['^(\\w+,)*\\w+$', 'a,bc,d', true],
    ['(foo|bar)*!', 'foobarfoo!', true],
    ['(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}', '192.168.0.1', true],
    ['(?:[^"\\\\]|\\\\.)*', 'a\\"b', true],
    ['[(a+)+]', '(', true],
    ['\\(a+\\)+', '(aa))', true],
    ['(a+)?(b*)(c{2,3})', 'aabcc', true],
  ])('/%s/ on %j: %s', (source, text, holds) => {
    expect(compilePattern(source, caseSensitive)(text)).toBe(holds);
  });

  it.each([
    '(a+)+$',
    '(a*)*b',
    '(a|a)*b',
    '(\\w|\\d)*!',
    '(?:x+x+)+y',
    '((ab)+)+c',
    '(.*,)+x',
    '(?<name>a+)*b',
    '(a+){20}b',
    '([a-z]+)*\\d',
    '(a|ab|b)*c',
    '(a?)*b',
  ])('refuses /%s/', (source) => {
    expect(() => compilePattern(source, caseSensitive)).toThrow(PatternError);
  });

  it('says what is wrong', () => {
    expect(() => compilePattern('a(', caseSensitive)).toThrow(/not a regular expression.*[Uu]nterminated group/);
    expect(() => compilePattern('x'.repeat(1001), caseSensitive)).toThrow('A pattern has at most 1000 characters.');
  });

  it('looks at a bounded start of a text', () => {
    const pattern = compilePattern('end$', caseSensitive);
    expect(pattern(`${'x'.repeat(MAX_MATCHED_CHARS)}end`)).toBe(false);
    expect(pattern(`${'x'.repeat(MAX_MATCHED_CHARS - 3)}end`)).toBe(true);
  });

  it('can ignore case', () => {
    expect(compilePattern('ÄB', { ignoreCase: true })('äb')).toBe(true);
  });
});
