// Where types come from: files, folders, imports, descriptor sets, reflection; and what is said of what is wrong.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUNDLED_PROTOS } from '../../src-main/schemas/bundled-protos.ts';
import { loadSchema } from '../../src-main/schemas/load.ts';
import { SchemaError } from '../../src-main/schemas/loaded-schema.ts';
import { missingTypes } from '../../src-main/schemas/missing-types.ts';
import { folderWith, labSchema, PROTOS, problemLines, proto3, schemaOf } from './schema-files.ts';

const A = 'syntax = "proto3"; package a; import "b.proto"; message A { b.B b = 1; }';
const B = 'syntax = "proto3"; package b; message B { string text = 1; }';

describe('sources', () => {
  it('loads the samples of the repository without a problem', async () => {
    const schema = await loadSchema({ files: [PROTOS], importPaths: [], folder: '/' });
    expect(schema.problems).toEqual([]);
    expect(schema.sources).toEqual([{ label: PROTOS, kind: 'file', services: 6 }]);
    expect(schema.services.map(({ name }) => name)).toEqual([
      'Greeter',
      'chat.ChatService',
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
      'lab.Lab',
    ]);
  });

  it('describes a service, its methods and their comments', async () => {
    const { services } = await loadSchema({ files: ['chat.proto'], importPaths: [], folder: PROTOS });
    expect(services).toEqual([
      {
        name: 'chat.ChatService',
        comment: 'Says things to everybody.',
        source: 'chat.proto',
        methods: [
          expect.objectContaining({ path: 'chat.ChatService/SendMessage', clientStreaming: false }),
          {
            name: 'StreamMessages',
            path: 'chat.ChatService/StreamMessages',
            input: 'chat.Message',
            output: 'chat.Response',
            clientStreaming: true,
            serverStreaming: true,
            comment: 'Sends as many messages as you like; each is answered by a response, as soon as it was read.',
            deprecated: false,
          },
        ],
      },
    ]);
  });

  it('finds methods with and without a slash in front, and those of a service without a package', async () => {
    const { types } = await loadSchema({ files: ['greeter.proto'], importPaths: [], folder: PROTOS });
    expect(types.method('/Greeter/SayHello')).toMatchObject({ input: 'HelloRequest', output: 'HelloReply' });
    expect(types.method('Greeter/SayHello')).toBe(types.method('/Greeter/SayHello'));
    expect(types.method('Greeter/SayGoodbye')).toBeUndefined();
  });

  it('looks imports up beside the file, in folders that were named, and in import paths', async () => {
    const beside = await schemaOf({ 'a.proto': A, 'b.proto': B }, { files: ['a.proto'] });
    expect(problemLines(beside)).toEqual([]);
    expect(beside.files.map((path) => path.slice(-7))).toEqual(['a.proto', 'b.proto']);
    const folders = await schemaOf({ 'x/a.proto': A, 'y/b.proto': B }, { files: ['x', 'y'] });
    expect(problemLines(folders)).toEqual([]);
    const paths = await schemaOf({ 'x/a.proto': A, 'y/b.proto': B }, { files: ['x/a.proto'], importPaths: ['y'] });
    expect(problemLines(paths)).toEqual([]);
  });

  it('looks up what is named in the import paths too, as protoc does', async () => {
    const schema = await schemaOf({ 'y/b.proto': B }, { files: ['b.proto'], importPaths: ['x', 'y'] });
    expect(problemLines(schema)).toEqual([]);
    expect(schema.files.map((path) => path.slice(-9))).toEqual(['y/b.proto']);
  });

  it('names a file by its import path, so that others find it', async () => {
    const user = A.replace('b.proto', 'y/b.proto');
    const schema = await schemaOf({ 'x/a.proto': user, 'y/b.proto': B }, { importPaths: ['.'] });
    expect(problemLines(schema)).toEqual([]);
    expect(schema.descriptors().map(({ file }) => file)).toEqual(['y/b.proto', 'x/a.proto']);
  });

  it('looks files up in import paths too, as protoc does', async () => {
    const schema = await schemaOf({ 'x/a.proto': A, 'x/b.proto': B }, { files: ['a.proto'], importPaths: ['x'] });
    expect(problemLines(schema)).toEqual([]);
    expect(schema.sources).toEqual([{ label: 'a.proto', kind: 'file', services: 0 }]);
    expect(schema.descriptors().map(({ file }) => file)).toEqual(['b.proto', 'a.proto']);
  });

  it('says where it has looked for an import', async () => {
    const schema = await schemaOf({ 'x/a.proto': `\n${A}` }, { importPaths: ['y', 'z'] });
    expect(problemLines(schema)).toEqual([
      'x/a.proto:2 error There is no b.proto to import. Looked in y, z, x.',
      'x/a.proto:2:61 error a.A.b: there is no type b.B.',
    ]);
  });

  it('has well-known protos without anybody having them, and lets an import path have others', async () => {
    const status = `syntax = "proto3"; import "google/rpc/status.proto"; message M { google.rpc.Status status = 1; }`;
    expect(problemLines(await schemaOf({ 'm.proto': status }))).toEqual([]);
    const own = `syntax = "proto3"; package google.rpc; message Status { string mine = 1; }`;
    const schema = await schemaOf({ 'm.proto': status, 'google/rpc/status.proto': own }, { files: ['m.proto'] });
    expect(schema.decode('M', schema.encode('M', { status: { mine: 'x' } }))).toEqual({ status: { mine: 'x' } });
  });

  it('reads descriptor sets, with imports and without', async () => {
    const folder = folderWith({ 'a.proto': A, 'b.proto': B });
    for (const flags of [['--include_imports'], []]) {
      execFileSync('protoc', ['-I', folder, '-o', join(folder, `set${flags.length}`), ...flags, 'a.proto']);
    }
    const whole = await loadSchema({ files: ['set1'], importPaths: [], folder });
    expect(problemLines(whole)).toEqual([]);
    expect(whole.sources).toEqual([{ label: 'set1', kind: 'descriptors', services: 0 }]);
    expect(whole.encode('a.A', { b: { text: 'x' } })).toEqual(Uint8Array.of(10, 3, 10, 1, 120));
    const alone = await loadSchema({ files: ['set0'], importPaths: [], folder });
    expect(problemLines(alone)).toEqual([
      'set0 warning It lacks b.proto: make it with --include_imports.',
      'set0 error a.A.b: there is no type b.B.',
    ]);
    expect(() => alone.encode('a.A', { b: {} })).toThrow('b: the type b.B is not in the schema');
    expect(alone.decode('a.A', Uint8Array.of(10, 3, 10, 1, 120))).toEqual({ b: {} });
    const helped = await loadSchema({ files: ['set0'], importPaths: ['.'], folder });
    expect(problemLines(helped)).toEqual([]);
  });

  it('keeps comments of a descriptor set that has them', async () => {
    const folder = folderWith({
      'm.proto': 'syntax = "proto3";\n// A message.\nmessage M {\n  int32 a = 1; // A field.\n}',
    });
    execFileSync('protoc', ['-I', folder, '-o', join(folder, 'set'), '--include_source_info', 'm.proto']);
    const { types } = await loadSchema({ files: ['set'], importPaths: [], folder });
    expect(types.message('M')).toMatchObject({ comment: 'A message.', fields: [{ comment: 'A field.' }] });
  });

  it('reads what a server told, and merges it with files', async () => {
    const told = (await schemaOf({ 'a.proto': A, 'b.proto': B })).descriptors();
    const files = told.map(({ bytes }) => bytes);
    const reflected = { label: 'reflection of somewhere', files };
    const alone = await schemaOf({}, { reflected });
    expect(problemLines(alone)).toEqual([]);
    expect(alone.sources).toEqual([{ label: 'reflection of somewhere', kind: 'reflection', services: 0 }]);
    const merged = await schemaOf({ 'b.proto': B }, { reflected });
    expect(problemLines(merged)).toEqual([]);
    expect(merged.descriptors().map(({ file }) => file)).toEqual(['b.proto', 'a.proto']);
  });

  it('takes descriptors of which a server has left the imports out', async () => {
    const user =
      'syntax = "proto3"; import "google/protobuf/timestamp.proto"; message M { google.protobuf.Timestamp at = 1; }';
    const [, told] = (await schemaOf({ 'm.proto': user })).descriptors();
    // Field 3 of the file, its import, becomes field 100, which nobody knows.
    const text = Buffer.from(told!.bytes).toString('latin1');
    const unsaid = Buffer.from(text.replace('\x1a\x1fgoogle', '\xa2\x06\x1fgoogle'), 'latin1');
    expect(unsaid.length).toBe(told!.bytes.length + 1);
    const schema = await schemaOf({}, { reflected: { label: 'r', files: [unsaid] } });
    expect(problemLines(schema)).toEqual([]);
    expect(schema.descriptors().map(({ file }) => file)).toEqual(['google/protobuf/timestamp.proto', 'm.proto']);
    const [, a] = (await schemaOf({ 'a.proto': A, 'b.proto': B })).descriptors();
    expect(missingTypes([a!.bytes, unsaid, Uint8Array.of(255)])).toEqual(['b.B']);
  });

  it('has the bundled types with no source at all', async () => {
    const schema = await schemaOf({});
    expect(schema.services).toEqual([]);
    expect(schema.types.method('grpc.health.v1.Health/Check')).toBeDefined();
    expect(schema.encode('google.rpc.Status', { code: 5 })).toEqual(Uint8Array.of(8, 5));
    expect(() => schema.encode('a.A', {})).toThrow(new SchemaError('There is no message type a.A in the schema.'));
  });

  it('stops when it is told to', async () => {
    const reason = new Error('enough');
    const request = { files: [PROTOS], importPaths: [], folder: '/' };
    await expect(loadSchema(request, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('has bundled what is in protos/', () => {
    for (const [file, text] of Object.entries(BUNDLED_PROTOS)) {
      expect(text, `${file}: run node scripts/bundle-protos.mjs`).toBe(readFileSync(join(PROTOS, file), 'utf8'));
    }
  });
});

describe('problems', () => {
  it.each<[string, string, string]>([
    [
      'a label nobody expects',
      'syntax = "proto3";\nmessage M {\n  required int32 a = 1;\n}',
      "3:3 error Unexpected token 'required'.",
    ],
    ['a file that ends too early', 'syntax = "proto3";\nmessage M {', '2 error Unexpected end of the file.'],
    [
      'a number twice',
      'syntax = "proto3";\nmessage M {\n  int32 a = 1;\n  int32 b = 1;\n}',
      '4:11 error Duplicate id 1 in Type M.',
    ],
    [
      'a name twice',
      'syntax = "proto3";\nmessage M {\n  int32 a = 1;\n  int32 a = 2;\n}',
      "4:9 error Duplicate name 'a' in Type M.",
    ],
    ['a syntax there is not', '\nsyntax = "proto4";', "1 error There is no syntax 'proto4'."],
    ['no .proto', 'hello', "1:1 error Unexpected token 'hello'."],
    ['an endless comment', '/* ', '1 error Unexpected comment.'],
  ])('of %s say where', async (_, text, line) => {
    expect(problemLines(await schemaOf({ 'm.proto': text }))).toEqual([`m.proto:${line}`]);
  });

  it('of one file do not lose the others', async () => {
    const schema = await schemaOf(
      { 'a.proto': 'message', 'b.proto': B, 'nothing.bin': 'no descriptor' },
      {
        files: ['a.proto', 'b.proto', 'c.proto', 'nothing.bin'],
      },
    );
    expect(schema.types.message('b.B')).toBeDefined();
    expect(problemLines(schema)).toEqual([
      'c.proto error There is no such file or folder.',
      'nothing.bin error This is neither a .proto file (by its name) nor a descriptor set (by its bytes).',
      'a.proto:1 error Unexpected end of the file.',
    ]);
    expect(schema.sources.map(({ label, kind }) => `${label} ${kind}`)).toEqual([
      'a.proto file',
      'b.proto file',
      'c.proto file',
      'nothing.bin descriptors',
    ]);
  });

  it('of a type that is not there cost only the field', async () => {
    const schema = await schemaOf({ 'm.proto': 'syntax = "proto3";\nmessage M {\n  int32 a = 1;\n  Nope b = 2;\n}' });
    expect(problemLines(schema)).toEqual(['m.proto:4:3 error M.b: there is no type Nope.']);
    expect(schema.types.message('M')?.fields.map(({ name }) => name)).toEqual(['a']);
  });

  it('tell of definitions that differ, and not of those that say the same', async () => {
    const schema = await schemaOf(
      {
        'one/m.proto': 'syntax = "proto3"; package t; message M { string a = 1; } message Same { int32 x = 1; }',
        'two/m.proto':
          '// Other.\nsyntax = "proto3"; package t; message Same { int32 x = 1; /* it */ } message M { int32 a = 1; }',
        'three/n.proto': 'syntax = "proto3"; package t; message Same { int32 x = 1; } message Own { M m = 1; }',
      },
      { files: ['one', 'two', 'three'] },
    );
    expect(problemLines(schema)).toEqual([
      'two/m.proto warning t.M is defined otherwise in one/m.proto, which counts.',
    ]);
    expect(schema.types.message('t.M')?.fields[0]?.kind).toBe('string');
    expect(schema.descriptors().map(({ file }) => file)).toEqual(['m.proto', 'n.proto']);
  });
});

describe('looking around', () => {
  it('follows types, nearest first, up to a limit', async () => {
    const schema = await proto3(
      'message A { B b = 1; E e = 2; } message B { C c = 1; A a = 2; } message C {} enum E { Z = 0; }',
    );
    const { messages, enums, truncated } = schema.closure(['t.A', 't.Nope'], 10);
    expect(messages.map(({ name }) => name)).toEqual(['t.A', 't.B', 't.C']);
    expect(enums.map(({ name }) => name)).toEqual(['t.E']);
    expect(truncated).toBe(false);
    expect(schema.closure(['t.A'], 2)).toMatchObject({ messages: [{ name: 't.A' }, { name: 't.B' }], truncated: true });
  });

  it('searches names of messages, those that are often put into an Any too', async () => {
    const schema = await labSchema();
    expect(schema.search('sAMple')).toEqual(['lab.Sample', 'lab.Sample.Point']);
    expect(schema.search('badrequest')).toEqual(['google.rpc.BadRequest', 'google.rpc.BadRequest.FieldViolation']);
    expect(schema.search('Entry')).toEqual([]);
  });
});
