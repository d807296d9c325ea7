import { describe, expect, it } from 'vitest';
import { nodeAt, placeAt, readJsonTree } from '../../../src-renderer/proto-json/json-tree.ts';

/** The place of `|` in a text. */
function place(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const found = placeAt(readJsonTree(text), text, offset);
  return found && `${found.at} ${JSON.stringify(found.path)} ${JSON.stringify(text.slice(found.start, found.end))}`;
}

describe('reading JSON with places', () => {
  it.each(['{}', '[]', ' {"a": [1, -2.5e3, true, null, "x\\"y"], "b": {"c": {}}} ', '"only"', '0'])(
    'has no fault in %s',
    (text) => {
      const { root, faults } = readJsonTree(text);
      expect(faults).toEqual([]);
      expect(text.slice(root?.start, root?.end)).toBe(text.trim());
    },
  );

  it.each([
    ['', 'A value is missing.'],
    ['{', 'The object is not closed.'],
    ['{"a"}', 'A colon and a value are wanted here.'],
    ['{"a":}', 'A value is wanted here.'],
    ['{"a":1,}', 'No comma may stand before the end.'],
    ['{"a":1 "b":2}', 'A comma is wanted here.'],
    ['{a:1}', 'A name in quotes is wanted here.'],
    ['{"a": {{count}}}', 'A variable in JSON stands in quotes, as "{{name}}".'],
    ['[1,,2]', 'A value is wanted here.'],
    ['{"a":"x', 'The string is not closed.'],
    ['{"a":01}', '“01” is no JSON value.'],
    ['{} x', 'Nothing may follow the value.'],
    ['"a\tb"', 'The string has a character that must be escaped.'],
  ])('says what is wrong with %s', (text, fault) => {
    expect(readJsonTree(text).faults.map((each) => each.text)).toContain(fault);
  });

  it('finds a fault exactly where JSON.parse does, whatever the text', () => {
    const pieces = ['{', '}', '[', ']', ',', ':', '"a"', '1', 'true', ' ', '"', '-', 'x', '\\'];
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    for (let run = 0; run < 5000; run += 1) {
      const text = Array.from({ length: 1 + random(9) }, () => pieces[random(pieces.length)]).join('');
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      expect(readJsonTree(text).faults.length === 0, text).toBe(isJson);
    }
  });

  it('gives up in hostile depth', () => {
    expect(readJsonTree('['.repeat(100_000)).faults[0]?.text).toBe('Nested deeper than 200 levels.');
  });

  it('finds values by path, of doubled keys the last', () => {
    const text = '{"a": [{"b": 1}, {"b": 2, "b": 3}]}';
    const node = nodeAt(readJsonTree(text).root, ['a', 1, 'b']);
    expect(text.slice(node?.start, node?.end)).toBe('3');
    expect(nodeAt(readJsonTree(text).root, ['a', 'b'])).toBeUndefined();
  });
});

describe('the place of the caret', () => {
  it.each([
    ['|', 'value [] ""'],
    ['{|}', 'key [] ""'],
    ['{"a|": 1}', 'key [] "\\"a\\""'],
    ['{"a": |}', 'value ["a"] ""'],
    ['{"a": 1|2}', 'value ["a"] "12"'],
    ['{"a": 1, |}', 'key [] ""'],
    ['{"a": 1 |}', undefined],
    ['{"a": {"b": [|]}}', 'value ["a","b",0] ""'],
    ['{"a": {"b": [1, |]}}', 'value ["a","b",1] ""'],
    ['{"a": {"b": [{"c|"}]}}', 'key ["a","b",0] "\\"c\\""'],
    ['{"a": {|', 'key ["a"] ""'],
    ['{"a": "x|', 'value ["a"] "\\"x"'],
    ['{"a": 1}|', undefined],
  ])('%s', (marked, expected) => {
    expect(place(marked)).toBe(expected);
  });
});
