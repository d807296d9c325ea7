import { timingSafeEqual } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createBridge } from '../../src-main/bridge/client.ts';
import { CONTENT_SECURITY_POLICY } from '../../src-main/bridge/interface-files.ts';
import { type StandardSocket, webSocketClientChannel } from '../../src-main/bridge/websocket-client.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { type Gateway, openGateway } from '../../src-main/headless/gateway.ts';
import { CLIENT, fakeParts, scratchFolder } from '../engine/fakes.ts';
import { eventually } from '../eventually.ts';

// As they are, but watched.
vi.mock('node:crypto', async (importOriginal) => {
  const crypto = await importOriginal<typeof import('node:crypto')>();
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) };
});
vi.mock('node:http', async (importOriginal) => {
  const http = await importOriginal<typeof import('node:http')>();
  return { ...http, createServer: vi.fn(http.createServer) };
});

let engine: Engine;
let gateway: Gateway;
let token: string;
let cookie: string;

beforeEach(async () => {
  const folder = scratchFolder();
  const rendererFolder = join(folder, 'renderer');
  mkdirSync(join(rendererFolder, 'assets'), { recursive: true });
  writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html>app');
  for (const name of ['a.js', 'a.css', 'a.woff2', 'a.ttf', 'a.secret'])
    writeFileSync(join(rendererFolder, 'assets', name), name);
  writeFileSync(join(folder, 'outside.js'), 'secret');
  engine = await createEngine({
    dataFolder: join(folder, 'data'),
    host: 'headless',
    version: '0',
    parts: fakeParts(),
    log: (line) => {
      throw new Error(line);
    },
  });
  gateway = await openGateway({ engine, rendererFolder, port: 0 });
  token = new URL(gateway.url).searchParams.get('token')!;
  cookie = `wirescope-${gateway.port}=${token}`;
});

afterEach(async () => {
  await gateway.close();
  await engine.dispose();
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function get(path: string, headers: { [name: string]: string } = { cookie }, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: gateway.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

/** 101, or the status of the refusal. */
function upgrade(headers: { [name: string]: string | undefined }, path = '/bridge'): Promise<number> {
  const { origin, ...others } = { origin: `http://127.0.0.1:${gateway.port}`, cookie, ...headers };
  const defined = Object.fromEntries(Object.entries(others).filter((entry): entry is [string, string] => !!entry[1]));
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, {
    headers: defined,
    ...(origin && { origin }),
  });
  return new Promise((resolve) => {
    socket.on('open', () => {
      resolve(101);
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode!);
      response.destroy();
    });
    socket.on('error', () => {});
  });
}

describe('the token', () => {
  test('is random, has 128 bits and sits in the URL', () => {
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(gateway.url).toBe(`http://127.0.0.1:${gateway.port}/?token=${token}`);
  });

  test('is exchanged for a cookie that scripts and other sites cannot use', async () => {
    const { status, headers } = await get(`/?token=${token}`, {});
    expect(status).toBe(303);
    expect(headers.location).toBe('/');
    expect(headers['set-cookie']).toEqual([`${cookie}; Path=/; HttpOnly; SameSite=Strict`]);
  });

  test('is needed for everything', async () => {
    for (const path of ['/', '/assets/a.js', '/captures/x.pcapng', '/bridge'])
      expect((await get(path, {})).status).toBe(401);
    expect((await get('/?token=', {})).status).toBe(403);
    expect((await get(`/?token=${'0'.repeat(32)}`, {})).status).toBe(403);
    expect((await get(`/assets/a.js?token=${token}`, {})).status).toBe(401);
    for (const wrong of ['x', `wirescope-${gateway.port}=`, `wirescope-${gateway.port}=${token}0`, `other=${token}`])
      expect((await get('/', { cookie: wrong })).status).toBe(401);
    expect((await get('/', { cookie: `a=b; ${cookie}; c=d` })).status).toBe(200);
    expect((await get('/', { cookie: `wirescope-${gateway.port}=planted; ${cookie}` })).status).toBe(200);
  });

  test('is compared in constant time, in the URL and in the cookie', async () => {
    const wrong = '0'.repeat(32);
    for (const ask of [() => get(`/?token=${wrong}`, {}), () => get('/', { cookie: cookie.replace(token, wrong) })]) {
      vi.mocked(timingSafeEqual).mockClear();
      await ask();
      expect(timingSafeEqual).toHaveBeenCalledExactlyOnceWith(Buffer.from(wrong), Buffer.from(token));
    }
  });

  test('stays in no address and in no answer', async () => {
    const { headers, body } = await get(`/?token=${token}`, {});
    expect(headers.location).toBe('/');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cache-control']).toBe('no-store');
    expect(body).not.toContain(token);
  });
});

describe('Host', () => {
  test('must be the loopback address that is listened on', async () => {
    expect((await get('/', { cookie, host: `localhost:${gateway.port}` })).status).toBe(200);
    for (const host of ['evil.test', `evil.test:${gateway.port}`, '127.0.0.1', `127.0.0.1:${gateway.port + 1}`])
      expect((await get('/', { cookie, host })).status).toBe(403);
    expect(await upgrade({ host: `evil.test:${gateway.port}`, origin: `http://evil.test:${gateway.port}` })).toBe(403);
  });
});

describe('the bridge', () => {
  test('is open to the page that was served, with its cookie', async () => {
    expect(await upgrade({})).toBe(101);
    expect(await upgrade({ cookie: undefined })).toBe(401);
    expect(await upgrade({ cookie: `wirescope-${gateway.port}=${'0'.repeat(32)}` })).toBe(401);
    expect(await upgrade({}, '/other')).toBe(404);
  });

  test('compresses nothing, so that a few bytes stay a few', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/bridge`, {
      headers: { cookie },
      origin: `http://127.0.0.1:${gateway.port}`,
      perMessageDeflate: true,
    });
    await new Promise((resolve) => socket.on('open', resolve));
    expect(socket.extensions).toBe('');
    socket.terminate();
  });

  test('is closed to pages of other origins', async () => {
    for (const origin of [
      'http://evil.test',
      'null',
      `https://127.0.0.1:${gateway.port}`,
      `http://localhost:${gateway.port}`,
    ])
      expect(await upgrade({ origin })).toBe(403);
    expect(await upgrade({ origin: undefined })).toBe(403);
  });

  test('hangs up on whom it refuses, though they keep their end open', async () => {
    const lines = [`GET /bridge HTTP/1.1`, 'Host: evil.test', 'Connection: Upgrade', 'Upgrade: websocket'];
    const socket = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => {});
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await new Promise((resolve) => socket.resume().once('end', resolve));
    await eventually(async () => expect(await connectionsOf(lastServer())).toBe(0));
    socket.destroy();
  });

  test('answers calls', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/bridge`, {
      headers: { cookie },
      origin: `http://127.0.0.1:${gateway.port}`,
    });
    const bridge = createBridge(webSocketClientChannel(socket as unknown as StandardSocket));
    const { id } = await bridge.call('sessions.create', { config: CLIENT });
    expect((await bridge.call('sessions.list', {})).map((session) => session.id)).toEqual([id]);
    bridge.close();
  });

  test('survives messages that announce more than they bring', async () => {
    const nested = (type: number[]) => Buffer.concat(Array.from({ length: 200 }, () => Buffer.from(type)));
    for (const bomb of [
      nested([0xdd, 0x01, 0xff, 0xff, 0xff]),
      nested([0x91]),
      Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0xc6, 0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0xc1]),
      Buffer.alloc(0),
    ]) {
      const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/bridge`, {
        headers: { cookie },
        origin: `http://127.0.0.1:${gateway.port}`,
      });
      const closed = new Promise((resolve) => socket.on('close', resolve));
      await new Promise((resolve) => socket.on('open', resolve));
      socket.send(bomb);
      expect(await closed).toBe(1008);
    }
    expect(await upgrade({})).toBe(101);
  });

  test('refuses a session that could not be told to anybody, and goes on', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/bridge`, {
      headers: { cookie },
      origin: `http://127.0.0.1:${gateway.port}`,
    });
    const bridge = createBridge(webSocketClientChannel(socket as unknown as StandardSocket));
    let json: unknown = 1;
    for (let depth = 0; depth < 70; depth++) json = [json];
    for (const value of [json, 5n, new Date(0)]) {
      const config = { ...CLIENT, messages: [{ name: 'm', json: value }] };
      await expect(bridge.call('sessions.create', { config })).rejects.toMatchObject({
        problem: { code: 'INVALID_INPUT' },
      });
    }
    expect(await bridge.call('sessions.list', {})).toEqual([]);
    bridge.close();
  });

  test('takes no message beyond its limit', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/bridge`, {
      headers: { cookie },
      origin: `http://127.0.0.1:${gateway.port}`,
    });
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => socket.on('open', resolve));
    socket.send(new Uint8Array(65 * 1024 * 1024));
    expect(await closed).toBe(1009);
  });
});

describe('files', () => {
  test('have their types, and every answer its security headers', async () => {
    const types: { [path: string]: string } = {
      '/': 'text/html; charset=utf-8',
      '/assets/a.js': 'text/javascript; charset=utf-8',
      '/assets/a.css': 'text/css; charset=utf-8',
      '/assets/a.woff2': 'font/woff2',
      '/assets/a.ttf': 'font/ttf',
    };
    for (const [path, type] of Object.entries(types)) {
      const { status, headers } = await get(path);
      expect([path, status, headers['content-type']]).toEqual([path, 200, type]);
    }
    for (const headers of [
      (await get('/')).headers,
      (await get('/', {})).headers,
      (await get('/missing.js')).headers,
    ]) {
      expect(headers).toMatchObject({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('come from the folder only', async () => {
    for (const path of [
      '/../outside.js',
      '/%2e%2e/outside.js',
      '/..%2foutside.js',
      '/assets/..%2f..%2foutside.js',
      '/..%5coutside.js',
      '/%00.js',
      '/%',
      '//etc/passwd',
      '/assets',
      '/assets/',
      '/assets/a.secret',
    ])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
  });

  test('are read only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await get('/', { cookie }, method)).status).toBe(405);
    const head = await get('/', { cookie }, 'HEAD');
    expect([head.status, head.headers['content-length'], head.body]).toEqual([200, '18', '']);
  });
});

test('a capture can be downloaded while it grows', async () => {
  const { id } = await engine.call('sessions.create', { config: { ...CLIENT, name: 'Seed chat é' } });
  expect((await get(`/captures/${encodeURIComponent(id)}.pcapng`)).status).toBe(404);
  await engine.call('sessions.start', { session: id });
  await engine.call('sessions.send', { session: id, content: { text: 'hello' }, to: 'all' });
  const { status, headers, body } = await get(`/captures/${encodeURIComponent(id)}.pcapng`);
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/octet-stream');
  expect(headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''Seed-chat-%C3%A9-.*\.pcapng$/);
  expect(body).toContain('hello');
  expect((await get('/captures/none.pcapng')).status).toBe(404);
  expect((await get('/captures/%.pcapng')).status).toBe(404);
});

test('headers are bounded', async () => {
  const socket = connect(gateway.port, '127.0.0.1');
  const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
  socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`);
  expect(await answer).toContain('431');
  socket.destroy();
});

test('only this machine is listened to, and whoever is slow, or many, is cut off', () => {
  const server = lastServer();
  expect(server.address()).toMatchObject({ address: '127.0.0.1' });
  expect(server.headersTimeout).toBe(10_000);
  expect(server.requestTimeout).toBeGreaterThan(0);
  expect(server.maxConnections).toBe(256);
});

function lastServer(): Server {
  return vi.mocked(createServer).mock.results.at(-1)?.value as Server;
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

test('a port that is taken is a problem with a way out', async () => {
  await expect(openGateway({ engine, rendererFolder: '/', port: gateway.port })).rejects.toMatchObject({
    problem: { code: 'EADDRINUSE', next: expect.stringContaining('--port') },
  });
});
