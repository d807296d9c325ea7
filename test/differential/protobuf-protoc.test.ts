// protoc judges our schemas: it decodes what we encode and we what it encodes, by its own reading of the .proto and by the
// descriptors that we hand out; and its descriptors of the samples say what ours say.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeTyped, type TypedNode } from '../../src-main/core/payload/protobuf-typed.ts';
import type { FieldDescriptor, FileDescriptor, MessageDescriptor } from '../../src-main/schemas/descriptor.ts';
import { decodeFile, filesInSet } from '../../src-main/schemas/descriptor-codec.ts';
import { loadSchema } from '../../src-main/schemas/load.ts';
import type { LoadedSchema } from '../../src-main/schemas/loaded-schema.ts';
import { folderWith, labSchema, PROTOS, schemaOf } from '../schemas/schema-files.ts';

let lab: LoadedSchema;
let folder: string;
beforeAll(async () => {
  lab = await labSchema();
  folder = mkdtempSync(join(tmpdir(), 'wirescope-protoc-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function protoc(args: readonly string[], input: string | Uint8Array = ''): Buffer {
  const { error, status, stdout, stderr } = spawnSync('protoc', args, { input, maxBuffer: 64 * 2 ** 20 });
  if (error) throw new Error('protoc is missing: apt-get install protobuf-compiler');
  if (status !== 0) throw new Error(`protoc ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const LAB = [`-I${PROTOS}`, 'lab.proto'];

/** What protoc reads of bytes, as text. */
const textOf = (bytes: Uint8Array) => protoc([...LAB, '--decode=lab.Sample'], bytes).toString();
const encoded = (text: string) => protoc([...LAB, '--encode=lab.Sample'], text);

/** Descriptors of a schema as protoc takes them. */
function setOf(schema: LoadedSchema): string {
  const path = join(folder, 'set');
  const lengthOf = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...lengthOf(n >>> 7)]);
  const parts = schema.descriptors().flatMap(({ bytes }) => [Buffer.from([10, ...lengthOf(bytes.length)]), bytes]);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

describe('messages', () => {
  const TEXTS = [
    'int32_value: -7 int64_value: -9223372036854775808 uint64_value: 18446744073709551615 sint64_value: -1',
    'double_value: 1e300 float_value: 0.1 fixed32_value: 4294967295 sfixed64_value: -2 bool_value: true',
    'string_value: "h\\303\\251llo" bytes_value: "\\000\\377" level: LEVEL_BROKEN optional_number: 0 optional_text: ""',
    'packed_numbers: [1, -1, 300] unpacked_numbers: [1, 2] doubles: [0.5, inf, -inf] big_numbers: 1 levels: [LEVEL_LOW, LEVEL_HIGH]',
    'tags: ["a", ""] points { x: 1 } points { } points_by_id { key: -5 value { label: "p" } } averages { key: true value: 2 }',
    'chosen_point { y: 2 } child { child { child { tags: "deep" } } } tree { children { name: "a" } named { key: "k" value { } } }',
    'created_at { seconds: 1709208000 nanos: 5 } timeout { seconds: -3 } mask { paths: "a.b_c" } int64_wrapper { value: 5 } string_wrapper { }',
    'any { [type.googleapis.com/lab.Tree] { name: "inside" } } value { list_value { values { null_value: NULL_VALUE } } }',
    'settings { fields { key: "a" value { struct_value { } } } }',
  ];

  it.each(TEXTS)('are read as protoc writes them and written as it reads them: %s', (text) => {
    const bytes = encoded(text);
    expect(textOf(lab.encode('lab.Sample', lab.decode('lab.Sample', bytes)))).toBe(textOf(bytes));
  });

  it('are the same bytes where nothing can be written otherwise', () => {
    for (const text of TEXTS) {
      const bytes = encoded(text);
      expect(Buffer.from(lab.encode('lab.Sample', lab.decode('lab.Sample', bytes))).toString('hex')).toBe(
        bytes.toString('hex'),
      );
    }
  });

  it('of the examples are read by protoc', () => {
    expect(textOf(lab.encode('lab.Sample', lab.example('lab.Sample')))).toContain('renamed: "renamed"');
  });
});

describe('the typed tree', () => {
  /** Lines as `protoc --decode` prints them, of nodes without their text. */
  function lines(nodes: readonly TypedNode[]): string[] {
    return nodes.flatMap((node) => {
      const name = node.label.replace(/\[.*/s, '');
      const children = node.children ?? [];
      if (node.type.startsWith('packed ')) return children.map(() => name);
      return [name, ...lines(children.filter(({ kind }) => kind !== 'unknown'))];
    });
  }

  it('has the fields that protoc prints, in random messages', () => {
    const numbers = fc.array(fc.integer(), { maxLength: 5 });
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.record({
        name: fc.constantFrom('a', 'b'),
        children: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('tree'), { maxLength: 3 })),
      }),
    }));
    const sample = fc.record({
      packedNumbers: numbers,
      unpackedNumbers: numbers,
      tree,
      tags: fc.array(fc.constantFrom('x', '')),
    });
    fc.assert(
      fc.property(sample, (json) => {
        const bytes = lab.encode('lab.Sample', json);
        const printed = textOf(bytes)
          .split('\n')
          .map((line) => /^\s*(\w+)/.exec(line)?.[1])
          .filter((name) => name !== undefined);
        const { fields, remarks, error } = decodeTyped(bytes, 'lab.Sample', lab.types);
        expect(lines(fields)).toEqual(printed);
        expect([remarks, error]).toEqual([[], undefined]);
      }),
      { numRuns: 25 },
    );
  });
});

/** A descriptor with what may stand in any order in one order, and without what we do not keep. */
function plain(file: FileDescriptor): unknown {
  const byName = <Item extends { name?: string }>(items: readonly Item[] = []) =>
    [...items].sort((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
  const field = ({ options, ...rest }: FieldDescriptor) => ({ ...rest, ...(options && { options: kept(options) }) });
  const kept = ({ retention: _, targets: __, ...options }: { [key: string]: unknown }) => options;
  const message = ({
    name,
    field: fields = [],
    extension,
    nestedType,
    enumType,
    oneofDecl,
    extensionRange,
    options,
  }: MessageDescriptor): unknown => ({
    ...{ name, fields: fields.map(field), extension: extension?.map(field), oneofDecl, options },
    ranges: extensionRange?.map(({ start, end }) => [start, end]),
    nested: byName(nestedType).map(message),
    enums: byName(enumType).map(({ name: own, value, options: enumOptions }) => ({ own, value, enumOptions })),
  });
  const { sourceCodeInfo: _, messageType, enumType, extension, ...rest } = file;
  return {
    ...rest,
    messages: byName(messageType).map(message),
    enums: byName(enumType).map(({ name, value, options }) => ({ name, value, options })),
    extension: extension?.map(field),
  };
}

describe('descriptors', () => {
  const FILES = [
    'chat.proto',
    'greeter.proto',
    'lab.proto',
    'google/rpc/error_details.proto',
    'google/rpc/status.proto',
    'grpc/health/v1/health.proto',
    'grpc/reflection/v1/reflection.proto',
    'google/protobuf/type.proto',
    'google/protobuf/api.proto',
    'google/protobuf/descriptor.proto',
    'google/protobuf/wrappers.proto',
    'google/api/http.proto',
  ];

  it.each(FILES)("of %s say what protoc's say", async (name) => {
    const schema = await loadSchema({ files: [name], importPaths: ['.'], folder: PROTOS });
    expect(schema.problems).toEqual([]);
    execFileSync('protoc', [`-I${PROTOS}`, '--include_imports', '-o', join(folder, 'theirs'), name]);
    const theirs = filesInSet(readFileSync(join(folder, 'theirs'))).map((bytes) => plain(decodeFile(bytes)));
    const ours = schema.descriptors().map(({ bytes }) => plain(decodeFile(bytes)));
    const sorted = (files: unknown[]) => files.map((file) => JSON.stringify(file)).sort();
    expect(sorted(ours).map((text) => JSON.parse(text))).toEqual(sorted(theirs).map((text) => JSON.parse(text)));
  });

  it('of proto2 with groups, extensions and defaults are accepted and meant', async () => {
    const text = `syntax = "proto2"; package t;
      message M {
        required int32 a = 1;
        optional string b = 2 [default = "x\\"y"];
        optional bytes c = 3 [default = "\\001z"];
        optional group PartOne = 4 { optional int32 d = 1; }
        optional E e = 5 [default = TWO];
        optional double f = 6 [default = -inf];
        extensions 100 to 199, 1000 to max;
        enum E { ONE = 1; TWO = 2; }
        oneof k { string g = 7; int32 h = 8; }
        map<string, M> i = 9;
      }
      extend M { repeated int32 x = 100 [packed = true]; }
      message N { extend M { optional N n = 101; } }`;
    const source = folderWith({ 'm.proto': text });
    execFileSync('protoc', [`-I${source}`, '-o', join(folder, 'theirs'), 'm.proto']);
    const theirs = filesInSet(readFileSync(join(folder, 'theirs'))).map((bytes) => plain(decodeFile(bytes)));
    const schema = await schemaOf({ 'm.proto': text });
    expect(schema.descriptors().map(({ bytes }) => plain(decodeFile(bytes)))).toEqual(theirs);
  });

  it('let protoc decode without a .proto', () => {
    const set = setOf(lab);
    const bytes = lab.encode('lab.Sample', lab.example('lab.Sample'));
    expect(protoc([`--descriptor_set_in=${set}`, '--decode=lab.Sample'], bytes).toString()).toBe(textOf(bytes));
  });

  it('of sources that overlap are accepted', async () => {
    const told = (
      await schemaOf(
        {
          'a.proto': 'syntax = "proto3"; package t; import "b.proto"; message A { B b = 1; Only only = 2; }',
          'b.proto': 'syntax = "proto3"; package t; message B { string text = 1; } message Only {}',
        },
        { files: ['a.proto'] },
      )
    ).descriptors();
    const schema = await schemaOf(
      { 'other.proto': 'syntax = "proto3"; package t; message B { int32 number = 1; }' },
      {
        reflected: { label: 'r', files: told.map(({ bytes }) => bytes) },
      },
    );
    expect(schema.problems.map(({ text }) => text)).toEqual(['t.B is defined otherwise in other.proto, which counts.']);
    const bytes = schema.encode('t.A', { b: { number: 5 }, only: {} });
    const text = protoc([`--descriptor_set_in=${setOf(schema)}`, '--decode=t.A'], bytes).toString();
    expect(text).toBe('b {\n  number: 5\n}\nonly {\n}\n');
  });
});
