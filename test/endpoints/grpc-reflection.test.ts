// Asking servers for their types: both versions of the service, their quirks, and answers that are of no use.
import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type StatusObject,
  status,
} from '@grpc/grpc-js';
import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import type { EndpointError } from '../../src-main/endpoints/endpoint.ts';
import { reflect } from '../../src-main/endpoints/grpc/reflection.ts';
import {
  decodeReflectionRequest,
  encodeReflectionResponse,
  REFLECTION_METHODS,
  type ReflectionRequest,
  type ReflectionResponse,
} from '../../src-main/schemas/reflection.ts';
import { grpcPeer } from './grpc-peer.ts';
import { afterwards, tcpServer, unusedPort } from './loopback.ts';

type Answer = (request: ReflectionRequest, metadata: Metadata) => ReflectionResponse | Partial<StatusObject>;

const raw = (bytes: Buffer) => bytes;

/** A server with the reflection service of these versions. Answers with a status end the stream. */
async function reflectingServer(answer: Answer, versions: readonly ('v1' | 'v1alpha')[] = ['v1', 'v1alpha']) {
  const server = new Server();
  const asked: ReflectionRequest[] = [];
  for (const [index, path] of REFLECTION_METHODS.entries()) {
    if (!versions.includes(index === 0 ? 'v1' : 'v1alpha')) continue;
    const definition = {
      info: {
        path: `/${path}`,
        requestStream: true,
        responseStream: true,
        requestSerialize: raw,
        requestDeserialize: raw,
        responseSerialize: raw,
        responseDeserialize: raw,
      },
    };
    server.addService(definition, {
      info: (call: ServerDuplexStream<Buffer, Buffer>) => {
        call.on('data', (bytes: Buffer) => {
          const request = decodeReflectionRequest(bytes);
          if (!request) throw new Error('asked for nothing');
          asked.push(request);
          const response = answer(request, call.metadata);
          if ('answer' in response) call.write(Buffer.from(encodeReflectionResponse(response, bytes)));
          else call.emit('error', response);
        });
        call.on('end', () => call.end());
      },
    });
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  afterwards(() => server.forceShutdown());
  return { port, asked };
}

/** A FileDescriptorProto with no more than a name, a package, imports and empty services. */
function file(
  name: string,
  { packageName = '', imports = [] as string[], services = [] as string[] } = {},
): Uint8Array {
  const writer = new protobuf.Writer();
  writer.uint32(0x0a).string(name);
  if (packageName) writer.uint32(0x12).string(packageName);
  for (const path of imports) writer.uint32(0x1a).string(path);
  for (const service of services) writer.uint32(0x32).fork().uint32(0x0a).string(service).ldelim();
  return writer.finish();
}

const notFound: ReflectionResponse = { answer: 'error', code: 5, message: 'unknown' };
const config = (port: number, more: Partial<SessionConfig> = {}): SessionConfig => ({
  wirescope: 1,
  name: 'test',
  role: 'client',
  protocol: 'grpc',
  target: `grpc://127.0.0.1:${port}`,
  ...more,
});
const host = { path: (relative: string) => relative };
const ask = (port: number, more: Partial<SessionConfig> = {}) =>
  reflect(config(port, more), host, new AbortController().signal);
const problemOf = async (asking: Promise<unknown>) => {
  const error = await asking.then(
    () => undefined,
    (failure: EndpointError) => failure,
  );
  if (!error) throw new Error('it answered');
  return error.problem;
};

const chat = file('chat.proto', {
  packageName: 'chat',
  imports: ['types/user.proto', 'google/protobuf/timestamp.proto'],
  services: ['ChatService', 'AdminService'],
});
const user = file('types/user.proto', { imports: ['types/name.proto'] });
const name = file('types/name.proto');

const chatAnswers: Answer = (request) => {
  if (request.ask === 'services') return { answer: 'services', names: ['chat.ChatService', 'chat.AdminService'] };
  if (request.ask === 'symbol') return { answer: 'files', files: [chat] };
  if (request.ask === 'file' && request.file === 'types/user.proto') return { answer: 'files', files: [user, name] };
  return notFound;
};

describe('reflection', () => {
  it('gives every file once, asking for services together and for imports that were left out', async () => {
    const { port, asked } = await reflectingServer(chatAnswers);
    expect(await ask(port)).toEqual({
      label: `reflection of 127.0.0.1:${port}`,
      version: 'v1',
      files: [chat, user, name].map((bytes) => Uint8Array.from(bytes)),
    });
    expect(asked).toEqual([
      { ask: 'services' },
      { ask: 'symbol', symbol: 'chat.ChatService' },
      { ask: 'file', file: 'types/user.proto' },
    ]);
  });

  it('is that of v1alpha where there is no other', async () => {
    const { port } = await reflectingServer(chatAnswers, ['v1alpha']);
    expect(await ask(port)).toMatchObject({ version: 'v1alpha', files: { length: 3 } });
  });

  it.each([
    ['with', '.Greeter'],
    ['without', 'Greeter'],
  ])('finds a service without a package that is known %s a dot', async (_, known) => {
    const greeter = file('greeter.proto', { services: ['Greeter'] });
    const { port } = await reflectingServer((request) => {
      if (request.ask === 'services') return { answer: 'services', names: ['.Greeter'] };
      return request.ask === 'symbol' && request.symbol === known ? { answer: 'files', files: [greeter] } : notFound;
    });
    expect((await ask(port)).files).toEqual([Uint8Array.from(greeter)]);
  });

  it('leaves out what the server does not tell, if it tells something', async () => {
    const { port } = await reflectingServer((request, metadata) =>
      request.ask === 'symbol' && request.symbol.includes('Admin') ? notFound : chatAnswers(request, metadata),
    );
    expect((await ask(port)).files).toHaveLength(3);
  });

  it('is asked for with the metadata of the session', async () => {
    const { port } = await reflectingServer((request, metadata) =>
      metadata.get('authorization')[0] === 'Bearer x'
        ? chatAnswers(request, metadata)
        : { code: status.UNAUTHENTICATED, details: 'who are you?' },
    );
    expect(await problemOf(ask(port))).toMatchObject({
      what: `The reflection of 127.0.0.1:${port} ended with 16 UNAUTHENTICATED: who are you?.`,
      next: expect.stringContaining('metadata'),
    });
    expect((await ask(port, { grpc: { metadata: { authorization: 'Bearer x' } } })).files).toHaveLength(3);
  });

  it('that is not there leads to .proto files', async () => {
    const { port } = await grpcPeer();
    expect(await problemOf(ask(port))).toMatchObject({
      what: `127.0.0.1:${port} does not offer reflection.`,
      next: 'Load its .proto files or a descriptor set instead.',
      code: 'UNIMPLEMENTED',
    });
  });

  it('that is of no use says why', async () => {
    const mute = await reflectingServer(() => notFound);
    expect(await problemOf(ask(mute.port))).toMatchObject({ why: 'It does not list its services.' });
    const names = await reflectingServer((request) =>
      request.ask === 'services' ? { answer: 'services', names: ['a.B'] } : notFound,
    );
    expect(await problemOf(ask(names.port))).toMatchObject({ why: 'It does not tell the types of its services.' });
    const garbage = await reflectingServer((request) =>
      request.ask === 'services'
        ? { answer: 'services', names: ['a.B'] }
        : { answer: 'files', files: [Buffer.from('not a descriptor')] },
    );
    expect((await problemOf(ask(garbage.port))).what).toContain('no file descriptor');
    const many = await reflectingServer(() => ({
      answer: 'services',
      names: Array.from({ length: 2001 }, (_, i) => `a.S${i}`),
    }));
    expect((await problemOf(ask(many.port))).what).toContain('tells too much: 2001 services');
  });

  it('ends with imports that go on for ever', async () => {
    let made = 0;
    const { port } = await reflectingServer((request) => {
      if (request.ask === 'services') return { answer: 'services', names: ['a.B'] };
      const files = Array.from({ length: 500 }, () => file(`f${made}.proto`, { imports: [`f${++made}.proto`] }));
      return { answer: 'files', files };
    });
    expect((await problemOf(ask(port))).what).toContain('tells too much: more than 5000 files');
  });

  it('names what is in the way of a connection', async () => {
    const port = await unusedPort();
    expect((await problemOf(ask(port))).what).toBe(`Nothing is listening on 127.0.0.1:${port}.`);
  });

  it('can be given up while it connects or waits', async () => {
    const silent = await tcpServer(() => {});
    const abort = new AbortController();
    const connecting = problemOf(reflect(config(silent), host, abort.signal));
    setTimeout(() => abort.abort(), 20);
    expect(await connecting).toMatchObject({ code: 'ABORT_ERR' });

    const again = new AbortController();
    const { port } = await reflectingServer((request, metadata) => {
      again.abort();
      return chatAnswers(request, metadata);
    });
    expect(await problemOf(reflect(config(port), host, again.signal))).toMatchObject({ code: 'ABORT_ERR' });
  });
});

describe('a server that tells files without what they import', () => {
  /** `field`: the full name of the type of the message's one field, with a dot in front. */
  function typed(name: string, message: string, field?: string, service?: string): Uint8Array {
    const writer = new protobuf.Writer();
    writer.uint32(0x0a).string(name).uint32(0x12).string('lost');
    writer.uint32(0x22).fork().uint32(0x0a).string(message);
    if (field) {
      writer.uint32(0x12).fork().uint32(0x0a).string('it').uint32(0x18).int32(1).uint32(0x20).int32(1);
      writer.uint32(0x28).int32(11).uint32(0x32).string(field).ldelim();
    }
    writer.ldelim();
    if (service) {
      writer.uint32(0x32).fork().uint32(0x0a).string(service).uint32(0x12).fork().uint32(0x0a).string('Get');
      writer.uint32(0x12).string(`.lost.${message}`).uint32(0x1a).string(`.lost.${message}`).ldelim().ldelim();
    }
    return writer.uint32(0x62).string('proto3').finish();
  }

  it('is asked for the types themselves', async () => {
    const files: { [symbol: string]: Uint8Array } = {
      'lost.Service': typed('service.proto', 'Request', '.lost.Middle', 'Service'),
      'lost.Middle': typed('middle.proto', 'Middle', '.lost.Inner'),
      'lost.Inner': typed('inner.proto', 'Inner', '.lost.Nowhere'),
    };
    const { port, asked } = await reflectingServer((request) => {
      if (request.ask === 'services') return { answer: 'services', names: ['lost.Service'] };
      const found = request.ask === 'symbol' ? files[request.symbol] : undefined;
      return found ? { answer: 'files', files: [found] } : notFound;
    });
    const { files: told } = await ask(port);
    expect(told).toEqual([files['lost.Service'], files['lost.Middle'], files['lost.Inner']]);
    expect(asked.filter(({ ask: what }) => what === 'symbol')).toHaveLength(5);
  });
});
