// Whether this installation may look for updates at all. Administrators turn it off for everybody by a policy file;
// where a package manager brings updates, or nothing says where releases are, there is nothing to look for.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of the process, what decides. */
export interface Installation {
  platform: string;
  env: { readonly [name: string]: string | undefined };
  resourcesPath: string;
}

/** Where the policy file lies: only administrators may write there. */
function policyPath({ platform, env }: Pick<Installation, 'platform' | 'env'>): string {
  if (platform === 'win32') return join(env.ProgramData ?? 'C:\\ProgramData', 'Wirescope', 'policy.json');
  if (platform === 'darwin') return '/Library/Application Support/Wirescope/policy.json';
  return '/etc/wirescope/policy.json';
}

/** `policyFile`: another than policyPath's, for tests. */
export function updatesAllowed(installation: Installation, policyFile = policyPath(installation)): boolean {
  const { platform, env, resourcesPath } = installation;
  if (!existsSync(join(resourcesPath, 'app-update.yml'))) return false;
  if (platform === 'linux' && !env.APPIMAGE) return false;
  if (platform === 'win32' && env.PORTABLE_EXECUTABLE_DIR) return false;
  return !isForbidden(policyFile);
}

/** `{ "updates": false }`. A policy that cannot be read forbids: somebody meant something by it. */
function isForbidden(policyFile: string): boolean {
  if (!existsSync(policyFile)) return false;
  try {
    const { updates } = JSON.parse(readFileSync(policyFile, 'utf8')) as { updates?: unknown };
    return updates !== true && updates !== undefined;
  } catch {
    return true;
  }
}
