import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Announcement } from '../../src-main/bridge/contract.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { eventually } from '../eventually.ts';

let folder: string;
let engine: Engine;
let logged: string[];

async function start(): Promise<void> {
  logged = [];
  engine = await createEngine({
    dataFolder: folder,
    host: 'headless',
    version: '1.2.3',
    parts: realParts,
    log: (line) => logged.push(line),
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wirescope-engine-'));
  await start();
});
afterEach(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const CLIENT: SessionConfig = { wirescope: 1, name: 'Chat', role: 'client', protocol: 'websocket', target: 'ws://x/' };
const all = { level: 'everything' } as const;

async function records(session: string, count: number): Promise<void> {
  await eventually(async () => {
    const { total } = await engine.call('timeline.rows', { session, query: { level: 'messages' }, from: 0, count: 0 });
    expect(total).toBeGreaterThanOrEqual(count);
  });
}

describe('try it', () => {
  test('one call starts an echo server and a client, and a message has come back', async () => {
    const announcements: Announcement[] = [];
    engine.listen((announcement) => announcements.push(announcement));
    const client = await engine.call('sessions.tryIt', {});
    expect(client).toMatchObject({ phase: 'open', config: { role: 'client' }, connections: 1 });
    await eventually(async () => {
      const { rows } = await engine.call('timeline.rows', { session: client.id, query: all, from: 0, count: 100 });
      const texts = rows.filter(({ kind }) => kind === 'text').map(({ summary }) => summary);
      expect(texts).toEqual(['Hello, Wirescope!', 'Hello, Wirescope!']);
    });
    const sessions = await engine.call('sessions.list', {});
    expect(sessions.map(({ config }) => config.role)).toEqual(['server', 'client']);
    await eventually(() => expect(announcements.map(({ type }) => type)).toContain('timeline'));

    const again = await engine.call('sessions.tryIt', {});
    expect(again.id).toBe(client.id);
    expect(await engine.call('sessions.list', {})).toHaveLength(2);
  });

  test('it works the next time too, with the same two sessions', async () => {
    await engine.call('sessions.tryIt', {});
    await engine.dispose();
    await start();
    const [client, server] = await engine.call('sessions.list', {});
    expect(client?.config.target).toBe(`ws://${server?.config.listen}/`);
    expect((await engine.call('sessions.tryIt', {})).phase).toBe('open');
    expect(await engine.call('sessions.list', {})).toHaveLength(2);
  });

  test('a record can be looked at from all sides', async () => {
    const { id: session } = await engine.call('sessions.tryIt', {});
    await eventually(async () => {
      const found = await engine.call('timeline.find', {
        session,
        query: all,
        text: 'HELLO, wire',
        from: 0,
        backwards: true,
      });
      expect(found).not.toBeNull();
    });
    const found = await engine.call('timeline.find', { session, query: all, text: 'hello', from: 0, backwards: false });
    const { seq } = found!;
    expect(await engine.call('timeline.position', { session, query: all, seq })).toEqual({
      index: found!.index,
      exact: true,
    });
    const detail = await engine.call('record.detail', { session, seq });
    expect(detail.row).toMatchObject({ seq, kind: 'text', direction: 1, summary: 'Hello, Wirescope!' });
    expect(detail.fields[0]?.name).toBe('websocket');
    for (const { bytes } of detail.sources) expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
    const source = detail.payload!;
    const { bytes } = await engine.call('record.bytes', { session, seq, source, from: 7, count: 9 });
    expect(new TextDecoder().decode(bytes)).toBe('Wirescope');
    const payload = await engine.call('record.payload', { session, seq, view: 'auto' });
    expect(payload).toMatchObject({ view: 'text', text: 'Hello, Wirescope!' });

    const copy = (format: 'text' | 'tsv' | 'json' | 'payload' | 'hex') =>
      engine.call('timeline.copy', { session, query: all, from: found!.index, count: 1, format });
    expect((await copy('text')).text).toMatch(/^\S+Z {2}client→server {2}text {2}Hello, Wirescope!$/);
    expect((await copy('tsv')).text.split('\t')).toHaveLength(8);
    expect(JSON.parse((await copy('json')).text)).toMatchObject({ seq, kind: 'text', text: 'Hello, Wirescope!' });
    expect((await copy('payload')).text).toBe('Hello, Wirescope!');
    expect((await copy('hex')).text).toBe(Buffer.from('Hello, Wirescope!').toString('hex'));
    await expect(engine.call('record.detail', { session, seq: 10_000 })).rejects.toThrow('no record 10000');
  });

  test('an event shows how bad it is and what to do', async () => {
    const { id } = await engine.call('sessions.create', { config: { ...CLIENT, target: 'ws://127.0.0.1:1/' } });
    await expect(engine.call('sessions.start', { session: id })).rejects.toMatchObject({
      problem: { code: 'ECONNREFUSED' },
    });
    const { rows } = await engine.call('timeline.rows', { session: id, query: all, from: 0, count: 10 });
    const failed = rows.find(({ kind }) => kind === 'failed');
    expect(failed).toMatchObject({ severity: 'error', protocol: 'event', levels: ['event'] });
    const { problem } = await engine.call('record.detail', { session: id, seq: failed!.seq });
    expect(problem).toMatchObject({ what: expect.stringContaining('127.0.0.1:1'), code: 'ECONNREFUSED' });
  });
});

describe('sessions', () => {
  test('outlive the engine without their secrets', async () => {
    const config: SessionConfig = {
      ...CLIENT,
      websocket: { headers: { Authorization: 'Bearer s3cret', 'X-Team': 'a' } },
      messages: [{ name: 'hello', text: 'Hello!' }],
    };
    const { id } = await engine.call('sessions.create', { config });
    await engine.call('sessions.update', { session: id, config: { ...config, name: 'Renamed' } });
    await engine.dispose();
    expect(readFileSync(join(folder, 'sessions', `${id}.yaml`), 'utf8')).not.toContain('s3cret');
    await start();
    const [session] = await engine.call('sessions.list', {});
    expect(session).toMatchObject({ id, phase: 'idle', config: { name: 'Renamed', messages: config.messages } });
    expect(session?.config.websocket?.headers).toEqual({ Authorization: '', 'X-Team': 'a' });
  });

  test('are gone when removed', async () => {
    const announcements: Announcement[] = [];
    const { id } = await engine.call('sessions.create', { config: CLIENT });
    engine.listen((announcement) => announcements.push(announcement));
    await engine.call('sessions.remove', { session: id });
    expect(announcements).toContainEqual({ type: 'sessionRemoved', session: id });
    expect(readdirSync(join(folder, 'sessions'))).toEqual([]);
    await expect(engine.call('sessions.start', { session: id })).rejects.toThrow('no such session');
  });

  test('a file that is none is logged, and the others load', async () => {
    await engine.call('sessions.create', { config: CLIENT });
    await engine.dispose();
    writeFileSync(join(folder, 'sessions', 'broken.yaml'), 'wirescope: 1\nname: [');
    await start();
    expect(await engine.call('sessions.list', {})).toHaveLength(1);
    expect(logged).toEqual([expect.stringContaining('broken.yaml')]);
    expect(existsSync(join(folder, 'sessions', 'broken.yaml'))).toBe(true);
  });
});

describe('captures', () => {
  test('are saved, opened again by path and by upload, and show the same', async () => {
    const { id } = await engine.call('sessions.tryIt', {});
    await records(id, 4);
    await engine.call('sessions.stop', { session: id });
    const path = join(folder, 'saved.pcapng');
    const { sizeBytes } = await engine.call('captures.save', { session: id, path });
    expect(sizeBytes).toBe(statSync(path).size);
    const live = await engine.call('timeline.rows', { session: id, query: all, from: 0, count: 100 });

    const byPath = await engine.call('captures.open', { path });
    expect(byPath.config).toMatchObject({ role: 'capture', name: 'saved.pcapng', file: path });
    expect((await engine.call('captures.open', { path })).id).toBe(byPath.id);
    const content = readFileSync(path);
    const { upload } = await engine.call('uploads.begin', { name: 'up.pcapng', sizeBytes: content.length });
    await engine.call('uploads.append', { upload, bytes: content });
    const byUpload = await engine.call('captures.open', { upload });
    for (const session of [byPath.id, byUpload.id]) {
      await eventually(async () => {
        const state = (await engine.call('sessions.list', {})).find((candidate) => candidate.id === session);
        expect(state?.phase).toBe('closed');
      });
      const { rows } = await engine.call('timeline.rows', { session, query: all, from: 0, count: 100 });
      expect(rows.map(({ kind, summary }) => [kind, summary])).toEqual(
        live.rows.map(({ kind, summary }) => [kind, summary]),
      );
      const { connections } = await engine.call('sessions.connections', { session, from: 0, count: 10 });
      expect(connections).toHaveLength(1);
    }
  });

  test('that are none leave a problem and no session', async () => {
    const path = join(folder, 'x.txt');
    writeFileSync(path, 'no capture');
    for (const wrong of [path, join(folder, 'missing.pcapng'), folder]) {
      const opening = engine.call('captures.open', { path: wrong });
      await expect(opening).rejects.toMatchObject({ problem: { what: expect.stringContaining(basename(wrong)) } });
    }
    expect(await engine.call('sessions.list', {})).toEqual([]);
    expect(logged).toEqual([]);
  });
});

describe('filters and contents', () => {
  test('are checked', async () => {
    expect(await engine.call('filter.check', { filter: 'websocket.opcode == 1' })).toEqual({ ok: true });
    expect(await engine.call('filter.check', { filter: 'websocket.opcode ==' })).toMatchObject({
      ok: false,
      at: expect.any(Number),
    });
    const fields = await engine.call('filter.fields', {});
    expect(fields.map(({ name }) => name)).toContain('websocket.opcode');
    expect(await engine.call('compose.check', { content: { hex: '00 ff' } })).toEqual({ ok: true, sizeBytes: 2 });
    expect(await engine.call('compose.check', { content: { hex: '0' } })).toMatchObject({ ok: false });
    expect(await engine.call('compose.check', { content: { file: 'missing' } })).toMatchObject({ ok: false });
  });

  test('a filter that is none is a problem of whoever asks', async () => {
    const { id } = await engine.call('sessions.tryIt', {});
    const query = { level: 'everything', filter: 'websocket.opcode ==' } as const;
    const asking = engine.call('timeline.rows', { session: id, query, from: 0, count: 1 });
    await expect(asking).rejects.toMatchObject({ problem: { what: expect.any(String) } });
    expect(logged).toEqual([]);
  });

  test('a filter narrows the timeline', async () => {
    const { id } = await engine.call('sessions.tryIt', {});
    await records(id, 4);
    const query = { level: 'everything', filter: 'websocket.mask == 1' } as const;
    await eventually(async () => {
      const { rows } = await engine.call('timeline.rows', { session: id, query, from: 0, count: 10 });
      expect(rows.map(({ direction }) => direction)).toEqual([1]);
    });
  });
});

test('the engine says what it is', async () => {
  expect(await engine.call('app.info', {})).toMatchObject({ name: 'Wirescope', version: '1.2.3', host: 'headless' });
});
