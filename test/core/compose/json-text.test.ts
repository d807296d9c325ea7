import { expect, test } from 'vitest';
import { jsonValue, parseJsonText } from '../../../src-main/core/compose/json-text.ts';

test('whole numbers that a double cannot hold become strings, all others stay', () => {
  const text = '{"a": 9007199254740993, "b": [-18446744073709551615, 9007199254740991], "c": "12345678901234567890"}';
  expect(parseJsonText(text)).toEqual({
    a: '9007199254740993',
    b: ['-18446744073709551615', 9007199254740991],
    c: '12345678901234567890',
  });
  expect(parseJsonText('12345678901234567890.5')).toBe(1.2345678901234567e19);
  expect(parseJsonText('[1e300, 0.12345678901234567890, -0]')).toEqual([1e300, 0.12345678901234568, -0]);
  expect(parseJsonText('{"ключ": 99999999999999999999, "é": "ü"}')).toEqual({ ключ: '99999999999999999999', é: 'ü' });
  expect(parseJsonText('12345678901234567890')).toBe('12345678901234567890');
});

test('what is no JSON is refused with its place', () => {
  expect(() => parseJsonText('{"a": 1,}')).toThrow('at character 9');
  expect(() => parseJsonText('{"é": x}')).toThrow('at character 7');
  expect(() => parseJsonText('')).toThrow('This is not JSON');
});

test('content says a value: as it is, as JSON text, or nothing', () => {
  expect(jsonValue({ json: { a: 1 } })).toEqual({ a: 1 });
  expect(jsonValue({ json: '{"a": 9007199254740993}' })).toEqual({ a: '9007199254740993' });
  expect(jsonValue({ text: '{"a": 9007199254740993}' })).toEqual({ a: '9007199254740993' });
  expect(jsonValue({ text: ' \n' })).toEqual({});
  expect(() => jsonValue({ text: 'a' })).toThrow('This is not JSON');
});
