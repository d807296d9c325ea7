// Dialogues of the gRPC client with servers made of bare grpc-js, read from the records of a real capture.
import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import type { MetadataConfig } from '../../src-main/core/session-config.ts';
import { EndpointError } from '../../src-main/endpoints/endpoint.ts';
import { clientToServer, serverToClient } from './fake-host.ts';
import { grpcPeer, path } from './grpc-peer.ts';
import { grpcSession } from './grpc-session.ts';

const target = (port: number) => ({ target: `grpc://127.0.0.1:${port}` });

describe('a call', () => {
  it('that is unary sends its message, ends its side, and records both', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    await session.endpoint.start();
    expect(session.state()).toMatchObject({
      phase: 'open',
      address: `127.0.0.1:${peer.port}`,
      trust: { lock: 'none' },
    });

    expect(await session.endpoint.send(session.message('Send', 'hello'), 'last')).toBe(1);
    const call = await session.ended(1);

    expect(call).toMatchObject({
      method: 'test.Chat/Send',
      connection: 1,
      clientMessages: 1,
      serverMessages: 1,
      clientEnded: true,
      waiting: false,
      ended: { code: 0 },
    });
    // Microseconds: a date of these years has sixteen digits.
    expect(String(Math.round(call.startedAt))).toHaveLength(16);
    expect(call.ended.at).toBeGreaterThan(call.startedAt);
    expect(await session.messages(clientToServer)).toEqual([Buffer.from('hello')]);
    expect(await session.messages(serverToClient)).toEqual([Buffer.from('hello')]);
    expect(await session.fields('http2.headers.path')).toContain('/test.Chat/Send');
    expect(await session.fields('http2.headers.authority')).toContain(`127.0.0.1:${peer.port}`);
  });

  it('that streams from the server gets all its messages', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    await session.endpoint.start();
    await session.endpoint.send(session.message('Watch', Buffer.alloc(50)), 'last');
    expect(await session.ended(1)).toMatchObject({ clientMessages: 1, serverMessages: 50, ended: { code: 0 } });
    expect(await session.messages(serverToClient)).toEqual(Array.from({ length: 50 }, (_, i) => Buffer.of(i)));
  });

  it('that streams from the client takes messages until the end of streaming', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    const { endpoint } = session;
    await endpoint.start();
    for (const part of ['a', 'b', 'c']) await endpoint.send(session.message('Collect', part), 'last');
    expect(endpoint.calls).toHaveLength(1);
    await endpoint.control({ type: 'halfClose' }, 'last');
    expect(await session.ended(1)).toMatchObject({ clientMessages: 3, serverMessages: 1, ended: { code: 0 } });
    expect(await session.messages(serverToClient)).toEqual([Buffer.from('abc')]);
    await expect(endpoint.control({ type: 'halfClose' }, 'last')).rejects.toThrow(EndpointError);
  });

  it('that streams both ways can be one of several, each addressed by its number', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    const { endpoint } = session;
    await endpoint.start();
    const call = { method: path('Talk'), metadata: {}, config: {} };
    await endpoint.control({ type: 'invoke', call }, 'last');
    await endpoint.control({ type: 'invoke', call }, 'last');
    const bare = (text: string) => ({ bytes: Buffer.from(text), text: false });

    expect(await endpoint.send(bare('one'), [1])).toBe(1);
    expect(await endpoint.send(bare('both'), 'all')).toBe(2);
    expect(await endpoint.send(session.message('Talk', 'last'), 'last')).toBe(1);
    await session.until(() => endpoint.calls?.every((state) => state.serverMessages === 2) ?? false);
    await endpoint.control({ type: 'halfClose' }, [1]);
    expect(await session.ended(1)).toMatchObject({ clientMessages: 2, serverMessages: 2 });
    await expect(endpoint.send(bare('late'), [1])).rejects.toThrow('Call 1 is not open');
    await endpoint.control({ type: 'halfClose' }, 'all');
    expect(await session.ended(2)).toMatchObject({ clientMessages: 2, serverMessages: 2, ended: { code: 0 } });
  });

  it.each([undefined, 'gzip'] as const)(
    'takes many messages at once and keeps their order (%s)',
    async (compression) => {
      const peer = await grpcPeer();
      const session = grpcSession({ ...target(peer.port), grpc: compression ? { compression } : {} });
      const { endpoint } = session;
      await endpoint.start();
      const { call } = session.message('Collect', '');
      if (!call) throw new Error('a call was expected');
      await endpoint.control({ type: 'invoke', call }, 'last');
      const parts = Array.from({ length: 200 }, (_, i) => `${i},`);
      const sends = parts.map((part) => endpoint.send({ bytes: Buffer.from(part), text: false }, 'last'));
      await endpoint.control({ type: 'halfClose' }, 'last');
      await Promise.all(sends);
      expect(await session.ended(1)).toMatchObject({ clientMessages: 200, ended: { code: 0 } });
      expect(await session.messages(serverToClient)).toEqual([Buffer.from(parts.join(''))]);
    },
  );

  it('of a method nobody knows goes out as it is, open for more', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port), { schema: false });
    const { endpoint } = session;
    await endpoint.start();
    await endpoint.send(session.message('Talk', 'x'), 'last');
    await endpoint.send(session.message('Talk', 'y'), 'last');
    await endpoint.control({ type: 'halfClose' }, 'last');
    expect(await session.ended(1)).toMatchObject({ clientMessages: 2, serverMessages: 2, ended: { code: 0 } });
  });

  it('carries metadata, bytes too, and its authority', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    await session.endpoint.start();
    const metadata = { 'X-User': ['maria', 'josé'.replace('é', 'e')], 'trace-bin': 'AP8B' };
    await session.endpoint.send(
      session.message('Send', 'x', { metadata, config: { authority: 'chat.example.test' } }),
      'last',
    );
    await session.ended(1);
    expect(peer.metadata[0]?.get('x-user')).toEqual(['maria, jose']);
    expect(peer.metadata[0]?.get('trace-bin')).toEqual([Buffer.of(0, 255, 1)]);
    expect(await session.fields('http2.headers.authority')).toContain('chat.example.test');
  });

  it.each([
    [{ 'trace-bin': '###' }, 'not base64'],
    [{ name: 'josé' }, 'printable ASCII'],
    [{ ':path': '/x' }, 'not a name of metadata'],
    [{ connection: 'close' }, 'cannot be metadata'],
  ])('is not begun with metadata that cannot be sent: %j', async (metadata: MetadataConfig, words) => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    await session.endpoint.start();
    const failure = await session.endpoint
      .send(session.message('Send', 'x', { metadata }), 'last')
      .catch((error: EndpointError) => error.problem);
    expect(JSON.stringify(failure)).toContain(words);
    expect(session.endpoint.calls).toEqual([]);
  });

  it('that fails keeps status, message and details', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    await session.endpoint.start();
    await session.endpoint.send(session.message('Fail', 'who'), 'last');
    expect((await session.ended(1)).ended).toMatchObject({ code: 5, message: 'no such user: José %' });
    expect(await session.fields('grpc.status_code')).toContain('5');
    // The server said so: no event of ours repeats it.
    expect((await session.summaries()).filter((line) => line.startsWith('event') && line.includes('Fail'))).toEqual([]);
  });

  it('ends here when its deadline runs out, and says so', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    await session.endpoint.start();
    await session.endpoint.send(session.message('Slow', 'x', { config: { deadlineMs: 60 } }), 'last');
    expect((await session.ended(1)).ended).toMatchObject({ code: 4 });
    expect(await session.fields('http2.header.name')).toContain('grpc-timeout');
    expect(await session.summaries()).toContainEqual(
      expect.stringContaining('The deadline of test.Chat/Slow (60 ms) ran out here'),
    );
    await session.until(() => peer.cancelled.includes('Slow'));
  });

  it('says so where the timer fires some milliseconds before the clock is there', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    await session.endpoint.start();
    await session.endpoint.send(session.message('Slow', 'x', { config: { deadlineMs: 60 } }), 'last');
    const clock = Date.now;
    const late = vi.spyOn(Date, 'now').mockImplementation(() => clock() - 4);
    await session.ended(1);
    late.mockRestore();
    expect(await session.summaries()).toContainEqual(expect.stringContaining('(60 ms) ran out here'));
  });

  it('is cancelled, alone or with all others', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    const { endpoint } = session;
    await endpoint.start();
    for (let i = 0; i < 3; i++) await endpoint.send(session.message('Slow', 'x'), 'last');
    await endpoint.control({ type: 'cancel' }, [2]);
    expect((await session.ended(2)).ended).toMatchObject({ code: 1, message: 'Cancelled from here' });
    expect(endpoint.calls?.filter((call) => !call.ended).map((call) => call.call)).toEqual([1, 3]);
    await endpoint.control({ type: 'cancel' }, 'all');
    await session.ended(1);
    await session.ended(3);
    await session.until(() => peer.cancelled.length === 3);
    expect(await session.summaries()).toContainEqual(expect.stringContaining('test.Chat/Slow cancelled from here'));
    expect(await session.fields('http2.rst_stream.error')).toContain('8');
    await expect(endpoint.control({ type: 'cancel' }, 'last')).rejects.toThrow('No call is open to cancel');
  });

  it('waits for others when too many are under way', async () => {
    const answers: (() => void)[] = [];
    const peer = await grpcPeer({ send: (call, answer) => answers.push(() => answer(null, call.request)) });
    const session = grpcSession(target(peer.port));
    const { endpoint } = session;
    await endpoint.start();
    const sends = Array.from({ length: 70 }, () => endpoint.send(session.message('Send', 'x'), 'last'));
    await Promise.all(sends.slice(0, 64));
    expect(endpoint.calls).toHaveLength(64);
    await session.until(() => answers.length === 64);
    for (const answer of answers.splice(0)) answer();
    await Promise.all(sends);
    await session.until(() => answers.length === 6);
    for (const answer of answers.splice(0)) answer();
    await session.ended(70);
  });

  it.each(['gzip', 'deflate'] as const)('sends and reads messages compressed with %s', async (compression) => {
    const peer = await grpcPeer({}, { options: { 'grpc.default_compression_algorithm': 2 } });
    const session = grpcSession({ ...target(peer.port), grpc: { compression } });
    await session.endpoint.start();
    const text = 'the same words again and again, '.repeat(500);
    await session.endpoint.send(session.message('Send', text), 'last');
    expect((await session.ended(1)).ended).toMatchObject({ code: 0 });
    expect(await session.fields('http2.header.value')).toContain(compression);
    expect(await session.messages(clientToServer)).toEqual([Buffer.from(text)]);
    expect(await session.messages(serverToClient)).toEqual([Buffer.from(text)]);
    expect(session.capture.traffic.clientToServer.bytes).toBeLessThan(text.length);
  });

  it('carries five megabytes each way, as no other limit is set', async () => {
    const peer = await grpcPeer({}, { options: { 'grpc.max_receive_message_length': -1 } });
    const session = grpcSession(target(peer.port));
    await session.endpoint.start();
    const bytes = Buffer.alloc(5 << 20, 'wirescope');
    await session.endpoint.send(session.message('Send', bytes), 'last');
    expect((await session.ended(1)).ended).toMatchObject({ code: 0 });
    const [sent] = await session.messages(clientToServer);
    const [received] = await session.messages(serverToClient);
    expect(sent?.equals(bytes)).toBe(true);
    expect(received?.equals(bytes)).toBe(true);
  });

  it('stays compressed when the server lists with spaces what it accepts', async () => {
    const peer = await grpcPeer({
      send(call, answer) {
        const metadata = new Metadata();
        metadata.set('grpc-accept-encoding', 'identity, deflate, gzip');
        call.sendMetadata(metadata);
        answer(null, call.request);
      },
    });
    const session = grpcSession({ ...target(peer.port), grpc: { compression: 'gzip' } });
    await session.endpoint.start();
    for (const call of [1, 2, 3]) {
      await session.endpoint.send(session.message('Send', 'again and again '.repeat(100)), 'last');
      await session.ended(call);
    }
    expect(session.capture.traffic.clientToServer.bytes).toBeLessThan(1600);
  });

  it('keeps to the limits for messages, and says whose limit it was', async () => {
    const peer = await grpcPeer();
    const session = grpcSession({ ...target(peer.port), grpc: { maxReceiveBytes: 100, maxSendBytes: 1000 } });
    const { endpoint } = session;
    await endpoint.start();
    await expect(endpoint.send(session.message('Send', Buffer.alloc(1001)), 'last')).rejects.toThrow(
      'The message has 1001 bytes; at most 1000 are to be sent.',
    );
    await endpoint.send(session.message('Send', Buffer.alloc(200)), 'last');
    const text =
      'Received message larger than max (200 vs 100): raise grpc.maxReceiveBytes, in the settings “Largest message received”; 0 is no limit';
    expect((await session.ended(1)).ended).toMatchObject({ code: 8, message: text });
    expect(await session.summaries()).toContainEqual(expect.stringContaining(`Send given up here: ${text}`));
  });

  it('takes no limit of the server for one of its own', async () => {
    const peer = await grpcPeer({}, { options: { 'grpc.max_receive_message_length': 100 } });
    const session = grpcSession({ ...target(peer.port), grpc: { maxReceiveBytes: 100 } });
    await session.endpoint.start();
    await session.endpoint.send(session.message('Send', Buffer.alloc(200)), 'last');
    const message = 'Received message larger than max (200 vs 100)';
    expect((await session.ended(1)).ended).toMatchObject({ code: 8, message });
    expect((await session.summaries()).join()).not.toContain('given up here');
  });

  it('is tried again as the service config says', async () => {
    let tries = 0;
    const peer = await grpcPeer({
      send: (call, answer) => {
        tries += 1;
        if (tries < 3) answer({ code: 14, details: 'busy' });
        else answer(null, call.request);
      },
    });
    const retryPolicy = {
      maxAttempts: 4,
      initialBackoff: '0.01s',
      maxBackoff: '0.02s',
      backoffMultiplier: 1,
      retryableStatusCodes: ['UNAVAILABLE'],
    };
    const serviceConfig = { methodConfig: [{ name: [{ service: 'test.Chat' }], retryPolicy }] };
    const session = grpcSession({ ...target(peer.port), grpc: { serviceConfig } });
    await session.endpoint.start();
    await session.endpoint.send(session.message('Send', 'x'), 'last');
    expect((await session.ended(1)).ended).toMatchObject({ code: 0 });
    expect(tries).toBe(3);
    expect(await session.fields('http2.header.name')).toContain('grpc-previous-rpc-attempts');
    expect(await session.messages(clientToServer)).toHaveLength(3);
  });

  it('needs a method', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    await session.endpoint.start();
    const message = (method: string) => ({
      bytes: Buffer.alloc(0),
      text: false,
      call: { method, metadata: {}, config: {} },
    });
    await expect(session.endpoint.send(message(''), 'last')).rejects.toThrow('No method is chosen.');
    await expect(session.endpoint.send(message('Send'), 'last')).rejects.toThrow('“Send” is not a method.');
    await expect(session.endpoint.send({ bytes: Buffer.alloc(0), text: false }, 'last')).rejects.toThrow(
      'No call is open to send into.',
    );
  });

  it('uses the settings of its connection, and says so when others are wanted', async () => {
    const peer = await grpcPeer();
    const session = grpcSession({ ...target(peer.port), grpc: { compression: 'gzip' } });
    await session.endpoint.start();
    const config = { compression: 'identity', maxReceiveBytes: 10 } as const;
    for (const [index, text] of ['a', 'b'].entries()) {
      await session.endpoint.send(session.message('Send', text, { config }), 'last');
      await session.ended(index + 1);
    }
    const told = (await session.summaries()).filter((line) => line.includes('count from the next connection'));
    expect(told).toEqual([expect.stringContaining('compression, maxReceiveBytes')]);
  });

  it('keeps the connection alive with pings', async () => {
    const peer = await grpcPeer();
    const session = grpcSession({ ...target(peer.port), grpc: { keepaliveSeconds: 0.02 } });
    await session.endpoint.start();
    const pings = async () => (await session.fields('http2.ping')).length;
    while ((await pings()) < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('cannot be pinged by hand', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    await session.endpoint.start();
    await expect(session.endpoint.control({ type: 'ping', bytes: Buffer.alloc(0) }, 'all')).rejects.toThrow('gRPC');
  });

  it('ends with the session when that is closed', async () => {
    const peer = await grpcPeer();
    const session = grpcSession(target(peer.port));
    const { endpoint } = session;
    await endpoint.start();
    await endpoint.send(session.message('Slow', 'x'), 'last');
    await endpoint.control({ type: 'close' }, 'all');
    await session.until(() => session.state().phase === 'closed');
    expect((await session.ended(1)).ended.code).toBe(1);
    await expect(endpoint.control({ type: 'close' }, 'all')).rejects.toThrow('There is no connection.');
  });

  it('needs a service config that gRPC can use', async () => {
    const peer = await grpcPeer();
    const session = grpcSession({ ...target(peer.port), grpc: { serviceConfig: { methodConfig: [{}] } } });
    await expect(session.endpoint.start()).rejects.toThrow('The service config cannot be used.');
    expect(session.state().phase).toBe('failed');
  });
});
