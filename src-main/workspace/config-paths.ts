// Where a session config names files. A session file names them relative to its own folder, so that they change when it
// moves.
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { SessionConfig } from '../core/session-config.ts';

/** Keys whose values are paths, wherever they stand. */
const PATH_KEYS = new Set(['ca', 'cert', 'key', 'pkcs12', 'file', 'files', 'importPaths', 'keylog', 'data']);
/** Keys below which names are the user's and not the format's. */
const FOREIGN_KEYS = new Set([
  'json',
  'headers',
  'metadata',
  'trailers',
  'cookies',
  'serviceConfig',
  'details',
  'field',
  'variables',
  'capture',
]);

/** The config with each path changed. Those that begin with a variable are nobody's to change. */
export function mapPaths(config: SessionConfig, change: (path: string) => string): SessionConfig {
  const changeAll = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(changeAll);
    return typeof value === 'string' && !value.startsWith('{{') ? change(value) : value;
  };
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (FOREIGN_KEYS.has(key)) return [key, inner];
        return [key, PATH_KEYS.has(key) ? changeAll(inner) : walk(inner)];
      }),
    );
  };
  return walk(config) as SessionConfig;
}

/** What moved on the disk; absolute paths. */
export interface FileMove {
  from: string;
  to: string;
}

/**
 * The config of a session file that lay in `before` and lies in `after`, naming the files it named, of which some have
 * moved themselves. Names that lead to the same files as before stay as they are written.
 */
export function movedPaths(config: SessionConfig, before: string, after: string, move: FileMove): SessionConfig {
  return mapPaths(config, (name) => {
    if (isAbsolute(name)) return name;
    const named = resolve(before, name);
    const now =
      named === move.from || named.startsWith(move.from + sep) ? move.to + named.slice(move.from.length) : named;
    if (resolve(after, name) === now) return name;
    return (relative(after, now) || '.').split(sep).join('/');
  });
}

/** The config of a session that gets a file in `folder`: what lies in the workspace is named relative to that. */
export function withRelativePaths(config: SessionConfig, root: string, folder: string): SessionConfig {
  return mapPaths(config, (name) => relativePath(name, root, folder));
}

/** A path as a session file in `folder` names it, if it lies in the workspace. */
export function relativePath(name: string, root: string, folder: string): string {
  if (!isAbsolute(name) || (name !== root && !name.startsWith(root + sep))) return name;
  return (relative(folder, name) || '.').split(sep).join('/');
}
