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
  watch as systemWatch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { mapPaths, movedPaths, withRelativePaths } from '../../src-main/workspace/config-paths.ts';
import { FolderWatch } from '../../src-main/workspace/folder-watch.ts';
import { Trash } from '../../src-main/workspace/trash.ts';
import { readText, replaceText } from '../../src-main/workspace/whole-file.ts';
import { scanWorkspace } from '../../src-main/workspace/workspace-scan.ts';
import { eventually } from '../eventually.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'wirescope-files-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text = ''): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('a scan', () => {
  test('finds sessions and settings, and looks where sessions can be', async () => {
    for (const path of ['b.yaml', 'a/c.yaml', 'a/wirescope.yaml', 'wirescope.yaml', 'environments/local.yaml'])
      write(path);
    for (const path of ['.git/x.yaml', 'node_modules/p/x.yaml', 'notes.txt', '.hidden.yaml', 'x.yml']) write(path);
    for (const path of ['environments/old/x.yaml', 'kept/.gitkeep', 'deps/.venv/x.yaml']) write(path);
    write('b.yaml.0123456789ab.tmp');
    mkdirSync(join(root, 'empty'));
    mkdirSync(join(root, 'folder.yaml'));
    symlinkSync('missing.yaml', join(root, 'dangling.yaml'));
    const scan = await scanWorkspace(root);
    const paths = (files: { path: string }[]) => files.map(({ path }) => path).sort();
    expect(paths(scan.files)).toEqual(['a/c.yaml', 'b.yaml']);
    expect(paths(scan.settings)).toEqual(['a/wirescope.yaml', 'wirescope.yaml']);
    expect(scan.leftovers).toEqual(['b.yaml.0123456789ab.tmp']);
    expect(scan.folders.map(({ path, empty }) => [path, empty])).toEqual([
      ['', false],
      ['a', false],
      ['deps', false],
      ['empty', true],
      ['environments', false],
      ['folder.yaml', true],
      ['kept', true],
    ]);
    expect(scan.truncated).toBeUndefined();
  });

  test('does not follow links in circles, and says where it stops', async () => {
    const deep = Array.from({ length: 20 }, () => 'd').join('/');
    write(`${deep}/x.yaml`);
    symlinkSync('..', join(root, 'd', 'up'));
    const scan = await scanWorkspace(root);
    expect(scan.files).toEqual([]);
    expect(scan.truncated).toContain('16');
  });

  test('gives a file that changed another stamp', async () => {
    write('a.yaml', 'one');
    const [before] = (await scanWorkspace(root)).files;
    write('a.yaml', 'three');
    const [after] = (await scanWorkspace(root)).files;
    expect(after!.stamp).not.toBe(before!.stamp);
  });
});

describe('the watch', () => {
  test('tells of changes in folders it was told of, also one that was made again', async () => {
    let told = 0;
    const watch = new FolderWatch(root, () => {
      told += 1;
    });
    const follow = async () =>
      watch.watch(
        (await scanWorkspace(root)).folders.map(({ path, identity }) => ({ path: join(root, path), identity })),
      );
    try {
      mkdirSync(join(root, 'a'));
      expect(await follow()).toBe(true);
      expect(await follow()).toBe(false);
      write('a/x.yaml');
      await eventually(() => expect(told).toBeGreaterThanOrEqual(1));
      renameSync(join(root, 'a'), join(root, 'b'));
      mkdirSync(join(root, 'a'));
      await eventually(() => expect(told).toBeGreaterThanOrEqual(2));
      await follow();
      write('a/y.yaml');
      await eventually(() => expect(told).toBeGreaterThanOrEqual(3));
    } finally {
      watch.dispose();
    }
  });

  test('looks at intervals where the system watches no more folders, and stops when it is disposed of', async () => {
    const told: (ReadonlySet<string> | undefined)[] = [];
    const full = Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), {
      code: 'ENOSPC',
    });
    let tried = 0;
    const watch = new FolderWatch(root, (paths) => told.push(paths), {
      pollMs: 1,
      watch: () => {
        tried += 1;
        throw full;
      },
    });
    try {
      // Not watched, so it is no news either: whoever asks again at once would ask for ever.
      expect(watch.watch([{ path: root, identity: '1' }])).toBe(false);
      expect(tried).toBe(1);
      await eventually(() => expect(told.length).toBeGreaterThan(1));
      expect(new Set(told)).toEqual(new Set([undefined]));
    } finally {
      watch.dispose();
    }
    const before = told.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toHaveLength(before);
  });

  test('goes on with what it can watch beside what it cannot, and takes a folder that has gone as none', async () => {
    mkdirSync(join(root, 'a'));
    const told: (ReadonlySet<string> | undefined)[] = [];
    const refusing: typeof systemWatch = ((path: string, options: object, ...rest: []) => {
      if (path === root) throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
      return systemWatch(path, options, ...rest);
    }) as typeof systemWatch;
    const watch = new FolderWatch(root, (paths) => told.push(paths), { pollMs: 3_600_000, watch: refusing });
    try {
      const folders = ['', 'a', 'gone'].map((path) => ({ path: join(root, path), identity: '1' }));
      watch.watch(folders);
      write('a/x.yaml');
      await eventually(() => expect(told.some((paths) => paths?.has(join(root, 'a', 'x.yaml')))).toBe(true));
    } finally {
      watch.dispose();
    }
  });
});

test('a text is replaced only while it is the one that was read', async () => {
  const path = join(root, 'a.yaml');
  expect(await replaceText(path, undefined, 'one')).toBe(true);
  expect(await replaceText(path, undefined, 'two')).toBe(false);
  expect(await replaceText(path, 'other', 'two')).toBe(false);
  expect(await replaceText(path, 'one', 'two')).toBe(true);
  expect(await readText(path)).toBe('two');
  expect(await readText(join(root, 'none'))).toBeUndefined();
  expect(await readText(join(path, 'none'))).toBeUndefined();
  expect(readdirSync(root)).toEqual(['a.yaml']);
});

describe('the trash', () => {
  test('takes files and folders and brings them back', async () => {
    const trash = new Trash(join(root, 'trash'));
    write('w/a/x.yaml', 'x');
    write('w/a/certs/ca.pem', 'pem');
    const bringBack = await trash.take(join(root, 'w', 'a'));
    expect(existsSync(join(root, 'w', 'a'))).toBe(false);
    rmSync(join(root, 'w'), { recursive: true });
    await bringBack();
    expect(readFileSync(join(root, 'w/a/certs/ca.pem'), 'utf8')).toBe('pem');
    expect(readdirSync(join(root, 'trash'))).toEqual([]);
  });

  test('overwrites nothing by bringing back', async () => {
    const trash = new Trash(join(root, 'trash'));
    write('x.yaml', 'old');
    const bringBack = await trash.take(join(root, 'x.yaml'));
    write('x.yaml', 'new');
    await expect(bringBack()).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(join(root, 'x.yaml'), 'utf8')).toBe('new');
  });
});

describe('file names in a config', () => {
  const config: SessionConfig = {
    wirescope: 1,
    name: 'Greeter',
    role: 'client',
    protocol: 'grpc',
    tls: { ca: 'certs/ca.pem', key: '/keys/k.pem', cert: '{{certs}}/c.pem', serverName: 'file' },
    grpc: { metadata: { file: 'certs/ca.pem' }, schema: { files: ['../protos/a.proto'], importPaths: ['../protos'] } },
    messages: [
      { name: 'file', json: { file: 'certs/ca.pem' } },
      { name: 'b', file: 'b.bin' },
    ],
    data: 'data/people.csv',
  };

  test('are those of files, and no others', () => {
    const named: string[] = [];
    const same = mapPaths(config, (path) => {
      named.push(path);
      return path;
    });
    expect(same).toEqual(config);
    expect(named).toEqual([
      'certs/ca.pem',
      '/keys/k.pem',
      '../protos/a.proto',
      '../protos',
      'b.bin',
      'data/people.csv',
    ]);
  });

  test('lead to the same files from another folder', () => {
    const move = { from: '/w/greeter/g.yaml', to: '/w/deep/er/g.yaml' };
    expect(movedPaths(config, '/w/greeter', '/w/deep/er', move)).toMatchObject({
      tls: { ca: '../../greeter/certs/ca.pem', key: '/keys/k.pem', cert: '{{certs}}/c.pem' },
      grpc: { schema: { files: ['../../protos/a.proto'], importPaths: ['../../protos'] } },
      messages: [config.messages![0], { name: 'b', file: '../../greeter/b.bin' }],
      data: '../../greeter/data/people.csv',
    });
  });

  test('follow files that moved, together or alone', () => {
    const together = { from: '/w/greeter', to: '/w/other/greeter' };
    expect(movedPaths(config, '/w/greeter', '/w/other/greeter', together)).toMatchObject({
      tls: { ca: 'certs/ca.pem' },
      grpc: { schema: { files: ['../../protos/a.proto'] } },
      messages: [{}, { file: 'b.bin' }],
    });
    const protos = { from: '/w/protos', to: '/w/api/v1' };
    expect(movedPaths(config, '/w/greeter', '/w/greeter', protos)).toMatchObject({
      tls: { ca: 'certs/ca.pem' },
      grpc: { schema: { files: ['../api/v1/a.proto'], importPaths: ['../api/v1'] } },
    });
  });

  test('are relative in the workspace only', () => {
    const absolute = mapPaths(config, (path) => join('/w/greeter', path));
    expect(
      withRelativePaths({ ...absolute, tls: { ca: '/w/ca.pem', key: '/keys/k' } }, '/w', '/w/greeter'),
    ).toMatchObject({
      tls: { ca: '../ca.pem', key: '/keys/k' },
      messages: [{}, { file: 'b.bin' }],
    });
  });
});
