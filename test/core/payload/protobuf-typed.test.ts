// Protocol Buffers with a schema → tree: golden trees, faults of the bytes, bounds, and the law that nothing throws.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_DEPTH, MAX_NODES } from '../../../src-main/core/payload/payload.ts';
import { decodeTyped, type TypedMessage, type TypedNode } from '../../../src-main/core/payload/protobuf-typed.ts';
import type { LoadedSchema } from '../../../src-main/schemas/loaded-schema.ts';
import { FUZZ_RUNS } from '../../fuzz/laws.ts';
import { labSchema, proto3, schemaOf } from '../../schemas/schema-files.ts';
import { bytesOf } from '../bytes.ts';
import { treeLines, walk } from './tree.ts';

let lab: LoadedSchema;
beforeAll(async () => {
  lab = await labSchema();
});

function sample(input: Uint8Array | string, total?: number): TypedMessage {
  const bytes = typeof input === 'string' ? bytesOf(input) : input;
  return decodeTyped(bytes, 'lab.Sample', lab.types, total ?? bytes.length);
}

const treeOf = (json: unknown) => treeLines(sample(lab.encode('lab.Sample', json)).fields);
const remarksOf = (message: TypedMessage) => message.remarks.map(({ text, at }) => `${at}: ${text}`);

describe('golden trees', () => {
  it.each<[string, unknown, string[]]>([
    [
      'numbers',
      { int32Value: -1, uint64Value: '18446744073709551615', sint32Value: -2 },
      ['int32_value: int32 -1 0+11', 'uint64_value: uint64 18446744073709551615 11+11', 'sint32_value: sint32 -2 22+2'],
    ],
    [
      'floats with few digits',
      { floatValue: 0.1, doubleValue: -0 },
      ['double_value: double -0 0+9', 'float_value: float 0.1 9+5'],
    ],
    [
      'truth, text, bytes',
      { boolValue: true, stringValue: 'a"b', bytesValue: '3q0=' },
      ['bool_value: bool true 0+2', 'string_value: string "a\\"b" 2+5', 'bytes_value: bytes de ad 7+4'],
    ],
    [
      'enums with their names',
      { level: 'LEVEL_HIGH', optionalLevel: 7 },
      ['level: lab.Level LEVEL_HIGH (2) 0+3', 'optional_level: lab.Level 7 3+3'],
    ],
    ['messages', { point: { label: 'x' } }, ['point: lab.Sample.Point 0+6', '  label: string "x" 3+3']],
    [
      'packed numbers',
      { packedNumbers: [1, 300], levels: [1] },
      [
        'packed_numbers: packed int32 [1, 300] 0+6',
        '  [0]: int32 1 3+1',
        '  [1]: int32 300 4+2',
        'levels: packed lab.Level [LEVEL_LOW (1)] 6+4',
        '  [0]: lab.Level LEVEL_LOW (1) 9+1',
      ],
    ],
    [
      'repeated fields',
      { unpackedNumbers: [1, 2], tags: ['a', 'b'] },
      [
        'unpacked_numbers[0]: int32 1 0+3',
        'unpacked_numbers[1]: int32 2 3+3',
        'tags[0]: string "a" 6+4',
        'tags[1]: string "b" 10+4',
      ],
    ],
    [
      'maps',
      { labels: { k: 'v' }, pointsById: { '-1': {} } },
      [
        'labels["k"]: entry "v" 0+9',
        '  key: string "k" 3+3',
        '  value: string "v" 6+3',
        'points_by_id[-1]: entry 9+16',
        '  key: int32 -1 12+11',
        '  value: lab.Sample.Point 23+2',
      ],
    ],
    [
      'times',
      { createdAt: '2024-02-29T12:00:00.5Z', timeout: '-1.5s' },
      [
        'created_at: google.protobuf.Timestamp 2024-02-29T12:00:00.500Z 0+15',
        '  seconds: int64 1709208000 3+6',
        '  nanos: int32 500000000 9+6',
        'timeout: google.protobuf.Duration -1.500s 15+25',
        '  seconds: int64 -1 18+11',
        '  nanos: int32 -500000000 29+11',
      ],
    ],
    [
      'wrappers and masks',
      { int64Wrapper: '5', boolWrapper: false, mask: 'a,bC' },
      [
        'mask: google.protobuf.FieldMask a, b_c 0+11',
        '  paths[0]: string "a" 3+3',
        '  paths[1]: string "b_c" 6+5',
        'int64_wrapper: google.protobuf.Int64Value 5 11+5',
        '  value: int64 5 14+2',
        'bool_wrapper: google.protobuf.BoolValue 16+3',
      ],
    ],
    [
      'what is in an Any',
      { any: { '@type': 'a/lab.Tree', name: 'x' } },
      [
        'any: google.protobuf.Any lab.Tree 0+20',
        '  type_url: string "a/lab.Tree" 3+12',
        '  value: lab.Tree 15+5',
        '    name: string "x" 17+3',
      ],
    ],
  ])('of %s', (_, json, tree) => {
    expect(treeOf(json)).toEqual(tree);
  });

  it('of groups and extensions', async () => {
    const schema = await schemaOf({
      'm.proto':
        'package t; message M { optional group G = 1 { optional int32 a = 2; } extensions 9; } extend M { optional string x = 9; }',
    });
    const bytes = schema.encode('t.M', { g: { a: 5 }, '[t.x]': 'y' });
    expect(treeLines(decodeTyped(bytes, 't.M', schema.types).fields)).toEqual([
      'g: t.M.G 0+4',
      '  a: int32 5 1+2',
      '[t.x]: string "y" 4+3',
    ]);
  });

  it('carry what filters compare', () => {
    const json = {
      int64Value: '-9007199254740993',
      uint32Value: 7,
      boolValue: true,
      stringValue: 'x',
      bytesValue: 'AQI=',
      level: 1,
      chosenText: 'c',
      point: {},
    };
    const { fields } = sample(lab.encode('lab.Sample', json));
    expect(fields.map(({ number, kind, raw, oneof }) => [number, kind, raw, oneof])).toEqual([
      [4, 'int64', -9007199254740993n, undefined],
      [5, 'uint32', 7, undefined],
      [13, 'bool', true, undefined],
      [14, 'string', 'x', undefined],
      [15, 'bytes', '0102', undefined],
      [16, 'enum', 1, undefined],
      [50, 'string', 'c', 'choice'],
      [60, 'message', null, undefined],
    ]);
  });
});

describe('what does not fit the type', () => {
  it('is read as without one: fields nobody knows', () => {
    const { fields, remarks, error } = sample('a0 9c 01 05 aa 9c 01 03 08 96 01');
    expect(treeLines(fields)).toEqual([
      '2500: varint 5 0+4 | sint64 -3',
      '2501: message(1) 4+7 | bytes(3) 08 96 01 | packed varint [8, 150]',
      '  1: varint 150 8+3 | sint64 75',
    ]);
    expect(fields.map(({ kind, number }) => [kind, number])).toEqual([
      ['unknown', 2500],
      ['unknown', 2501],
    ]);
    expect([remarks, error]).toEqual([[], undefined]);
  });

  it('is read as without one: all of a type nobody knows', () => {
    expect(treeLines(decodeTyped(bytesOf('08 05'), 'no.Such', lab.types).fields)[0]).toMatch(/^1: varint 5 0\+2/);
  });

  it.each<[string, string, string]>([
    ['another wire type', '1a 01 61', '0: Field 3 is declared as int32_value, int32, which travels otherwise.'],
    ['text that is no UTF-8', '72 02 c3 28', '2: This text is not UTF-8.'],
    ['a value twice', '18 01 18 02', '2: int32_value is there more than once: the last counts.'],
    [
      'two of a oneof',
      '92 03 00 98 03 01',
      '3: chosen_text and chosen_number exclude each other (oneof choice): the last counts.',
    ],
    ['a fault inside a message', 'e2 03 03 1a 05 61 18 01', '3: label has 5 bytes, 1 are left.'],
    ['a fault inside packed numbers', 'f2 01 02 01 80', '4: The bytes end inside a varint.'],
    ['a fault inside an entry', 'c2 02 02 0a 05', '3: key has 5 bytes, 0 are left.'],
  ])('is remarked: %s', (_, hex, remark) => {
    const message = sample(hex);
    expect(remarksOf(message)).toEqual([remark]);
    expect(message.error).toBeUndefined();
    expect(message.shown).toBe(bytesOf(hex).length);
  });

  it('is remarked: what is required and missing', async () => {
    const schema = await schemaOf({ 'm.proto': 'message M { required int32 a = 1; optional M m = 2; }' });
    expect(remarksOf(decodeTyped(bytesOf('08 01 12 00'), 'M', schema.types))).toEqual([
      '4: a is required and missing.',
    ]);
  });
});

describe('faults', () => {
  it.each<[string, string, string, string]>([
    ['the bytes end inside a number', '18 01 18 80', 'truncated', 'not decoded: bytes 18 80 2+2'],
    ['text goes on past the end', '18 01 72 05 61', 'length-past-end', 'not decoded: bytes 72 05 61 2+3'],
    ['field 0', '18 01 00 05', 'field-number', 'not decoded: bytes 00 05 2+2'],
    ['wire type 7', '18 01 1f', 'wire-type', 'not decoded: bytes 1f 2+1'],
    ['an end of no group', '18 01 1c', 'unmatched-group', 'not decoded: bytes 1c 2+1'],
    [
      'a number of eleven bytes',
      '18 01 18 80808080808080808080 01',
      'varint-too-long',
      'not decoded: bytes 18 80 80 80 80 80 80 80 80 80 80 01 2+12',
    ],
  ])('%s', (_, hex, code, rest) => {
    const { fields, error, shown } = sample(hex);
    expect(error?.code).toBe(code);
    expect(treeLines(fields)).toEqual(['int32_value: int32 1 0+2', rest]);
    expect(shown).toBe(2);
  });

  it('show what is there of a message that is cut', () => {
    const { fields, error } = sample('e2 03 20 1a 01 61 09 00');
    expect(treeLines(fields)).toEqual([
      'point: lab.Sample.Point 0+8',
      '  label: string "a" 3+3',
      '  not decoded: bytes 09 00 6+2',
    ]);
    expect(error).toMatchObject({ code: 'length-past-end', at: 0 });
    expect(sample('18 01 18 80', 5)).toMatchObject({ fields: [{ label: 'int32_value' }], shown: 2 });
    expect(sample('18 01 18 80', 5).error).toBeUndefined();
  });
});

describe('a message that was cut', () => {
  it.each<[string, string, number, string[], number]>([
    ['in text', '72 e807 6869c3', 1003, ['string_value: string "hi…" 0+6 (3 of 1000)'], 6],
    ['in bytes', '7a e807 dead', 1003, ['bytes_value: bytes de ad… 0+5 (2 of 1000)'], 5],
    [
      'in text of a message',
      'e203 e807 1a c801 6869',
      1004,
      ['point: lab.Sample.Point 0+9 (5 of 1000)', '  label: string "hi…" 4+5 (2 of 200)'],
      9,
    ],
    ['in a number', '18 01 18 80', 5, ['int32_value: int32 1 0+2'], 2],
  ])('%s', (_, hex, total, tree, shown) => {
    const message = sample(hex, total);
    expect(treeLines(message.fields)).toEqual(tree);
    expect(message).toMatchObject({ shown, remarks: [] });
    expect(message.error).toBeUndefined();
  });

  it('behind any of its bytes is read as far as it goes, without a fault', () => {
    const whole = lab.encode('lab.Sample', lab.example('lab.Sample'));
    for (let length = 0; length < whole.length; length++) {
      const { fields, remarks, error, shown } = sample(whole.subarray(0, length), whole.length);
      expect([error, remarks]).toEqual([undefined, []]);
      const end = fields.reduce((last, field) => Math.max(last, field.start + field.length), 0);
      expect(shown).toBe(end);
      expect(length - shown).toBeLessThanOrEqual(11);
    }
  });

  it('and goes on longer than it says is at fault', () => {
    expect(sample('72 e807 6869', 1002).error).toMatchObject({ code: 'length-past-end' });
  });
});

describe('bounds', () => {
  it('of depth', async () => {
    const schema = await proto3('message M { M m = 1; }');
    let bytes = new Uint8Array(0);
    for (let i = 0; i < 3000; i++) {
      const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
      bytes = Uint8Array.from([10, ...length, ...bytes]);
    }
    let deepest = 0;
    const { fields, remarks } = decodeTyped(bytes, 't.M', schema.types);
    walk(fields, (_, depth) => {
      deepest = Math.max(deepest, depth);
    });
    expect(deepest).toBe(MAX_DEPTH - 1);
    expect(remarks[0]?.text).toContain(`deeper than ${MAX_DEPTH}`);
  });

  it('of nodes', () => {
    const { fields, remarks, shown } = sample(new Uint8Array(200_000).map((_, i) => (i % 2 === 0 ? 0x18 : 1)));
    expect(fields.length).toBe(MAX_NODES);
    expect(remarks.at(-1)).toEqual({ text: `The tree ends after ${MAX_NODES} fields.`, at: shown });
  });

  it('of packed numbers, and of unknown messages', () => {
    const length = [0xa0, 0x8d, 0x06];
    const packed = Uint8Array.from([0xf2, 0x01, ...length, ...new Uint8Array(100_000).fill(1)]);
    const unknown = Uint8Array.from([
      0xaa,
      0x9c,
      0x01,
      ...length,
      ...new Uint8Array(100_000).map((_, i) => (i % 2 ? 1 : 8)),
    ]);
    for (const bytes of [packed, unknown]) {
      let nodes = 0;
      const { fields, remarks } = sample(bytes);
      walk(fields, () => nodes++);
      expect(nodes).toBeLessThanOrEqual(2 * MAX_NODES);
      expect(remarks.map(({ text }) => text).join()).toContain(`${MAX_NODES}`);
    }
  });

  it('of values', () => {
    const { fields } = sample(lab.encode('lab.Sample', { stringValue: 'x'.repeat(100_000) }));
    expect(fields[0]!.value.length).toBeLessThanOrEqual(1000);
    expect(String(fields[0]!.raw).length).toBeLessThanOrEqual(1000);
  });
});

describe('laws', () => {
  /** Children lie within their parents and one after the other. */
  function inOrder(nodes: readonly TypedNode[], from: number, to: number): void {
    let at = from;
    for (const { start, length, children } of nodes) {
      expect(start).toBeGreaterThanOrEqual(at);
      at = start + length;
      expect(at).toBeLessThanOrEqual(to);
      inOrder(children ?? [], start, at);
    }
  }

  it('any bytes become a tree: nothing throws, every byte is in some node', () => {
    const whole = lab.encode('lab.Sample', lab.example('lab.Sample'));
    const mutated = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length)).map(([at, value, end]) => {
      const bytes = whole.slice(0, end);
      if (at < end) bytes[at] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), mutated), (bytes) => {
        const { fields } = sample(bytes);
        inOrder(fields, 0, bytes.length);
        expect(fields.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
