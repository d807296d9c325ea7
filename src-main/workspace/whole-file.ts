// Writing files whole: a crash leaves the old text or the new one, and what somebody else wrote meanwhile is not lost.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../core/system-error.ts';
import { utf8Text } from './utf8-text.ts';

/** What is in a file; undefined: there is none. Rejects with a SessionFileError if it is not UTF-8. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return utf8Text(await readFile(path), basename(path));
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * Puts a text in place of another. False, and nothing done, if the file holds something else than `before`; undefined:
 * there must be no file. Its permissions stay.
 */
export async function replaceText(path: string, before: string | undefined, text: string): Promise<boolean> {
  // The file's own name may be as long as names can be.
  const temporary = join(dirname(path), `.saving.yaml.${randomBytes(6).toString('hex')}.tmp`);
  try {
    if (before === undefined) await mkdir(dirname(path), { recursive: true });
    const mode = (await stat(path).catch(() => undefined))?.mode ?? 0o666;
    await writeFile(temporary, text, { mode: mode & 0o777, flush: true });
    const isSame = (await readText(path)) === before;
    if (isSame) await rename(temporary, path);
    else await rm(temporary, { force: true });
    return isSame;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
