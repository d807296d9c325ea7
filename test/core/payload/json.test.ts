import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJson, jsonError } from '../../../src-main/core/payload/json.ts';
import { MAX_DEPTH } from '../../../src-main/core/payload/payload.ts';
import { FUZZ_RUNS } from '../../fuzz/laws.ts';
import { treeLines, walk } from './tree.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('JSON', () => {
  it('keeps numbers and strings as they are written', () => {
    const decoded = decodeJson(
      utf8('{"id":9223372036854775807,"n":1.50e+02,"s":"a\\u0041\\/","e":[],"o":{},"l":[1,[true,null]]}'),
    );
    expect(decoded.text).toBe(
      [
        '{',
        '  "id": 9223372036854775807,',
        '  "n": 1.50e+02,',
        '  "s": "a\\u0041\\/",',
        '  "e": [],',
        '  "o": {},',
        '  "l": [',
        '    1,',
        '    [',
        '      true,',
        '      null',
        '    ]',
        '  ]',
        '}',
      ].join('\n'),
    );
    expect(treeLines(decoded.tree ?? [])).toEqual([
      'value: object(6) 0+89',
      '  id: number 9223372036854775807 1+24',
      '  n: number 1.50e+02 26+12',
      '  s: string "a\\u0041\\/" 39+15',
      '  e: array(0) 55+6',
      '  o: object(0) 62+6',
      '  l: array(2) 69+19',
      '    [0]: number 1 74+1',
      '    [1]: array(2) 76+11',
      '      [0]: boolean true 77+4',
      '      [1]: null null 82+4',
    ]);
  });

  it('says where a key is there twice, however it is spelled', () => {
    expect(decodeJson(utf8('{"a":1,"b":{"a":2},"\\u0061":3}')).remarks).toEqual([
      { text: 'The key “a” is there twice.', at: 19 },
    ]);
    expect(decodeJson(utf8('{"__proto__":1,"toString":2}')).remarks).toEqual([]);
  });

  it('shows what would steer the screen by its escape', () => {
    const { text, tree, remarks } = decodeJson(utf8('["\u202egpj.exe","é中"]'));
    expect(text).toBe('[\n  "\\u202egpj.exe",\n  "é中"\n]');
    expect(tree?.[0]?.children?.[0]?.value).toBe('"\\u202egpj.exe"');
    expect(remarks).toEqual([]);
  });

  it.each<[string, string, number, string, string[]]>([
    [
      '{"a":1,}',
      'There is a comma too many before “}”.',
      7,
      '{\n  "a": 1}',
      ['value: object(1) 0+7', '  a: number 1 1+5'],
    ],
    ['[1,]', 'There is a comma too many before “]”.', 3, '[\n  1]', ['value: array(1) 0+3', '  [0]: number 1 1+1']],
    ['{"a" 1}', 'Expected “:” after the key.', 5, '{\n  "a":  1}', ['value: object(0) 0+4']],
    ['{a:1}', 'Expected a key in double quotes.', 1, '{a:1}', ['value: object(0) 0+1']],
    ['[1 2]', 'Expected “,” or “]”.', 3, '[\n  1 2]', ['value: array(1) 0+2', '  [0]: number 1 1+1']],
    ['[01]', 'A number does not begin with a zero before other digits.', 1, '[01]', ['value: array(0) 0+1']],
    ['[-]', 'Expected a digit.', 2, '[-]', ['value: array(0) 0+1']],
    ['[1.]', 'Expected a digit.', 3, '[1.]', ['value: array(0) 0+1']],
    ['["a\\x"]', 'This is no escape that JSON knows.', 3, '["a\\x"]', ['value: array(0) 0+1']],
    ['["\u0001"]', 'A control character in a string must be escaped.', 2, '["␁"]', ['value: array(0) 0+1']],
    ['[nul]', 'Expected a value.', 1, '[nul]', ['value: array(0) 0+1']],
    ['{} x', 'The JSON value is complete and more text follows.', 3, '{} x', ['value: object(0) 0+2']],
    ['["abc', 'The input ends inside a string.', 5, '["abc', ['value: array(0) 0+1']],
    ['{"a":', 'The input ends inside an object.', 5, '{\n  "a": ', ['value: object(0) 0+5']],
    ['', 'There is no value.', 0, '', []],
  ])('%s → %s', (input, message, at, text, tree) => {
    const decoded = decodeJson(utf8(input));
    expect(decoded.error).toMatchObject({ message, at });
    expect(decoded.text).toBe(text);
    expect(treeLines(decoded.tree ?? [])).toEqual(tree);
  });

  it('goes on with the text where the tree is deep enough', () => {
    const levels = MAX_DEPTH + 50;
    const { tree, text, error, remarks } = decodeJson(utf8(`${'['.repeat(levels)}7${']'.repeat(levels)}`));
    expect(error).toBeUndefined();
    expect(JSON.parse(text ?? '')).toBeInstanceOf(Array);
    expect(remarks).toEqual([
      { text: `Nested deeper than ${MAX_DEPTH} levels: the tree ends here, the text goes on.`, at: MAX_DEPTH },
    ]);
    walk(tree ?? [], ({ start, length }, depth) =>
      expect([start, length]).toEqual([depth, 2 * levels + 1 - 2 * depth]),
    );
  });

  it('forgives a byte order mark but says so', () => {
    expect(decodeJson(utf8('\ufeff[1]'))).toMatchObject({
      text: '[\n  1\n]',
      remarks: [{ at: 0, text: 'JSON does not begin with a byte order mark (RFC 8259 §8.1).' }],
    });
  });

  it('remarks on strings that are not UTF-8', () => {
    const { error, remarks } = decodeJson(Uint8Array.of(0x22, 0xff, 0x22));
    expect(error).toBeUndefined();
    expect(remarks).toEqual([{ text: 'Byte 0xff is not UTF-8.', at: 1 }]);
  });
});

describe('against JSON.parse', () => {
  const almost = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '0', '}', '[', '\\', '-', '.', 'e', ' ', '\t', '\u0001'))
    .map(([text, at, change]) => {
      const position = at % (text.length + 1);
      return text.slice(0, position) + change + text.slice(position + (change === '' ? 1 : 0));
    });

  function parses(text: string): boolean {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  }

  const isWellFormed = (text: string) => new TextDecoder().decode(utf8(text)) === text;

  it('takes and refuses the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), almost), (text) => {
        // What is no Unicode text has no bytes that could be compared.
        fc.pre(isWellFormed(text));
        const error = jsonError(utf8(text));
        expect(error === undefined).toBe(parses(text));
        expect(decodeJson(utf8(text)).error).toEqual(error);
        if (error) expect(error.at).toBeLessThanOrEqual(utf8(text).length);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('prints what means the same', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(isWellFormed(text));
        const pretty = decodeJson(utf8(text)).text ?? '';
        expect(JSON.parse(pretty)).toEqual(JSON.parse(text));
        expect(decodeJson(utf8(pretty)).text).toBe(pretty);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
