import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Run } from '../../src-main/bridge/contract.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { CaptureFolder } from '../../src-main/engine/history/capture-folder.ts';
import { History } from '../../src-main/engine/history/history.ts';
import type { Session } from '../../src-main/engine/session/session.ts';
import { eventually } from '../eventually.ts';
import { CLIENT, type FakeParts, fakeParts, scratchFolder } from './fakes.ts';

let folder: string;
let engine: Engine;
let parts: FakeParts;

async function start(): Promise<Engine> {
  const log = (line: string) => expect.fail(line);
  return await createEngine({ dataFolder: folder, host: 'headless', version: '1.2.3', parts, log });
}

beforeEach(async () => {
  folder = scratchFolder();
  parts = fakeParts();
  engine = await start();
});
afterEach(() => engine.dispose());

async function create(config: Partial<SessionConfig> = {}): Promise<string> {
  return (await engine.call('sessions.create', { config: { ...CLIENT, ...config } })).id;
}

async function list(session?: string): Promise<Run[]> {
  const input = { from: 0, count: 100, ...(session !== undefined && { session }) };
  return (await engine.call('history.list', input)).runs;
}

/** Runs a session once: a line to the peer and one back. */
async function runOnce(session: string): Promise<Run> {
  await engine.call('sessions.start', { session });
  await engine.call('sessions.send', { session, content: { text: 'PING' }, to: 'all' });
  parts.endpoints.at(-1)?.receive('PONG');
  await engine.call('sessions.stop', { session });
  return (await list(session))[0]!;
}

const captures = () => readdirSync(join(folder, 'captures')).filter((name) => name.endsWith('.pcapng'));

test('a run is in the history while it runs, and says afterwards how it ended', async () => {
  const session = await create();
  await engine.call('sessions.start', { session });
  await engine.call('sessions.send', { session, content: { text: 'PING' }, to: 'all' });
  const [running] = await list();
  expect(running).toMatchObject({ session, name: 'Client', result: 'running', endedAt: null, counts: { messages: 1 } });

  parts.endpoints[0]?.receive('PONG');
  parts.endpoints[0]?.close('Closed by the peer');
  await eventually(async () => expect((await list())[0]).toMatchObject({ result: 'closed' }));
  const [ended] = await list();
  expect(ended).toMatchObject({ peer: '127.0.0.1:7', text: 'Closed by the peer', counts: { messages: 2, errors: 0 } });
  expect(ended?.endedAt).toBeGreaterThanOrEqual(ended!.startedAt);
  expect(ended?.sizeBytes).toBe(statSync(ended!.path).size);
});

test('a run that could not begin failed, and the history says why', async () => {
  parts.loadEndpoint = async () => () => {
    throw Object.assign(new Error(), { problem: { what: 'The target is nowhere.', why: '', next: '' } });
  };
  const session = await create();
  await expect(engine.call('sessions.start', { session })).rejects.toThrow();
  expect(await list()).toMatchObject([{ result: 'failed', text: 'The target is nowhere.', peer: 'tcp://127.0.0.1:7' }]);
});

test('manifests are for the user alone and hold neither payload nor secrets', async () => {
  const session = await create({ target: 'tcp://user:CANARY-1@127.0.0.1:7/?token=CANARY-2' });
  await engine.call('sessions.start', { session });
  await engine.call('sessions.send', { session, content: { text: 'CANARY-3' }, to: 'all' });
  await engine.call('sessions.stop', { session });
  const [name = ''] = readdirSync(join(folder, 'captures')).filter((each) => each.endsWith('.run.json'));
  const path = join(folder, 'captures', name);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, 'utf8')).not.toContain('CANARY');
});

test('runs are listed newest first, of one session or of all, page by page', async () => {
  const [one, other] = [await create({ name: 'One' }), await create({ name: 'Other' })];
  for (const session of [one, other, one]) await runOnce(session);
  expect((await list()).map(({ name }) => name)).toEqual(['One', 'Other', 'One']);
  expect((await list(other)).map(({ name }) => name)).toEqual(['Other']);
  const page = await engine.call('history.list', { from: 1, count: 1 });
  expect(page).toMatchObject({ total: 3, runs: [{ name: 'Other' }] });
});

test('runs find their session again in the next engine, and none that was removed', async () => {
  const [kept, removed] = [await create({ name: 'Kept' }), await create({ name: 'Removed' })];
  for (const session of [kept, removed]) await runOnce(session);
  await engine.call('sessions.remove', { session: removed });
  await engine.dispose();
  engine = await start();
  expect((await list()).map(({ name, session, result }) => [name, session, result])).toEqual([
    ['Removed', null, 'closed'],
    ['Kept', kept, 'closed'],
  ]);
});

test('a run is opened as one session of its capture, however often', async () => {
  const { id } = await runOnce(await create());
  const opened = await engine.call('history.open', { id });
  expect(opened).toMatchObject({ config: { role: 'capture' }, counts: { messages: 2 } });
  expect(opened.config.name).toMatch(/^Client \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  expect((await engine.call('history.open', { id })).id).toBe(opened.id);
  await engine.dispose();
  engine = await start();
  const again = await engine.call('history.open', { id });
  expect(again).toMatchObject({ id: opened.id, counts: { messages: 2 } });
  expect(await engine.call('sessions.list', {})).toHaveLength(2);
});

test('a run that goes on is shown by its own session', async () => {
  const session = await create();
  await engine.call('sessions.start', { session });
  const [run] = await list();
  expect((await engine.call('history.open', { id: run!.id })).id).toBe(session);
  await expect(engine.call('history.remove', { id: run!.id })).rejects.toThrow('goes on');
});

test('a run can be named and kept; both outlive its end and the engine', async () => {
  const session = await create();
  await engine.call('sessions.start', { session });
  const { id } = (await list())[0]!;
  expect(await engine.call('history.rename', { id, label: 'The good one' })).toMatchObject({ label: 'The good one' });
  expect(await engine.call('history.keep', { id, kept: true })).toMatchObject({ kept: true, result: 'running' });
  await engine.dispose();
  engine = await start();
  expect(await list()).toMatchObject([{ label: 'The good one', kept: true, result: 'closed', text: 'Stopped by us' }]);
  expect(await engine.call('history.rename', { id, label: null })).toMatchObject({ label: null, kept: true });
});

test('removing a run removes its files and the session that only showed it', async () => {
  const session = await create();
  const { id } = await runOnce(session);
  await engine.call('history.open', { id });
  await engine.call('history.remove', { id });
  expect(readdirSync(join(folder, 'captures'))).toEqual([]);
  expect((await engine.call('sessions.list', {})).map((each) => each.id)).toEqual([session]);
  await expect(engine.call('history.remove', { id })).rejects.toThrow('no such run');
});

test.each(['../sessions/Client', '/etc/passwd', '..', 'Client.pcapng', ''])('%j names no run', async (id) => {
  await runOnce(await create());
  await expect(engine.call('history.remove', { id })).rejects.toThrow('no such run');
  await expect(engine.call('history.rename', { id, label: 'x' })).rejects.toThrow('no such run');
  expect(captures()).toHaveLength(1);
});

test('captures of older versions are runs too', async () => {
  const { path } = await runOnce(await create());
  rmSync(path.replace('.pcapng', '.run.json'));
  const [old] = await list();
  expect(old).toMatchObject({ name: 'Client', session: null, result: 'closed', kept: false });
  expect(Math.abs(old!.startedAt / 1000 - Date.now())).toBeLessThan(60_000);
  expect(await engine.call('history.keep', { id: old!.id, kept: true })).toMatchObject({ kept: true, name: 'Client' });
});

test.each(['', '{', '[]', '{"wirescopeRun":2}', `{"wirescopeRun":1,"x":"${'x'.repeat(70_000)}"}`])(
  'a manifest that cannot be read takes no run away',
  async (text) => {
    const { path, id } = await runOnce(await create());
    writeFileSync(path.replace('.pcapng', '.run.json'), text);
    expect(await list()).toMatchObject([{ id, result: 'closed' }]);
  },
);

test('room is made by the oldest runs, never by kept ones, open ones or those that go on', async () => {
  const store = new CaptureFolder(join(folder, 'captures'), 2);
  const config: SessionConfig = { ...CLIENT, name: 'Run' };
  const session = await create(config);
  for (let number = 0; number < 4; number += 1) await runOnce(session);
  const [first, second, third, fourth] = (await list()).reverse();
  await engine.call('history.keep', { id: first!.id, kept: true });
  expect([third, fourth].map((run) => run?.result)).toEqual(['closed', 'closed']);

  const showing = { id: 'shows', config: { role: 'capture', file: second!.path } };
  const history = new History(store, {
    sessions: () => [showing as Session],
    place: () => ({ in: 'scratch', path: '', folder, settings: [] }),
    forget: () => expect.fail('A session was ended.'),
    changed() {},
    log: (line) => expect.fail(line),
  });
  const made = await history.record({ id: 'other' } as Session, config);
  expect(made.event).toMatchObject({ type: 'limit', fields: { files: 2 } });
  const { runs } = await history.list({ from: 0, count: 10 });
  expect(runs.map(({ path }) => path)).toEqual([made.path, second!.path, first!.path]);
  await history.dispose();
});

test('a run whose engine was killed has crashed, and opens with what was recorded', async () => {
  const lines: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('one\ntwo\n');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const config = { ...CLIENT, target: `tcp://127.0.0.1:${port}` };
  const source = (path: string) => JSON.stringify(pathToFileURL(join(__dirname, '..', '..', 'src-main', path)).href);
  const script = join(folder, 'engine.mjs');
  writeFileSync(
    script,
    `
    import { createEngine } from ${source('engine/engine.ts')};
    import { realParts } from ${source('engine/real-parts.ts')};
    const options = { dataFolder: ${JSON.stringify(folder)}, host: 'headless', version: '1', parts: realParts };
    const engine = await createEngine({ ...options, log: console.error });
    const { id: session } = await engine.call('sessions.create', { config: ${JSON.stringify(config)} });
    await engine.call('sessions.start', { session });
    setInterval(async () => {
      const { counts } = (await engine.call('sessions.list', {})).find(({ id }) => id === session);
      await engine.captureFile(session);
      if (counts.messages === 2) console.log('recorded');
    }, 20);
    `,
  );
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script]);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.stderr.on('data', (data) => lines.push(String(data)));
      void gone.then(() => reject(new Error(lines.join(''))));
    });
    // Whom it reached is written a moment after it was.
    const going = { result: 'running', session: null, peer: `127.0.0.1:${port}` };
    await eventually(async () => expect(await list()).toMatchObject([going]));
  } finally {
    child.kill('SIGKILL');
    await gone;
    server.close();
  }
  const [crashed] = await list();
  expect(crashed).toMatchObject({ result: 'crashed', endedAt: null, peer: `127.0.0.1:${port}` });
  const opened = await engine.call('history.open', { id: crashed!.id });
  await eventually(async () => {
    const state = (await engine.call('sessions.list', {})).find(({ id }) => id === opened.id);
    expect(state).toMatchObject({ phase: 'closed', counts: { messages: 2 } });
  });
});
