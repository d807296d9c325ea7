// Variables through the engine: where their values come from, and that they are given at each send.
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Content, SessionConfig } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { problemOf } from '../../src-main/engine/problem.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { eventually } from '../eventually.ts';
import { CLIENT, deferred, type FakeParts, fakeParts, scratchFolder } from './fakes.ts';

const SECRET = 'canary-3f1b';

let workspace: string;
let parts: FakeParts;
let engine: Engine;

beforeEach(async () => {
  workspace = scratchFolder();
  write('wirescope.yaml', 'wirescope: 1\nvariables: { layer: workspace, of: workspace, host: 127.0.0.1 }\n');
  write('chat/wirescope.yaml', 'wirescope: 1\nvariables: { layer: folder, of: folder }\n');
  write('environments/local.yaml', 'layer: environment\nport: 9001\ntoken: { secret: true }\n');
  write('environments/far.yaml', 'layer: far away\nport: 9002\n');
  parts = fakeParts();
  engine = await createEngine({
    dataFolder: scratchFolder(),
    host: 'headless',
    version: '0',
    parts,
    log: () => {},
  });
  await engine.call('workspace.open', { folder: workspace });
});
afterEach(() => engine.dispose());

function write(name: string, text: string): void {
  const path = join(workspace, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function session(more: Partial<SessionConfig> = {}, folder = 'chat'): Promise<string> {
  return (await engine.call('sessions.create', { config: { ...CLIENT, ...more }, folder })).id;
}

async function started(more: Partial<SessionConfig> = {}): Promise<string> {
  const id = await session(more);
  await engine.call('sessions.start', { session: id });
  return id;
}

const select = (name: string | null) => engine.call('environments.select', { name });
const send = (id: string, content: Content) => engine.call('sessions.send', { session: id, content, to: 'all' });
const preview = (id: string, text: string) => engine.call('variables.preview', { session: id, text });
const sent = () => parts.endpoints.at(-1)!.sent;
const refusal = (promise: Promise<unknown>) => promise.then(() => undefined, problemOf);

describe('values', () => {
  test('come from the nearest layer, and are listed with where they come from', async () => {
    const id = await session({ variables: { mine: 7 } });
    await select('local');
    const listed = await engine.call('variables.list', { session: id });
    const written = listed.filter(({ layer }) => layer !== 'dynamic');
    expect(written.map(({ name, value, layer, origin }) => [name, value, layer, origin])).toEqual([
      ['host', '127.0.0.1', 'workspace', 'wirescope.yaml'],
      ['layer', 'environment', 'environment', 'environments/local.yaml'],
      ['mine', '7', 'session', expect.stringMatching(/^chat\/.*\.yaml$/)],
      ['of', 'folder', 'folder', 'chat/wirescope.yaml'],
      ['port', '9001', 'environment', 'environments/local.yaml'],
      ['token', null, 'environment', 'environments/local.yaml'],
    ]);
    const uuid = listed.find(({ name }) => name === '$uuid')!;
    expect(uuid).toMatchObject({ layer: 'dynamic', has: true, value: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(listed.find(({ name }) => name === '$env')).toMatchObject({ value: null, has: true });
  });

  test('are those of the folder the session lies in', async () => {
    const id = await session({}, '');
    expect(await preview(id, '{{layer}} {{of}}')).toEqual({ ok: true, text: 'workspace workspace' });
  });

  test('are given to the settings when the session starts, not to its config', async () => {
    await select('local');
    const target = 'tcp://{{host}}:{{port}}';
    const id = await started({ target, messages: [{ name: 'later', text: '{{$uuid}}' }] });
    expect(parts.endpoints[0]!.config).toMatchObject({
      target: 'tcp://127.0.0.1:9001',
      messages: [{ name: 'later', text: '{{$uuid}}' }],
    });
    const state = (await engine.call('sessions.list', {})).find((one) => one.id === id)!;
    expect(state.config.target).toBe(target);
  });

  test('are given at each send', async () => {
    const id = await started();
    await send(id, { text: '{{$uuid}}' });
    await send(id, { text: '{{$uuid}}' });
    const [one, other] = sent();
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(other).not.toBe(one);
  });

  test('of another environment count from the next send on', async () => {
    const id = await started();
    const content = { json: { at: ['{{layer}}'] } };
    await send(id, content);
    await select('local');
    await send(id, content);
    await select('far');
    await send(id, content);
    expect(sent().map((text) => JSON.parse(text).at)).toEqual([['folder'], ['environment'], ['far away']]);
  });

  test('are given at each repetition, and only sending counts', async () => {
    const id = await started();
    const content = { text: '{{$counter}}' };
    await preview(id, '{{$counter}}');
    await engine.call('compose.check', { session: id, content });
    await engine.call('variables.list', { session: id });
    await engine.call('sessions.send', { session: id, content, to: 'all', repeat: { times: 3, everyMs: 0 } });
    await eventually(() => expect(sent()).toEqual(['1', '2', '3']));
    expect(await preview(id, '{{$counter}}{{$counter}}')).toEqual({ ok: true, text: '45' });
    await send(id, content);
    expect(sent().at(-1)).toBe('4');
  });

  test('are given to orders', async () => {
    const id = await started();
    const command = { type: 'close' as const, code: 1000, reason: 'by {{of}}' };
    await engine.call('sessions.control', { session: id, command, to: 'all' });
    const ping = { type: 'ping' as const, content: { text: '{{of}}' } };
    await engine.call('sessions.control', { session: id, command: ping, to: 'all' });
    expect(parts.endpoints[0]!.commands).toEqual([
      { type: 'close', code: 1000, reason: 'by folder' },
      { type: 'ping', bytes: new TextEncoder().encode('folder') },
    ]);
  });

  test('are given to each reply that a server makes by itself', async () => {
    await engine.dispose();
    engine = await createEngine({
      dataFolder: scratchFolder(),
      host: 'headless',
      version: '0',
      parts: realParts,
      log: () => {},
    });
    const config: SessionConfig = {
      ...{ wirescope: 1, name: 'Replies', role: 'server', protocol: 'tcp', listen: '127.0.0.1:0' },
      tcp: { framing: 'lines' },
      variables: { who: 'me' },
      messages: [{ name: 'numbered', json: { by: '{{who}}', number: '{{$counter}}' } }],
      server: { answers: [{ reply: ['numbered'] }] },
    };
    const { id } = await engine.call('sessions.create', { config });
    await engine.call('sessions.start', { session: id });
    const [state] = await engine.call('sessions.list', {});
    const socket = connect(Number(state!.status.split(':').at(-1)), '127.0.0.1');
    let heard = '';
    socket.setEncoding('utf8').on('data', (text) => {
      heard += text;
    });
    socket.write('a\nb\n');
    await eventually(() => expect(heard).toBe('{"by":"me","number":"1"}\n{"by":"me","number":"2"}\n'));
    socket.destroy();
  });

  test('count in the size of what would be sent', async () => {
    const id = await session();
    const check = (text: string) => engine.call('compose.check', { session: id, content: { text } });
    expect(await check('{{of}}!')).toEqual({ ok: true, sizeBytes: 7 });
    expect(await check('{{nothing}}')).toEqual({ ok: false, error: 'The variable {{nothing}} has no value.' });
  });
});

describe('a variable without a value', () => {
  test('is said before anything is opened', async () => {
    const id = await session({ target: 'tcp://{{host}}:{{port}}' });
    expect(await refusal(engine.call('sessions.start', { session: id }))).toMatchObject({
      what: 'The variable {{port}} has no value.',
      code: 'UNDEFINED_VARIABLE',
    });
    expect(parts.endpoints).toEqual([]);
    const state = (await engine.call('sessions.list', {})).find((one) => one.id === id)!;
    expect(state).toMatchObject({ phase: 'failed', problem: { code: 'UNDEFINED_VARIABLE' } });
    expect(state.capture).toBeUndefined();
  });

  test('is said before anything is sent', async () => {
    const id = await started();
    expect((await refusal(send(id, { text: 'a {{b}} {{c}}' })))?.what).toBe(
      'The variables {{b}}, {{c}} have no values.',
    );
    expect(await preview(id, '{{b}}')).toEqual({ ok: false, error: 'The variable {{b}} has no value.' });
    expect(sent()).toEqual([]);
  });

  test('is said of a secret that nobody has set here', async () => {
    const id = await started();
    await select('local');
    expect(await refusal(send(id, { text: '{{token}}' }))).toMatchObject({
      what: 'The variable {{token}} has no value.',
      why: 'It is a secret that has no value on this machine.',
    });
    expect(sent()).toEqual([]);
  });
});

describe('secrets', () => {
  const secretOf = async (id: string) =>
    (await engine.call('variables.list', { session: id })).find(({ name }) => name === 'token');

  test('are sent, and masked wherever they are shown', async () => {
    const id = await started();
    await select('local');
    expect(await secretOf(id)).toMatchObject({ value: null, has: false, secret: true });
    await engine.call('secrets.set', { name: 'token', value: SECRET });
    expect(await secretOf(id)).toMatchObject({ value: null, has: true, secret: true });
    expect(await preview(id, 'Bearer {{token}}')).toEqual({ ok: true, text: 'Bearer ••••••' });
    await send(id, { text: 'Bearer {{token}}' });
    expect(sent()).toEqual([`Bearer ${SECRET}`]);
    await engine.call('secrets.set', { name: 'token', value: null });
    expect(await secretOf(id)).toMatchObject({ has: false });
    expect((await refusal(send(id, { text: '{{token}}' })))?.code).toBe('UNDEFINED_VARIABLE');
  });

  test('of scratch sessions are apart from those of the workspace', async () => {
    const config = { ...CLIENT, variables: { token: { secret: true as const } } };
    const { id: scratch } = await engine.call('sessions.create', { config });
    const other = await session({ variables: config.variables });
    await engine.call('secrets.set', { name: 'token', value: SECRET, session: scratch });
    expect(await secretOf(scratch)).toMatchObject({ has: true });
    expect(await secretOf(other)).toMatchObject({ has: false });
    await engine.call('secrets.set', { name: 'token', value: null, session: scratch });
    await engine.call('secrets.set', { name: 'token', value: SECRET });
    expect(await secretOf(scratch)).toMatchObject({ has: false });
    expect(await secretOf(other)).toMatchObject({ has: true });
  });

  test('are not told by what goes wrong with them', async () => {
    await select('local');
    await engine.call('secrets.set', { name: 'token', value: SECRET });
    const id = await started();
    const sending = deferred();
    sending.reject(new Error(`cannot send ${SECRET}`));
    parts.endpoints[0]!.sending = sending.promise;
    const failure = await refusal(send(id, { text: '{{token}}' }));
    expect(JSON.stringify(failure)).toContain('cannot send ••••••');
    expect(JSON.stringify(failure)).not.toContain(SECRET);
    const check = await engine.call('compose.check', { session: id, content: { hex: '{{token}}' } });
    expect(check.ok).toBe(false);
    expect(JSON.stringify(check)).not.toContain(SECRET);
  });

  test('stay references in a command line for others', async () => {
    await engine.call('secrets.set', { name: 'token', value: SECRET });
    await select('local');
    const id = await session({
      protocol: 'grpc',
      target: 'grpc://{{host}}:{{port}}',
      grpc: { method: 'a.B/C', metadata: { authorization: 'Bearer {{token}}' } },
    });
    const { text } = await engine.call('grpcurl.format', { session: id, content: { json: { at: '{{layer}}' } } });
    expect(text).toContain('127.0.0.1:9001');
    expect(text).toContain('Bearer {{token}}');
    expect(text).toContain('environment');
    expect(text).not.toContain(SECRET);
  });

  test('are kept in a file only once the user has agreed', async () => {
    expect(await engine.call('secrets.state', {})).toMatchObject({ store: 'none' });
    await engine.call('secrets.set', { name: 'token', value: SECRET });
    expect(await engine.call('secrets.allowFile', {})).toMatchObject({ store: 'file' });
    await select('local');
    expect(await secretOf(await session())).toMatchObject({ has: true });
  });
});
