// What a workspace's folder holds, by names and stamps alone: reads no file. Bounded, because somebody may open their home.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SETTINGS_FILE } from './settings-file.ts';
import { ENVIRONMENTS_FOLDER } from './variable-file.ts';
import { joinPath } from './workspace-path.ts';

export const SESSION_EXTENSION = '.yaml';

const MAX_FILES = 5000;
const MAX_DEPTH = 16;
/** Names looked at: most folders of a large repository hold no session. */
const MAX_ENTRIES = 100_000;
/** Of a write: the process may not live to end it. */
export const TEMPORARY = /\.yaml\.[0-9a-f]{12}\.tmp$/;

export interface ScannedFile {
  path: string;
  /** Another if the file may be another. */
  stamp: string;
}

export interface Scan {
  /** Files that may be sessions, by path. */
  files: ScannedFile[];
  settings: ScannedFile[];
  /** All folders looked into, the workspace's own as ''. */
  folders: ScannedFolder[];
  leftovers: string[];
  /** Why there may be more. */
  truncated?: string;
}

export interface ScannedFolder {
  path: string;
  /** Another if the folder was removed and made again. */
  identity: string;
  /** Nothing is in it but hidden files: git keeps no folder without a file such as .gitkeep. */
  empty: boolean;
}

/** Rejects only if the folder itself cannot be read. */
export async function scanWorkspace(root: string): Promise<Scan> {
  const scan: Scan = { files: [], settings: [], folders: [], leftovers: [] };
  let entries = 0;
  const queue = [''];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const found = await readdir(join(root, path), { withFileTypes: true }).catch((error: unknown) => {
      if (path === '') throw error;
      return [];
    });
    const empty = found.every((entry) => entry.isFile() && entry.name.startsWith('.'));
    scan.folders.push({ path, identity: await identify(join(root, path)), empty });
    entries += found.length;
    if (entries > MAX_ENTRIES) return { ...scan, truncated: `Only ${MAX_ENTRIES} names are looked at.` };
    for (const entry of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const at = joinPath(path, entry.name);
      if (entry.isDirectory()) {
        if (entry.name.startsWith('.') || entry.name === 'node_modules' || path === ENVIRONMENTS_FOLDER) continue;
        if (at.split('/').length < MAX_DEPTH) queue.push(at);
        else scan.truncated = `Folders deeper than ${MAX_DEPTH} are not read.`;
      } else if (TEMPORARY.test(entry.name)) scan.leftovers.push(at);
      else if (path === ENVIRONMENTS_FOLDER) continue;
      else if (entry.name.endsWith(SESSION_EXTENSION) && !entry.name.startsWith('.')) {
        const file = await scanFile(root, at);
        if (!file) continue;
        if (entry.name === SETTINGS_FILE) scan.settings.push(file);
        else if (scan.files.length < MAX_FILES) scan.files.push(file);
        else scan.truncated = `Only ${MAX_FILES} files are read.`;
      }
    }
  }
  return scan;
}

async function identify(folder: string): Promise<string> {
  const status = await stat(folder).catch(() => undefined);
  return status ? `${status.ino} ${status.birthtimeMs}` : '';
}

/** Undefined: it is no file, or has gone. */
export async function scanFile(root: string, path: string): Promise<ScannedFile | undefined> {
  const status = await stat(join(root, path)).catch(() => undefined);
  if (!status?.isFile()) return undefined;
  return { path, stamp: `${status.mtimeMs} ${status.ctimeMs} ${status.size} ${status.ino}` };
}
