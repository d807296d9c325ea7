// What others do to the files of an open workspace, alone and together with what is done here.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { formatSessionFile, parseSessionFile } from '../../src-main/workspace/session-file.ts';
import { replaceText } from '../../src-main/workspace/whole-file.ts';
import { eventually } from '../eventually.ts';
import {
  CHAT,
  engine,
  folder,
  heard,
  read,
  root,
  sessionAt,
  start,
  state,
  TEXT,
  tree,
  write,
} from './workspace-stage.ts';

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

  test('a folder that goes away is said to be gone; what is changed meanwhile is saved when it is back', async () => {
    write('a.yaml');
    await start(root);
    const { id, config } = await sessionAt('a.yaml');
    expect(await state()).not.toHaveProperty('problem');
    heard.length = 0;
    renameSync(root, `${root}-unplugged`);
    await eventually(async () => expect((await state()).problem).toMatch(/work cannot be read any more/));
    expect(heard.map(({ type }) => type)).toContain('workspace');
    await engine.call('sessions.update', { session: id, config: { ...config, target: 'tcp://elsewhere:2' } });
    renameSync(`${root}-unplugged`, root);
    await eventually(async () => expect(await state()).not.toHaveProperty('problem'));
    await eventually(async () => expect(read('a.yaml')).toBe(TEXT.replace('tcp://h:1', 'tcp://elsewhere:2')));
    expect(await tree()).toEqual(['a.yaml']);
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
