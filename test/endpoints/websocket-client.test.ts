// The WebSocket client against `ws` servers that behave.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import type { Endpoint } from '../../src-main/endpoints/endpoint.ts';
import { makeThrowAwayCertificate } from '../../src-main/endpoints/tls/certificate.ts';
import { createWebSocketClient } from '../../src-main/endpoints/websocket/client.ts';
import { clientToServer, FakeHost, serverToClient } from './fake-host.ts';
import {
  afterwards,
  binaryMessage,
  listenOnLoopback,
  recordingRelay,
  textMessage,
  unusedPort,
  webSocketServer,
} from './loopback.ts';

function client(target: string, config: Partial<SessionConfig> = {}): { endpoint: Endpoint; host: FakeHost } {
  const host = new FakeHost();
  const endpoint = createWebSocketClient(
    { wirescope: 1, name: 'test', role: 'client', protocol: 'websocket', target, ...config },
    host,
  );
  afterwards(() => endpoint.stop());
  return { endpoint, host };
}

const echo = (ws: WebSocket) => ws.on('message', (data, binary) => ws.send(data as Buffer, { binary }));

/** Complete frames of a direction so far. */
function countFrames(host: FakeHost, direction: typeof clientToServer | typeof serverToClient): number {
  const bytes = host.recorder.connections[0]?.bytes(direction) ?? Buffer.alloc(0);
  let at = bytes.indexOf('\r\n\r\n') + 4;
  let frames = 0;
  while (at >= 4 && at + 2 <= bytes.length) {
    const code = bytes[at + 1]! & 0x7f;
    if (at + (code === 126 ? 4 : code === 127 ? 10 : 2) > bytes.length) break;
    const mask = bytes[at + 1]! & 0x80 ? 4 : 0;
    at +=
      mask +
      (code === 126 ? 4 + bytes.readUInt16BE(at + 2) : code === 127 ? 10 + bytes.readUInt32BE(at + 6) : 2 + code);
    if (at > bytes.length) break;
    frames++;
  }
  return frames;
}

describe('a connection', () => {
  it('carries messages both ways and records every byte with its events', async () => {
    const port = await webSocketServer(echo);
    const { endpoint, host } = client(`ws://127.0.0.1:${port}/chat?room=1`, { websocket: { compression: false } });
    await endpoint.start();
    expect(host.state).toMatchObject({ phase: 'open', address: `127.0.0.1:${port}`, trust: { lock: 'none' } });
    expect(await endpoint.send(textMessage('hello'), 'all')).toBe(1);
    await host.until(() => host.connection(1).bytes(serverToClient).includes('hello'));
    await endpoint.control({ type: 'close', code: 4001, reason: 'bye' }, 'all');
    await host.until(() => host.state.phase === 'closed');

    expect(host.phases).toEqual(['connecting', 'connecting', 'connecting', 'open', 'closing', 'closed']);
    expect(host.eventTypes).toEqual(['connecting', 'connected', 'closed']);
    const connection = host.connection(1);
    expect(connection.closed).toBe(true);
    expect(connection.info).toMatchObject({ decrypted: false, dissectAs: { protocol: 'http' }, server: { port } });
    expect(connection.events.at(-1)).toMatchObject({
      text: 'Closed from here: 4001 “bye”',
      fields: { code: 4001, reason: 'bye', 'begun here': true },
    });
    const sent = connection.chunks.filter(({ direction }) => direction === clientToServer);
    expect(sent).toHaveLength(3);
    expect(Buffer.from(sent[0]!.bytes).toString()).toMatch(/^GET \/chat\?room=1 HTTP\/1\.1\r\n/);
    expect(sent[1]!.bytes).toHaveLength(2 + 4 + 5);
    expect(endpoint.connections).toMatchObject([{ connection: 1, peer: `127.0.0.1:${port}`, label: '/chat?room=1' }]);
    expect(endpoint.connections[0]!.closedAt).toBeDefined();
  });

  it.each([true, false])('records exactly the bytes on the wire, compression %s', async (compression) => {
    const server = await webSocketServer(
      (ws) => {
        // Coalesced with the 101 answer, so that the client finds it behind the HTTP head.
        ws.send('at once');
        echo(ws);
        ws.on('message', () => ws.ping('p'));
      },
      { perMessageDeflate: compression },
    );
    const relay = await recordingRelay(server);
    const { endpoint, host } = client(`ws://127.0.0.1:${relay.port}/`, { websocket: { compression } });
    await endpoint.start();
    const sizes = [0, 1, 125, 126, 65_535, 65_536, 300_000];
    for (const size of sizes) {
      await endpoint.send(binaryMessage(Buffer.alloc(size, size & 0xff)), 'all');
      await endpoint.send(textMessage('x'.repeat(size)), 'all');
    }
    await endpoint.control({ type: 'ping', bytes: Buffer.from('?') }, 'all');
    // From the server: the first message, an answer and a ping for each, a pong. From us: messages, pongs, a ping.
    await host.until(() => countFrames(host, serverToClient) === sizes.length * 4 + 2);
    await host.until(() => countFrames(host, clientToServer) === sizes.length * 4 + 1);
    await endpoint.stop();
    const connection = host.connection(1);
    expect(connection.bytes(clientToServer).equals(Buffer.concat(relay.sent))).toBe(true);
    expect(connection.bytes(serverToClient).equals(Buffer.concat(relay.received))).toBe(true);
  });

  it('sends what its settings say in the upgrade request', async () => {
    let request = '';
    const port = await webSocketServer((_ws, { rawHeaders }) => {
      request = rawHeaders.map((part, at) => (at % 2 ? `${part}\n` : `${part}: `)).join('');
    });
    const { endpoint, host } = client(`ws://localhost:${port}`, {
      websocket: {
        headers: { 'X-Trace': '7', Host: 'example.test', constructor: 'c' },
        subprotocols: ['chat.v2', 'chat.v1'],
        origin: 'https://example.test',
        basicAuth: { user: 'ann', password: 'wörd' },
        cookies: { a: '1', b: '2' },
        compression: true,
      },
    });
    await endpoint.start();
    expect(request.split('\n')).toEqual(
      expect.arrayContaining([
        'X-Trace: 7',
        'Host: example.test',
        'constructor: c',
        'Origin: https://example.test',
        `Authorization: Basic ${Buffer.from('ann:wörd').toString('base64')}`,
        'Cookie: a=1; b=2',
        'Sec-WebSocket-Protocol: chat.v2,chat.v1',
        'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
      ]),
    );
    expect(endpoint.connections[0]!.label).toBe('/ chat.v2');
    expect(host.recorder.events.map(({ type }) => type)).toEqual(['connecting', 'resolved']);
  });

  it.each(['/a/../b', '/%2e%2e/x', '/a\\..\\b', '/a?b=c/../d', '//a', '/'])(
    'asks for %s as it is written',
    async (path) => {
      let asked: string | undefined;
      const port = await webSocketServer((_ws, { url }) => {
        asked = url;
      });
      const { endpoint } = client(`ws://127.0.0.1:${port}${path}`);
      await endpoint.start();
      expect(asked).toBe(path);
    },
  );

  it.each<[string, NonNullable<SessionConfig['websocket']>]>([
    ['a header', { headers: { 'X-A': '1\r\nX-Evil: 1' } }],
    ['the name of a header', { headers: { 'X-A: 1\r\nX-Evil': '1' } }],
    ['a cookie', { cookies: { a: '1\r\nX-Evil: 1' } }],
    ['the name of a cookie', { cookies: { 'a=1\r\nX-Evil: 1': '' } }],
    ['the origin', { origin: 'http://a\r\nX-Evil: 1' }],
    ['a subprotocol', { subprotocols: ['a\r\nX-Evil: 1'] }],
    ['the host', { headers: { Host: 'a\nX-Evil: 1' } }],
  ])('lets nothing out of %s', async (_, websocket) => {
    let asked = 0;
    const port = await webSocketServer(() => {
      asked++;
    });
    const { endpoint, host } = client(`ws://127.0.0.1:${port}`, { websocket });
    await expect(endpoint.start()).rejects.toMatchObject({ problem: { what: expect.stringMatching(/cannot be/) } });
    expect(asked).toBe(0);
    expect(host.recorder.connections.map((connection) => connection.size(clientToServer))).toEqual([0]);
  });

  it('speaks TLS, verified, and records the plaintext', async () => {
    const { cert, key, authority } = await makeThrowAwayCertificate('localhost');
    const port = await webSocketServer(echo, {}, { cert, key });
    const folder = mkdtempSync(join(tmpdir(), 'wirescope-'));
    afterwards(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'ca.pem'), authority);
    const { endpoint, host } = client(`wss://localhost:${port}/`, {
      tls: { ca: join(folder, 'ca.pem') },
      websocket: { compression: false },
    });
    await endpoint.start();
    expect(host.state).toMatchObject({ phase: 'open', trust: { lock: 'verified' } });
    await endpoint.send(textMessage('secret'), 'all');
    await host.until(() => host.connection(1).bytes(serverToClient).includes('secret'));
    expect(host.eventTypes).toEqual(['connecting', 'resolved', 'connected', 'tls']);
    expect(host.connection(1).info.decrypted).toBe(true);
    expect(host.connection(1).bytes(clientToServer).toString('latin1')).toContain(`Host: localhost:${port}\r\n`);
  });

  it('says that the server wants a certificate, which TLS 1.3 tells late', async () => {
    const { cert, key } = await makeThrowAwayCertificate('localhost');
    const wanting = createServer({ cert, key, requestCert: true, rejectUnauthorized: true });
    const port = await listenOnLoopback(wanting);
    const { endpoint } = client(`wss://127.0.0.1:${port}/`, { tls: { verify: false } });
    await expect(endpoint.start()).rejects.toThrow('requires a client certificate');
  });

  it('refuses a certificate it cannot verify, and never falls back to plaintext', async () => {
    const { cert, key } = await makeThrowAwayCertificate('localhost');
    const port = await webSocketServer(echo, {}, { cert, key });
    const { endpoint, host } = client(`wss://127.0.0.1:${port}/`);
    await expect(endpoint.start()).rejects.toMatchObject({ name: 'EndpointError' });
    expect(host.state.phase).toBe('failed');
    expect(host.recorder.connections).toHaveLength(0);

    const plain = await webSocketServer(echo);
    const other = client(`wss://127.0.0.1:${plain}/`);
    await expect(other.endpoint.start()).rejects.toThrow(`127.0.0.1:${plain} does not speak TLS.`);
    expect(other.host.recorder.connections).toHaveLength(0);

    const trusting = client(`wss://127.0.0.1:${port}/`, { tls: { verify: false } });
    await trusting.endpoint.start();
    expect(trusting.host.state).toMatchObject({ phase: 'open', trust: { lock: 'unverified' } });
  });
});

describe('orders', () => {
  it('answers pings only if told to, and sends pings, pongs and raw frames', async () => {
    const seen: string[] = [];
    let peer: WebSocket | undefined;
    const port = await webSocketServer((ws) => {
      peer = ws;
      ws.on('ping', (data) => seen.push(`ping ${data}`)).on('pong', (data) => seen.push(`pong ${data}`));
      ws.on('message', (data, binary) => seen.push(`${binary ? 'binary' : 'text'} ${data}`));
    });
    const { endpoint, host } = client(`127.0.0.1:${port}`, { websocket: { autoPong: false, compression: false } });
    await endpoint.start();
    peer!.ping('are you there');
    await host.until(() => host.connection(1).bytes(serverToClient).includes('are you there'));
    await endpoint.control({ type: 'ping', bytes: Buffer.from('1') }, 'all');
    await endpoint.control({ type: 'pong', bytes: Buffer.from('2') }, 'all');
    const raw = { type: 'rawFrame', rsv1: false, rsv2: false, rsv3: false, mask: true } as const;
    await endpoint.control({ ...raw, fin: false, opcode: 1, bytes: Buffer.from('one ') }, 'all');
    await endpoint.control({ ...raw, fin: true, opcode: 0, bytes: Buffer.from('message') }, 'all');
    await endpoint.control({ ...raw, fin: true, opcode: 8, bytes: Buffer.from([0x0f, 0xa0]) }, 'all');
    await host.until(() => host.state.phase === 'closed');
    expect(seen).toEqual(['ping 1', 'pong 2', 'text one message']);
    expect(host.connection(1).events.at(-1)!.text).toBe('Closed by the server: 4000');
  });

  it('pings on its own if told to', async () => {
    let pings = 0;
    const port = await webSocketServer((ws) => ws.on('ping', () => pings++));
    const { endpoint, host } = client(`127.0.0.1:${port}`, {
      websocket: { pingEverySeconds: 0.02, compression: false },
    });
    await endpoint.start();
    await host.until(() => countFrames(host, serverToClient) >= 2);
    expect(pings).toBeGreaterThanOrEqual(2);
  });

  it('rejects what no frame may carry, in words', async () => {
    const port = await webSocketServer();
    const { endpoint } = client(`127.0.0.1:${port}`);
    await expect(endpoint.send(textMessage('early'), 'all')).rejects.toThrow('There is no connection');
    await endpoint.start();
    await expect(endpoint.control({ type: 'ping', bytes: Buffer.alloc(126) }, 'all')).rejects.toThrow('at most 125');
    await expect(endpoint.control({ type: 'close', code: 1006 }, 'all')).rejects.toThrow('cannot carry 1006');
    await expect(endpoint.control({ type: 'close', code: 1000, reason: 'x'.repeat(124) }, 'all')).rejects.toThrow();
    await expect(endpoint.control({ type: 'halfClose' }, 'all')).rejects.toThrow('half closed');
    await endpoint.send(textMessage('still open'), 'all');
  });

  it('cuts the connection without a farewell', async () => {
    const closed = new Promise<number>((resolve) => {
      void webSocketServer((ws) => ws.on('close', resolve)).then(async (port) => {
        const { endpoint, host } = client(`127.0.0.1:${port}`);
        await endpoint.start();
        await endpoint.control({ type: 'kick' }, 'all');
        await host.until(() => host.state.phase === 'closed');
        expect(host.connection(1).reset).toBe(true);
        expect(host.state).toEqual({ phase: 'closed', text: 'Cut from here' });
      });
    });
    expect(await closed).toBe(1006);
  });
});

describe('reconnecting', () => {
  const quickly = { attempts: 2, delay: 5, backoff: 1 };

  it('tries again as often as allowed, then fails', async () => {
    const { endpoint, host } = client(`127.0.0.1:${await unusedPort()}`, { reconnect: quickly });
    await expect(endpoint.start()).rejects.toThrow('Nothing is listening');
    expect(host.eventTypes.filter((type) => type === 'reconnecting')).toHaveLength(2);
    expect(host.states.filter(({ phase }) => phase === 'waiting')).toMatchObject([
      { attempt: 1, attempts: 2 },
      { attempt: 2, attempts: 2 },
    ]);
    expect(host.state).toMatchObject({ phase: 'failed', problem: { code: 'ECONNREFUSED' } });
  });

  it('comes back after a loss, but not after a normal closure', async () => {
    let connections = 0;
    const port = await webSocketServer((ws) => {
      connections++;
      if (connections === 1) ws.terminate();
      else if (connections === 2) ws.close(1012);
      else ws.on('message', () => ws.close(1000));
    });
    const { endpoint, host } = client(`127.0.0.1:${port}`, { reconnect: quickly });
    await endpoint.start();
    await host.until(() => connections === 3 && host.state.phase === 'open');
    await endpoint.send(textMessage('enough'), 'all');
    await host.until(() => host.state.phase === 'closed');
    expect(connections).toBe(3);
    expect(host.recorder.connections.map(({ events }) => events.at(-1)!.text)).toEqual([
      `127.0.0.1:${port} ended the connection without a close frame.`,
      'Closed by the server: 1012 service restart',
      'Closed by the server: 1000 normal closure',
    ]);
    expect(endpoint.connections.map(({ connection }) => connection)).toEqual([3, 2, 1]);
  });

  it('does not call for ever a server that hangs up on everybody', async () => {
    let connections = 0;
    const port = await webSocketServer((ws) => {
      connections++;
      ws.terminate();
    });
    const { endpoint, host } = client(`127.0.0.1:${port}`, { reconnect: { attempts: 5, delay: 0 } });
    await endpoint.start();
    await host.until(() => host.state.phase === 'failed');
    expect(connections).toBe(6);
  });

  it('stops waiting when told to', async () => {
    const { endpoint, host } = client(`127.0.0.1:${await unusedPort()}`, { reconnect: { attempts: 9, delay: '1m' } });
    const started = endpoint.start();
    started.catch(() => {});
    await host.until(() => host.state.phase === 'waiting');
    await endpoint.stop();
    await expect(started).rejects.toThrow('Cancelled');
    expect(host.state.phase).toBe('closed');
  });
});
