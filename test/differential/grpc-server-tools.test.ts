// Our gRPC mock server against clients nobody here wrote: Debian's python3-grpcio, and buf with reflection.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GrpcConfig, SessionConfig } from '../../src-main/core/session-config.ts';
import { loadSchema } from '../../src-main/schemas/load.ts';
import { mockServer } from '../endpoints/grpc-server-peer.ts';
import { afterwards } from '../endpoints/loopback.ts';
import { makeAuthority } from '../endpoints/test-certificates.ts';

/** Debian's own: another python3 on the path has no Debian packages. */
const PYTHON = '/usr/bin/python3';
const BUF = 'node_modules/.bin/buf';
const CLIENT = join(import.meta.dirname, 'grpc_server_client.py');

interface Ran {
  code: number | null;
  output: string;
  complaint: string;
}

function run(command: string, args: readonly string[], install: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { timeout: 60_000 });
    let output = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    child.on('error', () => reject(new Error(`${command} is missing: ${install}`)));
    child.on('close', (code) => resolve({ code, output, complaint }));
  });
}

async function python(...args: string[]): Promise<unknown> {
  const { code, output, complaint } = await run(PYTHON, [CLIENT, ...args], 'apt-get install python3 python3-grpcio');
  if (complaint.includes("No module named 'grpc'")) throw new Error('apt-get install python3-grpcio');
  if (code !== 0) throw new Error(complaint);
  return JSON.parse(output);
}

const grpc: GrpcConfig = {
  mock: {
    'Greeter/SayHello': {
      answers: [{ when: { json: { name: 'Maria' } }, reply: [{ json: { message: 'Hello Maria' } }] }],
      metadata: { 'x-mock': 'yes', 'blob-bin': 'AAH/' },
    },
    'chat.ChatService/SendMessage': {
      answers: [
        {
          when: { json: { text: 'fail' } },
          status: { code: 'NOT_FOUND', message: 'José % ?' },
          trailers: { 'x-why': 'script' },
        },
        { reply: [{ json: { status: 'ok', message: 'sent' } }] },
      ],
    },
    'chat.ChatService/Shorten': { behaviour: 'manual' },
    'chat.ChatService/StreamMessages': { answers: [{ reply: [{ json: { status: 'ok' } }] }] },
  },
};
const CONFIG: Partial<SessionConfig> = { grpc, server: { behaviour: 'echo' } };

const EXPECTED = {
  greeting: Buffer.from('\n\x0bHello Maria').toString('hex'),
  initial: { 'x-mock': 'yes', 'blob-bin': '0001ff' },
  echo: true,
  large: true,
  gzip: true,
  bidi: ['0', '1', '2'].map((text) => `\n\0\x12\x01${text}`),
  collected: '\n\0\x12\x012',
  watched: 1,
  scripted: { code: 'NOT_FOUND', details: 'José % ?', trailers: { 'x-why': 'script' } },
  unknown: { code: 'UNIMPLEMENTED', details: expect.stringContaining('Its services are Greeter, chat.ChatService.') },
  late: { code: 'DEADLINE_EXCEEDED' },
  health: '0801',
};

describe('a Python grpcio client', () => {
  it.each(['identity', 'gzip', 'deflate'] as const)(
    'gets answers of every shape, compression %s',
    async (compression) => {
      const { port, endpoint } = await mockServer({ ...CONFIG, grpc: { ...grpc, compression } });
      expect(await python(String(port))).toMatchObject(EXPECTED);
      expect(endpoint.calls).toHaveLength(10);
    },
  );

  it('gets them over mutual TLS', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wirescope-test-'));
    afterwards(() => rm(folder, { recursive: true }));
    const authority = await makeAuthority();
    const leaf = await authority.issue({ names: ['localhost', '127.0.0.1'] });
    const [ca, cert, key] = ['ca', 'cert', 'key'].map((name) => join(folder, `${name}.pem`)) as [
      string,
      string,
      string,
    ];
    await Promise.all([writeFile(ca, authority.cert), writeFile(cert, leaf.cert), writeFile(key, leaf.key)]);
    const { port } = await mockServer({ ...CONFIG, tls: { ca, cert, key, requestClientCertificate: true } });
    expect(await python(String(port), ca, cert, key)).toMatchObject(EXPECTED);
  });
});

/** What is delivered: a service in a package, and one without. */
const sampleSchema = await loadSchema({
  files: ['protos/chat.proto', 'protos/greeter.proto'],
  importPaths: [],
  folder: process.cwd(),
});
const { 'chat.ChatService/Shorten': _, ...sampleMock } = grpc.mock!;
const sampleServer = () => mockServer({ grpc: { mock: sampleMock } }, undefined, sampleSchema);

describe('buf curl, which knows only what reflection tells it', () => {
  const buf = (...args: string[]) =>
    run(BUF, ['curl', '--protocol', 'grpc', '--http2-prior-knowledge', ...args], 'npm ci');

  it('lists services and methods', async () => {
    const { target } = await sampleServer();
    const services = await buf('--list-services', `http://${target}`);
    expect(services.output.trim().split('\n').sort()).toEqual([
      'Greeter',
      'chat.ChatService',
      'grpc.health.v1.Health',
      'grpc.reflection.v1.ServerReflection',
      'grpc.reflection.v1alpha.ServerReflection',
    ]);
    const methods = await buf('--list-methods', `http://${target}`);
    expect(methods.output).toContain('chat.ChatService/StreamMessages');
    expect(methods.output).toContain('Greeter/SayHello');
    expect(methods.output).toContain('grpc.health.v1.Health/Watch');
  });

  it('is told that gRPC-Web is not spoken, and so are we', async () => {
    const { target, host } = await sampleServer();
    const call = [
      'curl',
      '--schema',
      'protos',
      '--protocol',
      'grpcweb',
      '-d',
      '{}',
      `http://${target}/Greeter/SayHello`,
    ];
    const http2 = await run(BUF, [...call, '--http2-prior-knowledge'], 'npm ci');
    expect(http2.code).not.toBe(0);
    expect(http2.complaint).toContain('415');
    const http1 = await run(BUF, call, 'npm ci');
    expect(http1.complaint).toContain('505');
    const told = [1, 2].flatMap((connection) => host.connection(connection).events).map(({ text }) => text);
    expect(told).toContainEqual(expect.stringContaining('speaks gRPC-Web, and this server gRPC only.'));
    expect(told).toContainEqual(expect.stringContaining('speaks HTTP/1, and gRPC needs HTTP/2.'));
  });

  it.each(['grpc-v1', 'grpc-v1alpha'])('calls methods by reflection %s', async (reflection) => {
    const { target } = await sampleServer();
    const call = async (method: string, ...data: string[]) => {
      const flags = ['--reflect-protocol', reflection];
      const { output, complaint, code } = await buf(...flags, '-d', data.join('\n'), `http://${target}/${method}`);
      return {
        code,
        // One JSON object after the other, each over several lines.
        output: output.split(/(?<=^\}\n)/m).map((text) => JSON.parse(text || 'null')),
        complaint,
      };
    };
    expect(await call('Greeter/SayHello', '{"name":"Maria"}')).toMatchObject({
      code: 0,
      output: [{ message: 'Hello Maria' }],
    });
    expect(await call('chat.ChatService/SendMessage', '{"user":"a","text":"b"}')).toMatchObject({
      output: [{ status: 'ok', message: 'sent' }],
    });
    const failed = await call('chat.ChatService/SendMessage', '{"text":"fail"}');
    expect(failed.code).toBe(5 << 3);
    expect(failed.complaint).toContain('José % ?');
    const streamed = await call('chat.ChatService/StreamMessages', '{"text":"1"}', '{"text":"2"}');
    expect(streamed.output).toEqual([{ status: 'ok' }, { status: 'ok' }]);
    const health = await call('grpc.health.v1.Health/Check', '{"service":"chat.ChatService"}');
    expect(health.output).toEqual([{ status: 'SERVING' }]);
  });
});
