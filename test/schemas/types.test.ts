// What the description of a type says, in proto2, proto3 and editions.
import { describe, expect, it } from 'vitest';
import type { LoadedSchema } from '../../src-main/schemas/loaded-schema.ts';
import { labSchema, problemLines, proto3, schemaOf } from './schema-files.ts';

function fieldOf(schema: LoadedSchema, type: string, name: string) {
  const field = schema.types.message(type)?.fields.find((other) => other.name === name);
  if (!field) throw new Error(`${type} has no ${name}`);
  return field;
}

/** What a field says about being there and being packed. */
function traits(schema: LoadedSchema, type: string, name: string): string {
  const field = fieldOf(schema, type, name);
  const said = (['presence', 'packed', 'required', 'repeated'] as const).filter((trait) => field[trait]);
  return [field.kind, ...said].join(' ');
}

describe('types', () => {
  it('of proto3', async () => {
    const schema = await labSchema();
    const of = (name: string) => traits(schema, 'lab.Sample', name);
    expect(of('int32_value')).toBe('int32');
    expect(of('optional_number')).toBe('int32 presence');
    expect(of('packed_numbers')).toBe('int32 packed repeated');
    expect(of('unpacked_numbers')).toBe('int32 repeated');
    expect(of('tags')).toBe('string repeated');
    expect(of('chosen_text')).toBe('string presence');
    expect(of('point')).toBe('message presence');
    expect(fieldOf(schema, 'lab.Sample', 'chosen_text').oneof).toBe('choice');
    expect(fieldOf(schema, 'lab.Sample', 'optional_number').oneof).toBeUndefined();
    expect(schema.types.message('lab.Sample')?.oneofs).toEqual(['choice']);
    expect(fieldOf(schema, 'lab.Sample', 'points_by_id')).toMatchObject({
      ...{ jsonName: 'pointsById', mapKey: 'int32', kind: 'message', type: 'lab.Sample.Point', repeated: false },
    });
    expect(fieldOf(schema, 'lab.Sample', 'renamed').jsonName).toBe('otherName');
    expect(fieldOf(schema, 'lab.Sample', 'old_text')).toMatchObject({
      deprecated: true,
      comment: 'Replaced by string_value.',
    });
    expect(schema.types.method('lab.Lab/OldEcho')?.deprecated).toBe(true);
    expect(schema.types.enumeration('lab.Level')).toEqual({
      name: 'lab.Level',
      comment: 'How something is.',
      open: true,
      values: [
        { name: 'LEVEL_UNSPECIFIED', number: 0, comment: 'Nobody said.' },
        { name: 'LEVEL_LOW', number: 1, comment: '' },
        { name: 'LEVEL_HIGH', number: 2, comment: '' },
        { name: 'LEVEL_TOP', number: 2, comment: 'Means the same as LEVEL_HIGH.' },
        { name: 'LEVEL_BROKEN', number: -1, comment: 'Numbers may be negative.' },
      ],
    });
  });

  it('of proto2, with groups and extensions', async () => {
    const schema = await schemaOf({
      'm.proto': `package t;
        message M {
          required int32 a = 1;
          optional int32 b = 2 [default = 7];
          repeated int32 c = 3;
          repeated int32 d = 4 [packed = true];
          optional group Part = 5 { optional string x = 1; }
          extensions 100 to max;
          extend M { optional string inner = 100; }
          enum E { ONE = 1; }
        }
        extend M { repeated int32 outer = 101; }`,
    });
    expect(problemLines(schema)).toEqual([]);
    const of = (name: string) => traits(schema, 't.M', name);
    expect([of('a'), of('b'), of('c'), of('d'), of('part')]).toEqual([
      'int32 presence required',
      'int32 presence',
      'int32 repeated',
      'int32 packed repeated',
      'group presence',
    ]);
    expect(fieldOf(schema, 't.M', 'inner').extension).toBe('[t.M.inner]');
    expect(fieldOf(schema, 't.M', 'outer').extension).toBe('[t.outer]');
    expect(schema.types.enumeration('t.M.E')?.open).toBe(false);
    const json = { a: 1, part: { x: 'y' }, '[t.M.inner]': 'i', '[t.outer]': [1, 2] };
    expect(schema.decode('t.M', schema.encode('t.M', json))).toEqual(json);
  });

  it('of editions', async () => {
    const schema = await schemaOf({
      'm.proto': `edition = "2023"; package t;
        option features.enum_type = CLOSED;
        message M {
          int32 a = 1;
          int32 b = 2 [features.field_presence = IMPLICIT];
          int32 c = 3 [features.field_presence = LEGACY_REQUIRED];
          repeated int32 d = 4;
          repeated int32 e = 5 [features.repeated_field_encoding = EXPANDED];
          M f = 6 [features.message_encoding = DELIMITED];
          message Inner { option features.field_presence = IMPLICIT; int32 g = 1; }
        }
        enum E { ONE = 1; }
        enum O { option features.enum_type = OPEN; ZERO = 0; }`,
    });
    expect(problemLines(schema)).toEqual([]);
    const of = (name: string) => traits(schema, 't.M', name);
    expect([of('a'), of('b'), of('c'), of('d'), of('e'), of('f')]).toEqual([
      'int32 presence',
      'int32',
      'int32 presence required',
      'int32 packed repeated',
      'int32 repeated',
      'group presence',
    ]);
    expect(traits(schema, 't.M.Inner', 'g')).toBe('int32');
    expect(schema.types.enumeration('t.E')?.open).toBe(false);
    expect(schema.types.enumeration('t.O')?.open).toBe(true);
    // Field 6 as a group: a start (33), field 3, an end (34).
    expect(schema.encode('t.M', { c: 1, f: { c: 2 } })).toEqual(Uint8Array.from([0x18, 1, 0x33, 0x18, 2, 0x34]));
  });

  it('finds names from the inside out', async () => {
    const schema = await proto3(`
      message A { message A { int32 inner = 1; } A a = 1; .t.A outer = 2; t.A.A full = 3; B b = 4; enum B { X = 0; } }
      message B {}`);
    const types = schema.types.message('t.A')?.fields.map(({ type }) => type);
    expect(types).toEqual(['t.A.A', 't.A', 't.A.A', 't.A.B']);
  });

  it('keep the comments of everything', async () => {
    const schema = await proto3(`
      // M is
      // two lines.
      message M {
        // Before.
        int32 a = 1;
        int32 b = 2; // Behind.
        /* A block. */
        oneof choice { string c = 3; }
      }`);
    expect(schema.types.message('t.M')?.comment).toBe('M is\ntwo lines.');
    expect(schema.types.message('t.M')?.fields.map(({ comment }) => comment)).toEqual(['Before.', 'Behind.', '']);
  });
});
