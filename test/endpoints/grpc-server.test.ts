// The gRPC server as a listener: connections, TLS, who speaks something else, and its end. Clients are bare grpc-js.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { ChannelCredentials, Metadata, status } from '@grpc/grpc-js';
import { describe, expect, it, vi } from 'vitest';
import { Announcement } from '../../src-main/endpoints/grpc/server-announcement.ts';
import { clientToServer, serverToClient } from './fake-host.ts';
import { Caller, makeMock, mockServer, outcomeOf } from './grpc-server-peer.ts';
import { afterwards, recordingRelay, tcpServer } from './loopback.ts';
import { makeAuthority } from './test-certificates.ts';

const MIRROR = 'chat.ChatService/Mirror';
const CHAT = 'chat.ChatService/Chat';
const ECHO = { server: { behaviour: 'echo' } } as const;
const MANUAL = { grpc: { mock: { [CHAT]: { behaviour: 'manual' } } } } as const;

/** All that comes over a plain socket until it ends. */
async function heard(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  await once(socket, 'close');
  return text;
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'wirescope-test-'));
  afterwards(() => rm(path, { recursive: true }));
  return path;
}

describe('connections', () => {
  it('are listed, and what is recorded is what went over the wire', async () => {
    const { endpoint, host, port } = await mockServer(ECHO);
    const relay = await recordingRelay(port);
    const caller = new Caller(`127.0.0.1:${relay.port}`);
    expect(String(await caller.unary(MIRROR, Buffer.from('hello')))).toBe('hello');
    expect(endpoint.connections).toMatchObject([{ connection: 1, peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/) }]);
    expect(host.connection(1).info).toMatchObject({ decrypted: false, dissectAs: { protocol: 'http2' } });
    caller.client.close();
    await host.until(() => host.connection(1).closed);
    expect(host.connection(1).bytes(clientToServer).equals(Buffer.concat(relay.sent))).toBe(true);
    // The farewell of HTTP/2 finds the relay gone.
    const received = Buffer.concat(relay.received);
    expect(host.connection(1).bytes(serverToClient).subarray(0, received.length).equals(received)).toBe(true);
    expect(host.eventTypes).toEqual(['listening', 'accepted', 'closed']);
    expect(host.connection(1).events.at(-1)!.text).toBe('Closed by the client');
    expect(endpoint.connections[0]!.closedAt).toBeDefined();
  });

  it.each(['[::1]:0', 'unix'])('come over %s too', async (where) => {
    const listen = where === 'unix' ? `unix:${join(await folder(), 'mock.sock')}` : where;
    const { target, host } = await mockServer({ ...ECHO, listen });
    const caller = new Caller(target);
    expect(String(await caller.unary(MIRROR, Buffer.from('hi')))).toBe('hi');
    const { client } = host.connection(1).info;
    expect(client.address).toBe(where === 'unix' ? '127.0.0.1' : '::1');
  });

  it('are no more than allowed', async () => {
    const { host, port, target } = await mockServer({ server: { behaviour: 'echo', maxConnections: 1 } });
    await new Caller(target).unary(MIRROR, Buffer.from('hi'));
    const second = connect(port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => second.once('close', resolve));
    expect(host.recorder.events.at(-1)).toMatchObject({ type: 'limit', fields: { maxConnections: 1 } });
    expect(host.recorder.connections).toHaveLength(1);
  });

  it('are closed with GOAWAY and cut with RST, by their numbers', async () => {
    const { endpoint, host, target } = await mockServer(MANUAL);
    const polite = connectHttp2(`http://${target}`);
    afterwards(() => polite.destroy());
    const goaway = once(polite, 'goaway');
    await once(polite, 'remoteSettings');
    await endpoint.control({ type: 'close' }, [1]);
    expect((await goaway)[0]).toBe(constants.NGHTTP2_NO_ERROR);
    expect(host.connection(1).events.at(-1)!.text).toBe('Closed from here');

    const stream = new Caller(target).open(CHAT);
    const outcome = outcomeOf(stream);
    stream.write(Buffer.from('x'));
    await host.until(() => (endpoint.calls?.length ?? 0) > 0);
    await endpoint.control({ type: 'kick' }, [2]);
    expect((await outcome).status.code).toBe(status.UNAVAILABLE);
    await host.until(() => host.connection(2).closed);
    expect(host.connection(2).reset).toBe(true);
    await host.until(() => endpoint.calls![0]!.ended !== undefined);
    expect(endpoint.calls).toMatchObject([{ ended: { code: status.CANCELLED }, waiting: false }]);
    await expect(endpoint.control({ type: 'kick' }, [2])).rejects.toThrow('Connection 2 is not open.');
  });

  it('wait while the recorder is congested', async () => {
    const { host, target } = await mockServer(ECHO);
    const caller = new Caller(target);
    await caller.unary(MIRROR, Buffer.from('first'));
    const drained = host.recorder.congest();
    let answered = false;
    const answer = caller.unary(MIRROR, Buffer.from('second')).then(() => {
      answered = true;
    });
    await host.until(() => host.connection(1).bytes(clientToServer).includes('second'));
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    drained();
    await answer;
  });
});

describe('somebody who speaks something else', () => {
  it('is told in HTTP/1 that gRPC needs HTTP/2', async () => {
    const { host, port } = await mockServer();
    const socket = connect(port, '127.0.0.1');
    const answer = heard(socket);
    // P alone could become PRI.
    socket.write('P');
    await host.untilBytes(1, clientToServer, 1);
    socket.write('OST /chat.ChatService/Mirror HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 505 [\s\S]*speaks HTTP\/1, and gRPC needs HTTP\/2/);
    await host.until(() => host.connection(1).closed);
    expect(host.connection(1).events.at(-1)).toMatchObject({ type: 'failed', problem: { code: 'HTTP/1' } });
  });

  it('is recorded as speaking TLS, or nothing known', async () => {
    const { host, port, target } = await mockServer(ECHO);
    connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }).on('error', () => {});
    await host.until(() => host.recorder.connections[0]?.closed === true);
    expect(host.connection(1).events.at(-1)!.text).toContain('speaks TLS, and this server does not.');
    connect(port, '127.0.0.1')
      .on('error', () => {})
      .write(Buffer.from([0, 1, 2, 3]));
    await host.until(() => host.recorder.connections[1]?.closed === true);
    expect(host.connection(2).events.at(-1)!.text).toContain('speaks neither HTTP/2 nor');
    expect(String(await new Caller(target).unary(MIRROR, Buffer.from('still here')))).toBe('still here');
  });

  it('is recorded as not speaking TLS', async () => {
    const { host, port } = await mockServer({ tls: { selfSigned: true } });
    connect(port, '127.0.0.1')
      .on('error', () => {})
      .write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    await host.until(() => host.recorder.connections[0]?.closed === true);
    expect(host.connection(1).events.at(-1)!.text).toContain('does not speak TLS');
  });

  it('is recorded as sharing no protocol under TLS', async () => {
    const { host, port } = await mockServer({ tls: { selfSigned: true } });
    const options = { port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] };
    connectTls(options).on('error', () => {});
    await host.until(() => host.recorder.connections[0]?.closed === true);
    expect(host.connection(1).events.at(-1)!.text).toContain('share no application protocol');
  });

  it('is answered in HTTP/2 if it makes no gRPC call', async () => {
    const { target } = await mockServer();
    const session = connectHttp2(`http://${target}`);
    afterwards(() => session.destroy());
    const request = session.request({ ':method': 'POST', ':path': `/${MIRROR}`, 'content-type': 'application/json' });
    const [headers] = await once(request.end('{}'), 'response');
    expect(headers[':status']).toBe(415);
  });

  it('breaks nothing with rubbish after the preface', async () => {
    const { host, port, target } = await mockServer(ECHO);
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.resume().write(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${'\xff'.repeat(200)}`, 'latin1');
    await host.until(() => host.recorder.connections[0]?.closed === true);
    expect(String(await new Caller(target).unary(MIRROR, Buffer.from('still here')))).toBe('still here');
  });
});

describe('TLS', () => {
  it('is spoken with ALPN h2 and recorded in plain', async () => {
    const { target, host } = await mockServer({ ...ECHO, tls: { selfSigned: true } });
    const trusting = ChannelCredentials.createSsl(null, null, null, { rejectUnauthorized: false });
    expect(String(await new Caller(target, trusting).unary(MIRROR, Buffer.from('private')))).toBe('private');
    expect(host.connection(1).info.decrypted).toBe(true);
    expect(host.connection(1).bytes(clientToServer).includes('private')).toBe(true);
    expect(host.connection(1).events).toMatchObject([{ type: 'accepted' }, { type: 'tls', fields: { ALPN: 'h2' } }]);
  });

  it('lets in who has a certificate, and warns of who agreed on no h2', async () => {
    const path = await folder();
    const authority = await makeAuthority();
    const leaf = await authority.issue({ names: ['localhost', '127.0.0.1'] });
    const files = { ca: authority.cert, cert: leaf.cert, key: leaf.key };
    for (const [name, text] of Object.entries(files)) await writeFile(join(path, `${name}.pem`), text);
    const named = (name: string) => join(path, `${name}.pem`);
    const tls = { ca: named('ca'), cert: named('cert'), key: named('key'), requestClientCertificate: true };
    const { target, port, host } = await mockServer({ ...ECHO, tls });
    expect(host.state).toMatchObject({ trust: { lock: 'verified' } });
    const [ca, cert, key] = [files.ca, leaf.cert, leaf.key].map((pem) => Buffer.from(pem));
    const known = new Caller(target, ChannelCredentials.createSsl(ca, key, cert));
    expect(String(await known.unary(MIRROR, Buffer.from('hi')))).toBe('hi');
    await expect(new Caller(target, ChannelCredentials.createSsl(ca)).unary(MIRROR, Buffer.from('hi'))).rejects.toThrow(
      'UNAVAILABLE',
    );
    await host.until(() => host.recorder.connections[1]?.closed === true);
    expect(host.connection(2).events.at(-1)).toMatchObject({ type: 'failed' });
    const silent = connectTls({ port, host: '127.0.0.1', ca, cert, key });
    afterwards(() => silent.destroy());
    const warned = () => host.recorder.connections.find(({ events }) => events.some(({ type }) => type === 'info'));
    await host.until(() => warned() !== undefined);
    expect(warned()!.events.at(-1)!.text).toContain('did not agree on h2');
  });
});

describe('calls', () => {
  it('say how many messages went which way, and how they ended', async () => {
    const { endpoint, host, target } = await mockServer(MANUAL);
    const caller = new Caller(target);
    const stream = caller.open(CHAT);
    const outcome = outcomeOf(stream);
    stream.write(Buffer.from('a'));
    stream.write(Buffer.from('b'));
    await host.until(() => endpoint.calls![0]?.clientMessages === 2);
    expect(endpoint.calls).toMatchObject([{ call: 1, connection: 1, waiting: true, clientEnded: false }]);
    expect(endpoint.calls![0]!.startedAt).toBeGreaterThan(1.6e15);
    stream.end();
    await host.until(() => endpoint.calls![0]!.clientEnded);
    expect(await endpoint.send({ bytes: Buffer.from('1'), text: false }, 'last')).toBe(1);
    expect(await endpoint.send({ bytes: Buffer.from('2'), text: false }, [1])).toBe(1);
    const trailers = { 'x-reason': 'because' };
    await endpoint.control({ type: 'finish', code: 9, message: 'no – ü', details: [Buffer.from('')], trailers }, [1]);
    const { messages, status: ended } = await outcome;
    expect(messages.map(String)).toEqual(['1', '2']);
    expect(ended).toMatchObject({ code: 9, details: 'no – ü' });
    expect(ended.metadata.get('x-reason')).toEqual(['because']);
    expect(ended.metadata.get('grpc-status-details-bin')).toHaveLength(1);
    expect(endpoint.calls).toMatchObject([
      { clientMessages: 2, serverMessages: 2, waiting: false, ended: { code: 9, message: 'no – ü' } },
    ]);
    await expect(endpoint.send({ bytes: Buffer.from('3'), text: false }, [1])).rejects.toThrow('Call 1 is not open.');
    await expect(endpoint.send({ bytes: Buffer.from('3'), text: false }, 'last')).rejects.toThrow('has ended');
    expect(await endpoint.send({ bytes: Buffer.from('3'), text: false }, 'all')).toBe(0);
  });

  it('are answered by hand with one message where that is all', async () => {
    const { endpoint, host, target } = await mockServer({ grpc: { mock: { [MIRROR]: { behaviour: 'manual' } } } });
    const answer = new Caller(target).unary(MIRROR, Buffer.from('?'));
    await host.until(() => endpoint.calls![0]?.clientEnded === true);
    await endpoint.send({ bytes: Buffer.from('by hand'), text: false }, 'all');
    expect(String(await answer)).toBe('by hand');
    expect(endpoint.calls).toMatchObject([{ ended: { code: 0 } }]);
  });

  it('are reset, cancelled by the client, or run out of time', async () => {
    const { endpoint, host, target } = await mockServer(MANUAL);
    const caller = new Caller(target);
    const open = async (deadlineMs?: number) => {
      const count = endpoint.calls!.length;
      const stream = caller.open(CHAT, new Metadata(), deadlineMs);
      const outcome = outcomeOf(stream);
      await host.until(() => endpoint.calls!.length > count);
      return { stream, outcome };
    };
    const ended = (call: number) => endpoint.calls!.find((state) => state.call === call)?.ended;
    const first = await open();
    await endpoint.control({ type: 'cancel' }, [1]);
    expect((await first.outcome).status.code).toBe(status.CANCELLED);
    expect(ended(1)).toMatchObject({ code: status.CANCELLED, message: 'Reset by this server' });
    const second = await open();
    second.stream.cancel();
    await host.until(() => ended(2) !== undefined);
    expect(ended(2)).toMatchObject({ code: status.CANCELLED, message: 'Cancelled by the client' });
    const third = await open(50);
    expect((await third.outcome).status.code).toBe(status.DEADLINE_EXCEEDED);
    await host.until(() => ended(3) !== undefined);
    expect(ended(3)).toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });

  it('are kept after their end, but not all of them', async () => {
    const { endpoint, target } = await mockServer(ECHO);
    const caller = new Caller(target);
    for (let i = 0; i < 120; i++) await caller.unary(MIRROR, Buffer.from('x'));
    expect(endpoint.calls).toHaveLength(100);
    expect(endpoint.calls![0]).toMatchObject({ call: 120 });
  });

  it('are refused while too many are open, and taken again when some have ended', async () => {
    const { endpoint, host } = makeMock({}, undefined, undefined, 3);
    await endpoint.start();
    const caller = new Caller(host.state.phase === 'open' ? host.state.address : '');
    const open = () => caller.open(CHAT).on('error', () => {});
    const waiting = [open(), open(), open()];
    await host.until(() => endpoint.calls!.length === 3);
    expect((await outcomeOf(open())).status).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: 'This mock answers 3 calls at a time, and so many are open.',
    });
    await outcomeOf(open());
    expect(host.recorder.events.filter(({ type }) => type === 'limit').map(({ text }) => text)).toEqual([
      '3 calls are open: others are refused until some have ended',
    ]);
    waiting[0]!.cancel();
    await host.until(() => endpoint.calls!.filter(({ ended }) => !ended).length === 2);
    open();
    await host.until(() => endpoint.calls!.filter(({ ended }) => !ended).length === 3);
  });

  it('are announced once in a while, not each by itself', () => {
    vi.useFakeTimers();
    afterwards(() => vi.useRealTimers());
    const announce = vi.fn();
    const announcement = new Announcement(announce);
    for (let i = 0; i < 1000; i++) announcement.soon();
    expect(announce).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(1000);
    expect(announce).toHaveBeenCalledTimes(1);
    announcement.soon();
    announcement.now();
    vi.advanceTimersByTime(1000);
    expect(announce).toHaveBeenCalledTimes(2);
  });

  it('carry 5 MB, and no more than allowed', async () => {
    const { target } = await mockServer(ECHO);
    const large = Buffer.alloc(5_000_000, 7);
    expect((await new Caller(target).unary(MIRROR, large)).equals(large)).toBe(true);
    const limited = await mockServer({ ...ECHO, grpc: { maxReceiveBytes: 10, maxSendBytes: 5 } });
    const caller = new Caller(limited.target);
    await expect(caller.unary(MIRROR, Buffer.alloc(11))).rejects.toThrow('larger than max');
    await expect(caller.unary(MIRROR, Buffer.alloc(6))).rejects.toThrow('larger than max');
    expect(await caller.unary(MIRROR, Buffer.alloc(5))).toHaveLength(5);
    expect(limited.endpoint.calls!.map(({ ended }) => ended)).toMatchObject([
      { code: 0 },
      { code: 8, message: expect.stringContaining('(11 vs. 5): raise grpc.maxSendBytes') },
      { code: 8, message: expect.stringContaining('(11 vs 10): raise grpc.maxReceiveBytes') },
    ]);
    const told = limited.host.connection(1).events.map(({ type, text }) => `${type} ${text}`);
    expect(told).toContainEqual(expect.stringMatching(/^limit .*Mirror refused here: .*maxReceiveBytes/));
  });

  it('of a client that reads slowly are read slowly themselves', async () => {
    const { endpoint, host, target } = await mockServer(ECHO);
    const stream = new Caller(target).open(CHAT);
    const message = Buffer.alloc(100_000);
    const total = 100;
    for (let i = 0; i < total; i++) stream.write(message);
    stream.end();
    stream.pause();
    await host.until(() => (endpoint.calls![0]?.clientMessages ?? 0) > 5);
    for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(endpoint.calls![0]!.clientMessages).toBeLessThan(total);
    const outcome = outcomeOf(stream);
    stream.resume();
    expect((await outcome).messages).toHaveLength(total);
  });

  it('without a request, or with two where one is taken, are refused', async () => {
    const { target } = await mockServer(ECHO);
    const caller = new Caller(target);
    expect((await caller.call(MIRROR, [])).status).toMatchObject({
      code: 12,
      details: expect.stringContaining('no request'),
    });
    const two = await caller.call(MIRROR, [Buffer.from('a'), Buffer.from('b')]);
    expect(two.status).toMatchObject({ code: 12, details: expect.stringContaining('second request') });
  });
});

describe('the server', () => {
  it('says why it cannot listen, or has nothing to mock', async () => {
    const taken = await tcpServer(() => {});
    const busy = makeMock({ listen: `127.0.0.1:${taken}` });
    await expect(busy.endpoint.start()).rejects.toThrow(`127.0.0.1:${taken} is already in use.`);
    expect(busy.host.state.phase).toBe('failed');
    await expect(makeMock({ listen: '192.0.2.1:0' }).endpoint.start()).rejects.toThrow(
      'not an address of this machine',
    );
    await expect(makeMock({ listen: 'unix:/x', tls: { selfSigned: true } }).endpoint.start()).rejects.toThrow('no TLS');
    await expect(makeMock({ listen: 'unix:' }).endpoint.start()).rejects.toThrow('names no socket');
    const empty = makeMock();
    empty.host.schema = () => Promise.resolve({ ...empty.schema, services: [] });
    await expect(empty.endpoint.start()).rejects.toThrow('There is no service to mock.');
    await expect(makeMock({ server: { behaviour: 'broadcast' } }).endpoint.start()).rejects.toThrow('cannot broadcast');
  });

  it('knows no orders of other protocols', async () => {
    const { endpoint } = await mockServer();
    await expect(endpoint.control({ type: 'halfClose' }, 'all')).rejects.toThrow('gRPC has no half-close');
  });

  it('stops politely, by force if it must, and can start again', async () => {
    const { endpoint, host, target, port } = await mockServer(MANUAL);
    const session = connectHttp2(`http://${target}`);
    const goaway = once(session, 'goaway');
    await once(session, 'remoteSettings');
    const outcome = outcomeOf(new Caller(target).open(CHAT));
    const silent = connect(port, '127.0.0.1').on('error', () => {});
    await host.until(() => endpoint.calls!.length === 1 && host.recorder.connections.length === 3);
    await endpoint.stop();
    expect((await goaway)[0]).toBe(constants.NGHTTP2_NO_ERROR);
    expect((await outcome).status.code).not.toBe(0);
    expect(silent.destroyed || (await once(silent, 'close'))).toBeTruthy();
    expect(host.state.phase).toBe('closed');
    expect(host.recorder.connections.every(({ closed }) => closed)).toBe(true);
    expect(endpoint.calls![0]!.ended).toBeDefined();
    await endpoint.start();
    expect(host.state.phase).toBe('open');
  });

  it('keeps many idle connections', async () => {
    const { endpoint, host, port } = await mockServer();
    const sockets = Array.from({ length: 200 }, () => connect(port, '127.0.0.1'));
    afterwards(() => {
      for (const socket of sockets) socket.destroy();
    });
    for (const socket of sockets)
      socket.resume().write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');
    await host.until(() => host.recorder.connections.filter(({ chunks }) => chunks.length > 1).length === 200);
    expect(endpoint.connections).toHaveLength(200);
    await endpoint.stop();
    expect(host.recorder.connections.every(({ closed }) => closed)).toBe(true);
  });
});
