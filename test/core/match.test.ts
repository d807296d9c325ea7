import { describe, expect, it } from 'vitest';
import { ContentError } from '../../src-main/core/compose/content-error.ts';
import { compileMatch } from '../../src-main/core/match.ts';
import { PatternError } from '../../src-main/core/pattern.ts';
import type { Match } from '../../src-main/core/session-config.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const differenceOf = (match: Match, text: string) => compileMatch(match)(bytesOf(text));

describe('a match', () => {
  it.each<[Match, string, string | undefined]>([
    [{}, 'anything', undefined],
    [{ text: 'hello' }, 'hello', undefined],
    [{ text: 'hello' }, 'help', 'Expected “hello”, got “help”: they differ at character 4.'],
    [{ text: 'hello' }, '', 'Expected “hello”, got nothing: they differ at character 1.'],
    [{ contains: 'ell' }, 'hello', undefined],
    [{ contains: 'ELL' }, 'hello', 'Expected something with “ELL” in it, got “hello”.'],
    [{ matches: '^h.*o$' }, 'hello', undefined],
    [{ matches: '^x' }, 'hello', 'Expected something that matches /^x/, got “hello”.'],
    [{ hex: '68 69' }, 'hi', undefined],
    [{ hex: '68 70' }, 'hi', 'Expected 68 70, got 68 69: they differ at byte 1.'],
    [{ hex: '' }, 'hi', 'Expected nothing, got 68 69: they differ at byte 0.'],
    [{ contains: 'h', matches: 'z' }, 'hi', 'Expected something that matches /z/, got “hi”.'],
    [{ json: { a: 1 } }, '{"a":1,"b":2}', undefined],
    [{ json: '{"a": 1}' }, '{"a":1,"b":2}', undefined],
    [{ json: 'word' }, '"word"', undefined],
    [{ json: null }, 'null', undefined],
    [{ json: { a: { b: [1, { c: true }] } } }, '{"a":{"b":[1,{"c":true,"d":0}]}}', undefined],
    [{ json: { a: { b: 'x' } } }, '{"a":{"b":"y"}}', 'Expected "x" at a.b, got "y".'],
    [{ json: { a: [1, 2] } }, '{"a":[1,2,3]}', 'Expected 2 items at a, got 3.'],
    [{ json: { a: [{ b: 1 }] } }, '{"a":[{"c":1}]}', 'Expected a key “b” at a[0]; there is none.'],
    [{ json: { a: 1 } }, '[1]', 'Expected {"a":1}, got an array.'],
    [{ json: { a: 1 } }, 'oops', 'Expected JSON, got “oops”.'],
    [{ json: { __proto__: null, toString: 1 } }, '{}', 'Expected a key “toString”; there is none.'],
    [{ json: { a: 1 } }, '{"a":"1"}', 'Expected 1 at a, got "1".'],
  ])('%j of %j: %s', (match, text, difference) => {
    expect(differenceOf(match, text)).toBe(difference);
  });

  it('keeps its explanation short and on one line', () => {
    const difference = differenceOf({ text: 'x' }, `a\n${'y'.repeat(100_000)}`) ?? '';
    expect(difference.length).toBeLessThan(500);
    expect(difference).not.toContain('\n');
  });

  it('refuses what it cannot judge', () => {
    expect(() => compileMatch({ matches: '(' })).toThrow(PatternError);
    expect(() => compileMatch({ matches: '(a+)+b' })).toThrow(PatternError);
    expect(() => compileMatch({ hex: '1' })).toThrow(ContentError);
  });

  it('reads JSON nested a hundred thousand deep', () => {
    expect(differenceOf({ json: { a: 1 } }, `${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toContain(
      'Expected {"a":1}',
    );
  });
});
