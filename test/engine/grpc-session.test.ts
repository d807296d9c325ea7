import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Announcement, Input } from '../../src-main/bridge/contract.ts';
import { createCapture, openCapture } from '../../src-main/capture/capture.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import type { EngineParts } from '../../src-main/engine/parts.ts';
import { problemOf } from '../../src-main/engine/problem.ts';
import { eventually } from '../eventually.ts';
import { FakeGrpcEndpoint, GRPC_CLIENT } from './fake-grpc.ts';
import { fakeSchema } from './fake-schema.ts';
import { scratchFolder } from './fakes.ts';

let engine: Engine;
let endpoints: FakeGrpcEndpoint[];
let announcements: Announcement[];

beforeEach(async () => {
  endpoints = [];
  announcements = [];
  const parts: EngineParts = {
    createCapture,
    openCapture,
    loadEndpoint: async () => (_config, host) => {
      const endpoint = new FakeGrpcEndpoint(host);
      endpoints.push(endpoint);
      return endpoint;
    },
    loadSchema: async () => fakeSchema(),
    reflect: () => Promise.reject(new Error('Nobody is asked in this test.')),
  };
  engine = await createEngine({ dataFolder: scratchFolder(), host: 'headless', version: '1', parts, log: () => {} });
  engine.listen((announcement) => announcements.push(announcement));
});
afterEach(() => engine.dispose());

async function started(config: SessionConfig = GRPC_CLIENT): Promise<string> {
  const { id } = await engine.call('sessions.create', { config });
  await engine.call('sessions.start', { session: id });
  return id;
}

function textsSent(): string[] {
  return endpoints[0]!.sent.map(({ bytes }) => new TextDecoder().decode(bytes));
}

describe('what is sent', () => {
  test('is encoded by the input type of the method, from JSON and from JSON text without losing digits', async () => {
    const session = await started();
    await engine.call('sessions.send', { session, content: { json: { text: 'Hello!' } }, to: 'all' });
    await engine.call('sessions.send', { session, content: { text: '{"text": 12345678901234567890}' }, to: 'all' });
    await engine.call('sessions.send', { session, content: { json: '{"text": "x"}' }, to: 'all' });
    await engine.call('sessions.send', { session, content: { hex: '41 42' }, to: 'all' });
    await engine.call('sessions.send', { session, content: { text: ' ' }, to: 'all' });
    expect(textsSent()).toEqual([
      'Message {"text":"Hello!"}',
      'Message {"text":"12345678901234567890"}',
      'Message {"text":"x"}',
      'AB',
      'Message {}',
    ]);
  });

  test('heeds the config as it is now, not as it was at the start', async () => {
    const session = await started();
    const grpc = { method: '/ChatService/Count', metadata: { 'x-a': 'b' }, deadlineMs: 5 };
    await engine.call('sessions.update', {
      session,
      config: { ...GRPC_CLIENT, grpc: { ...GRPC_CLIENT.grpc, ...grpc } },
    });
    await engine.call('sessions.send', { session, content: { json: {} }, to: 'all' });
    expect(endpoints[0]!.sent[0]!.call).toMatchObject({
      method: 'ChatService/Count',
      metadata: { 'x-a': 'b' },
      config: { deadlineMs: 5 },
    });
    await engine.call('sessions.control', { session, command: { type: 'invoke' }, to: 'all' });
    expect(endpoints[0]!.commands).toMatchObject([{ type: 'invoke', call: { method: 'ChatService/Count' } }]);
  });

  test.each([
    [{ json: { txt: 'x' } }, 'txt: there is no such field'],
    [{ text: '{"text": }' }, 'This is not JSON'],
  ])('is refused in words if it does not fit: %j', async (content, words) => {
    const session = await started();
    const check = { content, session };
    expect(await engine.call('compose.check', check)).toEqual({ ok: false, error: expect.stringContaining(words) });
    await expect(engine.call('sessions.send', { session, content, to: 'all' })).rejects.toThrow(words);
    expect(endpoints[0]!.sent).toEqual([]);
  });

  test('needs a method that is known, unless it is bytes', async () => {
    const session = await started({ ...GRPC_CLIENT, grpc: { method: 'ChatService/Nothing' } });
    const send = (content: { hex: string } | { json: unknown }) =>
      engine.call('sessions.send', { session, content, to: 'all' });
    await expect(send({ json: {} })).rejects.toThrow('There is no method ChatService/Nothing.');
    await send({ hex: '00' });
    await engine.call('sessions.update', { session, config: { ...GRPC_CLIENT, grpc: {} } });
    await expect(send({ json: {} })).rejects.toThrow('No method is chosen.');
    const invoke = { session, command: { type: 'invoke' as const }, to: 'all' as const };
    await expect(engine.call('sessions.control', invoke)).rejects.toThrow('No method is chosen.');
  });

  test('has a size that can be asked for before, of any type', async () => {
    const { id: session } = await engine.call('sessions.create', { config: GRPC_CLIENT });
    const content = { json: { text: 'x' } };
    const size = 'Message {"text":"x"}'.length;
    expect(await engine.call('compose.check', { content, session })).toEqual({ ok: true, sizeBytes: size });
    const tally = { content, session, type: 'Tally' };
    expect(await engine.call('compose.check', tally)).toEqual({ ok: true, sizeBytes: size - 2 });
    expect(await engine.call('compose.check', { content })).toEqual({ ok: true, sizeBytes: 12 });
  });
});

describe('a list', () => {
  const STREAM = { ...GRPC_CLIENT, grpc: { ...GRPC_CLIENT.grpc, method: 'ChatService/StreamMessages' } };
  const say = (text: string) => ({ send: { json: { text } } });
  const sendList = (session: string, list: Input<'sessions.sendList'>['list'], endStreaming = true) =>
    engine.call('sessions.sendList', { session, list, to: 'last', endStreaming });
  const state = async () => (await engine.call('sessions.list', {}))[0]!;
  const untilOver = () => eventually(async () => expect((await state()).series).toBeUndefined());

  test('goes into one call, with waits, and says its end', async () => {
    const session = await started(STREAM);
    await sendList(session, [say('one'), { waitMs: 3 }, say('two'), say('three')]);
    await untilOver();
    expect(textsSent()).toEqual(['one', 'two', 'three'].map((text) => `Message {"text":"${text}"}`));
    expect(endpoints[0]!.calls).toMatchObject([{ call: 1, clientMessages: 3 }]);
    expect(endpoints[0]!.halfClosed).toEqual([[1]]);
    // Another goes on in a call that is open.
    await sendList(session, [say('four')], false);
    await untilOver();
    expect(endpoints[0]!.calls).toMatchObject([{ call: 1, clientMessages: 4 }]);
    expect(endpoints[0]!.halfClosed).toHaveLength(1);
  });

  test('begins no second call when the server ends the first', async () => {
    const session = await started(STREAM);
    const [endpoint] = endpoints;
    endpoint!.onMessage = (call) => {
      if (call.clientMessages === 2) endpoint!.end(call, 9, 'enough');
    };
    await sendList(session, [say('one'), say('two'), say('three')]);
    await untilOver();
    expect(endpoint!.calls).toMatchObject([{ call: 1, clientMessages: 2, ended: { code: 9 } }]);
    expect((await state()).problem).toMatchObject({ what: 'Call 1 is not open.' });
    expect(endpoint!.halfClosed).toEqual([]);
  });

  test('whose last message ends the call has nothing more to say', async () => {
    const session = await started(STREAM);
    const [endpoint] = endpoints;
    endpoint!.onMessage = (call) => endpoint!.end(call, 0);
    await sendList(session, [say('one')]);
    await untilOver();
    expect((await state()).problem).toBeUndefined();
    expect(endpoint!.halfClosed).toEqual([]);
  });

  test('of a method that takes one message is a call for each', async () => {
    const session = await started();
    await sendList(session, [say('one'), say('two')], false);
    await untilOver();
    expect(endpoints[0]!.calls.map(({ clientMessages }) => clientMessages)).toEqual([1, 1]);
  });

  test('is not begun when one of its messages does not fit', async () => {
    const session = await started(STREAM);
    const wrong = { send: { json: { txt: 'x' } } };
    await expect(sendList(session, [say('one'), wrong])).rejects.toThrow(/^Message 2: .*no such field/);
    expect(endpoints[0]!.sent).toEqual([]);
  });

  test('can be stopped while it waits', async () => {
    const session = await started(STREAM);
    await sendList(session, [say('{{$counter}}'), { waitMs: 60_000 }, say('two')]);
    await eventually(async () => expect((await state()).series).toEqual({ sent: 1, of: 2 }));
    await engine.call('sessions.stopSending', { session });
    await untilOver();
    expect(textsSent()).toEqual(['Message {"text":"1"}']);
    expect(endpoints[0]!.halfClosed).toEqual([]);
    expect((await state()).problem).toBeUndefined();
  });
});

test('a server answers a call with the output type of its method, and calls of one type at a time', async () => {
  const session = await started({ ...GRPC_CLIENT, role: 'server', grpc: { schema: { files: ['chat.proto'] } } });
  const [endpoint] = endpoints;
  const content = { json: { text: 'x' } };
  const call = { connection: 1, peer: 'x', startedAt: 1, clientMessages: 1, serverMessages: 0 };
  const more = { clientEnded: true, waiting: true };
  await expect(engine.call('sessions.send', { session, content, to: 'all' })).rejects.toThrow('No call is open.');
  endpoint!.calls = [
    { call: 1, method: 'ChatService/Count', ...call, ...more },
    { call: 2, method: 'ChatService/SendMessage', ...call, ...more },
  ];
  await expect(engine.call('sessions.send', { session, content, to: 'all' })).rejects.toThrow('different types');
  const sent: string[] = [];
  endpoint!.send = async ({ bytes, call: options }) => {
    expect(options).toBeUndefined();
    sent.push(new TextDecoder().decode(bytes));
    return 1;
  };
  await engine.call('sessions.send', { session, content, to: [1] });
  await engine.call('sessions.send', { session, content, to: 'last' });
  expect(sent).toEqual(['Tally {"text":"x"}', 'Response {"text":"x"}']);
  await engine.call('sessions.control', {
    session,
    command: {
      type: 'finish',
      status: { code: 'not_found', message: 'gone', details: [{ '@type': 'x/Message', text: 'd' }] },
      trailers: { 'x-a': 'b' },
    },
    to: [1],
  });
  const [command] = endpoint!.commands;
  expect(command).toMatchObject({ type: 'finish', code: 5, message: 'gone', trailers: { 'x-a': 'b' } });
  expect(command?.type === 'finish' && command.details).toHaveLength(1);
});

test('calls are listed, their rows tell how far they are, and fold what belongs to them', async () => {
  const session = await started();
  const [endpoint] = endpoints;
  for (let i = 0; i < 3; i++) {
    await engine.call('sessions.send', { session, content: { json: { text: `${i}` } }, to: 'all' });
  }
  const call = endpoint!.calls[2]!;
  endpoint!.answer(call, 'Response {"text":"one"}');
  endpoint!.end(call, 0);
  expect(await engine.call('sessions.calls', { session, from: 1, count: 1 })).toMatchObject({
    total: 3,
    calls: [{ call: 2, method: 'ChatService/SendMessage' }],
  });
  const rows = async (unfolded?: number[]) => {
    const query = { level: 'messages' as const, ...(unfolded && { unfolded }) };
    return (await engine.call('timeline.rows', { session, query, from: 0, count: 100 })).rows.filter(
      ({ protocol }) => protocol === 'grpc',
    );
  };
  expect(await rows()).toHaveLength(3 + 3 + 1 + 2);
  const folded = await rows([]);
  expect(folded.map(({ kind }) => kind)).toEqual(['call', 'call', 'call']);
  expect(folded[0]!.call).toMatchObject({ clientMessages: 1, serverMessages: 1, status: 0 });
  expect(folded[0]!.call!.durationMicroseconds).toBeGreaterThan(0);
  expect(folded[1]!.call).toEqual({ clientMessages: 1, serverMessages: 0 });
  const unfolded = await rows([folded[0]!.seq]);
  expect(unfolded.map(({ kind }) => kind).sort()).toEqual([
    ...['answer', 'call', 'call', 'call', 'message', 'message', 'status'],
  ]);
  await eventually(() => expect(announcements.some(({ type }) => type === 'schema')).toBe(true));
});

test('the schema of a session is announced and can be asked for', async () => {
  const { id: session } = await engine.call('sessions.create', { config: GRPC_CLIENT });
  expect(await engine.call('schema.services', { session })).toMatchObject({ revision: 0, loading: true });
  await eventually(() => expect(announcements).toContainEqual({ type: 'schema', session, revision: 1 }));
  expect(await engine.call('schema.services', { session })).toMatchObject({
    revision: 1,
    loading: false,
    services: [{ name: 'ChatService', methods: [{ name: 'SendMessage' }, {}, {}] }],
    sources: [{ label: 'chat.proto', kind: 'file', services: 1 }],
  });
  expect(await engine.call('schema.types', { session, names: ['Tally'] })).toMatchObject({
    messages: [{ name: 'Tally' }],
  });
  expect(await engine.call('schema.search', { session, text: 'm', count: 1 })).toEqual({
    names: ['Message'],
    total: 1,
  });
  expect(await engine.call('schema.example', { session, type: 'Tally' })).toEqual({
    json: '{\n  "text": "example"\n}',
  });
  await engine.call('schema.reload', { session });
  await eventually(() => expect(announcements).toContainEqual({ type: 'schema', session, revision: 2 }));
});

test('grpcurl lines are read and written', async () => {
  const text = `grpcurl -plaintext -d '{"text":"x"}' 127.0.0.1:50051 ChatService/SendMessage`;
  const { config } = await engine.call('grpcurl.parse', { text });
  const { id: session } = await engine.call('sessions.create', { config });
  const format = async (content: { text: string } | { json: unknown } | { hex: string }) =>
    (await engine.call('grpcurl.format', { session, content })).text;
  expect(await format({ text: '{"text":"x"}' })).toBe(text);
  expect(await format({ json: { text: 'x' } })).toBe(text);
  expect(await format({ hex: Buffer.from('Message {"text":"x"}').toString('hex') })).toBe(text);
  await expect(format({ hex: '00' })).rejects.toThrow('These bytes are no Message.');
  const failure = await engine.call('grpcurl.parse', { text: 'curl' }).catch(problemOf);
  expect(failure).toMatchObject({ what: 'This is no grpcurl command line.', code: 'CONTENT' });
});
