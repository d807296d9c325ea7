import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { fileName, freeName } from '../../src-main/engine/file-name.ts';
import { CaptureFolder } from '../../src-main/engine/history/capture-folder.ts';
import { problemOf } from '../../src-main/engine/problem.ts';
import { SessionStore } from '../../src-main/engine/session/store.ts';
import { Uploads } from '../../src-main/engine/uploads.ts';
import { eventually } from '../eventually.ts';
import { CLIENT, scratchFolder } from './fakes.ts';

test.each([
  ['Seed chat', 'Seed-chat'],
  ['../../etc/passwd', 'etc-passwd'],
  ['...', 'session'],
  ['', 'session'],
  ['con', 'con-session'],
  ['a/b\\c:d*e?f"g<h>i|j\0k\nl', 'a-b-c-d-e-f-g-h-i-j-k-l'],
  ['Über 東京', 'Über-東京'],
  ['x'.repeat(500), 'x'.repeat(60)],
  ['𝒳'.repeat(60), '𝒳'.repeat(45)],
])('the name %j becomes a safe file name', (name, expected) => {
  expect(fileName(name)).toBe(expected);
});

test('a taken name gets a number', () => {
  const taken = new Set(['a', 'a-2']);
  expect(freeName('a', (name) => taken.has(name))).toBe('a-3');
});

test('sessions outlive the store, under a name that does not change', async () => {
  const folder = join(scratchFolder(), 'sessions');
  const store = new SessionStore(folder);
  await store.load();
  const id = store.reserve('Seed chat');
  expect(store.reserve('Seed chat')).toBe('Seed-chat-2');
  await store.save(id, { ...CLIENT, name: 'Seed chat' });
  await store.save(id, { ...CLIENT, name: 'Renamed' });
  expect(readdirSync(folder)).toEqual(['Seed-chat.yaml']);

  const again = new SessionStore(folder);
  expect(await again.load()).toEqual({ sessions: [{ id, config: { ...CLIENT, name: 'Renamed' } }], problems: [] });
  await again.remove(id);
  expect(readdirSync(folder)).toEqual([]);
});

test('what a crash has left of a write is removed, unless somebody may still be writing it', async () => {
  const folder = scratchFolder();
  const left = (name: string, ageSeconds: number) => {
    writeFileSync(join(folder, name), 'wirescope: 1\nna');
    const then = Date.now() / 1000 - ageSeconds;
    utimesSync(join(folder, name), then, then);
  };
  left('x.yaml.0123456789ab.tmp', 3600);
  left('y.yaml.0123456789ab.tmp', 1);
  left('mine.tmp', 3600);
  expect(await new SessionStore(folder).load()).toEqual({ sessions: [], problems: [] });
  expect(readdirSync(folder).sort()).toEqual(['mine.tmp', 'y.yaml.0123456789ab.tmp']);
});

test('sessions come back by name, numbers in names by their size', async () => {
  const folder = scratchFolder();
  const store = new SessionStore(folder);
  for (const name of ['client 10', 'client 2', 'client', 'Beta']) {
    await store.save(store.reserve(name), { ...CLIENT, name });
  }
  const { sessions } = await new SessionStore(folder).load();
  expect(sessions.map(({ config }) => config.name)).toEqual(['Beta', 'client', 'client 2', 'client 10']);
});

test('the last of many saves wins', async () => {
  const folder = scratchFolder();
  const store = new SessionStore(folder);
  await store.load();
  const id = store.reserve('x');
  await Promise.all(Array.from({ length: 50 }, (_, n) => store.save(id, { ...CLIENT, name: `name ${n}` })));
  expect((await new SessionStore(folder).load()).sessions[0]?.config.name).toBe('name 49');
  expect(readdirSync(folder)).toEqual(['x.yaml']);
});

test('what cannot be saved is tried again, the last of it, and told when it is saved after all', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    const folder = join(scratchFolder(), 'sessions');
    const told: [string, string | undefined][] = [];
    const store = new SessionStore(folder, (id, error) => told.push([id, (error as NodeJS.ErrnoException)?.code]));
    await store.load();
    const id = store.reserve('x');
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in the way');
    await store.save(id, { ...CLIENT, name: 'one' });
    await store.save(id, { ...CLIENT, name: 'two' });
    await vi.advanceTimersByTimeAsync(5000);
    await eventually(() => expect(told).toHaveLength(3));
    rmSync(folder);
    await vi.advanceTimersByTimeAsync(5000);
    await eventually(() => expect(told.at(-1)).toEqual([id, undefined]));
    expect((await new SessionStore(folder).load()).sessions[0]?.config.name).toBe('two');
    expect(told.slice(0, 3).every(([of, code]) => of === id && code !== undefined)).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test('what could not be saved is tried for the last time at the end', async () => {
  const folder = scratchFolder();
  const store = new SessionStore(folder);
  await store.load();
  const id = store.reserve('x');
  mkdirSync(join(folder, 'x.yaml/in-the-way'), { recursive: true });
  await store.save(id, CLIENT);
  rmSync(join(folder, 'x.yaml'), { recursive: true });
  await store.settled();
  expect((await new SessionStore(folder).load()).sessions).toEqual([{ id, config: CLIENT }]);
});

test('a file that cannot be read is reported, left alone and not overwritten', async () => {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'chat.yaml'), 'wirescope: 1\nnmae: chat\n');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  const store = new SessionStore(folder);
  const { sessions, problems } = await store.load();
  expect(sessions).toEqual([]);
  expect(problems.map(({ what }) => what)).toEqual([expect.stringContaining('chat.yaml')]);
  const id = store.reserve('chat');
  await store.save(id, CLIENT);
  expect(readFileSync(join(folder, 'chat.yaml'), 'utf8')).toContain('nmae');
});

test('whatever order uploads come in, their files hold what was sent and no more', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('begin' as const), sizeBytes: fc.nat(40) }),
    fc.record({ do: fc.constant('append' as const), which: fc.nat(20), length: fc.nat(30) }),
    fc.record({ do: fc.constant('finish' as const), which: fc.nat(20) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const uploads = new Uploads(scratchFolder());
      const begun: { upload: string; sizeBytes: number; sent: number }[] = [];
      for (const each of steps) {
        if (each.do === 'begin') {
          const { upload } = await uploads.begin('../x.pcapng', each.sizeBytes);
          begun.push({ upload, sizeBytes: each.sizeBytes, sent: 0 });
          continue;
        }
        const of = begun[each.which % Math.max(1, begun.length)] ?? { upload: 'nothing', sizeBytes: 0, sent: 0 };
        try {
          if (each.do === 'append') {
            of.sent += each.length;
            await uploads.append(of.upload, new Uint8Array(each.length).fill(65));
          } else {
            const { path } = await uploads.finish(of.upload);
            expect(readFileSync(path, 'latin1')).toBe('A'.repeat(of.sizeBytes));
            expect(of.sent).toBe(of.sizeBytes);
          }
        } catch (error) {
          expect(problemOf(error).code).toBe('UPLOAD');
        }
      }
      await uploads.dispose();
    }),
    { numRuns: 200 },
  );
});

test('the capture folder forgets the oldest captures with their side files, never one in use', async () => {
  const folder = scratchFolder();
  const captures = new CaptureFolder(folder, 3, 1000);
  for (const [index, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    for (const extension of ['pcapng', 'pcapng.index']) {
      const path = join(folder, `${name}.${extension}`);
      writeFileSync(path, 'x'.repeat(10));
      utimesSync(path, index, index);
    }
  }
  writeFileSync(join(folder, 'unrelated.txt'), 'x'.repeat(5000));
  const stored = async () =>
    await Promise.all([...(await captures.names())].map(([stem, names]) => captures.measure(stem, names)));
  const inUse = new Set([join(folder, 'a.pcapng')]);
  expect(await captures.prune(await stored(), inUse)).toEqual({ files: 2, bytes: 40 });
  expect(readdirSync(folder).filter((name) => name.endsWith('.pcapng'))).toEqual(['a.pcapng', 'd.pcapng', 'e.pcapng']);
  expect(readdirSync(folder)).toContain('unrelated.txt');

  writeFileSync(join(folder, 'e.pcapng'), 'x'.repeat(990));
  await captures.prune(await stored(), new Set());
  expect(readdirSync(folder).filter((name) => name.endsWith('.pcapng'))).toEqual(['e.pcapng']);
});

test('captures of one second get different names', async () => {
  const folder = scratchFolder();
  const captures = new CaptureFolder(folder);
  const now = new Date(Date.UTC(2026, 6, 28, 17, 9, 0));
  const asked = [captures, captures, new CaptureFolder(folder)].map((each) => each.newPath('Seed chat', now));
  expect((await Promise.all(asked)).sort()).toEqual([
    join(folder, 'Seed-chat-20260728-170900-2.pcapng'),
    join(folder, 'Seed-chat-20260728-170900-3.pcapng'),
    join(folder, 'Seed-chat-20260728-170900.pcapng'),
  ]);
});

test('an upload arrives whole and in order', async () => {
  const folder = scratchFolder();
  const uploads = new Uploads(folder);
  const { upload } = await uploads.begin('../evil name.pcapng', 6);
  await Promise.all([
    uploads.append(upload, new Uint8Array([1, 2])),
    uploads.append(upload, new Uint8Array([3, 4])),
    uploads.append(upload, new Uint8Array([5, 6])),
  ]);
  const { path } = await uploads.finish(upload);
  expect(path).toBe(join(folder, upload, 'evil-name.pcapng'));
  expect([...readFileSync(path)]).toEqual([1, 2, 3, 4, 5, 6]);
  await expect(uploads.finish(upload)).rejects.toThrow('no such upload');
});

test('an upload is neither longer nor shorter than it said', async () => {
  const folder = scratchFolder();
  const uploads = new Uploads(folder);
  const { upload } = await uploads.begin('x', 3);
  await expect(uploads.finish(upload)).rejects.toThrow('not complete');
  await expect(uploads.append(upload, new Uint8Array(4))).rejects.toThrow('longer');
  expect(readdirSync(folder)).toEqual([]);
});

test('uploads that were given up do not keep others out', async () => {
  const folder = scratchFolder();
  const uploads = new Uploads(folder);
  const begun = await Promise.all(Array.from({ length: 40 }, () => uploads.begin('x', 1)));
  expect(readdirSync(folder).length).toBeLessThanOrEqual(17);
  await uploads.append(begun.at(-1)!.upload, new Uint8Array(1));
  await uploads.finish(begun.at(-1)!.upload);
  await uploads.dispose();
  expect(readdirSync(folder)).toEqual([begun.at(-1)!.upload]);
});

test('two engines do not take the same session file', async () => {
  const folder = scratchFolder();
  const [one, other] = [new SessionStore(folder), new SessionStore(folder)];
  await Promise.all([one.load(), other.load()]);
  const id = one.reserve('chat');
  await one.save(id, CLIENT);
  expect(other.reserve('chat')).toBe('chat-2');
});

test('uploads of earlier runs that nobody names are removed', async () => {
  const folder = scratchFolder();
  for (const name of ['kept', 'dropped']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'file'), '');
  }
  await new Uploads(folder).prune((path) => path.includes('kept'));
  expect(readdirSync(folder)).toEqual(['kept']);
});
