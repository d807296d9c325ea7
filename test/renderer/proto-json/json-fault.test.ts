import { expect, it } from 'vitest';
import { jsonFault } from '../../../src-renderer/proto-json/json-fault.ts';

const fault = (text: string): string => {
  try {
    JSON.parse(text);
  } catch (error) {
    return jsonFault(text, error);
  }
  return 'JSON';
};

it('says what is wrong and where, and the line only of several', () => {
  expect(fault('{"a": [1, 2,, 3]}')).toBe('Not JSON, column 13: A value is wanted here.');
  expect(fault('{\n  "a": 1\n  "b": 2\n}')).toBe('Not JSON, line 3, column 3: A comma is wanted here.');
  expect(fault('{"a": 1')).toBe('Not JSON, column 1: The object is not closed.');
});

it('falls back on the words of the parser', () => {
  expect(jsonFault('{}', new Error('Refused.'))).toBe('Not JSON: Refused.');
});
