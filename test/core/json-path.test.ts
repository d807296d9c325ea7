import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  atJsonPath,
  formatJsonPath,
  type JsonPath,
  JsonPathError,
  jsonValueText,
  parseJsonPath,
} from '../../src-main/core/json-path.ts';

describe('a path', () => {
  test.each<[string, JsonPath]>([
    ['$', []],
    ['$.auth.token', ['auth', 'token']],
    [`$.a.b[0]['x y']`, ['a', 'b', 0, 'x y']],
    ['$["it\'s"][ -1 ]', ["it's", -1]],
    [String.raw`$['it\'s']["\u00e4\n"]`, ["it's", 'ä\n']],
    [`$['say "hi"']`, ['say "hi"']],
    ['$._x1.größe', ['_x1', 'größe']],
  ])('%s is read', (text, path) => {
    expect(parseJsonPath(text)).toEqual(path);
  });

  test.each([
    ['', 'begins with $'],
    ['auth.token', 'begins with $'],
    ['$auth', 'at character 2'],
    ['$.a.', 'at character 4'],
    ['$.user-id', 'at character 7'],
    ['$..a', 'at character 2'],
    ['$.*', 'at character 2'],
    ['$[01]', 'at character 2'],
    ['$[-0]', 'at character 2'],
    [`$['a]`, 'at character 2'],
    [String.raw`$['\q']`, 'not escaped'],
    [`$${'.a'.repeat(1000)}`, 'at most'],
  ])('%s is none', (text, why) => {
    expect(() => parseJsonPath(text)).toThrow(JsonPathError);
    expect(() => parseJsonPath(text)).toThrow(why);
  });

  test('that is formatted is the same when read', () => {
    const part = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.integer());
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (path) => {
        expect(parseJsonPath(formatJsonPath(path))).toEqual(path.map((each) => (Object.is(each, -0) ? 0 : each)));
      }),
    );
  });
});

describe('the value at a path', () => {
  const root = { auth: { token: 't', 'x y': null }, list: [1, [2, 3]], empty: {} };

  test.each<[string, unknown]>([
    ['$', root],
    ['$.auth.token', 't'],
    [`$.auth['x y']`, null],
    ['$.list[1][0]', 2],
    ['$.list[-1][-2]', 2],
  ])('%s is found', (path, value) => {
    expect(atJsonPath(root, parseJsonPath(path))).toEqual({ value });
  });

  test.each([
    ['$.auth.tokens.x', 'There is no $.auth.tokens: $.auth has the keys token, x y.'],
    ['$.list[2]', 'There is no $.list[2]: $.list is a list of 2.'],
    ['$.list[-3]', 'There is no $.list[-3]: $.list is a list of 2.'],
    ['$.list.length', 'There is no $.list.length: $.list is a list of 2.'],
    ['$.auth[0]', 'There is no $.auth[0]: $.auth has the keys token, x y.'],
    ['$.auth.token.length', 'There is no $.auth.token.length: $.auth.token is a string.'],
    [`$.auth['x y'].z`, 'There is no $.auth["x y"].z: $.auth["x y"] is null.'],
    ['$.empty.toString', 'There is no $.empty.toString: $.empty is an empty object.'],
  ])('%s is missed', (path, missing) => {
    expect(atJsonPath(root, parseJsonPath(path))).toEqual({ missing });
  });
});

test('values are text as they are, or JSON', () => {
  expect(['a "b"', 5, true, null, { a: [1] }].map(jsonValueText)).toEqual(['a "b"', '5', 'true', 'null', '{"a":[1]}']);
});
