import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  isBelow,
  locate,
  locateForWriting,
  namesOf,
  requireGoodName,
} from '../../src-main/workspace/workspace-path.ts';

let folder: string;
let root: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wirescope-path-')));
  root = join(folder, 'workspace');
  mkdirSync(join(root, 'chat'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each(['..', '../x', 'a/../../x', '/etc/passwd', 'a//b', './a', 'a\\..\\..\\x', 'a/', 'a\0b'])(
  '%j does not lead out',
  (path) => {
    expect(() => namesOf(path)).toThrow('must lie in the workspace');
  },
);

test('property: what a path names lies below the workspace', async () => {
  const piece = fc.constantFrom('..', '.', '', 'a', 'chat', '/', '\\', 'C:', '~', 'x.yaml');
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
      const found = await locate(root, pieces.join('/')).catch(() => root);
      expect(found === root || found.startsWith(`${root}/`)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test.each(['a.yaml', 'Seed chat.yaml', 'über-東京', 'x'.repeat(200), 'console.yaml'])('the name %j is good', (name) => {
  expect(() => requireGoodName(name)).not.toThrow();
});

test.each(['', ' ', '.git', 'a:b', 'a?', 'a|b', 'a\nb', 'end.', 'end ', 'con', 'NUL.yaml', 'x'.repeat(201)])(
  'the name %j is refused',
  (name) => {
    expect(() => requireGoodName(name)).toThrow('cannot be used');
  },
);

test('a folder that is a link out of the workspace is no place for files', async () => {
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync('../elsewhere', join(root, 'out'));
  await expect(locate(root, 'out/x.yaml')).rejects.toThrow('leads out');
  await expect(locate(root, 'out/new/x.yaml')).rejects.toThrow('leads out');
  await expect(locateForWriting(root, join(root, 'out', 'x.yaml'))).rejects.toThrow('leads out');
  // The link itself can be renamed or removed.
  expect(await locate(root, 'out')).toBe(join(root, 'out'));
});

test('a workspace that is reached by a link is a workspace like any other', async () => {
  symlinkSync('workspace', join(folder, 'link'));
  writeFileSync(join(root, 'a.yaml'), '');
  const link = join(folder, 'link');
  expect(await locate(link, 'chat/a.yaml')).toBe(join(link, 'chat', 'a.yaml'));
  expect(await locateForWriting(link, join(link, 'a.yaml'))).toBe(join(root, 'a.yaml'));
  expect(await locateForWriting(link, join(link, 'new.yaml'))).toBe(join(root, 'new.yaml'));
});

test('below is not beside', () => {
  expect(isBelow('a/b', 'a')).toBe(true);
  expect(isBelow('a', 'a')).toBe(true);
  expect(isBelow('ab', 'a')).toBe(false);
  expect(isBelow('anything', '')).toBe(true);
});
