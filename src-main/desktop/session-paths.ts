// A session file names other files relative to its own folder. Taken out of that folder, it must name them absolutely.
import { resolve } from 'node:path';
import type { Input } from '../bridge/contract.ts';
import { mapPaths } from '../workspace/config-paths.ts';

type SessionConfig = Input<'sessions.create'>['config'];

/** The config with every path absolute that was relative to `folder`. Paths with variables are left for the engine. */
export function withAbsolutePaths(config: SessionConfig, folder: string): SessionConfig {
  return mapPaths(config, (path) => resolve(folder, path));
}
