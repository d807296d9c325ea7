import { expect, it } from 'vitest';
import { faultRange } from '../../../src-renderer/proto-json/check-path.ts';
import { readJsonTree } from '../../../src-renderer/proto-json/json-tree.ts';

const text = '{"userName": {"tags": ["a", 5]}, "m": {"a.b": 1}, "[lab.note]": {"n": 7}}';
const pointed = (error: string) => {
  const range = faultRange(readJsonTree(text), error);
  return range && text.slice(range.start, range.end);
};

it.each([
  ['userName.tags[1]: a string is wanted', '5'],
  ['user_name.tags[1]: a string is wanted', '5'],
  ['userName.tags: too many', '["a", 5]'],
  ['userName.nobody: is missing', '{"tags": ["a", 5]}'],
  ['m["a.b"]: a string is wanted', '1'],
  ['[lab.note].n: a string is wanted', '7'],
  ['The message is too large', undefined],
  ['nobody: what', undefined],
])('%s', (error, expected) => expect(pointed(error)).toBe(expected));
