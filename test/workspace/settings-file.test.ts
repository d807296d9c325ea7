import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import {
  findRoot,
  parseSettings,
  readSettings,
  settingsVariables,
  withDefaults,
} from '../../src-main/workspace/settings-file.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'wirescope-settings-'));
  await mkdir(join(root, 'chat', 'deep'), { recursive: true });
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const client: SessionConfig = { wirescope: 1, name: 'a', role: 'client', protocol: 'websocket', target: 'ws://x' };

test('a session inherits from its folders, the nearer one wins, and itself last', async () => {
  await writeFile(
    join(root, 'wirescope.yaml'),
    'wirescope: 1\nname: Team\nvariables: { host: a }\ndefaults:\n  websocket: { headers: { A: root, B: root, C: root }, compression: false }\n  tls: { ca: certs/ca.pem }\n',
  );
  await writeFile(
    join(root, 'chat', 'wirescope.yaml'),
    'wirescope: 1\nvariables: { host: b }\ndefaults: { websocket: { headers: { B: chat, C: chat } }, tls: { cert: me.pem } }\n',
  );
  const folder = join(root, 'chat', 'deep');
  const settings = await readSettings(root, folder);
  expect(settings.map((each) => each.folder)).toEqual([root, join(root, 'chat')]);
  expect(withDefaults({ ...client, websocket: { headers: { C: 'own' } } }, settings, folder)).toEqual({
    ...client,
    websocket: { headers: { A: 'root', B: 'chat', C: 'own' }, compression: false },
    tls: { ca: join('..', '..', 'certs', 'ca.pem'), cert: join('..', 'me.pem') },
  });
  expect(settingsVariables(settings, root)).toEqual([
    { texts: { host: 'a' }, isRoot: true, origin: 'wirescope.yaml' },
    { texts: { host: 'b' }, isRoot: false, origin: join('chat', 'wirescope.yaml') },
  ]);
});

test('what belongs to another protocol or role is not inherited', async () => {
  await writeFile(
    join(root, 'wirescope.yaml'),
    'wirescope: 1\ndefaults: { grpc: { deadlineMs: 5 }, websocket: { compression: false }, tls: { verify: false }, proxy: "http://p:1" }\n',
  );
  const settings = await readSettings(root, root);
  expect(withDefaults(client, settings, root)).toEqual({
    ...client,
    websocket: { compression: false },
    tls: { verify: false },
    proxy: 'http://p:1',
  });
  const server: SessionConfig = { wirescope: 1, name: 's', role: 'server', protocol: 'grpc' };
  expect(withDefaults(server, settings, root)).toEqual({ ...server, grpc: { deadlineMs: 5 } });
  expect(withDefaults({ ...server, tls: { selfSigned: true } }, settings, root).tls).toEqual({
    selfSigned: true,
    verify: false,
  });
});

test('the root is the topmost folder with settings, but not above a repository', async () => {
  expect(await findRoot(join(root, 'chat'))).toBe(join(root, 'chat'));
  await writeFile(join(root, 'wirescope.yaml'), 'wirescope: 1\n');
  await writeFile(join(root, 'chat', 'wirescope.yaml'), 'wirescope: 1\n');
  expect(await findRoot(join(root, 'chat', 'deep'))).toBe(root);
  await mkdir(join(root, 'chat', '.git'));
  expect(await findRoot(join(root, 'chat', 'deep'))).toBe(join(root, 'chat'));
});

test.each([
  ['# Shop\nwirescope: 2\nfancy: 1\n', 'x.yaml: line 2: format version 2 is newer than this Wirescope, which reads 1'],
  ['', 'x.yaml: it must be a mapping that begins with "wirescope: 1"'],
  ['name: Shop\n', 'x.yaml: it must be a mapping that begins with "wirescope: 1"'],
  ['wirescope: "1"\n', 'x.yaml: line 1: wirescope'],
  ['wirescope: 1\ndefault: {}\n', 'x.yaml: line 2: unknown key "default"'],
  ['wirescope: 1\ndefaults: { tls: { cA: x } }\n', 'x.yaml: line 2: unknown key "cA" in defaults.tls'],
  ['a: [', 'x.yaml: line 1'],
])('%j is refused with its reason', (text, reason) => {
  expect(() => parseSettings(text, 'x.yaml')).toThrow(reason);
});
