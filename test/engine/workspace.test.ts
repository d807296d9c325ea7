import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Announcement, TreeNode } from '../../src-main/bridge/contract.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { formatSessionFile, parseSessionFile } from '../../src-main/workspace/session-file.ts';
import { replaceText } from '../../src-main/workspace/whole-file.ts';
import { eventually } from '../eventually.ts';
import { type FakeParts, fakeParts } from './fakes.ts';

const CHAT: SessionConfig = { wirescope: 1, name: 'Chat', role: 'client', protocol: 'tcp', target: 'tcp://h:1' };
const TEXT = 'wirescope: 1\nname: Chat # ours\nrole: client\nprotocol: tcp\ntarget: tcp://h:1\n';

let folder: string;
let root: string;
let engine: Engine;
let parts: FakeParts;
let heard: Announcement[];
let logged: string[];

async function start(workspace?: string): Promise<void> {
  heard = [];
  logged = [];
  parts = fakeParts();
  engine = await createEngine({
    dataFolder: join(folder, 'data'),
    ...(workspace !== undefined && { workspace }),
    samplesFolder: join(folder, 'samples'),
    host: 'headless',
    version: '1.2.3',
    parts,
    log: (line) => logged.push(line),
  });
  engine.listen((announcement) => heard.push(announcement));
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wirescope-workspace-')));
  root = join(folder, 'work');
  mkdirSync(join(folder, 'data'));
  mkdirSync(root);
});
afterEach(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text = TEXT): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** The tree as lines: `chat/`, `chat/a.yaml`, `!broken.yaml`. */
function lines(nodes: TreeNode[]): string[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'folder') return [`${node.path}/`, ...lines(node.children)];
    return [node.kind === 'broken' ? `!${node.path}` : node.path];
  });
}

const state = () => engine.call('workspace.state', {});
const tree = async () => lines((await state()).tree);

async function sessionAt(path: string) {
  const all = await engine.call('sessions.list', {});
  const found = all.find(({ place }) => place.in === 'workspace' && place.path === path);
  if (!found) throw new Error(`There is no session at ${path}, only at ${all.map(({ place }) => place.path)}`);
  return found;
}

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

describe('the disk', () => {
  test('what others write is taken over, merged, or offered', async () => {
    write('a.yaml');
    await start(root);
    const { id, config } = await sessionAt('a.yaml');
    write('a.yaml', TEXT.replace('h:1', 'h:2'));
    await eventually(async () => expect((await sessionAt('a.yaml')).config.target).toBe('tcp://h:2'));
    expect(heard.some((one) => one.type === 'session' && one.session.config.target === 'tcp://h:2')).toBe(true);

    // The window had not heard of it: its edit is of the config before.
    await engine.call('sessions.update', { session: id, config: { ...config, name: 'Mine' }, base: config });
    await eventually(() => expect(read('a.yaml')).toBe(TEXT.replace('h:1', 'h:2').replace('Chat', 'Mine')));
    expect((await sessionAt('a.yaml')).config).toMatchObject({ name: 'Mine', target: 'tcp://h:2' });

    await engine.call('sessions.update', { session: id, config: { ...config, target: 'tcp://mine' }, base: config });
    await eventually(async () =>
      expect(await sessionAt('a.yaml')).toMatchObject({
        unsaved: true,
        disk: { state: 'changed', conflicts: ['target'] },
        config: { target: 'tcp://mine' },
      }),
    );
    expect(read('a.yaml')).toContain('h:2');
    await engine.call('sessions.resolveDisk', { session: id, take: 'mine' });
    expect((await sessionAt('a.yaml')).disk).toBeUndefined();
    expect(read('a.yaml')).toBe(TEXT.replace('h:1', 'mine').replace('Chat', 'Mine'));
  });

  test('a contradiction outlives the app', async () => {
    write('a.yaml');
    await start(root);
    const { id, config } = await sessionAt('a.yaml');
    write('a.yaml', TEXT.replace('h:1', 'theirs'));
    await engine.call('sessions.update', { session: id, config: { ...config, target: 'tcp://mine' } });
    await eventually(async () => expect((await sessionAt('a.yaml')).disk?.state).toBe('changed'));
    await engine.dispose();
    await start(root);
    expect(await sessionAt('a.yaml')).toMatchObject({
      config: { target: 'tcp://mine' },
      disk: { conflicts: ['target'] },
    });
    await engine.call('sessions.resolveDisk', { session: id, take: 'theirs' });
    expect((await sessionAt('a.yaml')).config.target).toBe('tcp://theirs');
    expect(readdirSync(join(folder, 'data', 'drafts'))).toEqual([]);
  });

  test('new, removed and renamed files are followed; a session outlives its file', async () => {
    write('a.yaml');
    await start(root);
    const { id } = await sessionAt('a.yaml');
    write('b/new.yaml', TEXT.replace('Chat', 'New'));
    await eventually(async () => expect(await tree()).toEqual(['b/', 'b/new.yaml', 'a.yaml']));
    renameSync(join(root, 'a.yaml'), join(root, 'b', 'a.yaml'));
    await eventually(async () => expect((await sessionAt('b/a.yaml')).id).toBe(id));
    rmSync(join(root, 'b'), { recursive: true });
    await eventually(async () => expect((await sessionAt('b/a.yaml')).disk?.state).toBe('removed'));
    await engine.call('sessions.resolveDisk', { session: id, take: 'mine' });
    expect(read('b/a.yaml')).toBe(TEXT);
    const { id: other } = await sessionAt('b/new.yaml');
    await engine.call('sessions.resolveDisk', { session: other, take: 'theirs' });
    expect(await tree()).toEqual(['b/', 'b/a.yaml']);
  });

  test('a checkout underneath, there and back, leaves every session as it was', async () => {
    const names = Array.from({ length: 60 }, (_, at) => `f${at % 6}/s${at}.yaml`);
    for (const name of names) write(name, TEXT.replace('Chat', name));
    await start(root);
    const before = await engine.call('sessions.list', {});
    renameSync(root, `${root}-main`);
    mkdirSync(root);
    for (const name of names.slice(0, 30)) write(name, TEXT.replace('Chat', `${name} branch`));
    await eventually(async () => {
      const all = await engine.call('sessions.list', {});
      expect(all.filter(({ disk }) => disk?.state === 'removed')).toHaveLength(30);
      expect(all.filter(({ config }) => config.name.endsWith('branch'))).toHaveLength(30);
    });
    rmSync(root, { recursive: true });
    renameSync(`${root}-main`, root);
    await eventually(async () => expect(await engine.call('sessions.list', {})).toEqual(before));
    for (const name of names) expect(read(name)).toBe(TEXT.replace('Chat', name));
  }, 20_000);

  test('a file that broke is shown with its line and left alone, and its session goes on', async () => {
    write('a.yaml');
    await start(root);
    write('a.yaml', `${TEXT}<<<<<<< HEAD\n`);
    await eventually(async () => expect((await sessionAt('a.yaml')).disk?.problem).toMatch(/a\.yaml, line \d/));
    const { id, config } = await sessionAt('a.yaml');
    await engine.call('sessions.start', { session: id });
    await engine.call('sessions.update', { session: id, config: { ...config, name: 'Mine' } });
    await engine.call('workspace.createFolder', { path: 'f' });
    expect(read('a.yaml')).toBe(`${TEXT}<<<<<<< HEAD\n`);
  });

  test('a session that is not UTF-8 is shown as none to use, and other such files are passed over', async () => {
    writeFileSync(join(root, 'a.yaml'), Buffer.from(TEXT.replace('Chat', 'Caf\xe9'), 'latin1'));
    writeFileSync(join(root, 'words.yaml'), Buffer.from('caf: Caf\xe9\n', 'latin1'));
    await start(root);
    const node = (await state()).tree.find(({ path }) => path === 'a.yaml');
    expect(node).toMatchObject({ kind: 'broken', problem: 'a.yaml: its text is not UTF-8' });
    expect(await tree()).toEqual(['!a.yaml']);
  });
});

test('property: two windows and the disk change a session, and no value of any is lost', async () => {
  const PLACES = ['a', 'b', 'c', 'd', 'e', 'f'];
  const MAX_STEPS = 40;
  const step = fc.record({ who: fc.constantFrom(0, 1, 2), where: fc.constantFrom(...PLACES), pause: fc.boolean() });
  await start(root);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: MAX_STEPS }), async (steps) => {
      const { id, place } = await engine.call('sessions.create', { config: CHAT, folder: '' });
      const file = place.path;
      const withPlace = (config: SessionConfig, place: string, value: number): SessionConfig => ({
        ...config,
        variables: { ...config.variables, [place]: value },
      });
      /** What each window shows: the engine's state as it was when the window heard of it last. */
      const windows = [(await sessionAt(file)).config, (await sessionAt(file)).config];
      const said = new Map<string, number[]>(PLACES.map((place) => [place, []]));
      for (const [value, { who, where, pause }] of steps.entries()) {
        said.get(where)!.push(value);
        if (who === 2) {
          const before = read(file);
          const theirs = formatSessionFile(withPlace(parseSessionFile(before, file), where, value));
          // As an editor that asks before it writes over what it has not read.
          if (!(await replaceText(join(root, file), before, theirs))) said.get(where)!.pop();
        } else {
          const base = windows[who]!;
          const config = withPlace(base, where, value);
          windows[who] = (await engine.call('sessions.update', { session: id, config, base })).config;
        }
        if (pause) for (const at of [0, 1]) windows[at] = (await sessionAt(file)).config;
      }
      await eventually(async () => {
        const { unsaved, disk, config } = await sessionAt(file);
        const written = parseSessionFile(read(file), file);
        if (disk) expect(disk.state).toBe('changed');
        else {
          expect(unsaved).toBeUndefined();
          expect(config).toEqual(written);
        }
        for (const [where, values] of said) {
          const both = [config.variables?.[where], written.variables?.[where]];
          if (values.length === 0) expect(both).toEqual([undefined, undefined]);
          else expect(both).toContain(values.at(-1));
        }
      });
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 60_000);

describe('settings', () => {
  test('are inherited when a session starts, and the config stays what the file says', async () => {
    write('wirescope.yaml', 'wirescope: 1\ndefaults:\n  tls: { ca: certs/ca.pem }\n  connectTimeoutMs: 5\n');
    write('f/wirescope.yaml', 'wirescope: 1\ndefaults: { connectTimeoutMs: 7 }\n');
    write('f/a.yaml');
    await start(root);
    const { id, config } = await sessionAt('f/a.yaml');
    expect(config).toEqual(CHAT);
    await engine.call('sessions.start', { session: id });
    const { endpoints } = parts;
    expect(endpoints[0]!.config).toMatchObject({ tls: { ca: join('..', 'certs', 'ca.pem') }, connectTimeoutMs: 7 });
    expect(endpoints[0]!.host.path('x.pem')).toBe(join(root, 'f', 'x.pem'));
    expect(read('f/a.yaml')).toBe(TEXT);
    expect((await sessionAt('f/a.yaml')).inherited).toEqual([
      { path: 'tls.ca', value: join('..', 'certs', 'ca.pem'), from: 'wirescope.yaml' },
      { path: 'connectTimeoutMs', value: '7', from: 'f/wirescope.yaml' },
    ]);

    write('f/wirescope.yaml', 'wirescope: 1\ndefaults: { connectTimeoutMs: 9 }\n');
    await eventually(async () => {
      await engine.call('sessions.start', { session: id });
      expect(endpoints.at(-1)!.config.connectTimeoutMs).toBe(9);
    });
  });

  test('that cannot be read are shown, and nothing starts without them', async () => {
    write('f/wirescope.yaml', 'wirescope: 2\n');
    write('f/a.yaml');
    write('b.yaml');
    await start(root);
    expect(await tree()).toEqual(['f/', 'f/a.yaml', '!f/wirescope.yaml', 'b.yaml']);
    await expect(engine.call('sessions.start', { session: (await sessionAt('f/a.yaml')).id })).rejects.toThrow(
      'f/wire',
    );
    await engine.call('sessions.start', { session: (await sessionAt('b.yaml')).id });
  });
});

describe('a folder in a workspace, opened alone', () => {
  const inner = () => join(root, 'services', 'chat');
  const started = async (path = 'a.yaml') => {
    const { id } = await sessionAt(path);
    await engine.call('sessions.start', { session: id });
    return parts.endpoints.at(-1)!;
  };
  const variableNamed = async (name: string) => {
    const { id } = await sessionAt('a.yaml');
    const variables = await engine.call('variables.list', { session: id });
    const { value, layer, origin } = variables.find((variable) => variable.name === name)!;
    return { value, layer, origin };
  };

  beforeEach(() => {
    write(
      'wirescope.yaml',
      'wirescope: 1\nvariables: { host: top, team: shop }\ndefaults: { tls: { ca: certs/ca.pem } }\n',
    );
    write('services/wirescope.yaml', 'wirescope: 1\nvariables: { host: services }\n');
    write('services/chat/a.yaml', TEXT.replace('h:1', '{{host}}:1'));
    write('environments/local.yaml', 'host: local\n');
  });

  test('inherits from above as wirescope run has it, and follows that', async () => {
    await start(inner());
    expect(await state()).toMatchObject({ folder: inner(), name: 'chat', environments: ['local'] });
    expect(await tree()).toEqual(['a.yaml']);
    expect(await variableNamed('team')).toEqual({ value: 'shop', layer: 'workspace', origin: 'wirescope.yaml' });
    expect(await variableNamed('host')).toEqual({
      value: 'services',
      layer: 'folder',
      origin: join('services', 'wirescope.yaml'),
    });
    expect((await started()).config).toMatchObject({
      target: 'tcp://services:1',
      tls: { ca: join('..', '..', 'certs', 'ca.pem') },
    });

    write('services/wirescope.yaml', 'wirescope: 1\nvariables: { host: changed }\n');
    await eventually(async () => expect((await variableNamed('host')).value).toBe('changed'));
    await engine.call('environments.select', { name: 'local' });
    expect((await started()).config.target).toBe('tcp://local:1');
    write('environments/stage.yaml', 'host: stage\n');
    await eventually(async () => expect((await state()).environments).toEqual(['local', 'stage']));
  });

  test('has environments of its own beside those above, which come first', async () => {
    write('services/chat/environments/local.yaml', 'host: own\n');
    write('services/chat/environments/own.yaml', 'host: own\n');
    await start(inner());
    expect((await state()).environments).toEqual(['local', 'own']);
    await engine.call('environments.select', { name: 'local' });
    expect((await variableNamed('host')).value).toBe('local');
    await engine.call('environments.select', { name: 'own' });
    expect((await variableNamed('host')).value).toBe('own');
    const variables = [{ name: 'host', value: 'x', secret: false }];
    await engine.call('environments.save', { name: 'own', variables });
    await engine.call('environments.save', { name: 'new', variables });
    expect(read('services/chat/environments/own.yaml')).toBe('host: x\n');
    expect(read('environments/new.yaml')).toBe('host: x\n');
  });

  test('starts nothing while settings above cannot be read', async () => {
    write('wirescope.yaml', 'wirescope: 2\n');
    await start(inner());
    expect(await tree()).toEqual(['a.yaml']);
    await expect(started()).rejects.toThrow('../../wirescope.yaml');
  });

  test('is its own where a repository begins', async () => {
    mkdirSync(join(root, 'services', '.git'));
    await start(inner());
    expect((await state()).environments).toEqual([]);
    expect((await started()).config.target).toBe('tcp://services:1');
  });
});

describe('environments', () => {
  const get = (name: string) => engine.call('environments.get', { name });

  test('are read, changed with their comments kept, selected and removed', async () => {
    write('environments/local.yaml', '# Mine.\nhost: 127.0.0.1\nport: 9001 # of the chat\ntoken: { secret: true }\n');
    await start(root);
    const { variables } = await get('local');
    expect(variables).toEqual([
      { name: 'host', value: '127.0.0.1', secret: false },
      { name: 'port', value: '9001', secret: false },
      { name: 'token', value: null, secret: true },
    ]);
    const changed = variables.map((one) => (one.name === 'host' ? { ...one, value: '::1' } : one));
    await engine.call('environments.save', { name: 'local', variables: changed });
    expect(read('environments/local.yaml')).toBe(
      '# Mine.\nhost: ::1\nport: 9001 # of the chat\ntoken: { secret: true }\n',
    );
    await engine.call('environments.save', { name: 'stage', variables: [{ name: 'host', value: 'x', secret: false }] });
    expect((await state()).environments).toEqual(['local', 'stage']);
    await engine.call('environments.select', { name: 'stage' });
    expect((await state()).environment).toBe('stage');
    await expect(engine.call('environments.select', { name: 'none' })).rejects.toThrow('none');
    await engine.call('environments.remove', { name: 'stage' });
    expect(await state()).toMatchObject({ environments: ['local'], environment: null, undo: 'stage' });
    await engine.call('workspace.undo', {});
    expect((await get('stage')).variables).toEqual([{ name: 'host', value: 'x', secret: false }]);
  });

  test('are saved beside what others wrote into the file since they were read', async () => {
    write('environments/local.yaml', '# Mine.\nhost: a # h\nport: 1\ngone: x\n');
    await start(root);
    const { variables: base } = await get('local');
    write('environments/local.yaml', '# Mine.\nhost: a # h\nport: 2 # theirs\nnew: n\n');
    const variables = base.map((one) => (one.name === 'host' ? { ...one, value: 'b' } : one));
    await engine.call('environments.save', { name: 'local', variables, base });
    expect(read('environments/local.yaml')).toBe('# Mine.\nhost: b # h\nport: 2 # theirs\nnew: n\n');

    await engine.call('environments.save', { name: 'local', variables: base });
    expect(read('environments/local.yaml')).toBe('# Mine.\nhost: a # h\nport: "1" # theirs\ngone: x\n');
    rmSync(join(root, 'environments/local.yaml'));
    await engine.call('environments.save', { name: 'local', variables, base });
    expect((await get('local')).variables).toEqual(variables);
  });

  test('are renamed as they are, stay selected, and go over none', async () => {
    const text = '# Mine.\nhost:   127.0.0.1 # of this machine\ntoken: { secret: true }\n';
    write('environments/local.yaml', text);
    write('environments/stage.yaml', 'host: stage\n');
    await start(root);
    await engine.call('environments.select', { name: 'local' });
    await engine.call('environments.rename', { name: 'local', to: 'mine' });
    expect(read('environments/mine.yaml')).toBe(text);
    expect(await state()).toMatchObject({ environments: ['mine', 'stage'], environment: 'mine' });
    await expect(engine.call('environments.rename', { name: 'mine', to: 'stage' })).rejects.toThrow('already');
    for (const to of ['../x', 'a/b', '.x', 'con', ''])
      await expect(engine.call('environments.rename', { name: 'mine', to })).rejects.toThrow();
    await expect(engine.call('environments.rename', { name: 'none', to: 'other' })).rejects.toThrow();
    expect(await state()).toMatchObject({ environments: ['mine', 'stage'], environment: 'mine' });
    expect(read('environments/stage.yaml')).toBe('host: stage\n');

    await engine.dispose();
    await start();
    expect(await state()).toMatchObject({ environment: 'mine' });
  });

  test('never hold the value of a secret', async () => {
    await start(root);
    await engine.call('environments.save', {
      name: 'x',
      variables: [{ name: 'token', value: 'canary', secret: true }],
    });
    expect(read('environments/x.yaml')).not.toContain('canary');
  });

  test('that cannot be understood are not overwritten', async () => {
    write('environments/x.yaml', '<<<<<<< HEAD\n');
    await start(root);
    await expect(engine.call('environments.save', { name: 'x', variables: [] })).rejects.toThrow('cannot be used');
    for (const name of ['../x', 'a/b', '.x', 'con'])
      await expect(engine.call('environments.save', { name, variables: [] })).rejects.toThrow();
    expect(read('environments/x.yaml')).toBe('<<<<<<< HEAD\n');
  });

  test('give variables their values in the next start', async () => {
    write('a.yaml', TEXT.replace('h:1', '{{host}}:1'));
    write('environments/local.yaml', 'host: one\n');
    await start(root);
    const { id } = await sessionAt('a.yaml');
    await engine.call('environments.select', { name: 'local' });
    await engine.call('sessions.start', { session: id });
    write('environments/local.yaml', 'host: two\n');
    await eventually(async () => {
      await engine.call('sessions.start', { session: id });
      expect(parts.endpoints.at(-1)!.config.target).toBe('tcp://two:1');
    });
    expect(parts.endpoints[0]!.config.target).toBe('tcp://one:1');
  });
});
