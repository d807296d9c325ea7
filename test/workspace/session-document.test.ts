import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import type { Draft } from '../../src-main/workspace/drafts.ts';
import { SessionDocument } from '../../src-main/workspace/session-document.ts';
import { formatSessionFile, parseSessionFile } from '../../src-main/workspace/session-file.ts';
import { eventually } from '../eventually.ts';

const CHAT: SessionConfig = {
  wirescope: 1,
  name: 'Chat',
  role: 'client',
  protocol: 'websocket',
  target: 'ws://127.0.0.1:9001/',
};
const TEXT = `wirescope: 1
name: Chat # ours
role: client
protocol: websocket
# Where it runs on my machine.
target: ws://127.0.0.1:9001/
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wirescope-document-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A document and whoever edits it. */
function open(text = TEXT, name = 'chat.yaml') {
  const path = join(root, name);
  writeFileSync(path, text);
  const editor = {
    path,
    config: parseSessionFile(text, name),
    drafts: [] as (Draft | undefined)[],
    failures: [] as unknown[],
    recoveries: 0,
    changes: 0,
    edit(change: Partial<SessionConfig>) {
      editor.config = { ...editor.config, ...change };
      document.touch();
    },
    onDisk: () => parseSessionFile(readFileSync(path, 'utf8'), name),
  };
  const document = new SessionDocument(path, text, editor.config, {
    root,
    config: () => editor.config,
    apply: (config) => {
      editor.config = config;
    },
    changed: () => {
      editor.changes += 1;
    },
    failed: (error) => editor.failures.push(error),
    recovered: () => {
      editor.recoveries += 1;
    },
    keepDraft: async (draft) => void editor.drafts.push(draft),
  });
  return { document, editor };
}

test('an edit that cannot be saved is kept as a draft, and tried again until it is on the disk', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    const { document, editor } = open();
    rmSync(editor.path);
    mkdirSync(join(editor.path, 'in-the-way'), { recursive: true });
    editor.edit({ target: 'ws://127.0.0.1:9002/' });
    await document.sync();
    expect([editor.failures.length, editor.recoveries, document.unsaved]).toEqual([1, 0, true]);
    expect(editor.drafts.at(-1)?.config.target).toBe('ws://127.0.0.1:9002/');
    rmSync(editor.path, { recursive: true });
    writeFileSync(editor.path, TEXT);
    await vi.advanceTimersByTimeAsync(5000);
    await eventually(() => expect(editor.recoveries).toBe(1));
    expect(editor.onDisk().target).toBe('ws://127.0.0.1:9002/');
    await eventually(() => expect(editor.drafts.at(-1)).toBeUndefined());
  } finally {
    vi.useRealTimers();
  }
});

test('an edit is on the disk soon, with the comments, the permissions and nothing left beside it', async () => {
  const { document, editor } = open();
  chmodSync(editor.path, 0o644);
  editor.edit({ target: 'ws://127.0.0.1:9002/' });
  expect(document.unsaved).toBe(true);
  await eventually(() => expect(document.unsaved).toBe(false));
  expect(readFileSync(editor.path, 'utf8')).toBe(TEXT.replace('9001', '9002'));
  expect(statSync(editor.path).mode & 0o777).toBe(0o644);
  expect(readdirSync(root)).toEqual(['chat.yaml']);
});

test('a file whose name is as long as names can be is saved', async () => {
  const { document, editor } = open(TEXT, `${'n'.repeat(250)}.yaml`);
  editor.edit({ target: 'ws://127.0.0.1:9002/' });
  await document.sync();
  expect([editor.failures, document.unsaved]).toEqual([[], false]);
  expect(editor.onDisk().target).toBe('ws://127.0.0.1:9002/');
});

test('a file that is not UTF-8 keeps its bytes, and is said to be none to read', async () => {
  const { document, editor } = open();
  const bytes = Buffer.from(TEXT.replace('Chat', 'Caf\xe9'), 'latin1');
  writeFileSync(editor.path, bytes);
  editor.edit({ target: 'ws://127.0.0.1:9002/' });
  await document.sync();
  expect(document.disk).toEqual({ state: 'broken', problem: 'chat.yaml: its text is not UTF-8' });
  expect(editor.failures).toEqual([]);
  await expect(document.resolve('mine')).rejects.toThrow('not UTF-8');
  expect(readFileSync(editor.path).equals(bytes)).toBe(true);

  writeFileSync(editor.path, TEXT.replace('Chat', 'Café'));
  await document.sync();
  expect([document.disk, editor.onDisk()]).toMatchObject([undefined, { name: 'Café', target: 'ws://127.0.0.1:9002/' }]);
});

test('what does not change the config does not change the file', async () => {
  const { document, editor } = open();
  editor.edit({});
  expect(document.unsaved).toBe(false);
  await document.sync();
  expect(readFileSync(editor.path, 'utf8')).toBe(TEXT);
});

test('secrets stay in memory, whatever the disk does', async () => {
  const { document, editor } = open();
  editor.edit({ websocket: { basicAuth: { user: 'me', password: 'canary' } } });
  await document.sync();
  expect(document.unsaved).toBe(false);
  expect(readFileSync(editor.path, 'utf8')).not.toContain('canary');
  writeFileSync(editor.path, readFileSync(editor.path, 'utf8').replace('Chat', 'Talk'));
  await document.sync();
  expect(editor.config).toMatchObject({ name: 'Talk', websocket: { basicAuth: { password: 'canary' } } });
});

test('a change on disk is taken over; with edits of other places it is merged and written', async () => {
  const { document, editor } = open();
  writeFileSync(editor.path, TEXT.replace('9001', '9009'));
  await document.sync();
  expect(editor.config.target).toBe('ws://127.0.0.1:9009/');

  editor.edit({ name: 'Mine' });
  writeFileSync(editor.path, TEXT.replace('9001', '9010'));
  await document.sync();
  expect(editor.config).toMatchObject({ name: 'Mine', target: 'ws://127.0.0.1:9010/' });
  expect(readFileSync(editor.path, 'utf8')).toBe(TEXT.replace('9001', '9010').replace('Chat', 'Mine'));
  expect(document.disk).toBeUndefined();
});

test.each([
  ['mine', 'ws://mine/'],
  ['theirs', 'ws://theirs/'],
] as const)('where both changed the same place nothing is written until somebody decides: %s', async (take, target) => {
  const { document, editor } = open();
  const theirs = `${TEXT.replace('ws://127.0.0.1:9001/', 'ws://theirs/')}connectTimeoutMs: 5\n`;
  editor.edit({ target: 'ws://mine/', name: 'Mine' });
  writeFileSync(editor.path, theirs);
  await document.sync();
  expect(document.disk).toEqual({ state: 'changed', conflicts: ['target'] });
  expect(readFileSync(editor.path, 'utf8')).toBe(theirs);
  expect(editor.config.target).toBe('ws://mine/');
  expect(editor.drafts).toEqual([{ base: CHAT, config: { ...CHAT, name: 'Mine', target: 'ws://mine/' } }]);

  await document.resolve(take);
  expect(document.disk).toBeUndefined();
  const both = { ...CHAT, name: 'Mine', target, connectTimeoutMs: 5 };
  expect(editor.config).toEqual(both);
  expect(editor.onDisk()).toEqual(both);
  expect(editor.drafts.at(-1)).toBeUndefined();
});

test('a draft meets its file again, and the contradiction is still there', async () => {
  const { document, editor } = open(TEXT.replace('9001', '9002'));
  editor.config = { ...CHAT, target: 'ws://mine/' };
  document.rebase(CHAT);
  await document.sync();
  expect(document.disk).toEqual({ state: 'changed', conflicts: ['target'] });
  editor.edit({ target: 'ws://127.0.0.1:9002/', name: 'Mine' });
  await document.sync();
  expect(document.disk).toBeUndefined();
  expect(editor.onDisk()).toMatchObject({ name: 'Mine', target: 'ws://127.0.0.1:9002/' });
});

test('two sound changes that make no session together contradict each other', async () => {
  const message = (content: object) => ({ messages: [{ name: 'a', ...content }] }) as Partial<SessionConfig>;
  const { document, editor } = open(formatSessionFile({ ...CHAT, ...message({ text: 'x' }) }));
  editor.edit(message({ hex: '00' }));
  writeFileSync(editor.path, formatSessionFile({ ...CHAT, ...message({ base64: 'AA==' }) }));
  await document.sync();
  expect(document.disk).toEqual({ state: 'changed', conflicts: ['messages.0'] });
  await document.resolve('theirs');
  expect(editor.onDisk().messages).toEqual([{ name: 'a', base64: 'AA==' }]);
});

test.each([
  ['conflict marks', 'broken', `wirescope: 1\n<<<<<<< HEAD\nname: a\n=======\nname: b\n>>>>>>> main\n`, 'line'],
  ['an unknown key', 'broken', `${TEXT}nmae: x\n`, 'line 7'],
  ['nothing', 'broken', '', 'session file'],
  ['a newer format', 'newer', TEXT.replace('wirescope: 1', 'wirescope: 2'), 'newer'],
])('a file with %s is never written unasked', async (_what, state, broken, says) => {
  const { document, editor } = open();
  writeFileSync(editor.path, broken);
  await document.sync();
  expect(document.disk).toEqual({ state, problem: expect.stringContaining(says) });
  editor.edit({ name: 'Mine' });
  await document.sync();
  await expect(document.resolve('theirs')).rejects.toThrow(says);
  expect(readFileSync(editor.path, 'utf8')).toBe(broken);
  expect(editor.drafts.at(-1)?.config.name).toBe('Mine');

  writeFileSync(editor.path, TEXT.replace('9001', '9002'));
  await document.sync();
  expect(document.disk).toBeUndefined();
  expect(editor.onDisk()).toMatchObject({ name: 'Mine', target: 'ws://127.0.0.1:9002/' });

  const good = readFileSync(editor.path, 'utf8');
  writeFileSync(editor.path, broken);
  await document.sync();
  editor.edit({ name: 'Mine again' });
  if (state === 'newer') {
    await expect(document.resolve('mine')).rejects.toThrow(says);
    expect(readFileSync(editor.path, 'utf8')).toBe(broken);
  } else {
    await document.resolve('mine');
    expect(document.disk).toBeUndefined();
    expect(readFileSync(editor.path, 'utf8')).toBe(good.replace('Mine', 'Mine again'));
  }
});

test('a removed file is made again only when somebody decides so, comments and all', async () => {
  const { document, editor } = open();
  rmSync(editor.path);
  editor.edit({ name: 'Mine' });
  await document.sync();
  expect(document.disk).toEqual({ state: 'removed' });
  expect(readdirSync(root)).toEqual([]);
  await document.resolve('mine');
  expect(document.disk).toBeUndefined();
  expect(readFileSync(editor.path, 'utf8')).toBe(TEXT.replace('Chat', 'Mine'));
});

test('a link that leads out of the workspace is read and not written through', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'wirescope-elsewhere-'));
  try {
    writeFileSync(join(elsewhere, 'chat.yaml'), TEXT);
    const { document, editor } = open();
    rmSync(editor.path);
    symlinkSync(join(elsewhere, 'chat.yaml'), editor.path);
    editor.edit({ name: 'Mine' });
    await document.sync();
    expect(editor.failures).toMatchObject([{ problem: { code: 'WORKSPACE_PATH' } }]);
    expect(readFileSync(join(elsewhere, 'chat.yaml'), 'utf8')).toBe(TEXT);
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

test('a link within the workspace stays a link', async () => {
  writeFileSync(join(root, 'real.yaml'), TEXT);
  const { document, editor } = open();
  rmSync(editor.path);
  symlinkSync('real.yaml', editor.path);
  editor.edit({ name: 'Mine' });
  await document.sync();
  expect(readFileSync(join(root, 'real.yaml'), 'utf8')).toContain('Mine');
});

/** Places that one side may set. Every value is used once, so that none can be the same by chance. */
const PLACES = ['a', 'b', 'c', 'd'] as const;
type Step = { who: 'us' | 'them'; place: (typeof PLACES)[number] } | { who: 'sync' };

test('property: whatever both sides do, no value is lost that nobody replaced knowingly', async () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ who: fc.constantFrom('us' as const, 'them' as const), place: fc.constantFrom(...PLACES) }),
    fc.record({ who: fc.constant('sync' as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const headers = (config: SessionConfig) => config.websocket?.headers ?? {};
      const { document, editor } = open(formatSessionFile({ ...CHAT, websocket: { headers: { a: '0' } } }));
      /** Of each place the last value of each side. */
      const said = { us: new Map<string, string>(), them: new Map<string, string>() };
      let value = 0;
      let syncing: Promise<void>[] = [];
      for (const each of steps) {
        value += 1;
        if (each.who === 'sync') syncing.push(document.sync());
        else if (each.who === 'us') {
          editor.edit({ websocket: { headers: { ...headers(editor.config), [each.place]: String(value) } } });
          said.us.set(each.place, String(value));
        } else {
          // As an editor does: it reads, changes one place, writes. Nobody else may be writing, or it would lose that itself.
          await Promise.all(syncing);
          syncing = [];
          await document.sync();
          const config = editor.onDisk();
          const next = { ...config, websocket: { headers: { ...headers(config), [each.place]: String(value) } } };
          writeFileSync(editor.path, formatSessionFile(next));
          said.them.set(each.place, String(value));
        }
      }
      await document.sync();
      const ours = headers(editor.config);
      const theirs = headers(editor.onDisk());
      for (const place of PLACES) {
        const last = [said.us.get(place), said.them.get(place)].map(Number).filter((each) => !Number.isNaN(each));
        // The latest value of all is on the disk, in the editor, or both.
        if (last.length > 0) expect([ours[place], theirs[place]]).toContain(String(Math.max(...last)));
        const isConflict = document.disk?.state === 'changed' && document.disk.conflicts.join().includes(`.${place}`);
        if (!document.disk) expect(ours[place]).toBe(theirs[place]);
        // Both sides' values are there to choose from.
        if (isConflict) expect([ours[place], theirs[place]]).toEqual([said.us.get(place), said.them.get(place)]);
      }
      await document.dispose();
    }),
    { numRuns: 60 },
  );
}, 30_000);

test('an edit that overrules another is set against what came from the file meanwhile, and only that', async () => {
  const { document, editor } = open();
  const timeout = (connectTimeoutMs: number) => ({ ...editor.config, connectTimeoutMs });
  // The target came from the file, and contradicts nothing yet; the name is unsaved.
  writeFileSync(editor.path, TEXT.replace('9001', '9002'));
  await document.sync();
  editor.edit({ name: 'Mine' });
  const known = { ...CHAT, connectTimeoutMs: 1, name: 'Mine' };
  document.unlearn(known);
  editor.config = { ...timeout(2), target: 'ws://mine/' };
  document.touch();
  await document.sync();
  expect(document.disk).toEqual({ state: 'changed', conflicts: expect.arrayContaining(['target']) });
  expect(editor.config).toMatchObject({ name: 'Mine', target: 'ws://mine/', connectTimeoutMs: 2 });
  await document.resolve('theirs');
  expect(editor.onDisk()).toMatchObject({ name: 'Mine', target: 'ws://127.0.0.1:9002/' });
});
