// What the mock server answers beside the schema: reflection in both versions, and health. Clients are bare grpc-js.
import { status } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { describe, expect, it } from 'vitest';
import { ReflectionIndex } from '../../src-main/endpoints/grpc/server-reflection-index.ts';
import {
  decodeReflectionResponse,
  encodeReflectionRequest,
  REFLECTION_METHODS,
  type ReflectionRequest,
} from '../../src-main/schemas/reflection.ts';
import { Caller, mockServer, outcomeOf } from './grpc-server-peer.ts';

function fileNames(files: readonly Uint8Array[]): string[] {
  return files.map((bytes) => (descriptor.FileDescriptorProto.decode(bytes) as unknown as { name: string }).name);
}

describe.each(REFLECTION_METHODS)('%s', (path) => {
  async function ask(...requests: ReflectionRequest[]) {
    const { target, endpoint } = await mockServer();
    const { messages, status: ended } = await new Caller(target).call(path, requests.map(encodeReflectionRequest));
    expect(ended.code).toBe(0);
    expect(endpoint.calls).toEqual([]);
    return messages.map(decodeReflectionResponse);
  }

  it('lists services under the names the .proto gives them', async () => {
    expect(await ask({ ask: 'services' })).toEqual([
      {
        answer: 'services',
        names: [
          'Greeter',
          'chat.ChatService',
          'grpc.health.v1.Health',
          'grpc.reflection.v1.ServerReflection',
          'grpc.reflection.v1alpha.ServerReflection',
        ],
      },
    ]);
  });

  it.each([
    ['Greeter', ['greeter.proto']],
    ['.Greeter', ['greeter.proto']],
    ['Greeter.SayHello', ['greeter.proto']],
    ['HelloReply', ['greeter.proto']],
    ['chat.ChatService', ['mock.proto', 'greeter.proto']],
    ['chat.Message', ['mock.proto', 'greeter.proto']],
    ['grpc.health.v1.HealthCheckResponse.ServingStatus', ['grpc/health/v1/health.proto']],
    ['grpc.health.v1.HealthCheckResponse.SERVING', ['grpc/health/v1/health.proto']],
    [
      path.slice(0, path.indexOf('/')),
      [`${path.slice(0, path.lastIndexOf('.')).replaceAll('.', '/')}/reflection.proto`],
    ],
  ])('finds %s with all its file imports', async (symbol, names) => {
    const [answer] = await ask({ ask: 'symbol', symbol });
    if (answer?.answer !== 'files') throw new Error(JSON.stringify(answer));
    expect(fileNames(answer.files)).toEqual(names);
  });

  it('finds files, knows what it does not know, and goes on', async () => {
    const answers = await ask(
      { ask: 'file', file: 'greeter.proto' },
      { ask: 'file', file: 'nope.proto' },
      { ask: 'symbol', symbol: 'nope' },
      { ask: 'extension-numbers', type: 'chat.Message' },
      { ask: 'extension-numbers', type: 'nope' },
      { ask: 'extension', type: 'chat.Message', number: 7 },
    );
    expect(answers).toMatchObject([
      { answer: 'files' },
      { answer: 'error', code: status.NOT_FOUND, message: 'There is no file nope.proto.' },
      { answer: 'error', code: status.NOT_FOUND, message: 'Nothing is named nope.' },
      { answer: 'extension-numbers', type: 'chat.Message', numbers: [] },
      { answer: 'error', code: status.NOT_FOUND },
      { answer: 'error', code: status.NOT_FOUND },
    ]);
  });

  it('refuses rubbish', async () => {
    const { target } = await mockServer();
    const caller = new Caller(target);
    expect((await caller.call(path, [Buffer.from([0x3a, 9])])).status.code).toBe(status.INVALID_ARGUMENT);
    const [empty] = (await caller.call(path, [Buffer.alloc(0)])).messages;
    expect(decodeReflectionResponse(empty!)).toMatchObject({ answer: 'error', code: status.UNIMPLEMENTED });
  });
});

describe('the index of descriptors', () => {
  const encode = (file: object) =>
    descriptor.FileDescriptorProto.encode(descriptor.FileDescriptorProto.fromObject(file)).finish();

  it('knows extensions, also nested ones, and import loops', () => {
    const extension = (name: string, number: number) => ({ name, number, extendee: '.base.Base' });
    const a = encode({
      name: 'a.proto',
      package: 'a',
      dependency: ['b.proto', 'missing.proto'],
      extension: [extension('outer', 200)],
      messageType: [{ name: 'M', extension: [extension('inner', 100)], nestedType: [{ name: 'N' }] }],
    });
    const b = encode({ name: 'b.proto', package: 'base', dependency: ['a.proto'], messageType: [{ name: 'Base' }] });
    const index = new ReflectionIndex([
      { file: 'a.proto', bytes: a },
      { file: 'b.proto', bytes: b },
      { file: 'a.proto', bytes: b },
    ]);
    expect(index.extensionNumbers('base.Base')).toEqual([100, 200]);
    expect(index.fileOfExtension('.base.Base', 100)).toBe('a.proto');
    expect(['a.outer', 'a.M.inner', 'a.M.N', 'base.Base', 'a'].map((name) => index.fileOf(name))).toEqual([
      'a.proto',
      'a.proto',
      'a.proto',
      'b.proto',
      undefined,
    ]);
    expect(fileNames(index.withImports('b.proto')!)).toEqual(['b.proto', 'a.proto']);
  });

  it('leaves out what is no descriptor, and nesting without end', () => {
    let nested: Uint8Array = new Uint8Array();
    for (let depth = 0; depth < 5000; depth++) {
      nested = new protobuf.Writer().uint32(10).string('M').uint32(26).bytes(nested).finish();
    }
    const deep = new protobuf.Writer().uint32(10).string('deep.proto').uint32(34).bytes(nested).finish();
    const index = new ReflectionIndex([
      { file: 'rubbish.proto', bytes: Buffer.from([0x22, 0xff, 0xff]) },
      { file: 'deep.proto', bytes: deep },
    ]);
    expect(index.withImports('rubbish.proto')).toBeUndefined();
    expect(index.fileOf('M.M.M')).toBe('deep.proto');
    expect(index.services).toEqual([]);
  });
});

describe('grpc.health.v1.Health', () => {
  const request = (service: string) => new protobuf.Writer().uint32(10).string(service).finish();

  it.each(['', 'Greeter', 'chat.ChatService', 'grpc.health.v1.Health'])(
    'says that “%s” is serving',
    async (service) => {
      const { target } = await mockServer();
      expect([...(await new Caller(target).unary('grpc.health.v1.Health/Check', request(service)))]).toEqual([8, 1]);
    },
  );

  it('lists all that is serving', async () => {
    const { target } = await mockServer();
    const list = await new Caller(target).unary('grpc.health.v1.Health/List', Buffer.alloc(0));
    expect(list.toString('latin1')).toContain('\x0a\x0d\x0a\x07Greeter\x12\x02\x08\x01');
  });

  it('knows what it does not know', async () => {
    const { target } = await mockServer();
    const caller = new Caller(target);
    await expect(caller.unary('grpc.health.v1.Health/Check', request('nope'))).rejects.toMatchObject({ code: 5 });
    await expect(caller.unary('grpc.health.v1.Health/Check', Buffer.from([0xff]))).rejects.toMatchObject({ code: 13 });
  });

  it.each([
    ['Greeter', 1],
    ['nope', 3],
  ])('watches “%s” until the client has enough', async (service, expected) => {
    const { target, endpoint, host } = await mockServer();
    const stream = new Caller(target).open('grpc.health.v1.Health/Watch');
    const outcome = outcomeOf(stream);
    stream.write(Buffer.from(request(service)));
    stream.end();
    const first = await new Promise<Buffer>((resolve) => stream.once('data', resolve));
    expect([...first]).toEqual([8, expected]);
    stream.cancel();
    expect((await outcome).status.code).toBe(status.CANCELLED);
    expect(endpoint.calls).toEqual([]);
    expect(host.state.phase).toBe('open');
  });
});
