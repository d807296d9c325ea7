// `wirescope run` of gRPC session files against servers nobody here wrote (Python's gRPC on the C core, plain, with TLS and
// with client certificates; grpc-js with reflection of either version) and against our own mock, started from the command
// line as a user does; then tshark and protoc read the captures it kept, beside `wirescope read`.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GRPC_ID, GrpcType } from '../../src-main/core/dissect/grpc/format.ts';
import { decodeProtobuf } from '../../src-main/core/payload/protobuf.ts';
import type { GrpcConfig, SessionConfig, Step } from '../../src-main/core/session-config.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { parseRead } from '../../src-main/headless/command-line.ts';
import { read } from '../../src-main/headless/read.ts';
import type { SessionReport } from '../../src-main/headless/session-run.ts';
import { loadedCapture, recordsOf } from '../capture/files.ts';
import { makeAuthority } from '../endpoints/test-certificates.ts';
import { labServer, type ReflectionVersion } from './grpc-lab-server.ts';
import { rawByProtoc, rawByUs } from './protoc-raw.ts';
import { nodes, tsharkLayers, type Values, valuesIn } from './tshark.ts';

/** Debian's own: another python3 on the path has no Debian packages. */
const PYTHON = '/usr/bin/python3';
const ROOT = join(import.meta.dirname, '../..');
const PROTOS = join(ROOT, 'protos');
const SERVICES = join(import.meta.dirname, 'grpc_services.py');
const SCHEMA = {
  files: ['lab', 'chat', 'greeter'].map((name) => join(PROTOS, `${name}.proto`)),
  importPaths: [PROTOS],
};

let folder = '';
const path = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wirescope-grpc-run-'));
  const imported = ['v1', 'v1alpha'].map((version) => `grpc/reflection/${version}/reflection.proto`);
  const files = [
    'chat.proto',
    'greeter.proto',
    'lab.proto',
    'google/rpc/error_details.proto',
    'google/rpc/status.proto',
  ];
  try {
    execFileSync('protoc', ['-I', PROTOS, '--include_imports', '-o', path('types.pb'), ...files, ...imported]);
    execFileSync(PYTHON, ['-c', 'import grpc, google.protobuf']);
  } catch (error) {
    throw new Error('protobuf-compiler, python3-grpcio and python3-protobuf are needed: scripts/install-judges.sh', {
      cause: error,
    });
  }
  const authority = await makeAuthority();
  writeFileSync(path('ca.pem'), authority.cert);
  for (const name of ['server', 'client']) {
    const issued = await authority.issue({ names: ['localhost', '127.0.0.1'], subject: name });
    writeFileSync(path(`${name}.pem`), issued.cert);
    writeFileSync(path(`${name}.key`), issued.key);
  }
  // A lab.Sample whose bytes_value (field 15) does not compress.
  const bytes = Buffer.from(Array.from({ length: BIG_BYTES }, (_, i) => (i * i * 31) >>> 7));
  writeFileSync(path('big.bin'), Buffer.concat([Buffer.from('7ac096b102', 'hex'), bytes]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Its length as a varint is c0 96 b1 02. */
const BIG_BYTES = 5_000_000;
const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('base64');
const LONG = 'again and again '.repeat(1000);
const SAMPLE = {
  ...{ stringValue: 'José 日本', int64Value: '-9007199254740993', bytesValue: 'AAH/', level: 'LEVEL_HIGH' },
  ...{ tags: ['a', 'b'], labels: { key: 'value' }, point: { x: 1.5 }, createdAt: '2024-02-29T12:00:00Z' },
};
const DETAILS = [
  {
    '@type': 'type.googleapis.com/google.rpc.BadRequest',
    fieldViolations: [{ field: 'text', description: 'too long' }],
  },
  { '@type': 'type.googleapis.com/lab.Tree', name: 'of our own' },
];
const FAILURE = { code: 9, message: 'no chat today: José %', details: DETAILS };

const send = (json: unknown, method: string, metadata = {}): Step => ({
  send: { json },
  method: `lab.Lab/${method}`,
  metadata,
});
const OK: Step = { expect: { status: 'OK', within: '20s' } };
const answered = (json: unknown): Step => ({ expect: { json, within: '20s' } });

/** Session files by name: the settings they add, and what they do. */
const SESSIONS: { [name: string]: { grpc?: GrpcConfig; script: Step[] } } = {
  calls: {
    script: [
      send(SAMPLE, 'Echo', { 'x-user': 'maria', 'x-trace-bin': 'AP8B' }),
      answered(SAMPLE),
      {
        expect: {
          status: 'OK',
          metadata: { 'x-bytes-bin': ALL_BYTES, 'x-user': 'maria', 'x-trace-bin': 'AP8B' },
          within: '20s',
        },
      },
      send({ count: 3 }, 'Generate'),
      answered({ tags: ['generated'] }),
      { expect: { count: 2, within: '20s' } },
      OK,
      send(SAMPLE, 'Collect'),
      send({}, 'Collect'),
      'endStreaming',
      answered({ count: 2 }),
      OK,
      send(SAMPLE, 'Exchange'),
      answered(SAMPLE),
      send({ tags: ['second'] }, 'Exchange'),
      answered({ tags: ['second'] }),
      'endStreaming',
      OK,
      send(FAILURE, 'Fail'),
      { expect: { field: { 'grpc.status_details.type': DETAILS[0]!['@type'] }, within: '20s' } },
      { expect: { status: 'FAILED_PRECONDITION', within: '20s' } },
      send(SAMPLE, 'OldEcho'),
      { wait: '200ms' },
      'cancel',
      { expect: { status: 'CANCELLED' } },
    ],
  },
  gzip: {
    grpc: { compression: 'gzip' },
    script: [
      send({ stringValue: LONG }, 'Echo', { 'x-gzip': 'yes' }),
      answered({ stringValue: LONG }),
      OK,
      send({ stringValue: LONG }, 'Exchange'),
      answered({ stringValue: LONG }),
      'endStreaming',
      OK,
    ],
  },
  big: {
    script: [{ send: { file: 'big.bin' }, method: 'lab.Lab/Echo' }, { expect: { count: 1, within: '20s' } }, OK],
  },
  samples: {
    grpc: { method: 'chat.ChatService/SendMessage' },
    script: [
      { send: { json: { user: 'maria', text: 'hello' } } },
      answered({ status: 'ok', message: 'maria: hello' }),
      OK,
      { send: { json: { text: 'one' } }, method: 'chat.ChatService/StreamMessages' },
      answered({ message: 'one' }),
      { send: { json: { text: 'two' } }, method: 'chat.ChatService/StreamMessages' },
      answered({ message: 'two' }),
      'endStreaming',
      OK,
      // The run waits for what comes of a last send.
      { send: { json: { name: 'Ada' } }, method: 'Greeter/SayHello' },
    ],
  },
  lines: {
    grpc: { method: 'chat.ChatService/StreamMessages' },
    script: [
      { sendLines: { file: 'lines.ndjson', pause: '1ms' } },
      'endStreaming',
      { expect: { count: 4, within: '20s' } },
      OK,
    ],
  },
  wrong: {
    grpc: { method: 'lab.Lab/Fail' },
    script: [{ send: { json: FAILURE } }, { expect: { status: 'OK', within: '20s' } }],
  },
  small: {
    grpc: { maxReceiveBytes: 10 },
    script: [send(SAMPLE, 'Echo'), OK],
  },
  late: {
    grpc: { deadlineMs: 300 },
    script: [send(SAMPLE, 'OldEcho'), { expect: { status: 'DEADLINE_EXCEEDED', within: '20s' } }],
  },
};

/** A server that is called. */
interface Peer {
  port: number;
  config: Partial<SessionConfig>;
  /** Each of its answers is. */
  compressed?: true;
  stop(): unknown;
}

async function python(options: object, config: (port: number) => Partial<SessionConfig>): Promise<Peer> {
  const child = spawn(PYTHON, [SERVICES, path('types.pb'), JSON.stringify(options)]);
  let complaint = '';
  child.stderr.on('data', (bytes) => {
    complaint += bytes;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const port = Number((await lines.next()).value);
  if (!(port > 0)) throw new Error(`the server did not start: ${complaint}`);
  return { port, config: config(port), stop: () => child.kill() };
}

async function node(reflection: ReflectionVersion): Promise<Peer> {
  const { port, stop } = await labServer(PROTOS, readFileSync(path('types.pb')), reflection);
  return { port, config: { target: `grpc://127.0.0.1:${port}` }, stop };
}

/** Our own mock, from a session file. */
async function mock(): Promise<Peer> {
  const metadata = { 'x-bytes-bin': ALL_BYTES, 'x-user': 'maria', 'x-trace-bin': 'AP8B' };
  const generated = Array.from({ length: 3 }, () => ({ json: { tags: ['generated'] } }));
  const config: SessionConfig = {
    ...{ wirescope: 1, name: 'Lab mock', role: 'server', protocol: 'grpc', listen: '127.0.0.1:0' },
    grpc: {
      schema: SCHEMA,
      compression: 'gzip',
      mock: {
        'lab.Lab/Echo': { behaviour: 'echo', metadata },
        'lab.Lab/OldEcho': { behaviour: 'silent' },
        'lab.Lab/Generate': { behaviour: 'scripted', answers: [{ when: { json: { count: 3 } }, reply: generated }] },
        'lab.Lab/Collect': { behaviour: 'scripted', answers: [{ on: 'end', reply: [{ json: { count: 2 } }] }] },
        'lab.Lab/Exchange': { behaviour: 'echo' },
        'lab.Lab/Fail': { behaviour: 'scripted', answers: [{ status: FAILURE }] },
      },
    },
  };
  writeFileSync(path('mock.yaml'), JSON.stringify(config));
  let heard = (_: string): void => {};
  const listening = new Promise<string>((resolve) => {
    heard = resolve;
  });
  const serving = wirescope(['run', path('mock.yaml'), '--connections', '4', '--report', 'json'], (err) => {
    const address = /listening on (\S+)/.exec(err)?.[1];
    if (address) heard(address);
  });
  const address = await Promise.race([listening, serving.then(({ err }) => Promise.reject(new Error(err)))]);
  return {
    port: Number(address.split(':').at(-1)),
    config: { target: `grpc://${address}`, grpc: { schema: SCHEMA } },
    compressed: true,
    async stop() {
      const { code, out } = await serving;
      const { connections, calls } = JSON.parse(out) as SessionReport;
      expect({ code, connections, calls: calls?.length }).toEqual({ code: 0, connections: 4, calls: 10 });
    },
  };
}

const plain = (port: number) => ({ target: `grpc://127.0.0.1:${port}`, grpc: { schema: SCHEMA } });
const secure = (tls: object) => (port: number) => ({
  target: `grpcs://localhost:${port}`,
  grpc: { schema: SCHEMA },
  tls: { ca: 'ca.pem', ...tls },
});
const TLS = () => ({ cert: path('server.pem'), key: path('server.key') });
const CLIENT_PAIR = { cert: 'client.pem', key: 'client.key' };

const PEERS: [string, () => Promise<Peer>][] = [
  ['Python', () => python({}, plain)],
  ['Python over TLS', () => python(TLS(), secure({}))],
  ['Python over mutual TLS', () => python({ ...TLS(), ca: path('ca.pem') }, secure(CLIENT_PAIR))],
  ['Node with reflection v1', () => node('v1')],
  ['Node with reflection v1alpha only', () => node('v1alpha')],
  ['our mock', mock],
];

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs `wirescope ARGS…`. `onError`: called with what standard error holds so far. */
function wirescope(args: readonly string[], onError: (err: string) => void = () => {}): Promise<Ended> {
  const cli = join(ROOT, 'src-main', 'cli.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], { cwd: folder });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    onError(err);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

/** Runs session files of these names, all in one go. Resolves with the exit code and what the report says of each. */
async function runSessions(names: readonly string[], { port, config }: Peer, ...options: string[]) {
  const files = names.map((name) => {
    const { grpc, script } = SESSIONS[name]!;
    const session = { wirescope: 1, name, role: 'client', protocol: 'grpc', ...config, script };
    const file = path(`${port}-${name}.yaml`);
    writeFileSync(file, JSON.stringify({ ...session, grpc: { ...config.grpc, ...grpc } }));
    return file;
  });
  const { code, out, err } = await wirescope(['run', ...files, '--report', 'json', ...options]);
  if (out === '') throw new Error(err);
  const report = JSON.parse(out) as SessionReport | { sessions: SessionReport[] };
  return { code, reports: 'sessions' in report ? report.sessions : [report] };
}

async function runCaptured(
  name: string,
  peer: Peer,
): Promise<{ code: number | null; report: SessionReport; capture: string }> {
  const capture = path(`${peer.port}-${name}.pcapng`);
  const { code, reports } = await runSessions([name], peer, '--capture', capture);
  return { code, report: reports[0]!, capture };
}

const failures = ({ steps }: SessionReport) => steps.filter(({ ok }) => !ok);

describe.each(PEERS)('%s', (_title, start) => {
  let peer: Peer;
  beforeAll(async () => {
    peer = await start();
  });
  afterAll(() => peer.stop());

  test('calls of all four shapes, errors with details, binary metadata, cancel; tshark reads the same', async () => {
    const { code, report, capture } = await runCaptured('calls', peer);
    expect(failures(report)).toEqual([]);
    expect(code).toBe(0);
    expect(report.calls).toMatchObject([
      { method: 'lab.Lab/Echo', status: 'OK', clientMessages: 1, serverMessages: 1 },
      { method: 'lab.Lab/Generate', status: 'OK', clientMessages: 1, serverMessages: 3 },
      { method: 'lab.Lab/Collect', status: 'OK', clientMessages: 2, serverMessages: 1 },
      { method: 'lab.Lab/Exchange', status: 'OK', clientMessages: 2, serverMessages: 2 },
      { method: 'lab.Lab/Fail', status: 'FAILED_PRECONDITION', message: 'no chat today: José %' },
      { method: 'lab.Lab/OldEcho', status: 'CANCELLED' },
    ]);
    expect(report.messages.slice(0, 3)).toMatchObject([
      { direction: 'client→server', json: SAMPLE },
      { direction: 'server→client', json: SAMPLE },
      { direction: 'server→client', status: 'OK' },
    ]);
    expect(report.messages.find(({ status }) => status === 'FAILED_PRECONDITION')?.details).toEqual(
      DETAILS.map(({ '@type': url, ...json }) => ({ type: url.replace('type.googleapis.com/', ''), json })),
    );
    await expectSameFrames(capture, peer.port);
    await expectSameMessages(capture, peer.port);
  });

  test('gzip, five megabytes there and back, a deadline', async () => {
    const { code, reports } = await runSessions(['gzip', 'big', 'late'], peer);
    expect(reports.flatMap(failures)).toEqual([]);
    expect(code).toBe(0);
    const [gzip, big, late] = reports;
    expect(gzip!.bytes['client→server']).toBeLessThan(2000);
    if (peer.compressed) expect(gzip!.bytes['server→client']).toBeLessThan(2000);
    const length = BIG_BYTES + 5;
    expect(big!.messages).toMatchObject([
      { direction: 'client→server', length },
      { direction: 'server→client', length },
      { status: 'OK' },
    ]);
    expect(late!.calls).toMatchObject([{ method: 'lab.Lab/OldEcho', status: 'DEADLINE_EXCEEDED' }]);
  });
});

describe('Python', () => {
  let peer: Peer;
  beforeAll(async () => {
    peer = await python({}, plain);
  });
  afterAll(() => peer.stop());

  test('compresses its answers, and tshark inflates the same messages', async () => {
    const { report, capture } = await runCaptured('gzip', peer);
    // The second answer is not compressed.
    expect(report.bytes['server→client']).toBeLessThan(LONG.length + 2000);
    await expectSameFrames(capture, peer.port);
    await expectSameMessages(capture, peer.port);
  });

  test('is served the samples; the messages are what protoc reads without types', async () => {
    const { code, report, capture } = await runCaptured('samples', peer);
    expect(failures(report)).toEqual([]);
    expect(code).toBe(0);
    expect(report.messages.slice(-3)).toMatchObject([
      { json: { name: 'Ada' } },
      { json: { message: 'Hello, Ada!' } },
      { status: 'OK' },
    ]);
    await expectSameFrames(capture, peer.port);
    await expectSameMessages(capture, peer.port);
    const loaded = await loadedCapture(capture);
    const messages = recordsOf(loaded).filter(
      ({ protocol, type }) => protocol === GRPC_ID && type === GrpcType.message,
    );
    expect(messages).toHaveLength(8);
    for (const { seq } of messages) {
      const { bytes } = loaded.payload(seq, 10_000)!;
      expect(rawByUs(decodeProtobuf(bytes).tree!)).toEqual(rawByProtoc(bytes));
    }
  });

  test('gets the lines of a file in one call', async () => {
    writeFileSync(path('lines.ndjson'), '{"text":"1"}\n{"text":"2"}\nwait 20ms\n\n{"text":"{{3}}"}\n{"text":"4"}');
    const { code, reports } = await runSessions(['lines'], peer);
    expect(reports.flatMap(failures)).toEqual([]);
    expect(code).toBe(0);
    const [report] = reports;
    expect(report!.steps[0]).toMatchObject({ step: 'send lines of lines.ndjson' });
    expect(report!.calls).toMatchObject([{ status: 'OK', clientMessages: 4, serverMessages: 4 }]);
    const said = report!.messages.flatMap(({ direction, json }) =>
      direction === 'server→client' && json ? [(json as { message: string }).message] : [],
    );
    expect(said).toEqual(['1', '2', '{{3}}', '4']);
  });

  test('answers more than is taken: the report names the setting', async () => {
    const { code, reports } = await runSessions(['small'], peer);
    expect(code).toBe(1);
    const words = expect.stringMatching(
      /8 RESOURCE_EXHAUSTED: Received message larger than .*: raise grpc.maxReceiveBytes/,
    );
    expect(reports.flatMap(failures)).toMatchObject([{ error: words }]);
    expect(reports[0]!.calls).toMatchObject([
      { status: 'RESOURCE_EXHAUSTED', message: expect.stringContaining('raise') },
    ]);
  });

  test('fails a run that expected otherwise', async () => {
    const { code, reports } = await runSessions(['wrong'], peer);
    expect(code).toBe(1);
    expect(reports.flatMap(failures)).toMatchObject([
      { error: expect.stringContaining('9 FAILED_PRECONDITION: no chat today: José %') },
    ]);
  });
});

const FRAME_FIELDS = [
  ...['http2.type', 'http2.streamid', 'http2.length', 'http2.flags'],
  ...['http2.header.name', 'http2.header.value'],
];
const MESSAGE_FIELDS = [
  ...['grpc.compressed_flag', 'grpc.message_length'],
  ...['protobuf.message.name', 'protobuf.field.name', 'protobuf.field.number', 'protobuf.field.wiretype'],
];

async function expectSameFrames(capture: string, port: number): Promise<void> {
  const ours = await readByUs(capture, 'http2.type', FRAME_FIELDS);
  const layers = await tsharkLayers(capture, 'http2', ['-d', `tcp.port==${port},http2`]);
  const theirs = layers
    .flatMap(({ http2 }) => nodes(http2, 'http2.stream'))
    .map((frame) => valuesIn(frame, FRAME_FIELDS))
    .filter((frame) => frame['http2.type'] !== '');
  expect(ours.length).toBeGreaterThan(8);
  expect(ours).toEqual(theirs.map((frame) => ({ ...frame, 'http2.flags': String(Number(frame['http2.flags'])) })));
}

async function expectSameMessages(capture: string, port: number): Promise<void> {
  const options = ['--import-path', PROTOS, ...SCHEMA.files.flatMap((file) => ['--proto', file])];
  const ours = await readByUs(capture, 'grpc.message_length', MESSAGE_FIELDS, ...options);
  const preference = `uat:protobuf_search_paths:"${PROTOS}","TRUE"`;
  const layers = await tsharkLayers(capture, 'grpc', ['-d', `tcp.port==${port},http2`, '-o', preference]);
  const theirs = layers.flatMap(({ grpc, protobuf }) => {
    const messages = [protobuf ?? []].flat();
    return [grpc].flat().map((head, i) => ({
      ...valuesIn(head, MESSAGE_FIELDS.slice(0, 2)),
      ...valuesIn(messages[i], MESSAGE_FIELDS.slice(2)),
    }));
  });
  const names = 'protobuf.message.name';
  expect(ours.length).toBeGreaterThan(3);
  expect(ours.map((message, i) => (opensMore(message) ? theirs[i] : message))).toEqual(
    // It has a name for the entries of a map.
    theirs.map((message) => ({ ...message, [names]: message[names]!.replace(/,[^,]*MapEntry/g, '') })),
  );
}

/** Whether there is something in a message that tshark leaves closed: what is in an Any. */
function opensMore(message: Values): boolean {
  return message['protobuf.message.name']!.includes('google.protobuf.Any');
}

/** What `wirescope read` prints of the records that have a field. */
async function readByUs(
  capture: string,
  filter: string,
  fields: readonly string[],
  ...options: string[]
): Promise<Values[]> {
  let out = '';
  const args = [capture, '--filter', filter, '--fields', fields.join(','), '--format', 'json', ...options];
  const code = await read(parseRead(args), realParts, {
    async write(text) {
      out += text;
      return true;
    },
  });
  expect(code).toBe(0);
  return out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
    .map((record) => Object.fromEntries(fields.map((field) => [field, String(record[field])])));
}
