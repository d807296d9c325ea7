// The WebSocket server against `ws` clients.
import { once } from 'node:events';
import { get } from 'node:http';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createWebSocketServer } from '../../src-main/endpoints/websocket/server.ts';
import { clientToServer, FakeHost, serverToClient } from './fake-host.ts';
import { afterwards, recordingRelay, tcpServer, textMessage } from './loopback.ts';

function make(config: Partial<SessionConfig> = {}) {
  const host = new FakeHost();
  const endpoint = createWebSocketServer(
    { wirescope: 1, name: 't', role: 'server', protocol: 'websocket', listen: '127.0.0.1:0', ...config },
    host,
  );
  afterwards(() => endpoint.stop());
  return { endpoint, host };
}

async function server(config: Partial<SessionConfig> = {}) {
  const { endpoint, host } = make(config);
  await endpoint.start();
  if (host.state.phase !== 'open') throw new Error('not open');
  return { endpoint, host, port: Number(host.state.address.split(':').at(-1)) };
}

/** An open client and the texts it receives. */
async function join(url: string, protocols: string[] = [], options: object = {}) {
  const ws = new WebSocket(url, protocols, { perMessageDeflate: false, ...options });
  const texts: string[] = [];
  ws.on('message', (data) => texts.push(String(data))).on('error', () => {});
  afterwards(() => ws.terminate());
  await once(ws, 'open');
  return { ws, texts };
}

describe('a server', () => {
  it('listens on a free port, lists its connections and tells how they ended', async () => {
    const { endpoint, host, port } = await server({ websocket: { subprotocols: ['b', 'a'] } });
    expect(port).toBeGreaterThan(0);
    const { ws } = await join(`ws://127.0.0.1:${port}/room?x=1`, ['a', 'b']);
    expect(ws.protocol).toBe('b');
    expect(endpoint.connections).toMatchObject([{ connection: 1, label: '/room?x=1 b' }]);
    ws.close(4000, 'enough');
    await host.until(() => host.connectionChanges === 2);
    expect(host.eventTypes).toEqual(['listening', 'accepted', 'closed']);
    expect(host.connection(1).events.at(-1)).toMatchObject({
      severity: 'warning',
      text: 'Closed by the client: 4000 “enough”',
      fields: { 'begun here': false },
    });
    expect(endpoint.connections[0]!.closedAt).toBeGreaterThanOrEqual(endpoint.connections[0]!.openedAt);
  });

  it.each([true, false])('records exactly the bytes on the wire, compression %s', async (compression) => {
    const { host, port } = await server({ websocket: { compression }, server: { behaviour: 'echo' } });
    const relay = await recordingRelay(port);
    const { ws, texts } = await join(`ws://127.0.0.1:${relay.port}`, [], { perMessageDeflate: compression });
    const sizes = [0, 1, 125, 126, 65_535, 65_536, 200_000];
    for (const size of sizes) ws.send('x'.repeat(size));
    ws.send('frag', { fin: false });
    ws.ping('in between');
    ws.send('ment', { fin: true });
    while (texts.length <= sizes.length) await once(ws, 'message');
    ws.close(1000);
    await host.until(() => host.connection(1).closed);
    expect(texts.map(({ length }) => length)).toEqual([...sizes, 8]);
    expect(host.connection(1).bytes(clientToServer).equals(Buffer.concat(relay.sent))).toBe(true);
    expect(host.connection(1).bytes(serverToClient).equals(Buffer.concat(relay.received))).toBe(true);
    expect(host.connection(1).ended.sort()).toEqual([clientToServer, serverToClient]);
  });

  it('hands a small frame over as one chunk', async () => {
    const { host, port } = await server({ websocket: { compression: false }, server: { behaviour: 'echo' } });
    const { ws } = await join(`ws://127.0.0.1:${port}`);
    ws.send('hello');
    await once(ws, 'message');
    const sent = host.connection(1).chunks.filter(({ direction }) => direction === serverToClient);
    expect(sent.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).slice(1)).toEqual(['\x81\x05hello']);
  });

  it('sends to one, to the last, to all; pings, closes, kicks and sends raw frames', async () => {
    const { endpoint, host, port } = await server({ websocket: { compression: false } });
    const one = await join(`ws://127.0.0.1:${port}/1`);
    const two = await join(`ws://127.0.0.1:${port}/2`);
    const pings: string[] = [];
    two.ws.on('ping', (data) => pings.push(String(data)));
    expect(await endpoint.send(textMessage('all'), 'all')).toBe(2);
    expect(await endpoint.send(textMessage('first'), [1])).toBe(1);
    expect(await endpoint.send(textMessage('last'), 'last')).toBe(1);
    expect(await endpoint.send(textMessage('open ones'), [1, 2, 77])).toBe(2);
    await endpoint.control({ type: 'ping', bytes: Buffer.from('?') }, [2]);
    const frame = { type: 'rawFrame', fin: true, rsv1: false, rsv2: false, rsv3: false, mask: false } as const;
    await endpoint.control({ ...frame, opcode: 1, bytes: Buffer.from('raw') }, [2]);
    while (one.texts.length < 3) await once(one.ws, 'message');
    while (two.texts.length < 4) await once(two.ws, 'message');
    expect(one.texts).toEqual(['all', 'first', 'open ones']);
    expect(two.texts).toEqual(['all', 'last', 'open ones', 'raw']);
    expect(pings).toEqual(['?']);
    await expect(endpoint.send(textMessage('nobody'), [77])).rejects.toThrow('Connection 77 is not open.');
    void endpoint.control({ type: 'close', code: 3333, reason: 'out' }, [1]);
    const [code, reason] = await once(one.ws, 'close');
    expect([code, String(reason)]).toEqual([3333, 'out']);
    void endpoint.control({ type: 'kick' }, [2]);
    expect((await once(two.ws, 'close'))[0]).toBe(1006);
    await host.until(() => host.recorder.connections.every(({ closed }) => closed));
    expect(host.connection(2).reset).toBe(true);
    expect(await endpoint.send(textMessage('nobody'), 'all')).toBe(0);
    await expect(endpoint.send(textMessage('nobody'), 'last')).rejects.toThrow('Nobody has sent anything yet');
  });

  it('broadcasts and answers by script', async () => {
    const broadcasting = await server({ server: { behaviour: 'broadcast' } });
    const a = await join(`ws://127.0.0.1:${broadcasting.port}`);
    const b = await join(`ws://127.0.0.1:${broadcasting.port}`);
    a.ws.send('hi');
    await once(b.ws, 'message');
    expect([a.texts, b.texts]).toEqual([[], ['hi']]);

    const { host, port } = await server({
      server: {
        answers: [
          { when: { text: 'bye' }, reply: [{ text: 'so long' }], close: { code: 4100, reason: 'script' } },
          { when: { text: 'wrong' }, close: { code: 1006 } },
          { reply: [{ text: 'pardon?' }] },
        ],
      },
    });
    const c = await join(`ws://127.0.0.1:${port}`);
    c.ws.send('hm');
    await once(c.ws, 'message');
    c.ws.send('wrong');
    await host.until(() => host.recorder.events.some(({ type }) => type === 'failed'));
    const d = await join(`ws://127.0.0.1:${port}`);
    d.ws.send('bye');
    expect((await once(d.ws, 'close'))[0]).toBe(4100);
    expect([c.texts, d.texts]).toEqual([['pardon?'], ['so long']]);
  });

  it('refuses more connections than allowed', async () => {
    const { host, port } = await server({ server: { maxConnections: 1 } });
    await join(`ws://127.0.0.1:${port}`);
    await expect(join(`ws://127.0.0.1:${port}`)).rejects.toThrow('503');
    await host.until(() => host.connection(2).closed);
    expect(host.connection(2).events.at(-1)!.text).toContain('limit of 1 connections');
  });

  it('tells a browser what it is', async () => {
    const { port } = await server({ server: { path: '/chat' } });
    const [response] = await once(get(`http://127.0.0.1:${port}/`), 'response');
    expect(response.statusCode).toBe(426);
    response.setEncoding('utf8');
    expect((await once(response, 'data'))[0]).toContain(`ws://127.0.0.1:${port}/chat`);
  });

  it('speaks TLS with a certificate of its own making, and survives who does not', async () => {
    const { endpoint, host, port } = await server({ tls: { selfSigned: true }, server: { behaviour: 'echo' } });
    expect(host.state).toMatchObject({ phase: 'open', trust: { lock: 'unverified' } });
    await expect(join(`ws://127.0.0.1:${port}`)).rejects.toThrow();
    await host.until(() => host.recorder.events.some(({ type }) => type === 'failed'));
    expect(host.recorder.events.at(-1)!.text).toContain('does not speak TLS');
    const { ws } = await join(`wss://127.0.0.1:${port}`, [], { rejectUnauthorized: false });
    ws.send('private');
    await once(ws, 'message');
    expect(endpoint.connections).toHaveLength(1);
    expect(host.connection(1).info.decrypted).toBe(true);
    expect(host.connection(1).events.map(({ type }) => type)).toEqual(['accepted', 'tls']);
    expect(host.connection(1).bytes(serverToClient).includes('private')).toBe(true);
  });

  it('says why it cannot listen', async () => {
    const taken = await tcpServer(() => {});
    const { endpoint, host } = make({ listen: `127.0.0.1:${taken}` });
    await expect(endpoint.start()).rejects.toThrow(`127.0.0.1:${taken} is already in use.`);
    expect(host.state.phase).toBe('failed');
    await endpoint.stop();
    await expect(make({ listen: '192.0.2.1:0' }).endpoint.start()).rejects.toThrow('not an address of this machine');
  });

  it('stops politely, by force if it must, and can start again', async () => {
    const { endpoint, host, port } = await server();
    const polite = await join(`ws://127.0.0.1:${port}`);
    const goodbye = once(polite.ws, 'close');
    const deaf = await join(`ws://127.0.0.1:${port}`);
    deaf.ws.pause();
    const unfinished = new WebSocket(`ws://127.0.0.1:${port}`, { finishRequest: () => {} });
    unfinished.on('error', () => {});
    await endpoint.stop();
    expect((await goodbye)[0]).toBe(1001);
    expect(host.state.phase).toBe('closed');
    expect(host.recorder.connections.every(({ closed }) => closed)).toBe(true);
    await endpoint.start();
    expect(host.state.phase).toBe('open');
  });

  it('keeps many idle connections', async () => {
    const { endpoint, host, port } = await server();
    const count = 300;
    await Promise.all(Array.from({ length: count }, () => join(`ws://127.0.0.1:${port}`)));
    expect(endpoint.connections).toHaveLength(count);
    expect(await endpoint.send(textMessage('all of you'), 'all')).toBe(count);
    await endpoint.stop();
    expect(endpoint.connections).toHaveLength(100);
    expect(host.recorder.connections.every(({ closed }) => closed)).toBe(true);
  });
});
