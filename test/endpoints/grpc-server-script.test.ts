// Scripted methods of the mock: conditions, replies, delays and statuses. Clients are bare grpc-js.
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { readStatusDetails } from '../../src-main/core/dissect/grpc/status-details.ts';
import type { Content, GrpcAnswer, SessionConfig } from '../../src-main/core/session-config.ts';
import { MockContents } from '../../src-main/endpoints/grpc/mock-contents.ts';
import { scripted as scriptOf } from '../../src-main/endpoints/grpc/mock-script.ts';
import { labSchema } from '../schemas/schema-files.ts';
import { Caller, makeMock, mockServer, outcomeOf } from './grpc-server-peer.ts';

const UNARY = 'chat.ChatService/SendMessage';
const BIDI = 'chat.ChatService/StreamMessages';
const CLIENT_STREAM = 'chat.ChatService/Upload';

async function scripted(path: string, answers: GrpcAnswer[], config: Partial<SessionConfig> = {}) {
  const made = await mockServer({ ...config, grpc: { mock: { [path]: { answers } } } });
  const caller = new Caller(made.target);
  const { schema } = made;
  const output = schema.types.method(path)!.output;
  const call = async (texts: readonly string[]) => {
    const requests = texts.map((text) => schema.encode('chat.Message', { user: 'me', text }));
    const { messages, status: ended } = await caller.call(path, requests);
    return { replies: messages.map((message) => schema.decode(output, message)), ended };
  };
  return { ...made, caller, call };
}

const reply = (message: string) => [{ json: { message } }];

describe('a script', () => {
  it('answers by what is in the request', async () => {
    const { call } = await scripted(
      UNARY,
      [
        { when: { json: { text: 'hello', user: 'me' } }, reply: ['greeting'] },
        { when: { contains: 'by' }, reply: [{ text: '{"message":"as text"}' }] },
        { when: { hex: '0a026d6512016f' }, reply: [{ hex: '12026869' }] },
        {
          when: { matches: '^\\{.*"fail"' },
          status: { code: 'RESOURCE_EXHAUSTED', message: 'no' },
          trailers: { a: 'b' },
        },
      ],
      { messages: [{ name: 'greeting', json: { status: 'ok' } }] },
    );
    expect((await call(['hello'])).replies).toEqual([{ status: 'ok' }]);
    expect((await call(['bye'])).replies).toEqual([{ message: 'as text' }]);
    expect((await call(['o'])).replies).toEqual([{ message: 'hi' }]);
    const failed = await call(['fail']);
    expect(failed.ended).toMatchObject({ code: status.RESOURCE_EXHAUSTED, details: 'no' });
    expect(failed.ended.metadata.get('a')).toEqual(['b']);
    expect((await call(['?'])).ended).toMatchObject({
      code: status.UNIMPLEMENTED,
      details: 'No scripted answer of chat.ChatService/SendMessage fits.',
    });
  });

  it('answers at the start, to each message and at the end', async () => {
    const { call } = await scripted(BIDI, [
      { on: 'start', reply: reply('welcome') },
      { when: { contains: 'two' }, reply: [...reply('second'), ...reply('again')], delay: 1 },
      { when: { contains: 'stop' }, reply: reply('stopping'), status: { code: 10 } },
      { reply: reply('other') },
      { on: 'end', when: { contains: 'four' }, reply: reply('after four') },
      { on: 'end', reply: reply('goodbye') },
    ]);
    expect(await call(['one', 'two', 'three'])).toMatchObject({
      replies: ['welcome', 'other', 'second', 'again', 'other', 'goodbye'].map((message) => ({ message })),
      ended: { code: 0 },
    });
    expect((await call(['four'])).replies.at(-1)).toEqual({ message: 'after four' });
    expect(await call(['stop', 'one'])).toMatchObject({
      replies: [{ message: 'welcome' }, { message: 'stopping' }],
      ended: { code: 10 },
    });
    expect((await call([])).replies).toEqual([{ message: 'welcome' }, { message: 'goodbye' }]);
  });

  it('waits between its replies as each of them says', async () => {
    const { host, schema } = makeMock();
    const contents = new MockContents({ wirescope: 1, name: 't', role: 'server', protocol: 'grpc' }, host, schema);
    const method = schema.types.method(BIDI)!;
    const ordered = (answer: GrpcAnswer) => {
      const orders: unknown[] = [];
      scriptOf(
        method,
        [{ on: 'start', ...answer }],
        contents,
      )({
        wait: (ms) => orders.push(ms),
        metadata() {},
        reply: (bytes) => orders.push(schema.decode(method.output, bytes)),
        finish: ({ code }) => orders.push(`status ${code}`),
      });
      return orders;
    };
    const [one, two, three] = ['1', '2', '3'].map((message) => ({ json: { message } })) as [Content, Content, Content];
    expect(
      ordered({
        delay: '5ms',
        reply: [one, { wait: '2s' }, two, three, { wait: 40 }, { wait: 1 }],
        status: { code: 0 },
      }),
    ).toEqual([5, { message: '1' }, 2000, { message: '2' }, 5, { message: '3' }, 40, 1, 'status 0']);
    expect(ordered({ reply: [{ wait: 7 }, one] })).toEqual([7, { message: '1' }]);
    expect(ordered({ delay: 9, status: { code: 'ABORTED' } })).toEqual([9, 'status 10']);
  });

  it('answers a client stream once', async () => {
    const { call } = await scripted(CLIENT_STREAM, [
      { when: { contains: 'now' }, reply: [{ json: { text: 'early' } }] },
      { on: 'end', reply: [{ json: { text: 'late' } }] },
    ]);
    expect(await call(['a', 'b'])).toMatchObject({ replies: [{ text: 'late' }], ended: { code: 0 } });
    expect(await call(['now', 'b'])).toMatchObject({ replies: [{ text: 'early' }], ended: { code: 0 } });
  });

  it('carries the details of a status', async () => {
    const details = [
      { '@type': 'type.googleapis.com/chat.Message', text: 'hi' },
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'LOST' },
    ];
    const { call } = await scripted(UNARY, [{ status: { code: 'NOT_FOUND', message: 'gone', details } }]);
    const { ended } = await call(['x']);
    const [bytes] = ended.metadata.get('grpc-status-details-bin') as Buffer[];
    expect(readStatusDetails(bytes!)).toMatchObject({
      code: 5,
      message: 'gone',
      details: [
        { typeUrl: 'type.googleapis.com/chat.Message', value: Buffer.from('\x12\x02hi') },
        { typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: Buffer.from('\x0a\x04LOST') },
      ],
    });
  });

  it('forgets its delayed replies when the call is cancelled', async () => {
    const { caller, schema, endpoint, host } = await scripted(BIDI, [
      { reply: [...reply('first'), ...reply('second')], delay: '5m' },
    ]);
    const stream = caller.open(BIDI);
    const outcome = outcomeOf(stream);
    stream.write(Buffer.from(schema.encode('chat.Message', { text: 'x' })));
    await host.until(() => endpoint.calls![0]?.clientMessages === 1);
    stream.cancel();
    expect((await outcome).messages).toEqual([]);
    await host.until(() => endpoint.calls![0]!.ended !== undefined);
  });

  it('replies with numbers as long as they are written', async () => {
    const lab = await labSchema();
    const json = '{"int64Value": -9007199254740993, "uint64Value": 18446744073709551615}';
    const answers = [{ reply: [{ text: json }, { json }] }];
    const { target } = await mockServer({ grpc: { mock: { 'lab.Lab/Exchange': { answers } } } }, undefined, lab);
    const stream = new Caller(target).open('lab.Lab/Exchange');
    const outcome = outcomeOf(stream);
    stream.end(Buffer.alloc(0));
    const wanted = { int64Value: '-9007199254740993', uint64Value: '18446744073709551615' };
    expect((await outcome).messages.map((bytes) => lab.decode('lab.Sample', bytes))).toEqual([wanted, wanted]);
  });

  it('of the server answers every method that it fits', async () => {
    const { target, schema } = await mockServer({
      server: {
        behaviour: 'scripted',
        answers: [{ when: { contains: 'bye' }, close: { code: 9, reason: 'over' } }, { reply: reply('scripted') }],
      },
    });
    const caller = new Caller(target);
    const hello = schema.encode('HelloRequest', { name: 'x' });
    const answer = await caller.unary('Greeter/SayHello', hello);
    expect(schema.decode('HelloReply', answer)).toEqual({ message: 'scripted' });
    await expect(caller.unary('Greeter/SayHello', schema.encode('HelloRequest', { name: 'bye' }))).rejects.toThrow(
      'over',
    );
    await expect(caller.unary('chat.ChatService/Mirror', hello)).rejects.toMatchObject({
      code: status.INTERNAL,
      details: expect.stringContaining('does not fit chat.Message'),
    });
  });
});

describe('a script that cannot be', () => {
  it.each<[string, GrpcAnswer]>([
    ['no saved message has that name', { reply: ['unknown'] }],
    ['Answer 1 of chat.ChatService/SendMessage does not fit chat.Response.', { reply: [{ json: { nope: 1 } }] }],
    ['does not fit chat.Response.', { reply: [{ text: 'no JSON' }] }],
    ['The condition of answer 1', { when: { matches: '(' } }],
    ['The condition of answer 1', { when: { hex: 'xy' } }],
    ['at the start there is no message', { on: 'start', when: { contains: 'x' } }],
    ['no status to send them with', { trailers: { a: 'b' } }],
    ['the method answers with one message', { reply: [...reply('a'), ...reply('b')] }],
    ['is not a gRPC status', { status: { code: 'NOPE' } }],
    ['is not a name of metadata', { status: { code: 0 }, trailers: { 'a b': 'c' } }],
    ['The status of answer 1', { status: { code: 5, details: [{ nope: 1 }] } }],
  ])('stops the start: %s', async (words, answer) => {
    const { endpoint, host } = makeMock({ grpc: { mock: { [UNARY]: { answers: [answer] } } } });
    await expect(endpoint.start()).rejects.toThrow(words);
    expect(host.state.phase).toBe('failed');
  });
});
