// Paths in a workspace: '/' between names, relative to its folder, which nothing done by them leaves. Names that are made
// are such that every system takes them, because a workspace travels by git.
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { errorCode } from '../core/system-error.ts';
import { SessionFileError } from './session-file-error.ts';

const MAX_NAME_BYTES = 200;
/** Of Windows; the others refuse fewer. */
const FORBIDDEN = /[<>:"|?*\\\p{Cc}]/u;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** The names in a path. Throws a SessionFileError for one that could lead out of the workspace; '' has none. */
export function namesOf(path: string): string[] {
  if (path === '') return [];
  const names = path.split('/');
  const leadsOut = names.some((name) => name === '' || name === '.' || name === '..' || /[\\\0]/.test(name));
  if (leadsOut || isAbsolute(path)) throw pathError(path, 'it must lie in the workspace');
  return names;
}

/** Throws a SessionFileError for a name that some system does not take, or that the workspace would not show. */
export function requireGoodName(name: string): void {
  if (name.trim() === '') throw pathError(name, 'a name is missing');
  if (name.startsWith('.')) throw pathError(name, 'what begins with a dot is hidden');
  if (FORBIDDEN.test(name)) throw pathError(name, 'Windows allows none of < > : " | ? * \\ in a name');
  if (/[. ]$/.test(name)) throw pathError(name, 'Windows allows no dot or space at the end of a name');
  if (DEVICE.test(name)) throw pathError(name, 'Windows keeps this name for a device');
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw pathError(name, `it is longer than ${MAX_NAME_BYTES} bytes`);
}

/** The absolute path, whose folder really lies in the workspace; what is there may be a link. Throws a SessionFileError. */
export async function locate(root: string, path: string): Promise<string> {
  const found = join(root, ...namesOf(path));
  if (found !== root) await requireInside(root, await realAncestor(dirname(found)), path);
  return found;
}

/**
 * The file to write for a path: where a link leads, if that lies in the workspace too. Throws a SessionFileError, or the
 * file system's own error.
 */
export async function locateForWriting(root: string, file: string): Promise<string> {
  const real = await realpath(file).catch(async (error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    return join(await realAncestor(dirname(file)), basename(file));
  });
  await requireInside(root, real, pathIn(root, file));
  return real;
}

/** A file's path as the workspace names it. */
export function pathIn(root: string, file: string): string {
  return relative(root, file).split(sep).join('/');
}

/** Whether a path is another or lies below it; both in the workspace's form. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** The path of the folder that something lies in. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `folder`: '' for the workspace itself. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

async function realAncestor(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return join(await realpath(at), relative(at, folder));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' || dirname(at) === at) throw error;
    }
  }
}

async function requireInside(root: string, real: string, path: string): Promise<void> {
  const way = relative(await realpath(root), real);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
    throw pathError(path, 'it leads out of the workspace by a link');
}

function pathError(path: string, reason: string): SessionFileError {
  return new SessionFileError({
    what: `${JSON.stringify(path)} cannot be used: ${reason}.`,
    why: '',
    next: 'Choose another name.',
    code: 'WORKSPACE_PATH',
  });
}
