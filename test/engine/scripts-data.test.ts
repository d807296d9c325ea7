import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Run, ScriptState, SessionState } from '../../src-main/bridge/contract.ts';
import type { SessionConfig, Step } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { eventually } from '../eventually.ts';
import { CLIENT, type FakeEndpoint, type FakeParts, fakeParts, scratchFolder } from './fakes.ts';

let engine: Engine;
let folder: string;

async function start(parts: FakeParts): Promise<void> {
  folder = scratchFolder();
  const log = (line: string) => expect.fail(line);
  engine = await createEngine({ dataFolder: folder, host: 'headless', version: '1.2.3', parts, log });
}

afterEach(() => engine.dispose());

/** Answers a line with itself, `PING` alone with nothing. */
function echo(prepare: (endpoint: FakeEndpoint) => void = () => {}): FakeParts {
  return fakeParts((endpoint) => {
    prepare(endpoint);
    const send = endpoint.send.bind(endpoint);
    endpoint.send = async (message) => {
      const count = await send(message);
      endpoint.receive(endpoint.sent.at(-1)!);
      return count;
    };
  });
}

const SCRIPT: Step[] = [
  { send: { text: 'hello {{user}}' } },
  { expect: { text: 'hello {{greeted}}', within: '30ms' } },
];

/** A session whose script runs for each row of a file that lies beside its own. */
async function create(rows: string, config: Partial<SessionConfig> = {}): Promise<string> {
  const data = join(folder, 'people.csv');
  writeFileSync(data, rows);
  return (await engine.call('sessions.create', { config: { ...CLIENT, script: SCRIPT, data, ...config } })).id;
}

async function state(session: string): Promise<SessionState> {
  return (await engine.call('sessions.list', {})).find(({ id }) => id === session)!;
}

async function ended(session: string): Promise<ScriptState> {
  return await eventually(async () => {
    const { script } = await state(session);
    expect(script?.running).toBe(false);
    return script!;
  });
}

async function runs(): Promise<Run[]> {
  return (await engine.call('history.list', { from: 0, count: 100 })).runs;
}

test('a script runs once for each row, with a connection of its own and the values of the row', async () => {
  const parts = echo();
  await start(parts);
  const session = await create('user,greeted\nAda,Ada\nGrace,Grace\n', { target: 'tcp://{{user}}.example.test:7' });
  await engine.call('script.run', { session });
  const script = await ended(session);
  expect(script).toMatchObject({ iteration: { at: 2, of: 2, passed: 2, failed: 0 } });
  expect(script.steps.map((step) => step.state)).toEqual(['ok', 'ok']);
  expect(parts.endpoints.map(({ sent, config }) => [sent, config.target])).toEqual([
    [['hello Ada'], 'tcp://Ada.example.test:7'],
    [['hello Grace'], 'tcp://Grace.example.test:7'],
  ]);
  await eventually(async () => expect((await state(session)).phase).toBe('closed'));
  // By then no text of the session names a value of a row.
  expect((await engine.call('variables.list', { session })).map(({ name }) => name)).not.toContain('user');
});

test('rows that fail are remembered with what failed and their runs; of those that passed only the last is kept', async () => {
  await start(echo());
  const session = await create('user,greeted\nAda,Ada\nBob,Eve\nGrace,Grace\nMallory,Eve\nZoe,Zoe\n');
  await engine.call('script.run', { session });
  const script = await ended(session);
  expect(script).toMatchObject({ iteration: { at: 5, of: 5, passed: 3, failed: 2 } });
  const { total, failures } = await engine.call('script.failures', { session, from: 0, count: 10 });
  expect(total).toBe(2);
  expect(failures.map(({ row, values }) => [row, values])).toEqual([
    [2, 'user=Bob, greeted=Eve'],
    [4, 'user=Mallory, greeted=Eve'],
  ]);
  expect(failures[0]?.text).toMatch(/^Step 2, expect text "hello \{\{greeted\}\}" within 30ms: Nothing fitting came/);
  const kept = await eventually(async () => {
    const all = await runs();
    expect(all).toHaveLength(3);
    return all;
  });
  expect(kept.map(({ result, text }) => [result, text.slice(0, 11)])).toEqual([
    ['passed', 'Row 5 of 5.'],
    ['notPassed', 'Row 4 of 5.'],
    ['notPassed', 'Row 2 of 5.'],
  ]);
  expect([...failures].reverse().map(({ run }) => run)).toEqual(kept.slice(1).map(({ id }) => id));
  expect(await engine.call('script.failures', { session, from: 1, count: 1 })).toMatchObject({
    failures: [{ row: 4 }],
  });
});

test('a run that somebody has kept, labelled or opened meanwhile stays', async () => {
  const waits: (() => void)[] = [];
  const parts = echo((endpoint) => {
    endpoint.starting = new Promise((resolve) => waits.push(resolve));
  });
  await start(parts);
  const session = await create('user,greeted\na,a\nb,b\nc,c\nd,d\n', { script: [{ wait: '1ms' }] });
  await engine.call('script.run', { session });
  /** Lets the next row begin, and waits for its end: the one after it waits for its connection. */
  const through = async (row: number) => {
    await eventually(() => expect(waits).toHaveLength(row));
    const [{ id }] = (await runs()) as [Run];
    waits[row - 1]!();
    await eventually(() => expect(waits.length + (row === 4 ? 1 : 0)).toBe(row + 1));
    return id;
  };
  const first = await through(1);
  await engine.call('history.keep', { id: first, kept: true });
  const second = await through(2);
  await engine.call('history.rename', { id: second, label: 'the second' });
  const third = await through(3);
  await through(4);
  expect(await ended(session)).toMatchObject({ iteration: { passed: 4 } });
  const all = (await runs()).map(({ id }) => id);
  expect(all).toEqual(expect.arrayContaining([first, second]));
  expect(all).not.toContain(third);
  expect(existsSync(join(folder, 'captures', `${third}.pcapng.index`))).toBe(false);
});

test('rows that reach nobody have failed, and the next ones are tried', async () => {
  let connections = 0;
  const parts = echo((endpoint) => {
    connections += 1;
    if (connections !== 1) return;
    endpoint.starting = Promise.reject(
      Object.assign(new Error(), { problem: { what: 'Nobody listens.', why: '', next: '' } }),
    );
  });
  await start(parts);
  const session = await create('user,greeted\nAda,Ada\nGrace,Grace\n');
  await engine.call('script.run', { session });
  const script = await ended(session);
  expect(script).toMatchObject({ iteration: { at: 2, of: 2, passed: 1, failed: 1 } });
  expect(script.failure).toBeUndefined();
  const { failures } = await engine.call('script.failures', { session, from: 0, count: 10 });
  expect(failures).toMatchObject([{ row: 1, text: 'Nobody listens.', run: expect.any(String) }]);
});

test('it is stopped in the middle of a row, and no further row begins', async () => {
  const parts = echo();
  await start(parts);
  const session = await create('user,greeted\nAda,Ada\nGrace,Grace\n', { script: [{ wait: '10m' }] });
  await engine.call('script.run', { session });
  await eventually(async () => expect((await state(session)).script?.steps[0]?.state).toBe('running'));
  await engine.call('script.stop', { session });
  expect((await state(session)).script).toMatchObject({
    running: false,
    stopped: true,
    iteration: { at: 1, of: 2, passed: 0, failed: 0 },
  });
  expect(parts.endpoints).toHaveLength(1);
  await eventually(async () => expect((await state(session)).phase).toBe('closed'));
});

test('an open session is started anew for each row', async () => {
  const parts = echo();
  await start(parts);
  const session = await create('user,greeted\nAda,Ada\n');
  const { config } = await state(session);
  const { target, ...fixed } = config;
  await engine.call('sessions.update', { session, config: { ...fixed, target: 'tcp://127.0.0.1:7' } });
  await engine.call('sessions.start', { session });
  await engine.call('script.run', { session });
  expect(await ended(session)).toMatchObject({ iteration: { passed: 1 } });
  expect(parts.endpoints.map(({ sent }) => sent)).toEqual([[], ['hello Ada']]);
});

test.each([
  ['a row without a value', 'user\nAda\n', 'people.csv, row 1: The variable {{greeted}} has no value.'],
  ['a name that is none', 'user,1\nAda,x\n', 'people.csv: "1" cannot be the name of a variable'],
  ['no rows', 'user,greeted\n', 'people.csv: there is no row in it'],
])('a file with %s is refused before anything runs', async (_, rows, text) => {
  const parts = echo();
  await start(parts);
  const session = await create(rows);
  await expect(engine.call('script.run', { session })).rejects.toMatchObject({ problem: { what: text } });
  expect(parts.endpoints).toEqual([]);
  expect((await state(session)).script).toBeUndefined();
});

test('what is in a file is told before it is used', async () => {
  await start(echo());
  const session = await create('user,greeted\nAda,Ada\nGrace,Grace\n');
  const look = (file: string) => engine.call('script.data', { session, file });
  const file = join(folder, 'people.csv');
  expect(await look(file)).toEqual({ ok: true, file, rows: 2, names: ['user', 'greeted'] });
  expect(await look('nowhere.csv')).toMatchObject({ ok: false });
  writeFileSync(join(folder, 'people.json'), '{}');
  expect(await look(join(folder, 'people.json'))).toEqual({
    ok: false,
    error: 'people.json: it must hold a list of objects',
  });
});

test('a file of the workspace is named relative to the session', async () => {
  await start(echo());
  const root = join(folder, 'workspace');
  mkdirSync(join(root, 'data'), { recursive: true });
  writeFileSync(join(root, 'data', 'people.csv'), 'user,greeted\nAda,Ada\n');
  await engine.call('workspace.open', { folder: root, create: true });
  await engine.call('workspace.createFolder', { path: 'chat' });
  const { id: session } = await engine.call('sessions.create', {
    config: { ...CLIENT, script: SCRIPT },
    folder: 'chat',
  });
  const look = await engine.call('script.data', { session, file: join(root, 'data', 'people.csv') });
  expect(look).toMatchObject({ ok: true, file: '../data/people.csv', rows: 1 });
  const { config } = await state(session);
  await engine.call('sessions.update', { session, config: { ...config, data: '../data/people.csv' } });
  await engine.call('script.run', { session });
  expect(await ended(session)).toMatchObject({ iteration: { passed: 1 } });
});

test('a secret among the values of a row is shown nowhere', async () => {
  await start(echo());
  const session = await create('user,greeted,token\nAda,Eve,CANARY\n', {
    script: [{ send: { text: '{{token}}' } }, { expect: { text: 'CANARY2', within: '5ms' } }],
    variables: { token: { secret: true } },
  });
  await engine.call('script.run', { session });
  await ended(session);
  const shown = [
    await state(session),
    await engine.call('script.failures', { session, from: 0, count: 1 }),
    await runs(),
  ];
  expect(JSON.stringify(shown)).not.toMatch(/CANARY(?!2)/);
});
