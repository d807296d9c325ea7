// Our gRPC client against a server nobody here wrote: Debian's python3-grpcio on gRPC's C core, with the types protoc reads
// out of our sample .proto files.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetadataConfig } from '../../src-main/core/session-config.ts';
import { reflect } from '../../src-main/endpoints/grpc/reflection.ts';
import { clientToServer, serverToClient } from '../endpoints/fake-host.ts';
import { type GrpcSession, grpcSession } from '../endpoints/grpc-session.ts';
import { afterwards } from '../endpoints/loopback.ts';
import { makeAuthority } from '../endpoints/test-certificates.ts';

/** Debian's own: another python3 on the path has no Debian packages. */
const PYTHON = '/usr/bin/python3';
const root = join(import.meta.dirname, '../..');
const protos = join(root, 'protos');

let folder = '';
let types: protobuf.Root;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wirescope-grpc-'));
  types = await protobuf.load([join(protos, 'chat.proto'), join(protos, 'greeter.proto')]);
  const reflection = ['v1', 'v1alpha'].map((version) => `grpc/reflection/${version}/reflection.proto`);
  const files = ['chat.proto', 'greeter.proto', ...reflection];
  try {
    execFileSync('protoc', ['-I', protos, '--include_imports', '-o', join(folder, 'types.pb'), ...files]);
    execFileSync(PYTHON, ['-c', 'import grpc, google.protobuf']);
  } catch (error) {
    throw new Error('protobuf-compiler, python3-grpcio and python3-protobuf are needed: scripts/install-judges.sh', {
      cause: error,
    });
  }
  const authority = await makeAuthority();
  writeFileSync(join(folder, 'ca.pem'), authority.cert);
  for (const name of ['server', 'client']) {
    const issued = await authority.issue({ names: ['localhost', '127.0.0.1'], subject: name });
    writeFileSync(join(folder, `${name}.pem`), issued.cert);
    writeFileSync(join(folder, `${name}.key`), issued.key);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A server; `cancelled` resolves when a slow call was cancelled. */
async function server(options: object = {}): Promise<{ port: number; cancelled: Promise<unknown> }> {
  const script = join(root, 'test/differential/grpc_services.py');
  const child = spawn(PYTHON, [script, join(folder, 'types.pb'), JSON.stringify(options)]);
  afterwards(() => child.kill());
  let complaint = '';
  child.stderr.on('data', (bytes) => {
    complaint += bytes;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const port = Number((await lines.next()).value);
  if (!(port > 0)) throw new Error(`the server did not start: ${complaint}`);
  return { port, cancelled: lines.next() };
}

const tls = () => ({ cert: join(folder, 'server.pem'), key: join(folder, 'server.key') });
const encode = (type: string, value: object) => Buffer.from(types.lookupType(type).encode(value).finish());
const decode = (type: string, bytes: Buffer) => types.lookupType(type).decode(bytes).toJSON();
const say = (text: string, method = 'SendMessage', metadata: MetadataConfig = {}, config: object = {}) => ({
  bytes: encode('chat.Message', { user: 'maria', text }),
  text: false,
  call: { method: `chat.ChatService/${method}`, metadata, config },
});
const answers = async (session: GrpcSession) =>
  (await session.messages(serverToClient)).map((bytes) => decode('chat.Response', bytes).message);

async function client(port: number, more: Parameters<typeof grpcSession>[0] = {}): Promise<GrpcSession> {
  const session = grpcSession({ target: `grpc://127.0.0.1:${port}`, ...more }, { schema: false, folder });
  await session.endpoint.start();
  return session;
}

describe('a Python server', () => {
  it('answers calls of all four shapes', async () => {
    const { port } = await server();
    const session = await client(port);
    const { endpoint } = session;
    for (const method of ['SendMessage', 'Watch', 'Collect', 'StreamMessages']) {
      await endpoint.send(say('one', method), 'last');
      if (method === 'Collect' || method === 'StreamMessages') await endpoint.send(say('two', method), 'last');
      await endpoint.control({ type: 'halfClose' }, 'last');
      await session.until(() => endpoint.calls?.every((call) => call.ended) ?? false);
    }
    expect(
      endpoint.calls?.map((call) => [call.call, call.clientMessages, call.serverMessages, call.ended?.code]),
    ).toEqual([
      [4, 2, 2, 0],
      [3, 2, 1, 0],
      [2, 1, 100, 0],
      [1, 1, 1, 0],
    ]);
    expect(await answers(session)).toEqual(['maria: one', ...Array(100).fill('one'), 'one,two', 'one', 'two']);
  });

  it('is called without a package', async () => {
    const { port } = await server();
    const session = await client(port);
    const call = { method: 'Greeter/SayHello', metadata: {}, config: {} };
    await session.endpoint.send({ bytes: encode('HelloRequest', { name: 'Ada' }), text: false, call }, 'last');
    await session.endpoint.control({ type: 'halfClose' }, 'last');
    await session.ended(1);
    const [reply] = await session.messages(serverToClient);
    expect(decode('HelloReply', reply ?? Buffer.alloc(0))).toEqual({ message: 'Hello, Ada!' });
  });

  it('gets metadata and sends its own, bytes as bytes', async () => {
    const { port } = await server();
    const session = await client(port);
    const metadata = { 'x-user': ['maria', 'ada'], 'x-trace-bin': Buffer.from([0, 255, 1]).toString('base64') };
    await session.endpoint.send(say('hello', 'SendMessage', metadata), 'last');
    await session.endpoint.control({ type: 'halfClose' }, 'last');
    await session.ended(1);
    const values = await session.fields('http2.header.value');
    // Once from us, once back.
    expect(values.filter((value) => value === 'maria')).toHaveLength(2);
    expect(values.filter((value) => value === 'ada')).toHaveLength(2);
    expect(values.filter((value) => value.replace(/=+$/, '') === 'AP8B')).toHaveLength(2);
    expect(values).toContain('yes');
  });

  it('fails with a status and its details', async () => {
    const { port } = await server();
    const session = await client(port);
    await session.endpoint.send(say('fail'), 'last');
    await session.endpoint.control({ type: 'halfClose' }, 'last');
    expect((await session.ended(1)).ended).toMatchObject({ code: 9, message: 'no chat today: José %' });
    expect(await session.fields('http2.header.name')).toContain('grpc-status-details-bin');
  });

  it('hears of a deadline and of a cancellation', async () => {
    const late = await server();
    const session = await client(late.port);
    await session.endpoint.send(say('slow', 'SendMessage', {}, { deadlineMs: 1000 }), 'last');
    await session.endpoint.control({ type: 'halfClose' }, 'last');
    expect((await session.ended(1)).ended.code).toBe(4);
    await late.cancelled;

    const other = await server();
    const again = await client(other.port);
    await again.endpoint.send(say('slow'), 'last');
    await again.endpoint.control({ type: 'halfClose' }, 'last');
    // The handler has begun when its metadata is there: what is cancelled before is never handled.
    while (!(await again.fields('http2.headers.status')).includes('200')) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await again.endpoint.control({ type: 'cancel' }, 'last');
    expect((await again.ended(1)).ended.code).toBe(1);
    await other.cancelled;
  });

  it.each(['gzip', 'deflate'] as const)('and we compress: %s', async (compression) => {
    const { port } = await server({ gzip: true });
    const session = await client(port, { grpc: { compression } });
    const text = 'again and again '.repeat(1000);
    await session.endpoint.send(say(text), 'last');
    await session.endpoint.control({ type: 'halfClose' }, 'last');
    expect((await session.ended(1)).ended.code).toBe(0);
    expect(await answers(session)).toEqual([`maria: ${text}`]);
    expect(session.capture.traffic.clientToServer.bytes).toBeLessThan(text.length);
    expect(session.capture.traffic.serverToClient.bytes).toBeLessThan(text.length);
  });

  it('takes five megabytes and sends them back', async () => {
    const { port } = await server();
    const session = await client(port);
    const text = 'wirescope!'.repeat(500_000);
    await session.endpoint.send(say(text), 'last');
    await session.endpoint.control({ type: 'halfClose' }, 'last');
    expect((await session.ended(1)).ended.code).toBe(0);
    expect((await answers(session))[0]).toHaveLength(text.length + 'maria: '.length);
    expect((await session.messages(clientToServer))[0]).toHaveLength(text.length + 'maria: '.length + 5);
  });

  it('is reached over TLS, and with a client certificate', async () => {
    const plain = await server(tls());
    const session = await client(plain.port, { target: `grpcs://localhost:${plain.port}`, tls: { ca: 'ca.pem' } });
    expect(session.state()).toMatchObject({ trust: { lock: 'verified' } });
    await session.endpoint.send(say('secret'), 'last');
    await session.endpoint.control({ type: 'halfClose' }, 'last');
    expect((await session.ended(1)).ended.code).toBe(0);
    expect(await answers(session)).toEqual(['maria: secret']);

    const mutual = await server({ ...tls(), ca: join(folder, 'ca.pem') });
    const target = `grpcs://localhost:${mutual.port}`;
    const known = await client(mutual.port, { target, tls: { ca: 'ca.pem', cert: 'client.pem', key: 'client.key' } });
    await known.endpoint.send(say('both'), 'last');
    await known.endpoint.control({ type: 'halfClose' }, 'last');
    expect((await known.ended(1)).ended.code).toBe(0);
    const stranger = client(mutual.port, { target, tls: { ca: 'ca.pem' } });
    // The C core sends no alert: that it wants a certificate can only be guessed.
    await expect(stranger).rejects.toThrow(
      `localhost:${mutual.port} closed the connection right after the TLS handshake.`,
    );
  });

  it.each([['v1', 'v1alpha'], ['v1alpha']])('tells its types by reflection of %s', async (...reflection) => {
    const { port } = await server({ reflection });
    const config = { wirescope: 1, name: 'test', role: 'client', protocol: 'grpc' } as const;
    const host = { path: (relative: string) => relative };
    const reflected = await reflect({ ...config, target: `127.0.0.1:${port}` }, host, new AbortController().signal);
    expect(reflected.version).toBe(reflection[0]);
    const names = reflected.files.map((bytes) => Buffer.from(bytes).toString('latin1', 2, 2 + (bytes[1] ?? 0)));
    expect(names).toEqual(expect.arrayContaining(['chat.proto', 'greeter.proto']));
  });
});
