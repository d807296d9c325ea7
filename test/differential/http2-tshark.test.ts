// tshark against our HTTP/2, HPACK and gRPC: traffic of node:http2, of Python's gRPC, and our golden vectors, recorded into
// a capture file that both read. Types, flags, streams, lengths, header lists and messages must agree, frame by frame.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import http2, { type ClientHttp2Stream, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Capture } from '../../src-main/capture/capture.ts';
import { hex } from '../../src-main/core/dissect/bytes.ts';
import { GRPC_ID, GrpcType } from '../../src-main/core/dissect/grpc/format.ts';
import { HTTP2_ID, Http2Type } from '../../src-main/core/dissect/http2/format.ts';
import { protocolById } from '../../src-main/core/dissect/registry.ts';
import type { Field } from '../../src-main/core/field.ts';
import { Direction } from '../../src-main/core/record.ts';
import { liveCapture, loadedCapture, recordsOf } from '../capture/files.ts';
import { afterwards } from '../endpoints/loopback.ts';
import { openConnection, openTap, RECORDED_PORT } from './relay.ts';

const run = promisify(execFile);
/** Debian's own: another python3 on the path has no Debian packages. */
const PYTHON = '/usr/bin/python3';
const PEER = fileURLToPath(new URL('grpc_peer.py', import.meta.url));

beforeAll(async () => {
  await run('tshark', ['--version']).catch(() => {
    throw new Error('This test needs tshark: apt-get install tshark');
  });
  await run(PYTHON, ['-c', 'import grpc']).catch(() => {
    throw new Error('This test needs python3-grpcio: apt-get install python3-grpcio');
  });
});

type Values = { [name: string]: string[] };

/** Names whose values are compared, in the order of the frame. */
const COMPARED = [
  'http2.magic',
  'http2.type',
  'http2.flags',
  'http2.streamid',
  'http2.length',
  'http2.header.name',
  'http2.header.value',
  'http2.header.repr',
  'http2.header.index',
  'http2.header.count',
  'http2.settings.id',
  'http2.settings.initial_window_size',
  'http2.settings.max_frame_size',
  'http2.window_update.window_size_increment',
  'http2.rst_stream.error',
  'http2.goaway.last_stream_id',
  'http2.goaway.error',
  'http2.ping',
  'http2.pong',
  'http2.push_promise.promised_stream_id',
  'http2.stream_dependency',
  'http2.headers.weight',
  'http2.headers.path',
  'http2.headers.status',
] as const;
const GRPC_COMPARED = ['grpc.compressed_flag', 'grpc.message_length', 'grpc.message_data'] as const;
const PROTOBUF_COMPARED = ['protobuf.field.number', 'protobuf.field.wiretype', 'protobuf.field.value.length'] as const;

/** Frames, messages and their protobuf in a capture file, in order, with the values of the compared fields. */
interface Read {
  frames: Values[];
  messages: Values[];
  protobuf: Values[];
}

async function readByTshark(path: string): Promise<Read> {
  const args = [
    '-r',
    path,
    '-d',
    `tcp.port==${RECORDED_PORT},http2`,
    '-Y',
    'http2',
    '-T',
    'json',
    '--no-duplicate-keys',
  ];
  const { stdout } = await run('tshark', args, { maxBuffer: 256 * 1024 * 1024 });
  const packets = JSON.parse(stdout) as { _source: { layers: { [layer: string]: unknown } } }[];
  const layers = packets.map((packet) => packet._source.layers);
  return {
    frames: layers.flatMap((layer) => nodes(layer.http2, 'http2.stream')).map((node) => valuesIn(node, COMPARED)),
    messages: layers.flatMap((layer) => [layer.grpc ?? []].flat()).map((node) => valuesIn(node, GRPC_COMPARED)),
    protobuf: layers.flatMap((layer) => [layer.protobuf ?? []].flat()).map((node) => valuesIn(node, PROTOBUF_COMPARED)),
  };
}

/** All values under a name, wherever they are, in order. */
function nodes(node: unknown, wanted: string): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((each) => nodes(each, wanted));
  return Object.entries(node).flatMap(([name, value]) => (name === wanted ? [value].flat() : nodes(value, wanted)));
}

function valuesIn(node: unknown, names: readonly string[]): Values {
  const found = names.map((name) => [name, nodes(node, name).map((value) => plain(name, String(value)))] as const);
  return Object.fromEntries(found.filter(([, values]) => values.length > 0));
}

/** JSON writes bytes with colons and flags in hex. */
function plain(name: string, value: string): string {
  if (name === 'http2.flags') return String(Number(value));
  return /ping|pong|message_data/.test(name) ? value.replaceAll(':', '') : value;
}

function readByUs(capture: Capture): Read {
  const read: Read = { frames: [], messages: [], protobuf: [] };
  for (const { seq, protocol, type } of recordsOf(capture)) {
    const { fields, sources } = capture.detail(seq, 1_000_000);
    if (protocol === HTTP2_ID && type !== Http2Type.raw) read.frames.push(valuesOf(fields, COMPARED));
    if (protocol !== GRPC_ID || type !== GrpcType.message) continue;
    const values = valuesOf(fields, GRPC_COMPARED);
    // Our value is shortened and as on the wire; tshark shows the whole message, inflated.
    if (values['grpc.message_data']) values['grpc.message_data'] = [hex(sources.at(-1)!.bytes)];
    read.messages.push(values);
    const message = fields.find((field) => field.name === 'protobuf');
    if (message) read.protobuf.push(valuesOf([message], PROTOBUF_COMPARED));
  }
  return read;
}

function valuesOf(fields: readonly Field[], names: readonly string[]): Values {
  const values: Values = {};
  const visit = (field: Field) => {
    if (names.includes(field.name)) values[field.name] = [...(values[field.name] ?? []), String(field.value)];
    field.children?.forEach(visit);
  };
  fields.forEach(visit);
  return values;
}

/**
 * tshark decodes a header block frame by frame and we when it is whole: puts all headers of a block into its last frame.
 * And it ends values at a NUL, which binary ones of gRPC's C core begin with.
 */
function settled(frames: readonly Values[]): Values[] {
  let open: Values = {};
  return frames.map((frame) => {
    const isPart = ['1', '5', '9'].includes(frame['http2.type']?.[0] ?? '');
    if (!isPart) return frame;
    const merged: Values = {};
    const rest: Values = {};
    for (const [name, values] of Object.entries(frame))
      (/header\.|headers\.(?!weight)/.test(name) ? merged : rest)[name] = values;
    for (const [name, values] of Object.entries(merged)) open[name] = [...(open[name] ?? []), ...values];
    if ((Number(frame['http2.flags']) & 4) === 0) return rest;
    const { 'http2.header.count': counts = [], 'http2.header.value': values = [], ...others } = open;
    open = {};
    const count = counts.reduce((sum, each) => sum + Number(each), 0);
    return { ...rest, ...others, count: [String(count)], value: values.map((value) => value.replace(/\0.*/s, '')) };
  });
}

/** Both readings of a finished capture. What our live reading and that of the file say is the same. */
async function readings(capture: Capture): Promise<{ ours: Read; theirs: Read }> {
  await capture.finish();
  const ours = readByUs(capture);
  expect(readByUs(await loadedCapture(capture.path))).toEqual(ours);
  return { ours, theirs: await readByTshark(capture.path) };
}

function expectSame(ours: readonly Values[], theirs: readonly Values[]): void {
  for (const [i, values] of ours.entries()) expect(values, `number ${i}`).toEqual(theirs[i]);
  expect(ours).toHaveLength(theirs.length);
}

/** Nobody did anything wrong; a window that is used up is no fault. */
function expectNoFaults(capture: Capture): void {
  const faults = recordsOf(capture).flatMap(({ seq, protocol, notes }) =>
    protocolById(protocol)!
      .notes.filter((note, bit) => ((notes >>> bit) & 1) === 1 && note.severity !== 'info')
      .map((note) => `${seq}: ${note.text}`),
  );
  expect(faults).toEqual([]);
}

describe('node:http2', () => {
  test('requests of all kinds: header tables, large bodies, trailers, pushes, resets', async () => {
    const { capture } = await converse({ enablePush: true });
    const { ours, theirs } = await readings(capture);
    expect(ours.frames.length).toBeGreaterThan(150);
    expectSame(settled(ours.frames), settled(theirs.frames));
    expectNoFaults(capture);
  });

  // tshark 4.0 shows no header of a sender whose table was made smaller than 4,096 bytes: Node itself is the judge.
  test('a smaller header table', async () => {
    const { capture, paths } = await converse({ headerTableSize: 300 });
    await capture.finish();
    const answers = readByUs(capture).frames.filter((frame) => frame['http2.headers.status']);
    const read = answers.map((frame) => frame['http2.header.value']![frame['http2.header.name']!.indexOf('x-path')]);
    expect(read).toEqual(paths);
    expectNoFaults(capture);
  });

  /** Requests to a server that is tapped. `paths`: what the answers said in x-path, in order. */
  async function converse(settings: http2.Settings): Promise<{ capture: Capture; paths: string[] }> {
    const server = http2.createServer({ settings: { initialWindowSize: 100_000, maxConcurrentStreams: 50 } });
    server.on('stream', (stream, headers) => answer(stream as http2.ServerHttp2Stream, headers));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    afterwards(() => server.close());
    const capture = liveCapture();
    const port = await openTap((server.address() as AddressInfo).port, capture);
    const session = http2.connect(`http://127.0.0.1:${port}`, { settings });
    const paths: string[] = [];
    session.on('stream', (pushed: ClientHttp2Stream) => pushed.resume());
    const get = async (headers: OutgoingHttpHeaders, body?: Buffer): Promise<void> => {
      const request = session.request(headers, { endStream: body === undefined });
      if (body) request.end(body);
      request.resume();
      request.on('response', (answered) => paths.push(String(answered['x-path'])));
      await once(request, 'close');
    };
    for (let i = 0; i < 20; i++) {
      await get({ ':path': `/plain/${i}`, 'x-number': String(i), cookie: ['a=1', `b=${i}`] });
    }
    await get({ ':path': '/echo', ':method': 'POST', authorization: 'Bearer of a secret' }, Buffer.alloc(150_000, 'x'));
    if (settings.enablePush) await get({ ':path': '/push' });
    await Promise.all(Array.from({ length: 10 }, (_, i) => get({ ':path': `/large/${i}` })));
    const reset = session.request({ ':path': '/never' });
    reset.on('error', () => {});
    await new Promise((resolve) => session.ping(resolve));
    reset.close(http2.constants.NGHTTP2_CANCEL);
    await new Promise((resolve) => session.ping(resolve));
    session.close();
    await once(session, 'close');
    return { capture, paths };
  }

  function answer(stream: http2.ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => {});
    const path = headers[':path']!;
    if (path === '/never') return;
    if (path === '/push') {
      stream.pushStream({ ':path': '/pushed' }, (_, pushed) => {
        pushed.respond({ ':status': 200 });
        pushed.end('pushed');
      });
    }
    stream.respond({ ':status': 200, 'x-path': path, date: 'now' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '42' }));
    if (path === '/echo') stream.pipe(stream);
    else stream.end(path.startsWith('/large') ? Buffer.alloc(40_000, 'y') : 'plain');
  }
});

/** Starts the Python peer; resolves with what it prints first. */
async function python(...args: string[]): Promise<string> {
  const peer = spawn(PYTHON, [PEER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  afterwards(() => peer.kill());
  const [said] = (await once(peer.stdout, 'data')) as [Buffer];
  return said.toString().trim();
}

describe.each(['plain', 'gzip'])('Python gRPC, %s', (compression) => {
  test('calls of all four shapes', async () => {
    const capture = liveCapture();
    const port = await openTap(Number(await python('server', compression)), capture);
    expect(await python('client', String(port), compression)).toBe('done');
    await new Promise((resolve) => setTimeout(resolve, 100));

    const { ours, theirs } = await readings(capture);
    expect(ours.frames.length).toBeGreaterThan(100);
    expectSame(settled(ours.frames), settled(theirs.frames));
    expectSame(ours.messages, theirs.messages);
    expect(ours.protobuf).toHaveLength(ours.messages.length);
    expectSame(ours.protobuf, theirs.protobuf);
    expectNoFaults(capture);

    const told = recordsOf(capture)
      .filter(({ protocol, type }) => protocol === GRPC_ID && type !== GrpcType.message)
      // At a deadline both sides hurry: whoever is first ends the call.
      .map(({ seq }) => capture.summary(seq).replace(/^4 DEADLINE_EXCEEDED: .*/, '4 DEADLINE_EXCEEDED'));
    const initial = '← x-served-by: python, blob-bin: 00 01 02 03 04 05 06 07 08 09';
    const sends = Array.from({ length: 6 }, () => ['→ /chat.ChatService/SendMessage', initial, '0 OK']).flat();
    expect(told).toEqual([
      ...sends,
      '→ /chat.ChatService/Fail',
      '5 NOT_FOUND: no such user: José %',
      '→ /chat.Nobody/Nothing',
      '12 UNIMPLEMENTED: Method not found!',
      '→ /chat.ChatService/Wait',
      '4 DEADLINE_EXCEEDED',
      '→ /chat.ChatService/Wait',
      '1 CANCELLED: RST_STREAM 8 CANCEL, client→server',
      ...['Watch', 'Collect', 'StreamMessages'].flatMap((method) => [
        `→ /chat.ChatService/${method}`,
        '← no metadata',
        '0 OK',
      ]),
    ]);
    const failed = recordsOf(capture).find(({ seq }) => capture.summary(seq).startsWith('5 NOT_FOUND'))!;
    const details = valuesOf(capture.detail(failed.seq, 1000).fields, [
      'grpc.status_details.type',
      'protobuf.message.name',
    ]);
    expect(details).toEqual({
      'grpc.status_details.type': ['x.y/chat.Message'],
      'protobuf.message.name': ['chat.Message'],
    });
    const long = recordsOf(capture).filter(({ protocol, size }) => protocol === GRPC_ID && size === 100_004);
    expect(long).toHaveLength(2);
    for (const { seq } of long) {
      const { bytes } = capture.payload(seq, 1_000_000)!;
      expect(Buffer.from(bytes.subarray(4)).toString()).toBe('long '.repeat(20_000));
    }
  });
});

describe('golden vectors', () => {
  const root = new URL('../../fixtures/', import.meta.url);
  const names = ['http2', 'grpc'].flatMap((folder) =>
    readdirSync(fileURLToPath(new URL(folder, root)))
      .filter((name) => name.endsWith('.hex'))
      .map((name) => `${folder}/${name}`),
  );

  test.each(names)('%s', async (name) => {
    const capture = liveCapture();
    const connection = openConnection(capture, 40_000);
    for (const line of readFileSync(new URL(name, root), 'utf8').split('\n')) {
      if (!/^[cs] /.test(line)) continue;
      const direction = line[0] === 'c' ? Direction.clientToServer : Direction.serverToClient;
      connection.chunk(direction, Buffer.from(line.slice(2).replaceAll(' ', ''), 'hex'), capture.recorder.now());
    }
    connection.close(capture.recorder.now());
    const { ours, theirs } = await readings(capture);
    expectSame(settled(ours.frames), settled(theirs.frames));
    expectSame(ours.messages, theirs.messages);
  });
});
