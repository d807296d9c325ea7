import { describe, expect, it } from 'vitest';
import {
  compactJson,
  convertText,
  formatJson,
  readContent,
  shownMessage,
} from '../../../src-renderer/composer/content.ts';

describe('readContent', () => {
  it('takes text as typed, white space and all', () => {
    expect(readContent('text', ' a\n')).toEqual({ ok: true, content: { text: ' a\n' } });
    expect(readContent('text', '')).toEqual({ ok: true, content: { text: '' } });
  });

  it('sends JSON as a value where that says the same', () => {
    expect(readContent('json', '{ "a": [1, true, null] }')).toEqual({
      ok: true,
      content: { json: { a: [1, true, null] } },
    });
  });

  it.each([
    ['{"id": 9007199254740993}', '{"id":9007199254740993}'],
    ['[1.0, 1e3]', '[1.0,1e3]'],
    ['{"a": 1, "a": 2}', '{"a":1,"a":2}'],
    ['"\\u0041"', '"\\u0041"'],
    ['{"__proto__": {"a": 1}}', '{"__proto__":{"a":1}}'],
    ['['.repeat(65) + ']'.repeat(65), '['.repeat(65) + ']'.repeat(65)],
  ])('sends %s as its own text, because a value would lose something or not be carried', (typed, sent) => {
    expect(readContent('json', typed)).toEqual({ ok: true, content: { text: sent } });
  });

  it.each(['', '{', '{a: 1}', "{'a': 1}"])('refuses %j as JSON and says so', (typed) => {
    const reading = readContent('json', typed);
    expect(reading.ok).toBe(false);
    expect(!reading.ok && reading.error).toMatch(/JSON/);
  });

  it('wants a file to be chosen', () => {
    expect(readContent('file', '')).toEqual({ ok: false, error: 'Choose a file.' });
    expect(readContent('file', '/a/b')).toEqual({ ok: true, content: { file: '/a/b' } });
  });
});

describe('formatJson', () => {
  it.each([['{"a":[1,{"b":{}},[]],"c":"x, {y}: \\" z"}'], ['[]'], ['"just text"'], ['-1.50e+10'], ['[[1],[2,[3]]]']])(
    'is what JSON.stringify makes of %s, tokens untouched',
    (json) => {
      const formatted = formatJson(json);
      expect(compactJson(formatted)).toBe(json);
      if (!json.includes('e+')) expect(formatted).toBe(JSON.stringify(JSON.parse(json), undefined, 2));
    },
  );

  it('keeps numbers that a double cannot hold', () => {
    expect(formatJson('{"n":123456789012345678901234567890}')).toBe('{\n  "n": 123456789012345678901234567890\n}');
  });
});

describe('convertText', () => {
  it('goes from text to hex and base64 and back', () => {
    expect(convertText('text', 'hex', 'Hé')).toBe('48 c3 a9');
    expect(convertText('hex', 'text', '48c3a9')).toBe('Hé');
    expect(convertText('hex', 'base64', '0x48 65:6c-6c,6f')).toBe('SGVsbG8=');
    expect(convertText('base64', 'hex', 'SGVsbG8=')).toBe('48 65 6c 6c 6f');
    expect(convertText('json', 'text', '{ "a": 1 }')).toBe('{ "a": 1 }');
  });

  it('answers undefined where the bytes cannot be written that way', () => {
    expect(convertText('hex', 'text', 'ff fe')).toBeUndefined();
    expect(convertText('hex', 'text', 'abc')).toBeUndefined();
    expect(convertText('base64', 'hex', '***')).toBeUndefined();
    expect(convertText('file', 'hex', '/a')).toBeUndefined();
  });

  it('keeps a byte order mark', () => {
    expect(convertText('hex', 'text', 'efbbbf41')).toBe('\ufeffA');
  });
});

it('shows saved messages in the mode they were written in', () => {
  expect(shownMessage({ name: 'a', text: 'x' })).toEqual({ mode: 'text', text: 'x' });
  expect(shownMessage({ name: 'a', hex: '00' })).toEqual({ mode: 'hex', text: '00' });
  expect(shownMessage({ name: 'a', base64: 'AA==' })).toEqual({ mode: 'base64', text: 'AA==' });
  expect(shownMessage({ name: 'a', file: 'f' })).toEqual({ mode: 'file', text: 'f' });
  expect(shownMessage({ name: 'a', json: { b: 1 } })).toEqual({ mode: 'json', text: '{\n  "b": 1\n}' });
});
