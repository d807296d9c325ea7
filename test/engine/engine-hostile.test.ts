// The engine against its surroundings: things done at the wrong moment, files that are none, files that belong to others.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Announcement } from '../../src-main/bridge/contract.ts';
import type { Problem } from '../../src-main/core/event.ts';
import { Direction } from '../../src-main/core/record.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { problemOf } from '../../src-main/engine/problem.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { eventually } from '../eventually.ts';

let folder: string;
let engine: Engine;
let silent: Server;
/** Lines that may be logged. */
let expected: RegExp | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wirescope-hostile-'));
  expected = undefined;
  const log = (line: string) => expected?.test(line) || fail(line);
  engine = await createEngine({ dataFolder: folder, host: 'headless', version: '0', parts: realParts, log });
  silent = createServer((socket) => socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await engine.dispose();
  await new Promise((resolve) => silent.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** The problem a call is refused with. */
async function refusal(calling: Promise<unknown>): Promise<Problem> {
  const error: unknown = await calling.then(
    () => fail('not refused'),
    (reason: unknown) => reason,
  );
  return problemOf(error);
}

function fail(line: string): never {
  throw new Error(line);
}

/** Connects to a peer that never answers. */
function waitingClient(): SessionConfig {
  const { port } = silent.address() as { port: number };
  return { wirescope: 1, name: 'Same name', role: 'client', protocol: 'websocket', target: `ws://127.0.0.1:${port}/` };
}

const SERVER: SessionConfig = {
  wirescope: 1,
  name: 'Same name',
  role: 'server',
  protocol: 'tcp',
  listen: '127.0.0.1:0',
};

test('a session removed while it connects is heard of no more', async () => {
  const heard: Announcement[] = [];
  engine.listen((announcement) => heard.push(announcement));
  const { id } = await engine.call('sessions.create', { config: waitingClient() });
  const starting = engine.call('sessions.start', { session: id });
  await eventually(() => expect(JSON.stringify(heard)).toContain('WebSocket upgrade'));
  await engine.call('sessions.remove', { session: id });
  await starting;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(heard.filter(({ type }) => type !== 'workspace').at(-1)).toEqual({ type: 'sessionRemoved', session: id });
  expect(await engine.call('sessions.list', {})).toEqual([]);
});

test('the engine ends while a session connects, and leaves nothing behind', async () => {
  const { id } = await engine.call('sessions.create', { config: waitingClient() });
  const starting = engine.call('sessions.start', { session: id });
  await eventually(async () => {
    expect((await engine.call('sessions.list', {}))[0]?.status).toBe('WebSocket upgrade');
  });
  await engine.dispose();
  await starting;
  await eventually(() =>
    expect(new Promise((resolve) => silent.getConnections((_, n) => resolve(n)))).resolves.toBe(0),
  );
});

test('sessions of one name started at once record into files of their own', async () => {
  const ids = await Promise.all(
    Array.from({ length: 5 }, async () => (await engine.call('sessions.create', { config: SERVER })).id),
  );
  await Promise.all(ids.map((session) => engine.call('sessions.start', { session })));
  const paths = (await engine.call('sessions.list', {})).map(({ capture }) => capture?.path);
  expect(new Set(paths).size).toBe(5);
});

test('a capture is not saved over another that is shown, however it is called', async () => {
  const [one, other] = [SERVER, SERVER].map((config) => engine.call('sessions.create', { config }));
  const [a, b] = [(await one!).id, (await other!).id];
  await engine.call('sessions.start', { session: a });
  await engine.call('sessions.start', { session: b });
  const path = (await engine.call('sessions.list', {})).find(({ id }) => id === b)!.capture!.path;
  symlinkSync(path, join(folder, 'link'));
  linkSync(path, join(folder, 'hard'));
  for (const name of [path, join(folder, 'link'), join(folder, 'hard')]) {
    expect(await refusal(engine.call('captures.save', { session: a, path: name }))).toMatchObject({ code: 'IN_USE' });
  }
  const before = readFileSync(path);
  await engine.call('captures.save', { session: b, path: join(folder, 'link') });
  expect(readFileSync(path).subarray(0, before.length)).toEqual(before);
});

test('what is no ordinary file is refused at once', async () => {
  const pipe = join(folder, 'pipe.pcapng');
  execFileSync('mkfifo', [pipe, `${pipe}.index`]);
  for (const path of [pipe, folder, '/dev/zero']) {
    expect(await refusal(engine.call('captures.open', { path }))).toMatchObject({
      what: expect.stringContaining(path),
      code: 'ENOTFILE',
    });
    expect(await engine.call('compose.check', { content: { file: path } })).toMatchObject({ ok: false });
  }
  expect(await engine.call('sessions.list', {})).toEqual([]);
});

test('a folder for captures that cannot be one is a failed start with a reason', async () => {
  writeFileSync(join(folder, 'captures'), 'a file');
  const { id } = await engine.call('sessions.create', { config: SERVER });
  expect(await refusal(engine.call('sessions.start', { session: id }))).toMatchObject({
    what: `Something else is at ${join(folder, 'captures')} already.`,
  });
  rmSync(join(folder, 'captures'));
  mkdirSync(join(folder, 'captures'));
  await engine.call('sessions.start', { session: id });
  expect((await engine.call('sessions.list', {}))[0]?.phase).toBe('open');
});

test('a full disk shows, stops nothing but the recording, and what did not reach it can be saved elsewhere', async () => {
  await engine.dispose();
  // Every write to it fails with ENOSPC.
  const createCapture = (path: string) => {
    rmSync(path);
    symlinkSync('/dev/full', path);
    return realParts.createCapture(path);
  };
  const parts = { ...realParts, createCapture };
  engine = await createEngine({ dataFolder: folder, host: 'headless', version: '0', parts, log: fail });
  const { id: session } = await engine.call('sessions.tryIt', {});
  await eventually(async () => {
    const query = { level: 'everything', filter: 'wirescope.event.severity == "error"' } as const;
    const { rows } = await engine.call('timeline.rows', { session, query, from: 0, count: 10 });
    expect(rows.map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/Recording stopped: .* The disk is full/),
    ]);
  });
  expect(await engine.call('sessions.send', { session, content: { text: 'more' }, to: 'all' })).toEqual({
    recipients: 1,
  });
  for (const { phase, problem } of await engine.call('sessions.list', {})) {
    expect(phase).toBe('open');
    expect(problem).toMatchObject({ what: expect.stringMatching(/^Recording stopped: /), code: 'ENOSPC' });
  }
  expect((await refusal(engine.call('captures.save', { session, path: '/dev/full/x' }))).next).not.toBe('');
  const path = join(folder, 'saved.pcapng');
  await engine.call('captures.save', { session, path });
  const { id: copy } = await engine.call('captures.open', { path });
  const seen = (await messagesOf(session)).slice(0, -1);
  await eventually(async () => expect(await messagesOf(copy)).toEqual(seen));
});

/** Puts another file in the place of one. */
function replace(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.new`, content);
  renameSync(`${path}.new`, path);
}

/** Summaries of a session's messages and events. */
async function messagesOf(session: string): Promise<string[]> {
  const query = { level: 'messages' } as const;
  return (await engine.call('timeline.rows', { session, query, from: 0, count: 100 })).rows.map((row) => row.summary);
}

describe('the file of a capture', () => {
  const LOOK_MS = 2000;
  beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => vi.useRealTimers());

  /** What a session says is wrong, after its file was looked at. */
  async function problemOfSession(id: string): Promise<Problem> {
    await vi.advanceTimersByTimeAsync(LOOK_MS);
    return await eventually(async () => {
      const { problem } = (await engine.call('sessions.list', {})).find((session) => session.id === id)!;
      expect(problem).toBeDefined();
      return problem!;
    });
  }

  async function recording(): Promise<{ id: string; path: string }> {
    const { id, capture } = await engine.call('sessions.tryIt', {});
    return { id, path: capture!.path };
  }

  test('that is as it should be is no problem', async () => {
    const { id } = await recording();
    for (let i = 0; i < 3; i++) await vi.advanceTimersByTimeAsync(LOOK_MS);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await engine.call('sessions.list', {})).map(({ problem }) => problem)).toEqual([undefined, undefined]);
    expect(await messagesOf(id)).not.toContainEqual(expect.stringContaining('capture file'));
  });

  test.each<[string, (path: string) => void, RegExp]>([
    ['removed', (path) => rmSync(path), /was removed\.$/],
    ['removed with its folder', (path) => rmSync(dirname(path), { recursive: true }), /was removed\.$/],
    ['replaced', (path) => replace(path, 'other'), /replaced by another\.$/],
  ])('%s underneath ends nothing, is told, and what there is can be saved', async (_how, harm, what) => {
    expected = /^history: There is no file/;
    const { id, path } = await recording();
    harm(path);
    expect(await problemOfSession(id)).toMatchObject({
      what: expect.stringMatching(what),
      next: 'Save the capture under another name now.',
    });
    await engine.call('sessions.send', { session: id, content: { text: 'after' }, to: 'all' });
    await eventually(async () => expect((await messagesOf(id)).filter((text) => text === 'after')).toHaveLength(2));
    expect(await messagesOf(id)).toContainEqual(expect.stringMatching(/^The capture file .* is gone when/));
    await engine.call('sessions.stop', { session: id });
    const saved = join(folder, 'saved.pcapng');
    await engine.call('captures.save', { session: id, path: saved });
    const copy = await engine.call('captures.open', { path: saved });
    await eventually(async () =>
      expect((await messagesOf(copy.id)).filter((text) => text === 'after')).toHaveLength(2),
    );
    await engine.call('sessions.start', { session: id });
    expect((await engine.call('sessions.list', {})).find((session) => session.id === id)!.problem).toBeUndefined();
  });

  test('that others write into is told', async () => {
    const { id, path } = await recording();
    await eventually(() => expect(statSync(path).size).toBeGreaterThan(0));
    writeFileSync(path, 'something else');
    expect((await problemOfSession(id)).what).toBe(`Another program has written into the capture file ${path}.`);
  });

  test.each<[string, (path: string) => void, string]>([
    ['grows', (path) => appendFileSync(path, new Uint8Array(28)), 'has grown since it was read.'],
    ['is written over', (path) => writeFileSync(path, 'x'), 'was changed since it was read.'],
    ['is replaced', (path) => replace(path, readFileSync(path)), 'is another file by now.'],
  ])('that was opened and %s is told', async (_how, harm, what) => {
    const path = join(folder, 'opened.pcapng');
    const made = realParts.createCapture(path);
    await made.dispose();
    const { id } = await engine.call('captures.open', { path });
    await eventually(async () => expect((await engine.call('sessions.list', {}))[0]?.phase).toBe('closed'));
    harm(path);
    expect(await problemOfSession(id)).toMatchObject({
      what: `${path} ${what}`,
      next: expect.stringMatching(/^Open it/),
    });
    expect(await messagesOf(id)).toEqual([]);
    // Its advice is to open it again, which reads what is there and makes no second session.
    const again = join(folder, 'again.pcapng');
    await realParts.createCapture(again).dispose();
    replace(path, readFileSync(again));
    expect((await engine.call('captures.open', { path })).id).toBe(id);
    expect((await engine.call('sessions.list', {})).map(({ problem }) => problem)).toEqual([undefined]);
  });
});

test('a capture that cannot be saved destroys nothing', async () => {
  const { id: session } = await engine.call('sessions.tryIt', {});
  const path = join(folder, 'taken');
  mkdirSync(join(path, 'by-a-folder'), { recursive: true });
  expect(await refusal(engine.call('captures.save', { session, path }))).toMatchObject({
    what: `The capture cannot be saved as ${path}.`,
    next: expect.stringMatching(/./),
  });
  expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
});

test('what a stranger sent is no formula in a spreadsheet', async () => {
  const { id: session } = await engine.call('sessions.tryIt', {});
  const evil = '=HYPERLINK("http://evil.test")';
  await engine.call('sessions.send', { session, content: { text: evil }, to: 'all' });
  const query = { level: 'messages' } as const;
  await eventually(async () => {
    const { text } = await engine.call('timeline.copy', { session, query, from: 0, count: 100, format: 'tsv' });
    expect(text.split(/[\t\n]/).filter((cell) => cell.includes('HYPERLINK'))).toEqual([`'${evil}`, `'${evil}`]);
  });
});

test('a capture can be removed while it is read', async () => {
  const path = join(folder, 'big.pcapng');
  const capture = realParts.createCapture(path);
  const { recorder } = capture;
  const peers = { client: { address: '127.0.0.1', port: 1 }, server: { address: '127.0.0.1', port: 2 } };
  const dissectAs = { protocol: 'tcp', framing: { kind: 'lines' } } as const;
  const connection = recorder.connection({ transport: 'tcp', ...peers, decrypted: false, dissectAs }, recorder.now());
  const lines = new TextEncoder().encode('a line\n'.repeat(9000));
  for (let n = 0; n < 100; n++) connection.chunk(Direction.clientToServer, lines, recorder.now());
  await capture.dispose();

  const opened = await engine.call('captures.open', { path });
  expect(opened.phase).toBe('loading');
  const query = { level: 'everything', filter: 'tcp contains "never"' } as const;
  await engine.call('timeline.rows', { session: opened.id, query, from: 0, count: 1 });
  const finding = engine.call('timeline.find', {
    session: opened.id,
    query: { level: 'everything' },
    text: 'never',
    from: 0,
    backwards: false,
  });
  finding.catch(() => {});
  await engine.call('sessions.remove', { session: opened.id });
  expect(await engine.call('sessions.list', {})).toEqual([]);
});

test('what was started is gone when the engine is: sockets, timers, files', async () => {
  const counted = () =>
    process
      .getActiveResourcesInfo()
      .filter((kind) => !kind.startsWith('FSReq'))
      .sort();
  await engine.dispose();
  const before = counted();
  engine = await createEngine({ dataFolder: folder, host: 'headless', version: '0', parts: realParts, log: fail });
  const { id } = await engine.call('sessions.tryIt', {});
  const content = { text: 'tick' };
  await engine.call('sessions.send', { session: id, content, to: 'all', repeat: { times: 1000, everyMs: 50 } });
  const configs: SessionConfig[] = [
    { ...SERVER, tls: { selfSigned: true }, server: { behaviour: 'scripted', answers: [{ delay: '60m' }] } },
    { ...SERVER, protocol: 'udp', server: { behaviour: 'echo' } },
    { ...waitingClient(), reconnect: { attempts: 100, delay: '60m' } },
    { ...waitingClient(), target: 'ws://127.0.0.1:1/', reconnect: { attempts: 100, delay: '60m' } },
    { ...waitingClient(), protocol: 'udp', target: 'udp://127.0.0.1:9' },
    { ...waitingClient(), websocket: { pingEverySeconds: 3600 }, target: `ws://${await serverAddress()}/` },
  ];
  for (const config of configs) {
    const session = await engine.call('sessions.create', { config });
    void engine.call('sessions.start', { session: session.id }).catch(() => {});
  }
  await eventually(() => expect(counted().length).toBeGreaterThan(before.length + 5));
  await engine.dispose();
  // A server's sockets are closed in the turn after.
  await eventually(() => {
    const left = counted();
    for (const kind of before) if (left.includes(kind)) left.splice(left.indexOf(kind), 1);
    expect(left).toEqual([]);
  });
});

/** Where the echo server of "try it" listens. */
async function serverAddress(): Promise<string> {
  const sessions = await engine.call('sessions.list', {});
  return sessions.find(({ config }) => config.name === 'Echo server')!.status;
}
