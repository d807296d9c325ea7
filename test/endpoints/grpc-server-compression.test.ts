// Answers of the mock server, compressed: as HTTP/2 carries them to a client that takes them so, and to one that does not.
import { once } from 'node:events';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { gunzipSync, inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { Caller, mockServer } from './grpc-server-peer.ts';
import { afterwards } from './loopback.ts';

const ECHO: Partial<SessionConfig> = { server: { behaviour: 'echo' } };
const MIRROR = 'chat.ChatService/Mirror';
const CHAT = 'chat.ChatService/Chat';
const TEXT = Buffer.from('again and again '.repeat(100));

interface Answer {
  headers: IncomingHttpHeaders;
  trailers: IncomingHttpHeaders;
  messages: { flag: number; bytes: Buffer }[];
}

/** One call by hand, for grpc-js would inflate by itself. */
async function call(
  target: string,
  path: string,
  accepted: string | undefined,
  ...messages: Buffer[]
): Promise<Answer> {
  const session = connect(`http://${target}`);
  afterwards(() => session.destroy());
  const stream = session.request({
    ':method': 'POST',
    ':path': `/${path}`,
    te: 'trailers',
    'content-type': 'application/grpc',
    ...(accepted !== undefined && { 'grpc-accept-encoding': accepted }),
  });
  for (const message of messages) {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    stream.write(Buffer.concat([prefix, message]));
  }
  stream.end();
  const answer: Answer = { headers: {}, trailers: {}, messages: [] };
  stream.on('response', (headers) => {
    answer.headers = headers;
  });
  stream.on('trailers', (trailers) => {
    answer.trailers = trailers;
  });
  let body = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    body = Buffer.concat([body, chunk]);
  });
  await once(stream, 'close');
  for (let at = 0; at < body.length; ) {
    const end = at + 5 + body.readUInt32BE(at + 1);
    answer.messages.push({ flag: body[at]!, bytes: body.subarray(at + 5, end) });
    at = end;
  }
  return answer;
}

it.each([
  ['gzip', 'identity,deflate,gzip', gunzipSync],
  ['deflate', 'identity, deflate, gzip', inflateSync],
] as const)('compresses with %s for a client that takes it', async (compression, accepted, inflate) => {
  const { target } = await mockServer({ ...ECHO, grpc: { compression } });
  const { headers, messages, trailers } = await call(target, MIRROR, accepted, TEXT);
  expect(headers['grpc-encoding']).toBe(compression);
  expect(messages.map(({ flag }) => flag)).toEqual([1]);
  expect(messages[0]!.bytes.length).toBeLessThan(TEXT.length / 2);
  expect(inflate(messages[0]!.bytes).equals(TEXT)).toBe(true);
  expect(trailers['grpc-status']).toBe('0');
});

it.each([undefined, '', 'identity', 'deflate,gzipped'])(
  'leaves answers as they are for one that takes “%s”',
  async (accepted) => {
    const { target } = await mockServer({ ...ECHO, grpc: { compression: 'gzip' } });
    const { headers, messages } = await call(target, MIRROR, accepted, TEXT);
    expect(headers['grpc-encoding']).toBe('identity');
    expect(messages).toEqual([{ flag: 0, bytes: TEXT }]);
  },
);

it('keeps messages, metadata, delays and the status in order', async () => {
  const mock = { [CHAT]: { behaviour: 'echo', metadata: { 'x-mock': 'yes' }, delay: 5 } } as const;
  const { target, endpoint } = await mockServer({ grpc: { compression: 'gzip', mock } });
  const sent = Array.from({ length: 200 }, (_, i) => Buffer.alloc(i * 20, i));
  const { headers, messages, trailers } = await call(target, CHAT, 'gzip', ...sent);
  expect(headers).toMatchObject({ 'x-mock': 'yes', 'grpc-encoding': 'gzip' });
  expect(messages.map(({ bytes }) => gunzipSync(bytes))).toEqual(sent);
  expect(trailers['grpc-status']).toBe('0');
  expect(endpoint.calls).toMatchObject([{ serverMessages: 200, ended: { code: 0 } }]);
});

it('is inflated by a client of grpc-js, and forgets what is being compressed when the call is over', async () => {
  const { target, endpoint } = await mockServer({ ...ECHO, grpc: { compression: 'gzip' } });
  const caller = new Caller(target);
  expect((await caller.unary(MIRROR, TEXT)).equals(TEXT)).toBe(true);
  const stream = caller.open(CHAT);
  stream.on('error', () => {});
  for (let i = 0; i < 50; i++) stream.write(Buffer.alloc(100_000, i));
  await once(stream, 'data');
  stream.cancel();
  // With OK if the end of streaming, which a cancelled call of grpc-js says first, was answered before the reset came.
  await expect.poll(() => endpoint.calls?.map(({ ended }) => ended !== undefined)).toEqual([true, true]);
  expect((await caller.unary(MIRROR, TEXT)).equals(TEXT)).toBe(true);
});
