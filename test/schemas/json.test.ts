// ProtoJSON between values and bytes: golden vectors, round trips, and what is said of values that do not fit.
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FieldKind } from '../../src-main/core/schema.ts';
import { type LoadedSchema, SchemaError } from '../../src-main/schemas/loaded-schema.ts';
import { bytesOf } from '../core/bytes.ts';
import { labSchema, proto3 } from './schema-files.ts';

let lab: LoadedSchema;
beforeAll(async () => {
  lab = await labSchema();
});

const SAMPLE = 'lab.Sample';
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const back = (json: unknown) => lab.decode(SAMPLE, lab.encode(SAMPLE, json));

/** What is said of JSON that is no sample. */
function misfit(json: unknown): SchemaError | undefined {
  try {
    lab.encode(SAMPLE, json);
    return undefined;
  } catch (error) {
    if (error instanceof SchemaError) return error;
    throw error;
  }
}

describe('golden', () => {
  it.each<[string, unknown, string]>([
    ['a double', { doubleValue: 1.5 }, '09 000000000000f83f'],
    ['a float', { floatValue: -2 }, '15 000000c0'],
    ['a negative int32', { int32Value: -1 }, '18 ffffffffffffffffff01'],
    ['the smallest int64', { int64Value: '-9223372036854775808' }, '20 80808080808080808001'],
    ['the largest uint64', { uint64Value: '18446744073709551615' }, '30 ffffffffffffffffff01'],
    ['zigzag', { sint32Value: -2, sint64Value: '-3' }, '38 03 40 05'],
    ['fixed', { fixed32Value: 1, fixed64Value: '2' }, '4d 01000000 51 0200000000000000'],
    ['signed fixed', { sfixed32Value: -1, sfixed64Value: '-1' }, '5d ffffffff 61 ffffffffffffffff'],
    ['truth', { boolValue: true }, '68 01'],
    ['text', { stringValue: 'é' }, '72 02 c3a9'],
    ['bytes', { bytesValue: '+/8=' }, '7a 02 fbff'],
    ['an enum', { level: 'LEVEL_BROKEN' }, '80 01 ffffffffffffffffff01'],
    ['a number an enum does not name', { level: 77 }, '80 01 4d'],
    ['presence', { optionalNumber: 0, optionalText: '' }, 'a0 01 00 aa 01 00'],
    ['packed', { packedNumbers: [1, 150] }, 'f2 01 03 01 9601'],
    ['not packed', { unpackedNumbers: [1, 150] }, 'f8 01 01 f8 01 9601'],
    ['a map', { labels: { a: 'b' } }, 'c2 02 06 0a0161 120162'],
    ['a map without its zero left out', { levelsById: { '0': 'LEVEL_UNSPECIFIED' } }, 'd2 02 04 0800 1000'],
    ['a map of truth', { averages: { false: 0.5 } }, 'da 02 0b 0800 11 000000000000e03f'],
    ['a choice of nothing', { nothing: {} }, 'b2 03 00'],
    ['a zero that was chosen', { chosenNumber: '0' }, '98 03 00'],
    ['a timestamp', { createdAt: '1970-01-01T00:00:01.000000002Z' }, 'ba 04 04 0801 1002'],
    ['a duration', { timeout: '-1.500s' }, 'c2041608ffffffffffffffffff011080b6ca91feffffffff01'],
    ['a field mask', { mask: 'userName,a.bC' }, 'e2 04 12 0a09 757365725f6e616d65 0a05 612e625f63'],
    ['wrappers of defaults', { int32Wrapper: 0, stringWrapper: '' }, '8a 05 00 a2 05 00'],
    ['null as a value', { value: null }, 'd2 04 02 0800'],
    ['a renamed field', { otherName: 'x' }, 'd2 05 01 78'],
  ])('%s', (_, json, hex) => {
    expect(hexOf(lab.encode(SAMPLE, json))).toBe(hex.replaceAll(' ', ''));
    expect(lab.decode(SAMPLE, bytesOf(hex))).toEqual(json);
  });

  it('writes fields by number, whatever their order', () => {
    expect(lab.encode(SAMPLE, { otherName: 'x', int32Value: 1 })).toEqual(
      lab.encode(SAMPLE, { int32Value: 1, renamed: 'x' }),
    );
  });

  it('leaves out what has its default and no presence', () => {
    const json = {
      doubleValue: 0,
      int64Value: '0',
      boolValue: false,
      stringValue: '',
      bytesValue: '',
      level: 'LEVEL_UNSPECIFIED',
      tags: [],
      labels: {},
      point: null,
    };
    expect(lab.encode(SAMPLE, json)).toHaveLength(0);
    expect(hexOf(lab.encode(SAMPLE, { doubleValue: -0 }))).toBe('090000000000000080');
  });
});

describe('spellings', () => {
  it.each<[string, unknown, unknown]>([
    ['names as in the .proto', { int32_value: 1, points_by_id: { 1: {} } }, { int32Value: 1, pointsById: { 1: {} } }],
    [
      'numbers as text',
      { int32Value: '7', doubleValue: '1.5', uint32Value: '1e3' },
      { int32Value: 7, doubleValue: 1.5, uint32Value: 1000 },
    ],
    [
      '64 bits as numbers and bigints',
      { int64Value: -5, uint64Value: 2n ** 64n - 1n },
      { int64Value: '-5', uint64Value: '18446744073709551615' },
    ],
    [
      'what is no finite number',
      { doubleValue: 'NaN', doubles: ['Infinity', '-Infinity'] },
      { doubleValue: 'NaN', doubles: ['Infinity', '-Infinity'] },
    ],
    ['url-safe base64 without padding', { bytesValue: '-_8' }, { bytesValue: '+/8=' }],
    [
      'enums by number',
      { level: 1, levels: [2, 0] },
      { level: 'LEVEL_LOW', levels: ['LEVEL_HIGH', 'LEVEL_UNSPECIFIED'] },
    ],
    ['an alias', { level: 'LEVEL_TOP' }, { level: 'LEVEL_HIGH' }],
    ['a time zone', { createdAt: '2024-02-29T14:00:00.25+02:00' }, { createdAt: '2024-02-29T12:00:00.250Z' }],
    ['floats with few digits', { floatValue: 0.1 }, { floatValue: 0.1 }],
    [
      'times beyond the text',
      { createdAt: { seconds: '-99999999999', nanos: 5 } },
      { createdAt: { seconds: '-99999999999', nanos: 5 } },
    ],
    [
      'any JSON',
      { settings: { a: [1, null, { b: 'c' }], d: true }, list: [[]], value: { x: {} } },
      { settings: { a: [1, null, { b: 'c' }], d: true }, list: [[]], value: { x: {} } },
    ],
    [
      'any message',
      { any: { '@type': 'type.googleapis.com/lab.Tree', name: 'x' } },
      { any: { '@type': 'type.googleapis.com/lab.Tree', name: 'x' } },
    ],
    [
      'any message without a host',
      { any: { '@type': 'google.rpc.ErrorInfo', reason: 'x' } },
      { any: { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'x' } },
    ],
    [
      'any well-known message',
      { any: { '@type': 'a/google.protobuf.Duration', value: '1s' } },
      { any: { '@type': 'a/google.protobuf.Duration', value: '1s' } },
    ],
    [
      'any in any',
      { any: { '@type': 'a/google.protobuf.Any', value: { '@type': 'a/lab.Tree' } } },
      { any: { '@type': 'a/google.protobuf.Any', value: { '@type': 'a/lab.Tree' } } },
    ],
    [
      'any message of an unknown type',
      { any: { '@type': 'a/b.C', '@value': 'AQI=' } },
      { any: { '@type': 'a/b.C', '@value': 'AQI=' } },
    ],
    ['an empty any', { any: {} }, { any: {} }],
    ['nulls as absent', { int32Value: null, tags: null, point: null, int64Wrapper: null }, {}],
    [
      'keys that an object has anyway',
      { labels: JSON.parse('{"__proto__":"x","constructor":"y"}') },
      { labels: JSON.parse('{"__proto__":"x","constructor":"y"}') },
    ],
  ])('%s', (_, json, expected) => {
    expect(back(json)).toEqual(expected);
  });
});

describe('misfits name the place', () => {
  it.each<[unknown, string]>([
    [{ xyz: 1 }, 'xyz: lab.Sample has no field "xyz"'],
    [{ child: { tags: ['a', 'b', 3] } }, 'child.tags[2]: expected a string, not 3'],
    [{ points: [{}, { x: 'far' }] }, 'points[1].x: expected a number, not "far"'],
    [{ pointsById: { '7': { z: 1 } } }, 'pointsById["7"].z: lab.Sample.Point has no field "z"'],
    [{ pointsById: { seven: {} } }, 'pointsById["seven"]: expected a whole number (int32), not "seven"'],
    [{ averages: { yes: 1 } }, 'averages["yes"]: expected the key true or false, not "yes"'],
    [
      { chosenText: 'a', chosen_level: 'LEVEL_LOW' },
      'chosen_level: excludes chosenText: only one of oneof choice can be set',
    ],
    [{ int32Value: 1, int32_value: 1 }, 'int32_value: is given twice, also as "int32Value"'],
    [{ int32Value: 2 ** 31 }, 'int32Value: 2147483648 is beyond int32: -2147483648 to 2147483647'],
    [{ uint32Value: -1 }, 'uint32Value: -1 is beyond uint32: 0 to 4294967295'],
    [
      { uint64Value: '18446744073709551616' },
      'uint64Value: "18446744073709551616" is beyond uint64: 0 to 18446744073709551615',
    ],
    [{ int32Value: 1.5 }, 'int32Value: expected a whole number (int32), not 1.5'],
    [{ int64Value: '' }, 'int64Value: expected a whole number (int64), not ""'],
    [{ floatValue: 1e39 }, 'floatValue: 1e+39 is beyond float'],
    [{ boolValue: 'true' }, 'boolValue: expected true or false, not "true"'],
    [{ stringValue: '\ud800' }, 'stringValue: expected text, not half a surrogate pair'],
    [{ bytesValue: 'a' }, 'bytesValue: expected base64, not "a"'],
    [{ tags: 'a' }, 'tags: expected an array, not "a"'],
    [{ tags: [null] }, 'tags[0]: expected a string, not null'],
    [{ point: [] }, 'point: expected an object (lab.Sample.Point), not an array'],
    [{ createdAt: 'yesterday' }, 'createdAt: expected a time such as "2024-02-29T12:00:00Z", not "yesterday"'],
    [
      { createdAt: '2023-02-29T00:00:00Z' },
      'createdAt: expected a time such as "2024-02-29T12:00:00Z", not "2023-02-29T00:00:00Z"',
    ],
    [{ timeout: '1' }, 'timeout: expected a duration such as "1.5s", not "1"'],
    [{ any: { name: 'x' } }, 'any.@type: expected a type such as "type.googleapis.com/chat.Message"'],
    [{ any: { '@type': 'a/lab.Tree', nam: 'x' } }, 'any.nam: lab.Tree has no field "nam"'],
    [{ any: { '@type': 'a/b.C' } }, 'any.@type: the type "b.C" is not in the schema'],
    ['text', 'expected an object (lab.Sample), not "text"'],
  ])('%j', (json, message) => {
    expect(misfit(json)?.message).toBe(message);
  });

  it('and carry it beside the message', () => {
    expect(misfit({ child: { tags: [1] } })?.path).toBe('child.tags[0]');
  });
});

describe('bytes', () => {
  it.each<[string, string, unknown]>([
    ['fields nobody knows are left out', '98 09 01 18 05 9a 09 02 abcd', { int32Value: 5 }],
    ['the last of several values counts', '18 01 18 02', { int32Value: 2 }],
    [
      'messages that come in parts are merged',
      'e2 03 09 09 000000000000f03f e2 03 03 1a 01 61',
      { point: { x: 1, label: 'a' } },
    ],
    ['the last of a oneof counts', '92 03 01 61 98 03 07', { chosenNumber: '7' }],
    [
      'numbers may be packed or not',
      'f0 01 01 f2 01 02 02 03 fa 01 01 04',
      { packedNumbers: [1, 2, 3], unpackedNumbers: [4] },
    ],
    ['a field of another wire type is not known', '1a 01 61 18 05', { int32Value: 5 }],
    ['an entry may lack key and value', 'c2 02 00 ca 02 02 08 05', { labels: { '': '' }, pointsById: { 5: {} } }],
    ['entries may come backwards', 'c2 02 06 12 01 62 0a 01 61', { labels: { a: 'b' } }],
    ['a default on the wire is still one', '18 00 72 00', {}],
    ['a group nobody knows is passed over', '9b 09 08 01 9c 09 18 05', { int32Value: 5 }],
  ])('%s', (_, hex, json) => {
    expect(lab.decode(SAMPLE, bytesOf(hex))).toEqual(json);
  });

  it.each<[string, string]>([
    ['an end inside a field', '72 05 61'],
    ['an end inside a number', '18 80'],
    ['a number of eleven bytes', '20 80808080808080808080 01'],
    ['field 0', '00 01'],
    ['a wire type there is not', '1f'],
    ['an end of no group', '1c'],
    ['a message that goes on past its parent', 'e2 03 02 1a 05 61 61 61 61 61'],
    ['packed numbers that go on past their end', 'f2 01 01 80 01'],
  ])('%s is refused', (_, hex) => {
    expect(() => lab.decode(SAMPLE, bytesOf(hex))).toThrow(/^These bytes are no lab\.Sample: /);
  });

  it('of any length are read or refused, never worse', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          lab.encode(SAMPLE, lab.decode(SAMPLE, bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(SchemaError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** JSON of scalars in the spelling that decoding gives. */
const scalars: { [kind in FieldKind]?: fc.Arbitrary<unknown> } = {
  int32: fc.integer(),
  uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  sint64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }),
  float: fc.integer({ min: -99999, max: 99999 }).map((thousandths) => thousandths / 1000),
  string: fc.string({ unit: 'grapheme' }),
  bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
  bool: fc.boolean(),
};

const optional = { requiredKeys: [] };
const level = fc.constantFrom('LEVEL_UNSPECIFIED', 'LEVEL_LOW', 'LEVEL_HIGH', 'LEVEL_BROKEN', 9);
const point = fc.record(
  { x: fc.double({ min: 1, max: 9, noNaN: true }), label: fc.string({ minLength: 1 }) },
  optional,
);
const structs = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value')),
  ),
}));
const time = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59Z'),
  noInvalidDate: true,
});

const { sample } = fc.letrec<{ sample: unknown }>((tie) => ({
  sample: fc.record(
    {
      optionalNumber: scalars.int32!,
      optionalText: scalars.string!,
      optionalLevel: level,
      packedNumbers: fc.array(scalars.int32!, { minLength: 1 }),
      unpackedNumbers: fc.array(scalars.int32!, { minLength: 1 }),
      doubles: fc.array(scalars.double!, { minLength: 1 }),
      bigNumbers: fc.array(scalars.uint64!, { minLength: 1 }),
      tags: fc.array(scalars.string!, { minLength: 1 }),
      blobs: fc.array(scalars.bytes!, { minLength: 1 }),
      levels: fc.array(level, { minLength: 1 }),
      points: fc.array(point, { minLength: 1 }),
      labels: fc.dictionary(fc.string(), scalars.string!, { minKeys: 1 }),
      levelsById: fc.dictionary(scalars.uint64!.map(String), level, { minKeys: 1 }),
      blobsByOffset: fc.dictionary(scalars.sint64!.map(String), scalars.bytes!, { minKeys: 1 }),
      point,
      child: fc.option(tie('sample'), { nil: {}, depthSize: 'small' }),
      createdAt: time.map((date) => date.toISOString().replace('.000Z', 'Z')),
      settings: fc.dictionary(fc.string(), structs.value),
      list: fc.array(structs.value),
      doubleWrapper: scalars.double!,
      floatWrapper: scalars.float!,
      uint64Wrapper: scalars.uint64!,
      uint32Wrapper: scalars.uint32!,
      boolWrapper: scalars.bool!,
      bytesWrapper: scalars.bytes!,
    },
    optional,
  ),
}));

describe('round trip', () => {
  it('what is written is read', () => {
    fc.assert(
      fc.property(sample, (json) => {
        expect(back(json)).toEqual(json);
      }),
      { numRuns: 500 },
    );
  });

  it.each(Object.keys(scalars))('%s by itself', async (kind) => {
    const schema = await proto3(`message M { optional ${kind} v = 1; repeated ${kind} w = 2; }`);
    fc.assert(
      fc.property(scalars[kind as FieldKind]!, (v) => {
        expect(schema.decode('t.M', schema.encode('t.M', { v, w: [v, v] }))).toEqual({ v, w: [v, v] });
      }),
    );
  });
});

describe('names that every object has', () => {
  it('are fields like others', async () => {
    const schema = await proto3(
      'message M { string constructor = 1; string toString = 2; map<string, M> hasOwnProperty = 3; }',
    );
    const json = { constructor: 'a', toString: 'b', hasOwnProperty: { valueOf: { constructor: 'c' } } };
    expect(schema.decode('t.M', schema.encode('t.M', json))).toEqual(json);
    expect(schema.decode('t.M', new Uint8Array(0))).toEqual({});
  });
});
