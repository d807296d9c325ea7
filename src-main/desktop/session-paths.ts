// A session file names other files relative to its own folder. Taken out of that folder, it must name them absolutely.
// Pure.
import { resolve } from 'node:path';
import type { Input } from '../bridge/contract.ts';

type SessionConfig = Input<'sessions.create'>['config'];

/** Keys whose values are paths, wherever they stand. */
const PATH_KEYS = new Set(['ca', 'cert', 'key', 'pkcs12', 'file', 'files', 'importPaths']);
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
]);

/** The config with every path absolute that was relative to `folder`. Paths with variables are left for the engine. */
export function withAbsolutePaths(config: SessionConfig, folder: string): SessionConfig {
  const absolute = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(absolute);
    return typeof value === 'string' && !value.startsWith('{{') ? resolve(folder, value) : value;
  };
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (FOREIGN_KEYS.has(key)) return [key, inner];
        return [key, PATH_KEYS.has(key) ? absolute(inner) : walk(inner)];
      }),
    );
  };
  return walk(config) as SessionConfig;
}
