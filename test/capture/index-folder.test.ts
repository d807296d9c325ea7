import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeIndexFolder, removeLeftIndexFolders } from '../../src-main/capture/index/index-folder.ts';
import { temporaryFolder } from './files.ts';

test('what a process that is no more has left is removed, and nothing else', async () => {
  const parent = temporaryFolder();
  const own = await makeIndexFolder(parent);
  expect(statSync(own).mode & 0o777).toBe(0o700);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const others = ['wirescope-index-', 'wirescope-index-x-1', `other-${pid}-1`, 'wirescope-index-1-1'];
  for (const name of [`wirescope-index-${pid}-abc`, ...others])
    mkdirSync(join(parent, name, 'inside'), { recursive: true });
  await removeLeftIndexFolders(parent);
  expect(readdirSync(parent).sort()).toEqual([...others, basename(own)].sort());
  await removeLeftIndexFolders(join(parent, 'missing'));
});
