// gRPC-Web as buf speaks it, with a server that answers bytes written by hand: what `buf curl` sent, and what it made of the
// answers, is what we read from the capture; and tshark.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Capture } from '../../src-main/capture/capture.ts';
import { GRPC_ID, GrpcType } from '../../src-main/core/dissect/grpc/format.ts';
import type { Field } from '../../src-main/core/field.ts';
import { Direction } from '../../src-main/core/record.ts';
import { loadSchema } from '../../src-main/schemas/load.ts';
import { liveCapture, loadedCapture, recordsOf } from '../capture/files.ts';
import { afterwards } from '../endpoints/loopback.ts';
import { openTap, RECORDED_PORT } from './relay.ts';
import { tsharkLayers, valuesIn } from './tshark.ts';

const BUF = 'node_modules/.bin/buf';
const SEND = 'chat.ChatService/SendMessage';
const STREAM = 'chat.ChatService/StreamMessages';
const GENERATE = 'lab.Lab/Generate';

const COMPARED = ['grpc.message_length', 'grpc.compressed_flag'] as const;

beforeAll(() => {
  try {
    execFileSync(BUF, ['--version']);
  } catch {
    throw new Error('This test needs buf: npm ci');
  }
});

const schema = await loadSchema({
  files: ['protos/chat.proto', 'protos/lab.proto'],
  importPaths: ['protos'],
  folder: process.cwd(),
});

/** A frame of a body: flag, length, bytes. */
function frame(flag: number, bytes: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}
/** A field of a string, below 128 bytes. */
const text = (number: number, value: string) =>
  Buffer.concat([Buffer.of((number << 3) | 2, Buffer.byteLength(value)), Buffer.from(value)]);
const response = (status: string, message: string) => Buffer.concat([text(1, status), text(2, message)]);
const trailers = (...lines: string[]) => frame(0x80, Buffer.from(lines.map((line) => `${line}\r\n`).join('')));

interface Answer {
  headers?: { [name: string]: string };
  /** Written one after the other. */
  body: Buffer[];
}

/** Answers each request when all of it is there. */
async function serve(answer: Answer, isHttp2: boolean): Promise<number> {
  const handle = async (request: IncomingMessage, reply: ServerResponse) => {
    request.resume();
    await once(request, 'end');
    reply.writeHead(200, { 'content-type': 'application/grpc-web+proto', ...answer.headers });
    for (const piece of answer.body) {
      reply.write(piece, () => {});
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    reply.end();
  };
  // What it hands over is made to look like HTTP/1.1's.
  const server = isHttp2
    ? createHttp2Server((request, reply) => void handle(request as never, reply as never))
    : createServer((request, reply) => void handle(request, reply));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(() => server.close());
  return (server.address() as AddressInfo).port;
}

interface Call {
  method: string;
  /** Messages as JSON. */
  sent: object[];
  metadata?: { [name: string]: string };
  answer: Answer;
  http2?: true;
}

interface Called {
  code: number | null;
  /** Messages as buf prints them. */
  printed: object[];
  complaint: string;
  capture: Capture;
}

/** One call by buf, through a relay that records it. */
async function call({ method, sent, metadata = {}, answer, http2 }: Call): Promise<Called> {
  const recording = liveCapture();
  const port = await openTap(await serve(answer, http2 === true), recording);
  const args = ['curl', '--schema', 'protos', '--protocol', 'grpcweb', ...(http2 ? ['--http2-prior-knowledge'] : [])];
  const headers = Object.entries(metadata).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const data = sent.map((message) => JSON.stringify(message)).join('\n');
  const child = spawn(BUF, [...args, ...headers, '-d', data, `http://127.0.0.1:${port}/${method}`], {
    timeout: 30_000,
  });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (bytes) => {
    output += bytes;
  });
  child.stderr.on('data', (bytes) => {
    complaint += bytes;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  await recording.finish();
  const capture = await loadedCapture(recording.path);
  capture.explainWith(schema.types);
  // One JSON object after the other, each over several lines.
  const printed = output
    .split(/(?<=^\}\n|^\{\}\n)/m)
    .filter(Boolean)
    .map((json) => JSON.parse(json));
  return { code, printed, complaint, capture };
}

/** The messages of a direction, decoded by their type. */
function messages(capture: Capture, direction: Direction, type: string): unknown[] {
  return ofType(capture, GrpcType.message)
    .filter((record) => record.direction === direction)
    .map(({ seq }) => schema.decode(type, Buffer.from(capture.payload(seq, 1_000_000)!.bytes)));
}

const ofType = (capture: Capture, type: number) =>
  recordsOf(capture).filter((record) => record.protocol === GRPC_ID && record.type === type);

function values(capture: Capture, type: number, name: string): unknown[] {
  const found: unknown[] = [];
  const visit = (field: Field) => {
    if (field.name === name) found.push(field.value);
    field.children?.forEach(visit);
  };
  for (const { seq } of ofType(capture, type)) capture.detail(seq, 1_000_000).fields.forEach(visit);
  return found;
}

/** Length and flag of each message, by tshark; for which trailers are messages too. */
async function readByTshark({ path }: Capture, http: 'http' | 'http2'): Promise<string[]> {
  const layers = await tsharkLayers(path, 'grpc', ['-d', `tcp.port==${RECORDED_PORT},${http}`]);
  return layers
    .flatMap(({ grpc }) => [grpc].flat())
    .flatMap((layer) => {
      const { 'grpc.frame_type': type, ...message } = valuesIn(layer, ['grpc.frame_type', ...COMPARED]);
      return type === '1' ? [] : [Object.values(message).join(' ')];
    });
}

function readByUs(capture: Capture): string[] {
  const [lengths, flags] = COMPARED.map((name) => values(capture, GrpcType.message, name));
  return lengths!.map((length, i) => `${length} ${flags![i]}`);
}

const HELLO = { user: 'ada', text: 'Hello! José' };

/** What buf sent and printed, and what tshark reads, is what we read. */
async function expectSame({ capture, printed }: Called, { method, sent, http2 }: Call): Promise<void> {
  const { input, output } = schema.types.method(method)!;
  expect(messages(capture, Direction.clientToServer, input)).toEqual(sent);
  expect(messages(capture, Direction.serverToClient, output)).toEqual(printed);
  expect(readByUs(capture)).toEqual(await readByTshark(capture, http2 ? 'http2' : 'http'));
  expect(summaries(capture, GrpcType.call)).toEqual([expect.stringContaining(`→ /${method}`)]);
}

const summaries = (capture: Capture, type: number) => ofType(capture, type).map(({ seq }) => capture.summary(seq));

describe.each([
  ['HTTP/1.1', undefined],
  ['HTTP/2', true],
] as const)('over %s', (_, http2) => {
  const over = http2 && ({ http2 } as const);

  test('unary, with metadata, the answer in pieces', async () => {
    const body = Buffer.concat([frame(0, response('ok', 'Got: José')), trailers('grpc-status: 0', 'x-last: yes')]);
    const pieces = [body.subarray(0, 3), body.subarray(3, 20), body.subarray(20)];
    const answer = { headers: { 'x-first': 'yes', 'blob-bin': 'AAH/' }, body: pieces };
    const order: Call = { method: SEND, sent: [HELLO], metadata: { 'x-user': 'maria' }, answer, ...over };
    const called = await call(order);
    expect(called).toMatchObject({ code: 0, printed: [{ status: 'ok', message: 'Got: José' }] });
    await expectSame(called, order);
    const { capture } = called;
    expect(values(capture, GrpcType.call, 'grpc.metadata')).toContain('x-user: maria');
    expect(summaries(capture, GrpcType.answer)).toEqual([
      expect.stringMatching(/^← x-first: yes, blob-bin: 00 01 ff, date: [^,]+, [^,]+$/),
    ]);
    expect(summaries(capture, GrpcType.status)).toEqual(['0 OK']);
    expect(values(capture, GrpcType.status, 'grpc.metadata')).toEqual(['x-last: yes']);
  });

  test('a stream of answers, compressed and not', async () => {
    const long = text(2, 'again and again '.repeat(7));
    const body = [
      frame(0, text(1, 'one')),
      Buffer.concat([frame(1, gzipSync(long)), frame(0, Buffer.alloc(0))]),
      trailers('grpc-status: 0'),
    ];
    const order: Call = {
      method: GENERATE,
      sent: [{ count: 3 }],
      answer: { headers: { 'grpc-encoding': 'gzip' }, body },
      ...over,
    };
    const called = await call(order);
    expect(called.code).toBe(0);
    expect(called.printed).toHaveLength(3);
    await expectSame(called, order);
    expect(values(called.capture, GrpcType.message, 'grpc.compressed_flag').map(Number)).toEqual([0, 0, 1, 0]);
  });

  test('refused, with words and details', async () => {
    const status = Buffer.concat([Buffer.of(0x08, 5), text(2, 'no % room')])
      .toString('base64')
      .replace(/=+$/, '');
    const body = [trailers('grpc-status: 5', 'grpc-message: no %25 room', `grpc-status-details-bin: ${status}`)];
    const called = await call({ method: SEND, sent: [HELLO], answer: { body }, ...over });
    expect(called.code).toBe(5 << 3);
    expect(JSON.parse(called.complaint)).toMatchObject({ code: 'not_found', message: 'no % room' });
    expect(summaries(called.capture, GrpcType.status)).toEqual(['5 NOT_FOUND: no % room']);
    expect(messages(called.capture, Direction.serverToClient, 'chat.Response')).toEqual([]);
  });

  test('refused in the head, without a body', async () => {
    const headers = { 'grpc-status': '7', 'grpc-message': 'not%20you' };
    const called = await call({ method: SEND, sent: [HELLO], answer: { headers, body: [] }, ...over });
    expect(called.code).toBe(7 << 3);
    expect(JSON.parse(called.complaint)).toMatchObject({ code: 'permission_denied', message: 'not you' });
    expect(summaries(called.capture, GrpcType.status)).toEqual(['7 PERMISSION_DENIED: not you']);
  });
});

test('messages of both sides on one stream of HTTP/2', async () => {
  const sent = [HELLO, { text: 'second' }, {}];
  const body = [...sent.map((_, i) => frame(0, response('ok', String(i)))), trailers('grpc-status: 0')];
  const order: Call = { method: STREAM, sent, answer: { body }, http2: true };
  const called = await call(order);
  expect(called.code).toBe(0);
  expect(called.printed).toHaveLength(3);
  await expectSame(called, order);
});
