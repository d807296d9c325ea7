import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Announcement, Run, ScriptState, SessionState } from '../../src-main/bridge/contract.ts';
import type { SessionConfig, Step } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { eventually } from '../eventually.ts';
import { CLIENT, deferred, type FakeEndpoint, type FakeParts, fakeParts, scratchFolder } from './fakes.ts';

let engine: Engine;
let parts: FakeParts;

async function start(used = parts): Promise<void> {
  const log = (line: string) => expect.fail(line);
  engine = await createEngine({ dataFolder: scratchFolder(), host: 'headless', version: '1.2.3', parts: used, log });
}

beforeEach(() => {
  parts = fakeParts();
});
afterEach(() => engine.dispose());

async function create(script: Step[], config: Partial<SessionConfig> = {}): Promise<string> {
  return (await engine.call('sessions.create', { config: { ...CLIENT, ...config, script } })).id;
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

async function verdict(session: string): Promise<Run> {
  return await eventually(async () => {
    const { runs } = await engine.call('history.list', { session, from: 0, count: 1 });
    expect(runs[0]?.result).not.toBe('running');
    return runs[0]!;
  });
}

/** Answers each line as soon as it came. */
function answering(answer: (line: string) => string): FakeParts {
  return fakeParts((endpoint: FakeEndpoint) => {
    const send = endpoint.send.bind(endpoint);
    endpoint.send = async (message) => {
      const count = await send(message);
      endpoint.receive(answer(endpoint.sent.at(-1)!));
      return count;
    };
  });
}

const marks = ({ steps }: ScriptState) => steps.map((step) => step.state);

test('a script starts its session, marks its steps, and the history says that it passed', async () => {
  parts = answering((line) => `answer to ${line}`);
  await start();
  const session = await create([
    { send: { text: 'PING' } },
    { expect: { contains: 'answer to PING' } },
    { wait: '1ms' },
  ]);
  await engine.call('script.run', { session });
  const script = await ended(session);
  expect(script.steps).toEqual([
    { step: 'send {"text":"PING"}', state: 'ok', ms: expect.any(Number), error: null },
    { step: 'expect contains "answer to PING"', state: 'ok', ms: expect.any(Number), error: null },
    { step: 'wait 1ms', state: 'ok', ms: expect.any(Number), error: null },
  ]);
  expect(await verdict(session)).toMatchObject({ result: 'passed', text: 'The script passed.' });
  await eventually(async () => expect((await state(session)).phase).toBe('closed'));
});

test('each step is announced as it runs', async () => {
  await start();
  const seen: string[] = [];
  engine.listen((announcement: Announcement) => {
    const script = announcement.type === 'session' ? announcement.session.script : undefined;
    const shown = script && marks(script).join(' ');
    // As long as the session is being started.
    if (!shown || shown === 'waiting waiting') return;
    if (seen.at(-1) !== shown) seen.push(shown);
  });
  const session = await create([{ expect: { text: 'one' } }, { expect: { text: 'two' } }]);
  await engine.call('script.run', { session });
  await eventually(() => expect(seen).toEqual(['running waiting']));
  parts.endpoints[0]?.receive('one');
  await eventually(() => expect(seen).toEqual(['running waiting', 'ok running']));
  expect((await state(session)).script?.steps[1]?.ms).toBeTypeOf('number');
  parts.endpoints[0]?.receive('two');
  await eventually(() => expect(seen).toEqual(['running waiting', 'ok running', 'ok ok']));
});

test('after a step that failed the others are skipped, and the history says which it was', async () => {
  parts = answering(() => 'other');
  await start();
  const session = await create([
    { send: { text: 'PING' } },
    { expect: { text: 'PONG', within: '20ms' } },
    { send: { text: 'never' } },
  ]);
  await engine.call('script.run', { session });
  const script = await ended(session);
  expect(marks(script)).toEqual(['ok', 'failed', 'skipped']);
  expect(script.steps[1]?.error).toContain('Nothing fitting came within 20 ms');
  const { result, text } = await verdict(session);
  expect(result).toBe('notPassed');
  expect(text).toMatch(/^Step 2, expect text "PONG" within 20ms: Nothing fitting came/);
  expect(parts.endpoints[0]?.sent).toEqual(['PING']);
});

test('an open session stays open, and what it had received before is nothing to its script', async () => {
  await start();
  const session = await create([{ expect: { text: 'PONG', within: '20ms' } }]);
  await engine.call('sessions.start', { session });
  parts.endpoints[0]?.receive('PONG');
  await engine.call('script.run', { session });
  expect(marks(await ended(session))).toEqual(['failed']);
  expect(parts.endpoints).toHaveLength(1);
  expect((await state(session)).phase).toBe('open');

  await engine.call('sessions.update', {
    session,
    config: { ...(await state(session)).config, script: [{ expect: { text: 'PONG' } }] },
  });
  await engine.call('script.run', { session });
  parts.endpoints[0]?.receive('PONG');
  expect(marks(await ended(session))).toEqual(['ok']);
  await engine.call('sessions.stop', { session });
  expect(await verdict(session)).toMatchObject({ result: 'passed' });
});

test.each([
  ['an expectation', { expect: { text: 'never', within: '10m' } }],
  ['a wait', { wait: '10m' }],
] satisfies [string, Step][])('a script is stopped in the middle of %s', async (_, step) => {
  await start();
  const session = await create([step, { send: { text: 'never' } }]);
  await engine.call('script.run', { session });
  await expect(engine.call('script.run', { session })).rejects.toThrow('runs already');
  await engine.call('script.stop', { session });
  const { script } = await state(session);
  expect(script).toMatchObject({
    running: false,
    steps: [{ error: 'The run was interrupted.' }, { state: 'skipped' }],
  });
  expect(await verdict(session)).toMatchObject({ result: 'notPassed' });
  await engine.call('script.stop', { session });
});

test('a script is stopped while its connection is being made, and the session with it', async () => {
  parts = fakeParts((endpoint) => {
    endpoint.starting = new Promise(() => {});
  });
  await start();
  const session = await create([{ send: { text: 'never' } }]);
  const running = engine.call('script.run', { session });
  await eventually(async () => expect((await state(session)).phase).toBe('connecting'));
  expect((await state(session)).script).toMatchObject({ running: true, steps: [{ state: 'waiting' }] });
  await expect(engine.call('script.run', { session })).rejects.toThrow('runs already');
  await engine.call('script.stop', { session });
  await running;
  expect((await state(session)).script).toEqual({
    running: false,
    stopped: true,
    steps: [{ step: 'send {"text":"never"}', state: 'skipped', ms: null, error: null }],
  });
  await eventually(async () => expect((await state(session)).phase).toBe('closed'));
  expect(parts.endpoints.map(({ stops, sent }) => [stops, sent])).toEqual([[1, []]]);
  expect(await verdict(session)).toMatchObject({ result: 'closed' });
});

test('a real connection that nobody answers is given up at once when its script is stopped', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const { port } = silent.address() as AddressInfo;
  await start({ ...parts, ...realParts });
  const session = await create([{ send: { text: 'never' } }], {
    protocol: 'websocket',
    target: `ws://127.0.0.1:${port}/`,
  });
  const running = engine.call('script.run', { session });
  await eventually(async () => expect((await state(session)).status).toMatch(/upgrad|WebSocket|handshake/i));
  await engine.call('script.stop', { session });
  await running;
  expect((await state(session)).script).toMatchObject({ running: false, stopped: true });
  await eventually(async () => expect((await state(session)).phase).toBe('closed'));
  silent.close();
});

test('a session that is disconnected while its script waits for the connection stops the script', async () => {
  parts = fakeParts((endpoint) => {
    endpoint.starting = new Promise(() => {});
  });
  await start();
  const session = await create([{ send: { text: 'never' } }]);
  const running = engine.call('script.run', { session });
  await eventually(async () => expect((await state(session)).phase).toBe('connecting'));
  await engine.call('sessions.stop', { session });
  await running;
  expect((await state(session)).script).toMatchObject({ running: false, stopped: true });
});

test('a script that reaches nobody says why, and can be run again', async () => {
  const connection = deferred();
  parts = fakeParts((endpoint) => {
    if (parts.endpoints.length === 0) endpoint.starting = connection.promise;
  });
  await start();
  const session = await create([{ wait: '1ms' }]);
  const running = engine.call('script.run', { session });
  connection.reject(Object.assign(new Error(), { problem: { what: 'Nobody listens.', why: '', next: '' } }));
  await expect(running).rejects.toMatchObject({ problem: { what: 'Nobody listens.' } });
  expect(await ended(session)).toMatchObject({ failure: 'Nobody listens.', steps: [{ state: 'skipped' }] });
  await engine.call('script.run', { session });
  expect(await ended(session)).toEqual({ running: false, steps: [expect.objectContaining({ state: 'ok' })] });
});

test('a script is stopped while the peer takes nothing', async () => {
  parts = fakeParts((endpoint) => {
    endpoint.sending = new Promise(() => {});
  });
  await start();
  const session = await create([{ send: { text: 'PING' } }]);
  await engine.call('script.run', { session });
  await engine.call('script.stop', { session });
  expect(marks((await state(session)).script!)).toEqual(['failed']);
});

test('a script fails when its session ends', async () => {
  await start();
  const session = await create([{ expect: { text: 'never' } }]);
  await engine.call('script.run', { session });
  parts.endpoints[0]?.close('Closed by the peer');
  expect((await ended(session)).steps[0]?.error).toBe('Nothing came before the connection ended.');
  expect(await verdict(session)).toMatchObject({ result: 'notPassed' });
});

test.each([
  ['no script', [], 'has no script'],
  ['an unknown message', [{ send: 'nobody' }], '"nobody", which is no saved message'],
  ['a variable without value', [{ send: { text: '{{token}}' } }], '{{token}} has no value'],
  ['a pattern that is none', [{ expect: { matches: '(' } }], '('],
] satisfies [string, Step[], string][])('a script with %s does not begin', async (_, script, text) => {
  await start();
  const session = await create(script);
  await expect(engine.call('script.run', { session })).rejects.toThrow(text);
  expect(parts.endpoints).toEqual([]);
  expect((await state(session)).script).toBeUndefined();
});

test('captured values are used by later steps and listed afterwards', async () => {
  parts = answering((line) => (line === 'login' ? '{"auth":{"token":"abc"}}' : line));
  await start();
  const session = await create([
    { send: { text: 'login' } },
    { expect: { capture: { token: '$.auth.token' } } },
    { send: { text: 'use {{token}}' } },
    { expect: { text: 'use abc' } },
  ]);
  await engine.call('script.run', { session });
  expect(marks(await ended(session))).toEqual(['ok', 'ok', 'ok', 'ok']);
  const variables = await engine.call('variables.list', { session });
  expect(variables).toContainEqual(expect.objectContaining({ name: 'token', value: 'abc', layer: 'captured' }));
});

test('a secret is in no mark and in no manifest', async () => {
  parts = answering((line) => line);
  await start();
  const session = await create([{ send: { text: '{{token}}' } }, { expect: { text: 'x', within: '5ms' } }], {
    variables: { token: { secret: true } },
  });
  await engine.call('secrets.set', { name: 'token', value: 'CANARY', session });
  await engine.call('script.run', { session });
  const script = await ended(session);
  expect(script.steps[1]?.state).toBe('failed');
  const { path } = await verdict(session);
  const shown = JSON.stringify([await state(session), readFileSync(path.replace('.pcapng', '.run.json'), 'utf8')]);
  expect(shown).not.toContain('CANARY');
});

test('a server runs its script for each connection until it is stopped', async () => {
  await start({ ...parts, ...realParts });
  const session = await create([{ expect: { text: 'PING' } }, { send: { text: 'PONG' } }], {
    role: 'server',
    listen: '127.0.0.1:0',
    server: { behaviour: 'silent' },
  });
  await engine.call('script.run', { session });
  expect((await state(session)).script).toMatchObject({ running: true, connections: { passed: 0, failed: 0 } });
  const port = Number((await state(session)).status.split(':').at(-1));
  const client = connect(port, '127.0.0.1', () => client.write('PING\n'));
  const [answer] = await once(client, 'data');
  expect(String(answer)).toBe('PONG\n');
  client.destroy();
  const other = connect(port, '127.0.0.1', () => other.resetAndDestroy());
  await eventually(async () => expect((await state(session)).script?.connections).toEqual({ passed: 1, failed: 1 }));
  await engine.call('script.stop', { session });
  expect((await state(session)).script?.running).toBe(false);
  const { result, text } = await verdict(session);
  expect([result, text]).toEqual(['notPassed', expect.stringContaining('failed for 1 of 2 connections. Step 1')]);
});
