// Secrets of a session are in memory and, where the protocol says so, on the wire; nowhere else.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { Announcement } from '../../src-main/bridge/contract.ts';
import { openCapture } from '../../src-main/capture/capture.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { problemOf } from '../../src-main/engine/problem.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { run } from '../../src-main/headless/run.ts';
import { formatSessionFile } from '../../src-main/workspace/session-file.ts';

const PASSWORD = 'canary-password';
const COOKIE = 'canary-cookie';
const PROXY = 'canary-proxy';
const PASSPHRASE = 'canary-passphrase';
const BEARER = 'canary-bearer';
/** As they would travel in an Authorization header. */
const BASIC = Buffer.from(`ann:${PASSWORD}`).toString('base64');
const PROXY_BASIC = Buffer.from(`bob:${PROXY}`).toString('base64');
const ALL = ['canary', BASIC, PROXY_BASIC];

let folder: string;
let engine: Engine;
let logged: string;
let server: WebSocketServer;
let proxy: Server;
let proxied: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wirescope-secrets-'));
  logged = '';
  proxied = '';
  engine = await createEngine({
    dataFolder: folder,
    host: 'headless',
    version: '0',
    parts: realParts,
    log: (line) => {
      logged += line;
    },
  });
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  proxy = createServer((socket) => relay(socket));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await engine.dispose();
  for (const client of server.clients) client.terminate();
  await Promise.all([server, proxy].map((each) => new Promise((resolve) => each.close(resolve))));
  rmSync(folder, { recursive: true, force: true });
});

const portOf = (each: { address(): unknown }): number => (each.address() as { port: number }).port;

/** Lets everybody through to the WebSocket server. */
function relay(socket: Socket): void {
  socket.on('error', () => {});
  socket.once('data', (head) => {
    proxied += head.toString('latin1');
    const upstream = connect(portOf(server), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on('error', () => socket.destroy());
  });
}

function secretive(more: Partial<SessionConfig> = {}): SessionConfig {
  return {
    wirescope: 1,
    name: 'Secretive',
    role: 'client',
    protocol: 'websocket',
    target: `ws://127.0.0.1:${portOf(server)}/`,
    proxy: `http://bob:${PROXY}@127.0.0.1:${portOf(proxy)}`,
    tls: { passphrase: PASSPHRASE },
    websocket: {
      basicAuth: { user: 'ann', password: PASSWORD },
      headers: { 'Proxy-Authorization': BEARER },
      cookies: { session: COOKIE },
    },
    ...more,
  };
}

/** Which of the secrets a text holds. */
const secretsIn = (text: string): string[] => ALL.filter((secret) => text.includes(secret));

/** Contents of all session files, names of all files, and the words of all events in captures. Ends the engine. */
async function everythingWritten(): Promise<string> {
  await engine.dispose();
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of [...texts]) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    if (name.endsWith('.yaml')) texts.push(readFileSync(path, 'utf8'));
    if (!name.endsWith('.pcapng')) continue;
    const capture = await openCapture(path);
    await capture.loaded;
    for (let seq = 0; seq < capture.count; seq++)
      if (capture.record(seq).protocol === 0) texts.push(JSON.stringify(capture.detail(seq, 65_536)));
    await capture.dispose();
    // Comments of packets are text between our own prefix and the end of the packet.
    texts.push(
      ...readFileSync(path, 'latin1')
        .split('wirescope {')
        .slice(1)
        .map((comment) => comment.split('\0', 1)[0]!),
    );
  }
  return texts.join('\n');
}

test('of a connection that succeeds, they are on the wire and nowhere else', async () => {
  const { id: session } = await engine.call('sessions.create', { config: secretive() });
  await engine.call('sessions.start', { session });
  await engine.call('sessions.stop', { session });
  expect(proxied).toContain(PROXY_BASIC);
  const { rows } = await engine.call('timeline.rows', { session, query: { level: 'frames' }, from: 0, count: 100 });
  const request = rows.find(({ kind }) => kind === 'request')!;
  const { sources } = await engine.call('record.detail', { session, seq: request.seq });
  const wire = new TextDecoder().decode(sources[0]!.bytes);
  for (const sent of [`Basic ${BASIC}`, `session=${COOKIE}`, BEARER]) expect(wire).toContain(sent);
  expect(wire).not.toContain(PROXY_BASIC);
  expect(secretsIn(await everythingWritten())).toEqual([]);
  expect(logged).toBe('');
});

test.each<[string, (port: number) => Partial<SessionConfig>]>([
  ['to nobody', () => ({ target: 'ws://127.0.0.1:1/', proxy: `socks5://bob:${PROXY}@127.0.0.1:1` })],
  ['through a proxy that is none', (port) => ({ proxy: `ftp://bob:${PROXY}@127.0.0.1:${port}` })],
  ['through a proxy with a broken address', () => ({ proxy: `http://bob:${PROXY}@a b` })],
  ['with a password in the target', (port) => ({ target: `ws://ann:${PASSWORD}@127.0.0.1:${port}/` })],
  ['with a password in a target with a space', (port) => ({ target: `http://ann:${PASSWORD}@127.0.0.1: ${port}/` })],
  [
    'with key files that are none',
    () => ({ target: 'wss://127.0.0.1:1/', tls: { pkcs12: '/dev/null', passphrase: PASSPHRASE } }),
  ],
  ['with a header that cannot be', () => ({ websocket: { headers: { Authorization: `${BEARER}\r\nX: y` } } })],
  ['with a cookie that cannot be', () => ({ websocket: { cookies: { a: `${COOKIE}\r\nX: y` } } })],
])('a connection %s fails without telling them', async (_, more) => {
  const heard: Announcement[] = [];
  engine.listen((announcement) => heard.push(announcement));
  const { id: session } = await engine.call('sessions.create', { config: secretive(more(portOf(server))) });
  const failure: unknown = await engine.call('sessions.start', { session }).catch((error: unknown) => error);
  expect(secretsIn(JSON.stringify(problemOf(failure)))).toEqual([]);
  await engine.call('sessions.stop', { session });
  expect(secretsIn(await everythingWritten())).toEqual([]);
  expect(secretsIn(logged)).toEqual([]);
  // The interface is told the config, which it edits; beside it nothing.
  const told = heard.map((said) => (said.type === 'session' ? { ...said.session, config: undefined } : said));
  expect(secretsIn(JSON.stringify(told))).toEqual([]);
});

test('reports of runs do not tell them', async () => {
  for (const target of [`ws://127.0.0.1:${portOf(server)}/`, 'ws://127.0.0.1:1/']) {
    const file = join(folder, 'run.yaml');
    const { websocket, ...rest } = secretive({ target });
    const text = formatSessionFile({
      ...rest,
      proxy: undefined,
      websocket: { basicAuth: { user: 'ann', password: '{{password}}' }, headers: { Authorization: '{{bearer}}' } },
      script: [{ send: { text: 'x' } }, { expect: { contains: 'y', within: 10 } }],
    } as SessionConfig);
    writeFileSync(file, text);
    let said = '';
    for (const report of ['text', 'json', 'junit'] as const) {
      await run(
        {
          files: [file],
          variables: new Map([
            ['password', PASSWORD],
            ['bearer', BEARER],
          ]),
          report,
          quiet: false,
          messages: 100,
          connections: 1,
        },
        {
          parts: realParts,
          output: {
            write: async (more) => {
              said += more;
              return true;
            },
          },
          log: (line) => {
            said += line;
          },
          signal: new AbortController().signal,
        },
      );
    }
    expect(said).toContain('Secretive');
    expect(secretsIn(said)).toEqual([]);
    rmSync(file);
  }
});
