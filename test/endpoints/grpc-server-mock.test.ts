// What the mock answers by itself: every behaviour with every shape of method. Clients are bare grpc-js.
import { Metadata, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { GrpcConfig, MockMethod, SessionConfig } from '../../src-main/core/session-config.ts';
import { Caller, makeMock, mockServer, outcomeOf } from './grpc-server-peer.ts';

const UNARY = 'chat.ChatService/Mirror';
const SERVER_STREAM = 'chat.ChatService/Watch';
const CLIENT_STREAM = 'chat.ChatService/Upload';
const BIDI = 'chat.ChatService/Chat';
const MESSAGE = 'chat.Message';

/** A server, and a call of it with messages of these texts, answered with the texts of its messages and its status. */
async function talk(config: Partial<SessionConfig> = {}, random?: () => number) {
  const { target, schema, endpoint, host } = await mockServer(config, random);
  const caller = new Caller(target);
  const encode = (text: string) => schema.encode(MESSAGE, { text });
  const call = async (path: string, texts: readonly string[], output = MESSAGE) => {
    const { messages, status: ended, metadata } = await caller.call(path, texts.map(encode));
    return {
      messages: messages.map((message) => schema.decode(output, message) as { [name: string]: unknown }),
      code: ended.code,
      details: ended.details,
      metadata,
      trailers: ended.metadata,
    };
  };
  return { call, caller, encode, endpoint, host, schema, target };
}

const mocked = (path: string, mock: MockMethod): { grpc: GrpcConfig } => ({ grpc: { mock: { [path]: mock } } });

describe('examples', () => {
  const one = { user: 'ada', text: 'Hello, world' };
  it.each([
    [UNARY, ['a'], 1],
    [SERVER_STREAM, ['a'], 3],
    [CLIENT_STREAM, ['a', 'b'], 1],
    [CLIENT_STREAM, [], 1],
    [BIDI, ['a', 'b'], 2],
    [BIDI, [], 0],
  ])('answer %s to %j with %i', async (path, texts, count) => {
    const { call } = await talk();
    expect(await call(path, texts)).toMatchObject({ messages: Array(count).fill(one), code: status.OK });
  });
});

describe('echo', () => {
  it.each([
    [UNARY, ['a'], ['a']],
    [SERVER_STREAM, ['a'], ['a']],
    [CLIENT_STREAM, ['a', 'b'], ['b']],
    [BIDI, ['a', 'b'], ['a', 'b']],
    [BIDI, [], []],
  ])('answers %s to %j with %j', async (path, texts, answers) => {
    const { call } = await talk({ server: { behaviour: 'echo' } });
    expect(await call(path, texts)).toMatchObject({ messages: answers.map((text) => ({ text })), code: status.OK });
  });

  it('says that nothing came', async () => {
    const { call } = await talk({ server: { behaviour: 'echo' } });
    expect(await call(CLIENT_STREAM, [])).toMatchObject({ messages: [], code: status.INVALID_ARGUMENT });
  });

  it('keeps the fields that agree, or says that none do', async () => {
    const { call, caller, encode } = await talk({ server: { behaviour: 'echo' } });
    const shortened = await call('chat.ChatService/Shorten', ['a'], 'chat.Short');
    expect(shortened).toMatchObject({ messages: [{ text: 'a' }], code: status.OK });
    expect(await call('chat.ChatService/SendMessage', ['a'])).toMatchObject({
      messages: [],
      code: status.INTERNAL,
      details: 'chat.ChatService/SendMessage cannot echo: chat.Message and chat.Response have no field in common.',
    });
    await expect(caller.unary('chat.ChatService/Shorten', Buffer.from([0xff]))).rejects.toThrow('cannot be echoed');
    expect(await caller.unary(UNARY, encode('bytes as they are'))).toEqual(Buffer.from(encode('bytes as they are')));
  });
});

describe('silence', () => {
  it('lasts until the client has enough', async () => {
    const { caller, encode, endpoint } = await talk({ server: { behaviour: 'silent' } });
    const outcome = await caller.call(UNARY, [encode('a')], new Metadata(), 50);
    expect(outcome.status.code).toBe(status.DEADLINE_EXCEEDED);
    expect(endpoint.calls).toMatchObject([{ clientMessages: 1, serverMessages: 0, waiting: false }]);
  });
});

describe('a method of the config', () => {
  it('is named with or without a slash in front, and stands before the default', async () => {
    const { call } = await talk({
      grpc: { mock: { [`/${UNARY}`]: { behaviour: 'example' }, [BIDI]: {} } },
      server: { behaviour: 'echo' },
    });
    expect((await call(UNARY, ['a'])).messages).toEqual([{ user: 'ada', text: 'Hello, world' }]);
    expect((await call(BIDI, ['a'])).messages).toEqual([{ text: 'a' }]);
  });

  it('sends initial metadata, bytes too', async () => {
    const metadata = { 'x-one': ['1', '2'], 'x-bytes-bin': 'AAEC' };
    const { call } = await talk(mocked(UNARY, { metadata }));
    const answer = await call(UNARY, ['a']);
    expect(answer.metadata.get('x-one')).toEqual(['1, 2']);
    expect(answer.metadata.get('x-bytes-bin')).toEqual([Buffer.from([0, 1, 2])]);
    expect(answer.messages).toHaveLength(1);
  });

  it('fails as often as it should', async () => {
    const rolls = [0.29, 0.3, 0.1, 0.9];
    const failure = { code: 'NOT_FOUND', message: 'lost' };
    const { call } = await talk(mocked(UNARY, { failurePercent: 30, failure }), () => rolls.shift() ?? 0);
    const codes: number[] = [];
    for (let i = 0; i < 4; i++) codes.push((await call(UNARY, ['a'])).code);
    expect(codes).toEqual([status.NOT_FOUND, 0, status.NOT_FOUND, 0]);
    const halved = await talk(mocked(UNARY, { failurePercent: 100, failure: { code: 3, message: 'half \ud83d' } }));
    expect(await halved.call(UNARY, ['a'])).toMatchObject({ code: 3, details: 'half \ufffd' });
    const unnamed = await talk(mocked(UNARY, { failurePercent: 100 }));
    expect((await unnamed.call(UNARY, ['a'])).code).toBe(status.UNAVAILABLE);
  });

  it('is late as often as it should, and forgets what it would have said', async () => {
    const rolls = [0.6, 0.4];
    const config = mocked(BIDI, { behaviour: 'echo', delay: '10m', delayPercent: 50 });
    const { call, caller, encode, endpoint, host } = await talk(config, () => rolls.shift() ?? 0);
    expect((await call(BIDI, ['a'])).messages).toHaveLength(1);
    const stream = caller.open(BIDI);
    const outcome = outcomeOf(stream);
    stream.write(Buffer.from(encode('a')));
    await host.until(() => endpoint.calls![0]?.clientMessages === 1 && endpoint.calls![0]?.ended === undefined);
    stream.cancel();
    expect(await outcome).toMatchObject({ messages: [], status: { code: status.CANCELLED } });
    await host.until(() => endpoint.calls![0]!.ended !== undefined);
    expect(endpoint.calls![0]!.serverMessages).toBe(0);
  });

  it('must be one of the schema, and its settings must fit', async () => {
    const failing = (mock: { [path: string]: MockMethod }) =>
      expect(makeMock({ grpc: { mock } }).endpoint.start()).rejects;
    await failing({ 'chat.ChatService/Nope': {} }).toThrow('no service has this method');
    await failing({ [UNARY]: { metadata: { te: 'x' } } }).toThrow('cannot be metadata');
    await failing({ [UNARY]: { failure: { code: 'WRONG' } } }).toThrow('is not a gRPC status');
  });
});

describe('a method that nobody has', () => {
  it('is UNIMPLEMENTED, with what there is', async () => {
    const { call, endpoint } = await talk();
    for (const path of ['chat.ChatService/Nope', 'Nope/Nope', 'nope']) {
      expect(await call(path, ['a'])).toMatchObject({
        code: status.UNIMPLEMENTED,
        details: 'This mock has no such method. Its services are Greeter, chat.ChatService.',
      });
    }
    expect(endpoint.calls).toMatchObject([{ method: 'nope', ended: { code: status.UNIMPLEMENTED } }, {}, {}]);
  });
});
