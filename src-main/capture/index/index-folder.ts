// Folders for the indexes of files that were not recorded here. They are temporary, and may hold what a key log has opened:
// what a crash has left of them is removed at the next start.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../../core/system-error.ts';

const PREFIX = 'wirescope-index-';
/** The process that made it, and what keeps the folders of one apart. */
const NAME = new RegExp(`^${PREFIX}(\\d+)-`);

/** Makes a folder that only this user can read. */
export function makeIndexFolder(parent = tmpdir()): Promise<string> {
  return mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
}

/** Removes folders of processes that are no more. Never rejects. */
export async function removeLeftIndexFolders(parent = tmpdir()): Promise<void> {
  for (const name of await readdir(parent).catch(() => [] as string[])) {
    const pid = Number(NAME.exec(name)?.[1]);
    // Others' folders cannot be removed, which is as it should be.
    if (pid > 0 && !isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
