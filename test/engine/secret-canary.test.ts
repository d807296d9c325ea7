// The values of secret variables are in no file that is written but a capture, and there only as bytes that were sent.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Announcement } from '../../src-main/bridge/contract.ts';
import { openCapture } from '../../src-main/capture/capture.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { LogFile } from '../../src-main/desktop/log-file.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { problemOf } from '../../src-main/engine/problem.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { run } from '../../src-main/headless/run.ts';
import type { SecretCipher } from '../../src-main/workspace/secret-cipher.ts';
import { eventually } from '../eventually.ts';

const CANARY = 'canary"ö"&7b9e';
/** As it may be spelt in a URL, in JSON, in a header and as bytes of a message that is no text. */
const SPELLINGS = [
  CANARY,
  'canary',
  encodeURIComponent(CANARY),
  JSON.stringify(CANARY).slice(1, -1),
  Buffer.from(CANARY).toString('base64').slice(0, 20),
  Buffer.from(CANARY).toString('hex'),
];

/** Turns bytes round: enough that nothing can be grepped for. */
const cipher: SecretCipher = {
  missing: async () => undefined,
  encrypt: async (text) => new TextEncoder().encode(text).reverse(),
  decrypt: async (bytes) => new TextDecoder().decode(bytes.slice().reverse()),
};

let folder: string;
let engine: Engine;
let server: WebSocketServer;
let received: string[];
let heard: Announcement[];

const workspace = () => join(folder, 'workspace');
const port = () => (server.address() as { port: number }).port;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wirescope-told-'));
  received = [];
  heard = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (socket: WebSocket, request) => {
    received.push(request.url ?? '', request.headers.authorization ?? '');
    socket.on('message', (data, isBinary) => {
      received.push(String(data));
      socket.send(data, { binary: isBinary });
    });
    socket.on('close', (_code, reason) => received.push(String(reason)));
  });
  write('wirescope.yaml', 'wirescope: 1\nvariables: { bearer: "Bearer {{plain}}" }\n');
  write('environments/local.yaml', 'token: { secret: true }\nplain: { secret: true }\n');
  const logs = new LogFile(join(folder, 'logs'));
  engine = await createEngine({
    dataFolder: join(folder, 'data'),
    host: 'desktop',
    version: '0',
    parts: realParts,
    log: (line) => logs.write('engine', line),
    cipher,
  });
  engine.listen((announcement) => heard.push(announcement));
  await engine.call('workspace.open', { folder: workspace() });
  await engine.call('environments.select', { name: 'local' });
  await engine.call('secrets.set', { name: 'token', value: CANARY });
  await engine.call('secrets.set', { name: 'plain', value: 'canary-of-a-header' });
});
afterEach(async () => {
  await engine.dispose();
  for (const client of server.clients) client.terminate();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): void {
  const path = join(workspace(), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function secretive(more: Partial<SessionConfig> = {}): SessionConfig {
  return {
    wirescope: 1,
    name: 'About {{token}}',
    role: 'client',
    protocol: 'websocket',
    target: `ws://127.0.0.1:${port()}/?token={{token}}`,
    websocket: { headers: { Authorization: '{{bearer}}' } },
    messages: [
      { name: 'text', text: 'my {{token}}' },
      { name: 'object', json: { is: '{{token}}' } },
    ],
    ...more,
  };
}

const tells = (text: string) => SPELLINGS.filter((spelling) => text.includes(spelling));

/** Every file but captures; of captures the words of their events. Ends the engine. */
async function everythingWritten(): Promise<Map<string, string>> {
  await engine.dispose();
  const found = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (!statSync(path).isFile()) continue;
    found.set(`name of ${name}`, name);
    if (!name.endsWith('.pcapng')) {
      // What is kept beside a capture is of the bytes in it.
      if (!/\.pcapng\.[a-z]+$/.test(name)) found.set(name, readFileSync(path, 'utf8'));
      continue;
    }
    const comments = readFileSync(path, 'utf8').split('wirescope {').slice(1);
    found.set(`comments of ${name}`, comments.map((comment) => comment.split('\0', 1)[0]).join('\n'));
    const capture = await openCapture(path);
    await capture.loaded;
    for (let seq = 0; seq < capture.count; seq++) {
      if (capture.record(seq).protocol === 0)
        found.set(`event ${seq} of ${name}`, JSON.stringify(capture.detail(seq, 65_536)));
    }
    await capture.dispose();
  }
  return found;
}

const leaks = (written: Map<string, string>) =>
  [...written].flatMap(([name, text]) => tells(text).map((spelling) => `${name}: ${spelling}`));

/** The interface is told configs, which hold references only, and nothing else that tells. */
const said = () => tells(JSON.stringify(heard));

test('of a session that is used, they are on the wire and nowhere else', async () => {
  const config = secretive();
  const { id: session } = await engine.call('sessions.create', { config, folder: '' });
  await engine.call('sessions.start', { session });
  for (const { name: _, ...content } of config.messages ?? [])
    await engine.call('sessions.send', { session, content, to: 'all' });
  const ping = { type: 'ping', content: { text: '{{token}}' } } as const;
  await engine.call('sessions.control', { session, command: ping, to: 'all' });
  await eventually(() => expect(received).toHaveLength(4));
  expect(received[0]).toBe(`/?token=${encodeURI(CANARY)}`);
  expect(received.slice(1)).toEqual(['Bearer canary-of-a-header', `my ${CANARY}`, JSON.stringify({ is: CANARY })]);
  const connections = await engine.call('sessions.connections', { session, from: 0, count: 10 });
  const close = { type: 'close', code: 1000, reason: '{{token}}' } as const;
  await engine.call('sessions.control', { session, command: close, to: 'all' });
  await eventually(() => expect(received.at(-1)).toBe(CANARY));
  await engine.call('sessions.update', { session, config: { ...config, name: 'Other' } });
  await engine.call('sessions.stop', { session });
  const history = await engine.call('history.list', { from: 0, count: 10 });
  expect(tells(JSON.stringify([connections, history]))).toEqual([]);
  expect(said()).toEqual([]);
  const written = await everythingWritten();
  expect([...written.keys()].filter((name) => name.startsWith('event'))).not.toEqual([]);
  expect([...written.keys()].some((name) => name.startsWith('data/secrets/sealed/'))).toBe(true);
  expect(leaks(written)).toEqual([]);
});

test('nor do its script, its runs, its exports and what is done with its files tell of them', async () => {
  const config = secretive({
    websocket: {
      headers: { Authorization: '{{bearer}}' },
      basicAuth: { user: 'ann', password: 'canary of its own' },
    },
    script: [
      { send: 'text' },
      { expect: { contains: '{{token}}' } },
      { send: 'object' },
      { expect: { json: { is: '{{token}}' }, capture: { again: '$.is' } } },
      { send: { text: 'and {{again}}' } },
      { expect: { contains: 'never {{token}} nor {{again}}', within: 50 } },
    ],
  });
  const { id: session, place } = await engine.call('sessions.create', { config, folder: 'chat' });
  const state = async () => (await engine.call('sessions.list', {})).find(({ id }) => id === session)!;
  const told: unknown[] = [];

  await engine.call('script.run', { session });
  await eventually(async () => expect((await state()).script?.running).toBe(false));
  expect((await state()).script?.steps.map((step) => step.state)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'failed']);
  expect(received).toContain(`and ${CANARY}`);
  mkdirSync(join(folder, 'exported'));
  await engine.call('captures.save', { session, path: join(folder, 'exported', 'run.pcapng') });
  const [run] = (await engine.call('history.list', { from: 0, count: 1 })).runs;
  expect(run).toMatchObject({ result: 'notPassed', text: expect.stringContaining('never') });
  told.push(await state(), await engine.call('script.record', { session }));
  told.push(await engine.call('history.rename', { id: run!.id, label: 'before the fix' }));
  told.push(await engine.call('history.keep', { id: run!.id, kept: true }));

  await engine.call('environments.rename', { name: 'local', to: 'mine' });
  const { variables } = await engine.call('environments.get', { name: 'mine' });
  const more = [...variables, { name: 'host', value: 'h', secret: false }];
  await engine.call('environments.save', { name: 'mine', variables: more, base: variables });
  told.push(variables, await engine.call('variables.list', { session }));
  expect((await state()).config.websocket?.basicAuth?.password).toBe('canary of its own');

  // What contradicts the file waits in a draft; the draft outlives the end of the process.
  const theirs = readFileSync(join(workspace(), place.path), 'utf8').replace(/^target: .*$/m, 'target: ws://theirs/');
  await engine.call('sessions.update', { session, config: { ...config, target: 'ws://mine/{{token}}' } });
  write(place.path, theirs);
  await eventually(async () => expect((await state()).disk?.state).toBe('changed'));
  await eventually(() => expect(readdirSync(join(folder, 'data', 'drafts'))).toHaveLength(1));
  const copy = await engine.call('workspace.duplicate', { path: place.path });
  await engine.call('workspace.move', { from: copy.place.path, to: 'moved.yaml' });
  await engine.call('workspace.remove', { path: 'moved.yaml' });
  await engine.call('sessions.create', { config: { ...config, name: 'Scratch' } });
  expect(readdirSync(join(folder, 'data', 'trash'))).toHaveLength(1);

  expect(tells(JSON.stringify(told).replaceAll('canary of its own', ''))).toEqual([]);
  const written = await everythingWritten();
  for (const kind of [
    'data/drafts/',
    'data/trash/',
    'data/sessions/',
    'event 0 of exported/',
    'workspace/environments/mine',
  ])
    expect(
      [...written.keys()].some((name) => name.startsWith(kind)),
      kind,
    ).toBe(true);
  expect([...written.keys()].some((name) => name.endsWith('.run.json'))).toBe(true);
  expect(leaks(written)).toEqual([]);
});

test.each<[string, Partial<SessionConfig>]>([
  ['to nobody', { target: 'ws://127.0.0.1:1/{{token}}' }],
  ['to a host that is none', { target: 'ws://{{token}}:1/' }],
  ['with a port that is none', { target: 'ws://127.0.0.1:{{plain}}/' }],
  ['with a password', { target: 'ws://ann:{{plain}}@127.0.0.1:1/' }],
  ['through a proxy that is none', { proxy: 'ftp://{{plain}}@127.0.0.1:1' }],
  ['through a proxy named so', { proxy: 'http://{{plain}}.invalid:1' }],
  ['with a file that is none', { target: 'wss://127.0.0.1:1/', tls: { ca: '{{plain}}' } }],
  ['with a header that cannot be', { websocket: { headers: { 'X-{{token}}': '{{token}}\r\n' } } }],
  ['with a subprotocol that cannot be', { websocket: { subprotocols: ['{{token}}'] } }],
  ['from an address that is none', { listen: '{{plain}}:1' }],
])('a connection %s fails without telling them', async (_, more) => {
  const { id: session } = await engine.call('sessions.create', { config: secretive(more), folder: '' });
  const failure: unknown = await engine.call('sessions.start', { session }).catch((error: unknown) => error);
  expect(problemOf(failure).what).not.toBe('');
  expect(tells(JSON.stringify(problemOf(failure)))).toEqual([]);
  expect(tells(JSON.stringify(await engine.call('history.list', { from: 0, count: 10 })))).toEqual([]);
  expect(said()).toEqual([]);
  expect(leaks(await everythingWritten())).toEqual([]);
});

test.each([
  ['passes', 'my'],
  ['fails', 'nothing of the kind'],
])('a run that %s reports none, whatever was said', async (_, contains) => {
  const file = join(folder, 'run', 'Session.yaml');
  mkdirSync(join(folder, 'run', 'environments'), { recursive: true });
  writeFileSync(join(folder, 'run', 'environments', 'local.yaml'), 'token: { secret: true }\n');
  const secretsFile = join(folder, 'run', 'secrets.json');
  writeFileSync(secretsFile, JSON.stringify({ token: CANARY }), { mode: 0o600 });
  const config: SessionConfig = {
    ...secretive({ websocket: {} }),
    script: [
      { send: 'text' },
      { expect: { contains: '{{token}}' } },
      { send: 'object' },
      { expect: { json: { is: '{{token}}' } } },
      { send: { hex: Buffer.from(CANARY).toString('hex') } },
      { expect: { count: 1 } },
      { send: { text: 'my {{token}}' } },
      { expect: { contains, within: 50 } },
    ],
  };
  // A session is written down by whoever keeps it; here with a literal that only the wire may have.
  writeFileSync(file, JSON.stringify(config));
  for (const report of ['text', 'json', 'junit'] as const) {
    let output = '';
    const code = await run(
      {
        files: [file],
        environment: 'local',
        variables: new Map(),
        secretsFile,
        report,
        quiet: false,
        messages: 100,
        connections: 1,
      },
      {
        parts: realParts,
        output: {
          write: async (text) => {
            output += text;
            return true;
          },
        },
        log: (line) => {
          output += line;
        },
        signal: new AbortController().signal,
      },
    );
    expect(code).toBe(contains === 'my' ? 0 : 1);
    // What the session file itself says in hex is no secret of the report's.
    const own = Buffer.from(CANARY).toString('hex');
    expect(output).toContain('About {{token}}');
    expect(tells(output.replaceAll(own, ''))).toEqual([]);
  }
  expect(received.filter((text) => text.includes(CANARY)).length).toBeGreaterThan(3);
});
