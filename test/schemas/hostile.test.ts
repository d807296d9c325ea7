// Schemas and messages that were made to hurt: bounded in time and memory, and never more than a problem.
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileDescriptor, MessageDescriptor } from '../../src-main/schemas/descriptor.ts';
import { encodeFile } from '../../src-main/schemas/descriptor-codec.ts';
import { loadSchema } from '../../src-main/schemas/load.ts';
import { SchemaError } from '../../src-main/schemas/loaded-schema.ts';
import { folderWith, problemLines, proto3, schemaOf } from './schema-files.ts';

const reflected = (...files: FileDescriptor[]) =>
  schemaOf({}, { reflected: { label: 'r', files: files.map(encodeFile) } });

describe('hostile .proto files', () => {
  it('that import each other in a circle', async () => {
    const schema = await schemaOf({
      'a.proto': 'syntax = "proto3"; import "b.proto"; message A { B b = 1; }',
      'b.proto': 'syntax = "proto3"; import "a.proto"; import "b.proto"; message B { A a = 1; }',
    });
    expect(problemLines(schema)).toEqual([
      'a.proto warning Files import each other in a circle: a.proto → b.proto → a.proto.',
      'b.proto warning Files import each other in a circle: b.proto → b.proto.',
    ]);
    expect(schema.decode('A', schema.encode('A', { b: { a: {} } }))).toEqual({ b: { a: {} } });
    expect(schema.descriptors().map(({ file }) => file)).toEqual(['b.proto', 'a.proto']);
  });

  it.each([
    '../secret.proto',
    '/etc/secret.proto',
    'a/../../secret.proto',
    'C:/secret.proto',
    '..\\\\secret.proto',
    '',
  ])('that import “%s”', async (name) => {
    const folder = folderWith({
      'in/m.proto': `syntax = "proto3"; import "${name}"; message M {}`,
      'secret.proto': 'syntax = "proto3"; message Secret {}',
    });
    const schema = await loadSchema({ files: ['in/m.proto'], importPaths: ['in'], folder });
    expect(problemLines(schema)).toEqual([
      `in/m.proto:1 error “${name.replace('\\\\', '\\')}” is no name to import: it leads out of the import paths.`,
    ]);
    expect(schema.types.message('Secret')).toBeUndefined();
  });

  it('that are far too long, or never end', async () => {
    const folder = folderWith({ 'big.proto': '', 'big.set': '', 'm.proto': 'syntax = "proto3"; message M {}' });
    truncateSync(join(folder, 'big.proto'), 100 * 2 ** 20);
    truncateSync(join(folder, 'big.set'), 100 * 2 ** 20);
    const files = ['big.proto', 'big.set', 'm.proto', '/dev/zero'];
    const schema = await loadSchema({ files, importPaths: [], folder });
    expect(problemLines(schema)).toEqual([
      'big.set error It is 104857600 bytes long; at most 67108864 are read.',
      '/dev/zero error This is no file.',
      'big.proto error It is 104857600 bytes long; at most 4194304 are read.',
    ]);
    expect(schema.types.message('M')).toBeDefined();
  });

  it('that hide in folders inside folders, links and dots', async () => {
    const folder = folderWith({
      'deep/.git/a.proto': 'message',
      'deep/node_modules/b.proto': 'message',
      'deep/c.proto': 'syntax = "proto3"; message C {}',
    });
    symlinkSync('.', join(folder, 'deep/loop'));
    let path = join(folder, 'deep');
    for (let i = 0; i < 40; i++) path = join(path, 'd');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'far.proto'), 'message');
    const schema = await loadSchema({ files: ['deep'], importPaths: [], folder });
    expect(problemLines(schema)).toEqual([]);
    expect(schema.files).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['messages in messages', 'message M {'.repeat(100_000)],
    ['messages in messages, closed', `${'message M {'.repeat(40)}${'}'.repeat(40)}`],
    ['braces', '{'.repeat(100_000)],
    ['options in options', `option (x) = ${'{ a: '.repeat(100_000)}`],
    ['a package of many parts', `package ${'a.'.repeat(10_000)}a;`],
    ['an endless string', `import "${'a'.repeat(100_000)}`],
    ['groups in groups', `message M { ${'optional group A = 1 { '.repeat(50_000)}`],
  ])('of %s', async (_, text) => {
    const schema = await schemaOf({ 'm.proto': `syntax = "proto2";\n${text}` });
    expect(schema.problems.map(({ severity }) => severity)).toEqual(['error']);
    expect(schema.problems[0]!.text.length).toBeLessThan(300);
  });

  it('of names that objects have anyway', async () => {
    const schema = await schemaOf({
      'm.proto': `syntax = "proto3"; package constructor;
        message __proto__ { string x = 1; }
        message toString { string __proto__ = 1; string constructor = 2; map<string, int32> valueOf = 3; }
        enum hasOwnProperty { __proto__ = 0; prototype = 1; }
        service constructor { rpc toString(toString) returns (toString); }`,
    });
    expect(problemLines(schema).join()).toContain('__proto__ is left out');
    const type = 'constructor.toString';
    const json = { constructor: 'a', valueOf: { b: 1 } };
    expect(schema.decode(type, schema.encode(type, json))).toEqual(json);
    expect(schema.example(type)).toMatchObject({ constructor: 'constructor' });
    expect(schema.closure([type, '__proto__'], 10).messages).toHaveLength(1);
    expect(({} as { x?: unknown }).x).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('with an enum of 100,000 names', async () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `V${i} = ${i};`).join('');
    const schema = await proto3(`enum E { ${names} } message M { E e = 1; }`);
    expect(schema.decode('t.M', schema.encode('t.M', { e: 'V99999' }))).toEqual({ e: 'V99999' });
    expect(() => schema.encode('t.M', { e: 'W' })).toThrow(/V11, …\), not "W"$/);
  });

  it.each<[string, string, (i: number) => string, string]>([
    ['fields of one message', 'message M {', (i) => `optional int32 f${i} = ${i + 20_000};`, '}'],
    ['fields of one oneof', 'message M { oneof k {', (i) => `int32 f${i} = ${i + 20_000};`, '} }'],
    ['fields of a message that does not end', 'message M {', (i) => `optional int32 f${i} = ${i + 20_000};`, ''],
    ['reserved numbers', 'message M { reserved ', (i) => `${i + 1},`, '1000000; optional int32 a = 1; }'],
    ['reserved numbers of an enum', 'enum E { reserved ', (i) => `${i + 1},`, `1000000; ${'A = 0;'.repeat(20_000)} }`],
    [
      'extensions',
      'message M { extensions 1 to max; }',
      (i) => `extend M { optional int32 f${i} = ${i + 20_000}; }`,
      '',
    ],
  ])('of 50,000 %s', async (_, start, part, end) => {
    const text = `syntax = "proto2"; ${start}${Array.from({ length: 50_000 }, (_, i) => part(i)).join('')}${end}`;
    expect(problemLines(await schemaOf({ 'm.proto': text }))).toEqual([
      'm.proto error Too many fields, extensions or reserved numbers in one place.',
    ]);
  });

  it('with a problem in each line tell of the first', async () => {
    const text = `syntax = "proto3";${Array.from({ length: 5000 }, (_, i) => `message M${i} { X${i} x = 1; }`).join('\n')}`;
    const { problems } = await schemaOf({ 'm.proto': text });
    expect(problems).toHaveLength(201);
    expect(problems.at(-1)?.text).toBe('There are 4800 problems more.');
  });

  it('of any text are a problem at worst', async () => {
    const words = [
      'message',
      'M',
      '{',
      '}',
      '=',
      '1',
      ';',
      'syntax',
      '"proto3"',
      '"',
      'int32',
      'oneof',
      'map<',
      ',',
      '>',
      'option',
      '(',
      ')',
      'group',
      'extend',
      '//',
      '/*',
      'service',
      'rpc',
      'returns',
      'enum',
      'edition',
      '[',
      ']',
      '.',
      '-',
      'import',
      'package',
      'reserved',
      'to',
      'max',
      'stream',
      '\n',
    ];
    const text = fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((tokens) => tokens.join(' '));
    await fc.assert(
      fc.asyncProperty(text, async (source) => {
        const folder = folderOnce();
        writeFileSync(join(folder, 'm.proto'), source);
        const schema = await loadSchema({ files: ['m.proto'], importPaths: [], folder });
        schema.descriptors();
        for (const { severity } of schema.problems) expect(severity).toMatch(/error|warning/);
      }),
      { numRuns: 300 },
    );
  });
});

let once: string | undefined;
function folderOnce(): string {
  once ??= folderWith({});
  return once;
}

describe('hostile descriptors', () => {
  const message = (name: string, more: MessageDescriptor = {}): MessageDescriptor => ({ name, ...more });

  it('that are of any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 3 }), async (files) => {
        const schema = await schemaOf({}, { reflected: { label: 'r', files } });
        schema.descriptors();
      }),
      { numRuns: 300 },
    );
  });

  it('that are cut or flipped anywhere', async () => {
    const { descriptors } = {
      descriptors: (await proto3('message M { map<string, M> m = 1; enum E { A = 0; } E e = 2; }')).descriptors(),
    };
    const whole = descriptors[0]!.bytes;
    for (let i = 0; i < whole.length; i++) {
      const flipped = whole.slice();
      flipped[i]! ^= 1 << (i % 8);
      for (const bytes of [whole.slice(0, i), flipped]) {
        const schema = await schemaOf({}, { reflected: { label: 'r', files: [bytes] } });
        schema.descriptors();
        for (const name of schema.search('M')) schema.example(name);
      }
    }
  });

  it('of messages inside messages without end', async () => {
    let inner = message('M');
    for (let i = 0; i < 90; i++) inner = message('M', { nestedType: [inner] });
    const schema = await reflected({ name: 'm.proto', messageType: [inner] });
    expect(schema.search('M.M').length).toBeLessThan(70);
    schema.descriptors();
  });

  it('of types that need themselves', async () => {
    const required = { name: 'm', number: 1, label: 'LABEL_REQUIRED', type: 'TYPE_MESSAGE', typeName: '.M' } as const;
    const schema = await reflected({ name: 'm.proto', messageType: [message('M', { field: [required] })] });
    const example = schema.example('M');
    expect(JSON.stringify(example).length).toBeLessThan(1000);
    expect(() => schema.encode('M', example)).toThrow(SchemaError);
  });

  it('of maps whose entries are no entries', async () => {
    const field = { name: 'm', number: 1, label: 'LABEL_REPEATED', type: 'TYPE_MESSAGE', typeName: '.M.E' } as const;
    const entry = message('E', { options: { mapEntry: true } });
    const schema = await reflected({
      name: 'm.proto',
      messageType: [message('M', { field: [field], nestedType: [entry] })],
    });
    schema.decode('M', Uint8Array.of(10, 2, 8, 1));
    expect(() => schema.encode('M', { m: 5 })).toThrow(SchemaError);
  });

  it('of files without names, with the same names, and with fields of number 0', async () => {
    const odd = message('M', { field: [{ name: '', number: 0, label: 'LABEL_OPTIONAL', type: 'TYPE_STRING' }] });
    const schema = await reflected({ messageType: [odd] }, { messageType: [message('N')] }, { messageType: [odd] });
    expect(schema.descriptors().map(({ file }) => file)).toEqual(['unnamed.proto', 'unnamed-2.proto']);
    expect(problemLines(schema)).toEqual([]);
  });
});

describe('hostile messages', () => {
  it('nested without end are refused, whichever way', async () => {
    const schema = await proto3(
      'import "google/protobuf/struct.proto"; import "google/protobuf/any.proto"; message M { M m = 1; google.protobuf.Value v = 2; google.protobuf.Any a = 3; }',
    );
    const levels = 100_000;
    let json: unknown = {};
    let value: unknown = [];
    let any: unknown = { '@type': 'a/t.M' };
    for (let i = 0; i < levels; i++) {
      json = { m: json };
      value = [value];
      any = { '@type': 'a/t.M', a: any };
    }
    for (const deep of [json, { v: value }, { a: any }])
      expect(() => schema.encode('t.M', deep)).toThrow(/nested deeper than 100/);
    // Lengths from the outside in, each of what is left.
    const lengths: number[] = [];
    for (let size = 0, i = 0; i < 5000; i++) {
      const head = [0x0a, (size & 0x7f) | 0x80, ((size >> 7) & 0x7f) | 0x80, size >> 14];
      lengths.unshift(...head);
      size += head.length;
    }
    expect(() => schema.decode('t.M', Uint8Array.from(lengths))).toThrow(/nested deeper than 100/);
  });

  it('with lengths beyond what there is allocate nothing', async () => {
    const schema = await proto3('message M { bytes b = 1; repeated double d = 2; M m = 3; map<string, M> n = 4; }');
    for (const field of [0x0a, 0x12, 0x1a, 0x22]) {
      const bytes = Uint8Array.of(field, 0xff, 0xff, 0xff, 0xff, 0x0f);
      expect(() => schema.decode('t.M', bytes)).toThrow(SchemaError);
    }
  });

  it('make no code: names reach nothing that is run', async () => {
    const name = 'x;globalThis.hurt=1;//';
    const field = { name, jsonName: name, number: 1, label: 'LABEL_OPTIONAL', type: 'TYPE_STRING' } as const;
    const schema = await reflected({ name: 'm.proto', package: name, messageType: [{ name, field: [field] }] });
    const type = `${name}.${name}`;
    expect(schema.decode(type, schema.encode(type, { [name]: 'v' }))).toEqual({ [name]: 'v' });
    expect('hurt' in globalThis).toBe(false);
  });
});
