// A workspace is opened, and what is done to the files of its sessions.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { eventually } from '../eventually.ts';
import {
  CHAT,
  engine,
  folder,
  heard,
  lines,
  logged,
  read,
  root,
  sessionAt,
  start,
  state,
  TEXT,
  tree,
  write,
} from './workspace-stage.ts';

describe('opening', () => {
  test('shows the sessions of a folder as a tree, beside the scratch ones', async () => {
    for (const path of ['b.yaml', 'a/c10.yaml', 'a/c9.yaml', 'a/deep/d.yaml']) write(path);
    write('wirescope.yaml', 'wirescope: 1\nname: Team\n');
    write('environments/local.yaml', 'port: 1\n');
    write('docker-compose.yaml', 'services: {}\n');
    write('src/main.ts', '');
    write('half.yaml', 'wirescope: 1\n<<<<<<< HEAD\nname: a\n=======\nname: b\n>>>>>>> main\n');
    mkdirSync(join(root, 'new'));
    write('later/.gitkeep', '');
    write('environments/.gitkeep', '');
    await start();
    expect(await state()).toEqual({
      folder: null,
      name: '',
      recent: [],
      tree: [],
      environments: [],
      environment: null,
      undo: null,
    });
    await engine.call('sessions.create', { config: CHAT });
    const opened = await engine.call('workspace.open', { folder: root });
    expect(opened).toEqual(await state());
    expect(opened).toMatchObject({ folder: root, name: 'Team', recent: [{ folder: root, name: 'Team' }] });
    expect(opened.environments).toEqual(['local']);
    expect(lines(opened.tree)).toEqual([
      'a/',
      'a/deep/',
      'a/deep/d.yaml',
      'a/c9.yaml',
      'a/c10.yaml',
      'later/',
      'new/',
      'b.yaml',
      '!half.yaml',
    ]);
    expect(JSON.stringify(opened.tree)).toMatch(/half\.yaml, line \d/);
    expect(await engine.call('sessions.list', {})).toHaveLength(5);
    expect((await engine.call('sessions.list', {}))[0]?.place).toEqual({ in: 'scratch', path: 'Chat.yaml' });

    await engine.call('workspace.close', {});
    expect(await engine.call('sessions.list', {})).toHaveLength(1);
    expect(heard.filter(({ type }) => type === 'sessionRemoved')).toHaveLength(4);
    expect((await state()).recent).toHaveLength(1);
  });

  test('makes a folder if that is wanted, and refuses what is none', async () => {
    await start();
    const none = { what: `There is no folder ${join(root, 'none')}.`, code: 'NO_FOLDER' };
    await expect(engine.call('workspace.open', { folder: join(root, 'none') })).rejects.toMatchObject({
      problem: none,
    });
    write('file');
    await expect(engine.call('workspace.open', { folder: join(root, 'file') })).rejects.toThrow('not a folder');
    const made = await engine.call('workspace.open', { folder: join(root, 'new'), create: true });
    expect(made.name).toBe('new');
    expect(read('new/wirescope.yaml')).toBe('wirescope: 1\nname: "new"\n');
    expect((await engine.call('workspace.open', { folder: join(root, 'new'), create: true })).tree).toEqual([]);
  });

  test('of the folder that is open ends nothing in it', async () => {
    write('a.yaml');
    await start(root);
    const { id } = await sessionAt('a.yaml');
    await engine.call('sessions.start', { session: id });
    const { phase } = await sessionAt('a.yaml');
    expect(phase).not.toBe('idle');
    const again = await engine.call('workspace.open', { folder: `${root}/.` });
    expect(again.folder).toBe(root);
    expect(await sessionAt('a.yaml')).toMatchObject({ id, phase });
  });

  test('happens again at the next start, with the same ids and environment', async () => {
    write('a.yaml');
    write('environments/local.yaml', 'port: 1\n');
    await start(root);
    await engine.call('environments.select', { name: 'local' });
    const { id } = await sessionAt('a.yaml');
    await engine.call('workspace.move', { from: 'a.yaml', to: 'chat/b.yaml' });
    await engine.dispose();
    await start();
    expect(await state()).toMatchObject({ folder: root, environment: 'local' });
    expect((await sessionAt('chat/b.yaml')).id).toBe(id);
    write('a.yaml');
    await eventually(async () => expect((await sessionAt('a.yaml')).id).not.toBe(id));

    await engine.call('workspace.close', {});
    await engine.dispose();
    await start();
    expect(await state()).toMatchObject({ folder: null, recent: [{ folder: root }] });
  });

  test('a folder that was open before can be forgotten, but not the one that is', async () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    await start(other);
    await engine.call('workspace.open', { folder: root });
    rmSync(other, { recursive: true });
    await expect(engine.call('workspace.open', { folder: other })).rejects.toThrow('There is no folder');
    expect((await state()).folder).toBe(root);
    for (const each of [other, root]) await engine.call('workspace.forget', { folder: each });
    expect((await state()).recent.map((each) => each.folder)).toEqual([root]);
    await engine.dispose();
    await start();
    expect(await state()).toMatchObject({ folder: root, recent: [{ folder: root }] });
  });

  test('a folder that has gone is no obstacle', async () => {
    await start(root);
    await engine.dispose();
    rmSync(root, { recursive: true });
    await start();
    expect((await state()).folder).toBeNull();
    expect(logged).toEqual([expect.stringContaining('workspace not opened')]);
  });

  test('the samples are a copy that is the user’s own', async () => {
    mkdirSync(join(folder, 'samples', 'chat'), { recursive: true });
    writeFileSync(join(folder, 'samples', 'chat', 'a.yaml'), TEXT);
    await start();
    const { folder: copy } = await engine.call('workspace.openSamples', {});
    const { id, config } = await sessionAt('chat/a.yaml');
    await engine.call('sessions.update', { session: id, config: { ...config, name: 'Mine' } });
    await eventually(() => expect(readFileSync(join(copy!, 'chat', 'a.yaml'), 'utf8')).toContain('Mine'));
    await engine.call('workspace.openSamples', {});
    expect((await sessionAt('chat/a.yaml')).config.name).toBe('Mine');
    expect(readFileSync(join(folder, 'samples', 'chat', 'a.yaml'), 'utf8')).toBe(TEXT);
  });
});

describe('files', () => {
  test('a new session is a file at once, in its folder, under a free and portable name', async () => {
    await start(root);
    const one = await engine.call('sessions.create', { config: { ...CHAT, name: 'Seed: chat' }, folder: 'a/b' });
    expect(one.place).toEqual({ in: 'workspace', path: 'a/b/Seed-chat.yaml' });
    expect(read('a/b/Seed-chat.yaml')).toContain('name: "Seed: chat"');
    const two = await engine.call('sessions.create', { config: { ...CHAT, name: 'Seed: chat' }, folder: 'a/b' });
    expect(two.place.path).toBe('a/b/Seed-chat-2.yaml');
    expect(await tree()).toEqual(['a/', 'a/b/', 'a/b/Seed-chat.yaml', 'a/b/Seed-chat-2.yaml']);
    for (const bad of ['..', '../out', '/tmp', 'a/../../x', '.git', 'environments', 'a/node_modules', 'con'])
      await expect(engine.call('sessions.create', { config: CHAT, folder: bad })).rejects.toThrow();
    expect(readdirSync(folder).sort()).toEqual(['data', 'work']);
  });

  test('links that lead out are shown, and nothing is written through them', async () => {
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out', 'x.yaml'), TEXT);
    symlinkSync('../out/x.yaml', join(root, 'x.yaml'));
    symlinkSync('../out', join(root, 'out'));
    await start(root);
    expect(await tree()).toEqual(['x.yaml']);
    const { id, config } = await sessionAt('x.yaml');
    await engine.call('sessions.update', { session: id, config: { ...config, name: 'Mine' } });
    await eventually(async () => expect((await sessionAt('x.yaml')).problem?.code).toBe('SAVE'));
    await expect(engine.call('sessions.create', { config: CHAT, folder: 'out' })).rejects.toThrow('leads out');
    await expect(engine.call('workspace.createFolder', { path: 'out/a' })).rejects.toThrow('leads out');
    await expect(engine.call('workspace.move', { from: 'x.yaml', to: 'out/y.yaml' })).rejects.toThrow('leads out');
    expect(readdirSync(join(folder, 'out'))).toEqual(['x.yaml']);
    expect(readFileSync(join(folder, 'out', 'x.yaml'), 'utf8')).toBe(TEXT);
  });

  test('moving keeps the session, and the files it names', async () => {
    write('chat/a.yaml', `${TEXT}tls:\n  ca: certs/ca.pem # the team’s\n`);
    write('chat/certs/ca.pem', '');
    await start(root);
    const { id } = await sessionAt('chat/a.yaml');
    await engine.call('sessions.start', { session: id });
    await engine.call('workspace.move', { from: 'chat/a.yaml', to: 'b.yaml' });
    expect(await sessionAt('b.yaml')).toMatchObject({
      id,
      phase: 'open',
      config: { tls: { ca: 'chat/certs/ca.pem' } },
    });
    expect(read('b.yaml')).toBe(`${TEXT}tls:\n  ca: chat/certs/ca.pem # the team’s\n`);
    await engine.call('workspace.move', { from: 'chat', to: 'talk' });
    expect((await sessionAt('b.yaml')).config.tls).toEqual({ ca: 'talk/certs/ca.pem' });
    expect(read('b.yaml')).toContain('talk/certs');
    expect(await tree()).toEqual(['b.yaml']);
  });

  test('moving goes over nothing, and nowhere it should not', async () => {
    write('a.yaml');
    write('b.yaml', TEXT.replace('Chat', 'B'));
    write('f/c.yaml');
    await start(root);
    const move = (from: string, to: string) => engine.call('workspace.move', { from, to });
    await expect(move('a.yaml', 'b.yaml')).rejects.toThrow('Something else');
    await expect(move('a.yaml', 'a.txt')).rejects.toThrow('.yaml');
    await expect(move('a.yaml', '../a.yaml')).rejects.toThrow('in the workspace');
    await expect(move('../data', 'data')).rejects.toThrow('in the workspace');
    await expect(move('f', 'f/g')).rejects.toThrow('into itself');
    await expect(move('', 'f')).rejects.toThrow('into itself');
    await expect(move('none.yaml', 'x.yaml')).rejects.toThrow('nothing at');
    await move('a.yaml', 'f/g/h/a.yaml');
    expect(await tree()).toEqual(['f/', 'f/g/', 'f/g/h/', 'f/g/h/a.yaml', 'f/c.yaml', 'b.yaml']);
    expect(read('b.yaml')).toContain('name: B');
  });

  test('that are picked are named from the session, where they lie in the workspace', async () => {
    write('chat/a.yaml');
    await start(root);
    const { id: session } = await sessionAt('chat/a.yaml');
    const paths = [join(root, 'certs', 'ca.pem'), join(root, 'chat', 'b.bin'), join(folder, 'elsewhere.pem'), 'x.pem'];
    expect(await engine.call('sessions.nameFiles', { session, paths })).toEqual({
      paths: ['../certs/ca.pem', 'b.bin', join(folder, 'elsewhere.pem'), 'x.pem'],
    });
    const scratch = await engine.call('sessions.create', { config: CHAT });
    expect(await engine.call('sessions.nameFiles', { session: scratch.id, paths })).toEqual({ paths });
  });

  test('a copy keeps the comments', async () => {
    write('a.yaml');
    await start(root);
    const copy = await engine.call('workspace.duplicate', { path: 'a.yaml' });
    expect(copy).toMatchObject({ config: { name: 'Chat copy' }, place: { path: 'Chat-copy.yaml' } });
    expect(read('Chat-copy.yaml')).toBe(TEXT.replace('Chat', 'Chat copy'));
  });

  test('removing can be undone, with the session and what only memory knew', async () => {
    write('f/a.yaml');
    write('f/certs/ca.pem', 'pem');
    await start(root);
    const { id, config } = await sessionAt('f/a.yaml');
    const secret: SessionConfig = { ...config, name: 'Last words', tls: { passphrase: 'canary' } };
    await engine.call('sessions.update', { session: id, config: secret });
    await engine.call('workspace.remove', { path: 'f' });
    expect(existsSync(join(root, 'f'))).toBe(false);
    expect(await engine.call('sessions.list', {})).toEqual([]);
    expect((await state()).undo).toBe('f');
    await engine.call('workspace.undo', {});
    expect(await sessionAt('f/a.yaml')).toMatchObject({ id, config: secret });
    expect(read('f/a.yaml')).toBe(`${TEXT.replace('Chat', 'Last words')}tls: {}\n`);
    expect(read('f/certs/ca.pem')).toBe('pem');
    expect((await state()).undo).toBeNull();
    await expect(engine.call('workspace.undo', {})).rejects.toThrow('nothing to bring back');
    await expect(engine.call('workspace.remove', { path: '' })).rejects.toThrow('itself');
    await expect(engine.call('workspace.remove', { path: '..' })).rejects.toThrow('in the workspace');
  });

  test('removals of sessions, scratch ones too, are undone last first', async () => {
    write('a.yaml');
    await start(root);
    const scratch = await engine.call('sessions.create', { config: { ...CHAT, name: 'Scratch' } });
    await eventually(() => expect(readdirSync(join(folder, 'data', 'sessions'))).toEqual(['Scratch.yaml']));
    await engine.call('sessions.remove', { session: (await sessionAt('a.yaml')).id });
    await engine.call('sessions.remove', { session: scratch.id });
    expect(await tree()).toEqual([]);
    expect((await state()).undo).toBe('Scratch');
    await engine.call('workspace.undo', {});
    expect((await engine.call('sessions.list', {})).map(({ id }) => id)).toEqual([scratch.id]);
    expect((await state()).undo).toBe('Chat');
    await engine.call('workspace.close', {});
    expect((await state()).undo).toBeNull();
    await engine.call('workspace.open', { folder: root });
    await engine.call('workspace.undo', {});
    expect(await tree()).toEqual(['a.yaml']);
    const config = { ...CHAT, name: 'Again' };
    await engine.call('sessions.update', { session: scratch.id, config });
    await eventually(() =>
      expect(readFileSync(join(folder, 'data', 'sessions', 'Scratch.yaml'), 'utf8')).toContain('Again'),
    );
  });

  test('a scratch session moves into the workspace, as it is', async () => {
    await start(root);
    const config: SessionConfig = { ...CHAT, tls: { ca: join(root, 'certs/ca.pem'), passphrase: 'canary' } };
    const { id } = await engine.call('sessions.create', { config });
    await engine.call('sessions.start', { session: id });
    const placed = await engine.call('sessions.place', { session: id, folder: 'chat' });
    expect(placed).toMatchObject({
      id,
      phase: 'open',
      place: { in: 'workspace', path: 'chat/Chat.yaml' },
      config: { tls: { ca: '../certs/ca.pem', passphrase: 'canary' } },
    });
    expect(read('chat/Chat.yaml')).not.toContain('canary');
    expect(readdirSync(join(folder, 'data', 'sessions'))).toEqual([]);
    await expect(engine.call('sessions.place', { session: id, folder: '' })).rejects.toThrow('already');
    const other = await engine.call('sessions.create', { config: CHAT });
    expect(other.id).not.toBe(id);
  });
});
