// What a person orders about the files of an open workspace: checked here, so that nothing is written over, and nothing
// comes to lie where no tree would show it.
import { lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Input } from '../../bridge/contract.ts';
import { parseSessionFile } from '../../workspace/session-file.ts';
import { SETTINGS_FILE } from '../../workspace/settings-file.ts';
import { ENVIRONMENTS_FOLDER } from '../../workspace/variable-file.ts';
import { replaceText } from '../../workspace/whole-file.ts';
import { isBelow, locate, nameOf, namesOf, requireGoodName } from '../../workspace/workspace-path.ts';
import { SESSION_EXTENSION } from '../../workspace/workspace-scan.ts';
import { editYaml } from '../../workspace/yaml-edit.ts';
import { problem } from '../problem.ts';
import type { Session } from '../session/session.ts';
import type { OpenWorkspace } from './open-workspace.ts';

/** The real folder to open for a path; made, with settings, if `create`. Rejects with a ProblemError, or the file system's own. */
export async function workspaceRoot(folder: string, create: boolean): Promise<string> {
  const wanted = resolve(folder);
  if (create) {
    await mkdir(wanted, { recursive: true });
    const settings = `wirescope: 1\nname: ${JSON.stringify(basename(wanted))}\n`;
    await replaceText(join(wanted, SETTINGS_FILE), undefined, settings);
  }
  const root = await realpath(wanted).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw problem(`There is no folder ${wanted}.`, { next: 'Choose another one.', code: 'NO_FOLDER' });
  });
  if (!(await stat(root)).isDirectory())
    throw problem(`${wanted} is not a folder.`, { next: 'Choose a folder.', code: 'NO_FOLDER' });
  return root;
}

/** Throws unless what lies at a path is shown in the tree, and can be there on every system. */
export function requireShown(path: string): void {
  const names = namesOf(path);
  for (const name of names) requireGoodName(name);
  const hidden = names[0] === ENVIRONMENTS_FOLDER ? ENVIRONMENTS_FOLDER : names.find((name) => name === 'node_modules');
  if (hidden !== undefined)
    throw problem(`Sessions cannot lie in ${hidden}.`, { next: 'Choose another folder.', code: 'WORKSPACE_PATH' });
}

export async function createFolder(open: OpenWorkspace, path: string): Promise<void> {
  requireShown(path);
  await open.inTurn(async () => {
    const folder = await locate(open.root, path);
    if (await lstat(folder).catch(() => undefined)) throw isTaken(path);
    await mkdir(folder, { recursive: true });
    await open.rescan();
  });
}

/** Renames or moves. */
export async function move(open: OpenWorkspace, { from, to }: Input<'workspace.move'>): Promise<void> {
  if (from === to) return;
  if (from === '' || isBelow(to, from)) throw problem('A folder cannot be moved into itself.');
  requireShown(to);
  if (from.endsWith(SESSION_EXTENSION) && !to.endsWith(SESSION_EXTENSION))
    throw problem(`The file of a session ends with ${SESSION_EXTENSION}.`, { next: 'Keep its ending.' });
  await open.inTurn(async () => {
    const [source, target] = await Promise.all([from, to].map((path) => locate(open.root, path)));
    const [before, taken] = await Promise.all([source!, target!].map((file) => lstat(file).catch(() => undefined)));
    if (!before) throw problem(`There is nothing at ${from}.`, { code: 'ENOENT' });
    // Where case does not count, a name may change into itself.
    if (taken && taken.ino !== before.ino) throw isTaken(to);
    await open.move(from, to);
  });
}

/** A copy of a session beside it. */
export async function duplicate(open: OpenWorkspace, path: string): Promise<Session> {
  return await open.inTurn(async () => {
    const { document, session } = await open.saved(path);
    const name = `${session.config.name} copy`;
    const { text } = document;
    return await open.createBeside(path, editYaml(text, { ...parseSessionFile(text, nameOf(path)), name }));
  });
}

function isTaken(path: string) {
  return problem(`Something else is at ${path} already.`, { next: 'Choose another name.', code: 'EEXIST' });
}
