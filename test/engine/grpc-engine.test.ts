import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Row } from '../../src-main/bridge/contract.ts';
import type { GrpcConfig, SessionConfig } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { unusedPort } from '../endpoints/unused-port.ts';
import { eventually } from '../eventually.ts';
import { scratchFolder } from './fakes.ts';

const CHAT = join(__dirname, '..', '..', 'protos', 'chat.proto');

let engine: Engine;
beforeEach(async () => {
  const dataFolder = scratchFolder();
  engine = await createEngine({ dataFolder, host: 'headless', version: '1', parts: realParts, log: () => {} });
});
afterEach(() => engine.dispose());

/** A mock of the chat service that runs, and its address. */
async function mock(grpc: Omit<GrpcConfig, 'schema'>, port = 0): Promise<{ session: string; address: string }> {
  const config: SessionConfig = {
    ...{ wirescope: 1, name: 'Mock', role: 'server', protocol: 'grpc', listen: `127.0.0.1:${port}` },
    grpc: { ...grpc, schema: { files: [CHAT] } },
  };
  const { id: session } = await engine.call('sessions.create', { config });
  await engine.call('sessions.start', { session });
  const states = await engine.call('sessions.list', {});
  return { session, address: states.find(({ id }) => id === session)!.status };
}

/** A client without files: it has to ask. */
async function client(address: string, grpc: GrpcConfig): Promise<string> {
  const config: SessionConfig = {
    ...{ wirescope: 1, name: 'Client', role: 'client', protocol: 'grpc', target: `grpc://${address}`, grpc },
  };
  const { id: session } = await engine.call('sessions.create', { config });
  await engine.call('sessions.start', { session });
  return session;
}

async function rows(session: string, unfolded?: number[]): Promise<Row[]> {
  const query = { level: 'messages' as const, ...(unfolded && { unfolded }) };
  const answer = await engine.call('timeline.rows', { session, query, from: 0, count: 1000 });
  return answer.rows.filter(({ protocol }) => protocol === 'grpc');
}

async function call(session: string, number: number) {
  const { calls } = await engine.call('sessions.calls', { session, from: 0, count: 100 });
  return calls.find((candidate) => candidate.call === number);
}

test('a client learns the types from the server, and a person answers its call', async () => {
  const { session: server, address } = await mock({
    mock: { 'chat.ChatService/SendMessage': { behaviour: 'manual' } },
  });
  const session = await client(address, { method: 'chat.ChatService/SendMessage' });
  await eventually(async () => {
    const { services, sources } = await engine.call('schema.services', { session });
    expect(services.map(({ name }) => name)).toContain('chat.ChatService');
    expect(sources).toMatchObject([{ kind: 'reflection', label: `reflection of ${address}` }]);
  });
  await engine.call('sessions.send', { session, content: { json: { user: 'me', text: 'Hello!' } }, to: 'all' });
  await eventually(async () => expect(await call(server, 1)).toMatchObject({ waiting: true, clientMessages: 1 }));
  expect(await call(session, 1)).toMatchObject({ clientEnded: true, method: 'chat.ChatService/SendMessage' });
  const unknown = { type: 'finish' as const, status: { code: 5, details: [{ '@type': 'chat.Nothing' }] } };
  await expect(engine.call('sessions.control', { session: server, command: unknown, to: [1] })).rejects.toThrow(
    'details[0]: @type: the type "chat.Nothing" is not in the schema',
  );
  await engine.call('sessions.control', {
    session: server,
    command: {
      type: 'finish',
      status: {
        code: 'ABORTED',
        message: 'enough',
        details: [{ '@type': 'type.googleapis.com/chat.Message', text: 'd' }],
      },
    },
    to: [1],
  });
  await eventually(async () => expect((await call(session, 1))?.ended).toMatchObject({ code: 10, message: 'enough' }));

  await eventually(async () => expect((await rows(session, []))[0]?.call).toMatchObject({ status: 10 }));
  const [folded] = await rows(session, []);
  expect(folded).toMatchObject({ kind: 'call', call: { clientMessages: 1, serverMessages: 0, status: 10 } });
  const all = await rows(session, [folded!.seq]);
  expect(all.map(({ kind }) => kind)).toEqual(['call', 'message', 'status']);
  expect(all[1]!.summary).toBe('{user: "me", text: "Hello!"}');
  const payload = await engine.call('record.payload', { session, seq: all[1]!.seq, view: 'auto' });
  expect(payload).toMatchObject({ view: 'protobuf', tree: [{ label: 'user' }, { label: 'text' }] });

  await engine.call('sessions.send', { session, content: { hex: '' }, to: 'all' });
  await eventually(async () => expect(await call(server, 2)).toMatchObject({ waiting: true }));
  await engine.call('sessions.send', { session: server, content: { text: '{"status": "ok"}' }, to: 'last' });
  await eventually(async () => expect((await call(session, 2))?.ended).toMatchObject({ code: 0 }));
  await eventually(async () => expect((await rows(session)).at(-2)?.summary).toBe('{status: "ok"}'));
});

test('deadlines and cancels end calls with the status the caller sees', async () => {
  const { address } = await mock({ mock: { 'chat.ChatService/SendMessage': { behaviour: 'silent' } } });
  const session = await client(address, { method: 'chat.ChatService/SendMessage', deadlineMs: 100 });
  const send = () => engine.call('sessions.send', { session, content: { json: {} }, to: 'all' });
  await send();
  await eventually(async () => expect((await call(session, 1))?.ended).toMatchObject({ code: 4 }));
  const [state] = (await engine.call('sessions.list', {})).filter(({ id }) => id === session);
  const { config } = state!;
  await engine.call('sessions.update', { session, config: { ...config, grpc: { ...config.grpc, deadlineMs: 0 } } });
  await send();
  await eventually(async () => expect(await call(session, 2)).toBeDefined());
  await engine.call('sessions.control', { session, command: { type: 'cancel' }, to: 'last' });
  await eventually(async () => expect((await call(session, 2))?.ended).toMatchObject({ code: 1 }));
  await eventually(async () => {
    const ended = await rows(session, []);
    expect(ended.map((row) => row.call?.durationMicroseconds !== undefined)).toEqual([true, true]);
  });
});

test('a call is made while there is no server, and answered when there is one', async () => {
  const port = await unusedPort();
  const config: SessionConfig = {
    ...{ wirescope: 1, name: 'Client', role: 'client', protocol: 'grpc', target: `grpc://127.0.0.1:${port}` },
    grpc: { method: 'chat.ChatService/SendMessage', schema: { files: [CHAT] }, waitForReady: true },
  };
  const { id: session } = await engine.call('sessions.create', { config });
  const state = async () => (await engine.call('sessions.list', {})).find(({ id }) => id === session)!;
  const starting = engine.call('sessions.start', { session });
  await eventually(async () => expect((await state()).status).toBe('Waiting to reconnect, attempt 1'));
  const order = { session, content: { json: { text: 'hi' } }, to: 'last' as const };
  const sending = engine.call('sessions.send', order);
  const given = engine.call('sessions.send', order);
  await eventually(async () => expect(await call(session, 2)).toBeDefined());
  await engine.call('sessions.control', { session, command: { type: 'cancel' }, to: [2] });
  await given;
  await eventually(async () => expect((await call(session, 2))?.ended).toMatchObject({ code: 1 }));
  await mock({}, port);
  await Promise.all([starting, sending]);
  await eventually(async () => expect((await call(session, 1))?.ended).toMatchObject({ code: 0 }));
  expect(await call(session, 1)).toMatchObject({ connection: 1, serverMessages: 1 });
});

test('a capture is explained by files that are named later', async () => {
  const { session: server, address } = await mock({});
  const session = await client(address, { method: 'chat.ChatService/SendMessage' });
  await engine.call('sessions.send', { session, content: { json: { user: 'me' } }, to: 'all' });
  await eventually(async () => expect((await call(session, 1))?.ended).toMatchObject({ code: 0 }));
  await engine.call('sessions.stop', { session });
  await engine.call('sessions.stop', { session: server });
  const path = await engine.captureFile(session);
  const { id: opened, config } = await engine.call('captures.open', { path: path! });
  await eventually(async () => expect((await rows(opened, []))[0]?.call).toMatchObject({ status: 0 }));
  expect((await rows(opened))[1]!.summary).toBe('{1: "me"}');
  await engine.call('sessions.update', { session: opened, config: { ...config, grpc: { schema: { files: [CHAT] } } } });
  await engine.call('schema.reload', { session: opened });
  await eventually(async () => expect((await rows(opened))[1]!.summary).toBe('{user: "me"}'));
});

test('what is wrong with a schema is told with its place, and stops nothing', async () => {
  const config: SessionConfig = {
    ...{ wirescope: 1, name: 'Client', role: 'client', protocol: 'grpc' },
    grpc: { schema: { files: [CHAT, 'missing.proto'] } },
  };
  const { id: session } = await engine.call('sessions.create', { config });
  await eventually(async () => {
    const { services, problems } = await engine.call('schema.services', { session });
    expect(services.map(({ name }) => name)).toEqual(['chat.ChatService']);
    expect(problems).toMatchObject([{ severity: 'error', source: expect.stringContaining('missing.proto') }]);
  });
  const { json } = await engine.call('schema.example', { session, type: 'chat.Message' });
  const check = { session, content: { text: json }, type: 'chat.Message' };
  expect(await engine.call('compose.check', check)).toMatchObject({ ok: true });
  expect(await engine.call('compose.check', { ...check, content: { text: '{"usr": 1}' } })).toMatchObject({
    ok: false,
  });
  await expect(engine.call('schema.example', { session, type: 'chat.Nothing' })).rejects.toMatchObject({
    message: 'There is no message type chat.Nothing in the schema.',
  });
});
