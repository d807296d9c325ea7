import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Content, MockMethod, SessionConfig, Step } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { eventually } from '../eventually.ts';
import { scratchFolder } from './fakes.ts';

let engine: Engine;
afterEach(() => engine.dispose());

/** A client that is open to an echo server. */
async function echoing(config: Partial<SessionConfig>, server: Partial<SessionConfig> = {}): Promise<string> {
  const log = (line: string) => expect.fail(line);
  const options = { dataFolder: scratchFolder(), host: 'headless', version: '1.2.3' } as const;
  engine = await createEngine({ ...options, parts: realParts, log });
  const base = { wirescope: 1, name: 'S', protocol: 'websocket' } as const;
  const listening = await engine.call('sessions.create', {
    config: { ...base, role: 'server', listen: '127.0.0.1:0', server: { behaviour: 'echo' }, ...server },
  });
  await engine.call('sessions.start', { session: listening.id });
  const address = (await state(listening.id)).status;
  const { protocol = 'websocket' } = config;
  const target = protocol === 'websocket' ? `ws://${address}/` : `${protocol}://${address}`;
  const client = await engine.call('sessions.create', { config: { ...base, role: 'client', target, ...config } });
  await engine.call('sessions.start', { session: client.id });
  return client.id;
}

async function state(session: string) {
  return (await engine.call('sessions.list', {})).find(({ id }) => id === session)!;
}

async function send(session: string, content: Content): Promise<void> {
  const before = (await state(session)).counts.messages;
  await engine.call('sessions.send', { session, content, to: 'all' });
  await eventually(async () => expect((await state(session)).counts.messages).toBe(before + 2));
}

async function passes(session: string, script: Step[], messages: SessionConfig['messages'] = []): Promise<void> {
  const { config } = await state(session);
  const all = [...(config.messages ?? []), ...messages];
  await engine.call('sessions.stop', { session });
  await engine.call('sessions.update', { session, config: { ...config, script, messages: all } });
  await engine.call('script.run', { session });
  await eventually(async () => expect((await state(session)).script).toMatchObject({ running: false }));
  expect((await state(session)).script?.steps.filter(({ state: mark }) => mark !== 'ok')).toEqual([]);
}

test('what was sent and answered becomes a script that passes', async () => {
  const session = await echoing({ messages: [{ name: 'greeting', text: 'hello' }] });
  for (const content of [
    { text: 'hello' },
    { json: { user: 'User1', n: 1 } },
    { text: 'hello' },
    { hex: '00ff' },
    { text: '' },
    { text: '12345678901234567890' },
  ] satisfies Content[]) {
    await send(session, content);
  }
  const recorded = await engine.call('script.record', { session });
  expect(recorded.messages).toEqual([
    { name: 'message 1', json: { user: 'User1', n: 1 } },
    { name: 'message 2', hex: '00ff' },
    { name: 'message 3', text: '' },
    { name: 'message 4', text: '12345678901234567890' },
  ]);
  expect(recorded.script.slice(0, 8)).toEqual([
    { send: 'greeting' },
    { expect: { contains: 'hello' } },
    { send: 'message 1' },
    { expect: { json: { user: 'User1', n: 1 } } },
    { send: 'greeting' },
    { expect: { contains: 'hello' } },
    { send: 'message 2' },
    { expect: { hex: '00ff' } },
  ]);
  expect(await engine.call('script.record', { session })).toEqual(recorded);
  await passes(session, recorded.script, recorded.messages);
});

test('a close of ours is a step, one of the peer an expectation', async () => {
  const session = await echoing({});
  await send(session, { text: 'a' });
  await engine.call('sessions.control', { session, command: { type: 'close', code: 4000, reason: 'bye' }, to: 'all' });
  await eventually(async () => expect((await state(session)).phase).toBe('closed'));
  const { script } = await engine.call('script.record', { session });
  expect(script.slice(2)).toEqual([{ close: { code: 4000, reason: 'bye' } }]);
  const server = (await engine.call('sessions.list', {})).find(({ config }) => config.role === 'server')!;
  const answers = await engine.call('script.record', { session: server.id });
  expect(answers.script).toEqual([{ expect: { contains: 'a' } }, { send: 'message 1' }, { expect: { status: 4000 } }]);
});

test('pauses before what we sent become waits, longer than half a second only', async () => {
  const session = await echoing(
    { protocol: 'tcp', tcp: { framing: 'lines' } },
    {
      protocol: 'tcp',
      tcp: { framing: 'lines' },
    },
  );
  await send(session, { text: 'one' });
  await new Promise((resolve) => setTimeout(resolve, 700));
  await send(session, { text: 'two' });
  const { script, messages } = await engine.call('script.record', { session });
  expect(script).toEqual([
    { send: 'message 1' },
    { expect: { contains: 'one' } },
    { wait: expect.stringMatching(/^\d+00ms$/) },
    { send: 'message 2' },
    { expect: { contains: 'two' } },
  ]);
  await passes(session, script, messages);
});

test('secrets are recorded by their names', async () => {
  const session = await echoing({ variables: { token: { secret: true } } });
  await engine.call('secrets.set', { name: 'token', value: 'CANARY', session });
  await send(session, { text: 'use {{token}}' });
  await send(session, { json: { auth: '{{token}}' } });
  const recorded = await engine.call('script.record', { session });
  expect(recorded.messages).toEqual([
    { name: 'message 1', text: 'use {{token}}' },
    { name: 'message 2', json: { auth: '{{token}}' } },
  ]);
  expect(recorded.script[1]).toEqual({ expect: { contains: 'use {{token}}' } });
  await passes(session, recorded.script, recorded.messages);
});

test('a message that is too long is only counted when it comes, and no script sends it', async () => {
  const session = await echoing({}, { server: { behaviour: 'silent' } });
  const server = (await engine.call('sessions.list', {})).find(({ config }) => config.role === 'server')!;
  await engine.call('sessions.send', { session, content: { text: 'x'.repeat(300_000) }, to: 'all' });
  await eventually(async () => expect((await state(server.id)).counts.messages).toBe(1));
  expect((await engine.call('script.record', { session: server.id })).script).toEqual([{ expect: { count: 1 } }]);
  await expect(engine.call('script.record', { session })).rejects.toThrow('cannot be written down');
});

test('a session without messages has nothing to record', async () => {
  const session = await echoing({});
  await expect(engine.call('script.record', { session })).rejects.toThrow('nothing to record');
});

test('calls are recorded with their methods, the end of streaming and their statuses', async () => {
  const protos = join(__dirname, '..', '..', 'fixtures', 'samples', 'protos');
  const schema = { files: [join(protos, 'chat.proto')], importPaths: [protos] };
  const json = { status: 'ok', message: 'Received.' };
  const mock: MockMethod = { behaviour: 'scripted', answers: [{ on: 'message', reply: [{ json }] }] };
  const session = await echoing(
    { protocol: 'grpc', grpc: { method: 'chat.ChatService/SendMessage', schema } },
    { protocol: 'grpc', server: {}, grpc: { schema, mock: { 'chat.ChatService/StreamMessages': mock } } },
  );
  const [hello, more] = ['Hello', 'More'].map((text) => ({ json: { user: 'User1', text } }));
  const method = 'chat.ChatService/StreamMessages';
  await passes(session, [
    { send: hello! },
    { expect: { status: 'OK' } },
    { send: hello!, method },
    { expect: { json } },
    { send: more!, method },
    { expect: { json } },
    'endStreaming',
    { expect: { status: 'OK' } },
  ]);
  const { script, messages } = await engine.call('script.record', { session });
  expect(messages).toEqual([
    { name: 'message 1', ...hello },
    { name: 'message 2', ...more },
  ]);
  expect(script).toEqual([
    { send: 'message 1' },
    { expect: { json: expect.objectContaining({ status: expect.any(String) }) } },
    { expect: { status: 'OK' } },
    { send: 'message 1', method },
    { expect: { json: expect.objectContaining(json) } },
    { send: 'message 2', method },
    { expect: { json: expect.objectContaining(json) } },
    'endStreaming',
    { expect: { status: 'OK' } },
  ]);
  await passes(session, script, messages);
});
