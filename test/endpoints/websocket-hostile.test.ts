// The WebSocket client and server against peers that answer wrongly, slowly, too much or not at all.
import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createWebSocketClient } from '../../src-main/endpoints/websocket/client.ts';
import { SEND_LIMIT_BYTES } from '../../src-main/endpoints/websocket/link.ts';
import { createWebSocketServer } from '../../src-main/endpoints/websocket/server.ts';
import { clientToServer, FakeHost, serverToClient } from './fake-host.ts';
import { afterwards, answeringServer, binaryMessage, tcpServer, webSocketServer } from './loopback.ts';

type WebSocketPart = NonNullable<SessionConfig['websocket']>;

function client(port: number, websocket: WebSocketPart = {}) {
  const host = new FakeHost();
  const endpoint = createWebSocketClient(
    { wirescope: 1, name: 't', role: 'client', protocol: 'websocket', target: `127.0.0.1:${port}/x`, websocket },
    host,
  );
  afterwards(() => endpoint.stop());
  return { endpoint, host };
}

async function server(websocket: WebSocketPart = {}, more: Partial<SessionConfig> = {}) {
  const host = new FakeHost();
  const endpoint = createWebSocketServer(
    { wirescope: 1, name: 't', role: 'server', protocol: 'websocket', listen: '127.0.0.1:0', websocket, ...more },
    host,
  );
  afterwards(() => endpoint.stop());
  await endpoint.start();
  if (host.state.phase !== 'open') throw new Error('not open');
  return { endpoint, host, port: Number(host.state.address.split(':')[1]) };
}

function rawClient(port: number, first: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1', () => socket.write(first));
  socket.on('error', () => {});
  afterwards(() => socket.destroy());
  const pieces: Buffer[] = [];
  socket.on('data', (bytes) => pieces.push(bytes));
  const answer = new Promise<string>((resolve) => {
    socket.on('close', () => resolve(Buffer.concat(pieces).toString('latin1')));
  });
  return { socket, answer };
}

/** A right 101 answer to a request, with more headers or bytes if wanted. */
function switching(request: string, more = '', accept?: string): string {
  const key = /sec-websocket-key: (.*)\r\n/i.exec(request)?.[1] ?? '';
  const digest = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept ?? digest}\r\n${more}\r\n`;
}

const request = (lines: string[]) =>
  ['GET / HTTP/1.1', 'Host: x', 'Upgrade: websocket', 'Connection: Upgrade', ...lines, '', ''].join('\r\n');
const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const upgrade = request([KEY, 'Sec-WebSocket-Version: 13']);

describe('a client whose handshake is turned down', () => {
  it.each<[string, string, string]>([
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'answered 200 OK', 'ordinary web pages'],
    ['HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\n\r\n', '401', 'wants credentials: Bearer'],
    ['HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nbad origin', '403', 'refuses this client'],
    ['HTTP/1.1 404 Not Found\r\n\r\n', '404', 'nothing at this path'],
    ['HTTP/1.1 426 Upgrade Required\r\nUpgrade: h2c\r\n\r\n', '426', 'another protocol'],
    ['HTTP/1.1 302 Found\r\nLocation: https://other.test/ws\r\n\r\n', '302', 'redirects to https://other.test/ws'],
    ['HTTP/1.1 503 Service Unavailable\r\n\r\n', '503', 'failed'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'is not HTTP', ''],
    ['HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n\n', 'is not HTTP', ''],
    [`HTTP/1.1 101 Switching Protocols\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 'too large', '16 KiB'],
  ])('by %.45j says so', async (answer, what, why) => {
    const port = await answeringServer((_request, socket) => socket.end(answer));
    const { endpoint, host } = client(port);
    await expect(endpoint.start()).rejects.toMatchObject({
      problem: { what: expect.stringContaining(what), why: expect.stringContaining(why) },
    });
    const connection = host.connection(1);
    expect(connection.closed).toBe(true);
    expect(connection.bytes(serverToClient).toString('latin1').slice(0, 2000)).toBe(answer.slice(0, 2000));
    expect(host.recorder.events.at(-1)!.type).toBe('failed');
  });

  it('shows the start of the body, whether or not it ends', async () => {
    const port = await answeringServer((_request, socket) => {
      socket.write(`HTTP/1.1 400 Bad Request\r\nContent-Length: 9999999\r\n\r\nmissing token ${'x'.repeat(5000)}`);
    });
    const failure = await client(port)
      .endpoint.start()
      .catch((error) => error);
    expect(failure.problem.details).toContain('\n\nmissing token xxx');
    expect(failure.problem.details.length).toBeLessThan(2200);
  });

  it.each<[string, (request: string) => string, WebSocketPart, string]>([
    ['a wrong accept', (r) => switching(r, '', 'AAAA'), {}, 'Sec-WebSocket-Accept is wrong'],
    ['an unwanted subprotocol', (r) => switching(r, 'Sec-WebSocket-Protocol: a\r\n'), {}, 'none was offered'],
    [
      'another subprotocol',
      (r) => switching(r, 'Sec-WebSocket-Protocol: b\r\n'),
      { subprotocols: ['a'] },
      'that was not offered',
    ],
    ['no subprotocol', (r) => switching(r), { subprotocols: ['a'] }, 'accepted none'],
    [
      'unwanted compression',
      (r) => switching(r, 'Sec-WebSocket-Extensions: permessage-deflate\r\n'),
      { compression: false },
      'not offered',
    ],
    [
      'a bad window size',
      (r) => switching(r, 'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=7\r\n'),
      {},
      'about compression is wrong',
    ],
  ])('by %s says so', async (_name, answer, websocket, what) => {
    const port = await answeringServer((head, socket) => socket.write(answer(head)));
    await expect(client(port, websocket).endpoint.start()).rejects.toThrow(what);
  });

  it('not at all, if a 100 goes before the 101', async () => {
    const port = await answeringServer((head, socket) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      setTimeout(() => socket.write(switching(head)), 5);
    });
    const { endpoint, host } = client(port);
    await endpoint.start();
    expect(host.connection(1).bytes(serverToClient).toString('latin1')).toMatch(/^HTTP\/1\.1 100 .*HTTP\/1\.1 101 /s);
  });

  it('by silence, a slow drip or a hang-up ends in time', async () => {
    const silent = await tcpServer((socket) => socket.resume());
    await expect(client(silent, { handshakeTimeoutMs: 50 }).endpoint.start()).rejects.toThrow('within 50 ms');
    const dripping = await answeringServer((_request, socket) => {
      const timer = setInterval(() => socket.write('H'), 5);
      socket.on('close', () => clearInterval(timer)).write('HTTP/1.1 101 S');
    });
    await expect(client(dripping, { handshakeTimeoutMs: 60 }).endpoint.start()).rejects.toThrow('within 60 ms');
    const closing = await answeringServer((_request, socket) => socket.end());
    await expect(client(closing).endpoint.start()).rejects.toThrow('closed the connection instead of answering');
    const cutting = await answeringServer((_request, socket) => socket.resetAndDestroy());
    const { endpoint, host } = client(cutting);
    await expect(endpoint.start()).rejects.toThrow('instead of answering the WebSocket handshake');
    expect(host.connection(1).reset).toBe(true);
  });

  it('can be cancelled', async () => {
    const silent = await tcpServer((socket) => socket.resume());
    const { endpoint, host } = client(silent);
    const started = endpoint.start();
    started.catch(() => {});
    await host.until(() => host.state.phase === 'connecting' && host.state.step === 'WebSocket upgrade');
    await endpoint.stop();
    await expect(started).rejects.toThrow('Cancelled');
    expect(host.state).toEqual({ phase: 'closed', text: 'Cancelled' });
    expect(host.connection(1).closed).toBe(true);
  });

  it.each([
    [{ headers: { 'Sec-WebSocket-Key': 'x' } }, 'cannot be set'],
    [{ headers: { 'X-Bad': 'a\r\nb' } }, 'A header cannot be sent.'],
    [{ subprotocols: ['a', 'a'] }, 'subprotocols cannot be offered'],
  ])('by itself, for settings that make no request (%o)', async (websocket, what) => {
    const port = await tcpServer((socket) => socket.resume());
    await expect(client(port, websocket).endpoint.start()).rejects.toThrow(what);
  });
});

describe('a client whose server misbehaves later', () => {
  it('fails in words after garbage that comes with the 101, and has recorded it', async () => {
    const garbage = Buffer.from('f0ff00ff00ff', 'hex');
    const port = await answeringServer((head, socket) => {
      socket.write(Buffer.concat([Buffer.from(switching(head)), garbage]));
    });
    const { endpoint, host } = client(port);
    await endpoint.start();
    await host.until(() => host.state.phase === 'failed');
    expect(host.state).toMatchObject({ problem: { code: 'WS_ERR_UNEXPECTED_RSV_2_3' } });
    const connection = host.connection(1);
    expect(connection.bytes(serverToClient).subarray(-6)).toEqual(garbage);
    expect(connection.events.at(-1)).toMatchObject({ type: 'failed', severity: 'error' });
    expect(connection.closed).toBe(true);
  });

  it('goes on after invalid UTF-8, which the dissector notes', async () => {
    const port = await webSocketServer((ws) => ws.on('message', (data) => ws.send(data as Buffer, { binary: false })), {
      skipUTF8Validation: true,
    });
    const { endpoint, host } = client(port, { compression: false });
    await endpoint.start();
    await endpoint.send({ bytes: Buffer.of(0xff), text: true }, 'all');
    await host.until(() =>
      host
        .connection(1)
        .bytes(serverToClient)
        .includes(Buffer.of(0x81, 1, 0xff)),
    );
    await endpoint.send({ bytes: Buffer.of(0xfe), text: true }, 'all');
    await host.until(() =>
      host
        .connection(1)
        .bytes(serverToClient)
        .includes(Buffer.of(0x81, 1, 0xfe)),
    );
    expect(host.state.phase).toBe('open');
  });

  it('ends a message of endless fragments', async () => {
    const port = await answeringServer((head, socket) => {
      socket.write(Buffer.concat([Buffer.from(switching(head)), Buffer.of(1, 0), Buffer.alloc(40_000)]));
    });
    const { endpoint, host } = client(port);
    await endpoint.start();
    await host.until(() => host.state.phase === 'failed');
    expect(host.state).toMatchObject({
      problem: { code: 'WS_ERR_TOO_MANY_BUFFERED_PARTS', why: expect.stringContaining('16,384 frames') },
    });
  });

  it('holds a message to its limit', async () => {
    const port = await webSocketServer((ws) => ws.send(Buffer.alloc(2000)));
    const { endpoint, host } = client(port, { maxMessageBytes: 1000 });
    await endpoint.start();
    await host.until(() => host.state.phase === 'failed');
    expect(host.state).toMatchObject({ problem: { code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' } });
  });

  it('answers every ping of a burst', async () => {
    const ping = Buffer.concat([Buffer.of(0x89, 4), Buffer.from('ping')]);
    const port = await answeringServer((head, socket) => {
      socket.write(Buffer.concat([Buffer.from(switching(head)), ...Array.from({ length: 800 }, () => ping)]));
    });
    const { endpoint, host } = client(port);
    await endpoint.start();
    // Head, mask and payload of each.
    await host.until(() => host.connection(1).size(clientToServer) >= 800 * 10);
    expect(host.state.phase).toBe('open');
  });

  it('does not pile up pongs for a server that sends pings and never reads', async () => {
    const ping = Buffer.concat([Buffer.of(0x89, 125), Buffer.alloc(125)]);
    const pings = Buffer.concat(Array.from({ length: 1000 }, () => ping));
    let flooded = 0;
    const port = await answeringServer((head, socket) => {
      socket.write(switching(head));
      socket.pause();
      const flood = () => {
        while (flooded < 100_000 && socket.write(pings)) flooded += 1000;
        flooded += 1000;
      };
      socket.on('drain', flood);
      flood();
    });
    const { endpoint, host } = client(port);
    await endpoint.start();
    await host.until(() => host.connection(1).size(serverToClient) > 12_000_000);
    expect(host.state.phase).toBe('open');
    const connection = host.connection(1);
    expect(connection.events.filter(({ type }) => type === 'limit')).toHaveLength(1);
    // What the system took before its buffers were full, and a bounded rest: far less than one pong for each ping.
    expect(connection.size(clientToServer)).toBeLessThan(8_000_000);
  });

  it('waits, with bounded memory, for a server that never reads', async () => {
    const port = await answeringServer((head, socket) => {
      socket.write(switching(head));
      socket.pause();
    });
    const { endpoint, host } = client(port, { compression: false });
    await endpoint.start();
    const message = binaryMessage(Buffer.alloc(64 * 1024));
    let sent = 0;
    let stuck: Promise<unknown> | undefined;
    while (!stuck && sent < 1000) {
      const sending = endpoint.send(message, 'all');
      const first = await Promise.race([sending, new Promise((resolve) => setTimeout(resolve, 1000, 'stuck'))]);
      if (first === 'stuck') stuck = sending;
      else sent++;
    }
    expect(stuck).toBeDefined();
    const rejected = stuck!.catch((error) => error);
    const buffered = host.connection(1).size(clientToServer);
    // What the system's buffers take, and the limit, and the one message too much.
    expect(buffered).toBeLessThan(32 * 1024 * 1024 + SEND_LIMIT_BYTES);
    await endpoint.stop();
    expect(await rejected).toMatchObject({ name: 'EndpointError' });
  });

  it('stops reading while the disk is behind, and loses nothing', async () => {
    const port = await webSocketServer((ws) => {
      ws.on('message', () => {
        for (let i = 0; i < 400; i++) ws.send(Buffer.alloc(64 * 1024, i & 0xff));
      });
    });
    const { endpoint, host } = client(port, { compression: false });
    await endpoint.start();
    const drain = host.recorder.congest();
    void endpoint.send(binaryMessage(Buffer.of(1)), 'all');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(host.connection(1).chunks.filter(({ direction }) => direction === clientToServer)).toHaveLength(1);
    drain();
    await host.until(() => host.connection(1).chunks.length > 3);
    const again = host.recorder.congest();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const paused = host.connection(1).size(serverToClient);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(host.connection(1).size(serverToClient)).toBe(paused);
    again();
    const head = host.connection(1).bytes(serverToClient).indexOf('\r\n\r\n') + 4;
    await host.untilBytes(1, serverToClient, head + 400 * (64 * 1024 + 10));
  });
});

describe('a server', () => {
  it.each<[string, string, number]>([
    ['no key', request(['Sec-WebSocket-Version: 13']), 400],
    ['an old version', request([KEY, 'Sec-WebSocket-Version: 7']), 426],
    ['another method', upgrade.replace('GET', 'POST'), 405],
    ['another path', upgrade.replace('GET /', 'GET /other'), 404],
    ['no upgrade', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 426],
    ['no HTTP', 'hello there\r\n\r\n', 400],
    ['huge headers', `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
  ])('refuses %s with an answer and on the timeline', async (_name, bytes, status) => {
    const { host, port } = await server({}, { server: { path: '/' } });
    const { answer } = rawClient(port, bytes);
    expect(await answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*\r\n\r\n.+`));
    await host.until(() => host.connection(1).closed);
    const connection = host.connection(1);
    expect(connection.events.map(({ type }) => type)).toEqual(['accepted', 'failed']);
    expect(connection.events[1]!.text).toContain(`Refused with ${status}`);
    expect(connection.bytes(clientToServer).toString('latin1').slice(0, 100)).toBe(bytes.slice(0, 100));
    expect(connection.bytes(serverToClient).toString('latin1')).toBe(await answer);
  });

  it('ends a request that drips or never comes', async () => {
    const { host, port } = await server({ handshakeTimeoutMs: 100 });
    const silent = rawClient(port, '');
    const dripping = rawClient(port, 'GET / HTTP/1.1\r\n');
    const timer = setInterval(() => dripping.socket.writable && dripping.socket.write('X: 1\r\n'), 20);
    afterwards(() => clearInterval(timer));
    expect(await dripping.answer).toMatch(/^HTTP\/1\.1 408 /);
    await silent.answer;
    await host.until(() => host.recorder.connections.every(({ closed }) => closed));
  });

  it('records what a client masks before it is unmasked, and fails in words on what it does not mask', async () => {
    const { endpoint, host, port } = await server({}, { server: { behaviour: 'echo' } });
    const { socket } = rawClient(port, upgrade);
    await host.until(() => endpoint.connections.length === 1);
    const frame = Buffer.from([0x82, 0x83, 1, 2, 3, 4, 0x60, 0x60, 0x60]);
    socket.write(frame);
    await host.until(() =>
      host
        .connection(1)
        .bytes(serverToClient)
        .includes(Buffer.of(0x82, 3, 0x61, 0x62, 0x63)),
    );
    expect(host.connection(1).bytes(clientToServer).subarray(-9)).toEqual(frame);
    socket.write(Buffer.from([0x82, 0x01, 0x61]));
    await host.until(() => host.connection(1).closed);
    expect(host.connection(1).events.at(-1)).toMatchObject({
      type: 'failed',
      problem: { code: 'WS_ERR_EXPECTED_MASK' },
    });
    expect(host.state.phase).toBe('open');
    expect(endpoint.connections[0]!.closedAt).toBeDefined();
  });

  it('takes frames that come together with the request, and leaves idle connections alone', async () => {
    const { endpoint, host, port } = await server({ handshakeTimeoutMs: 100 }, { server: { behaviour: 'echo' } });
    const first = Buffer.concat([Buffer.from(upgrade), Buffer.of(0x82, 0x81, 0, 0, 0, 0, 7)]);
    const { socket } = rawClient(port, '');
    socket.write(first);
    const answered = Buffer.of(0x82, 1, 7);
    await host.until(() => host.recorder.connections[0]?.bytes(serverToClient).includes(answered) ?? false);
    expect(host.connection(1).bytes(clientToServer)).toEqual(first);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(endpoint.connections[0]!.closedAt).toBeUndefined();
  });

  it('reads no further from a client that does not take its echoes', async () => {
    const { endpoint, host, port } = await server({ compression: false }, { server: { behaviour: 'echo' } });
    const { socket } = rawClient(port, upgrade);
    await host.until(() => endpoint.connections.length === 1);
    socket.removeAllListeners('data');
    socket.pause();
    const frame = Buffer.concat([Buffer.of(0x82, 0xff, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0), Buffer.alloc(65_536)]);
    let isLimited = false;
    const limited = host
      .until(({ eventTypes }) => eventTypes.includes('limit'), 20_000)
      .then(() => {
        isLimited = true;
      });
    let written = 0;
    for (; written < 1000 && !isLimited; written++) {
      if (!socket.write(frame)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), limited]);
    }
    await limited;
    // What goes on waiting is in the buffers of the system and of the client.
    for (let i = 0; i < 1000; i++) socket.write(frame);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(host.connection(1).size(clientToServer)).toBeLessThan((written + 500) * frame.length);
  });
});
