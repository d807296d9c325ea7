// Versions of the format of workspace files.
import { FORMAT_VERSION } from '../core/session-config.ts';

/** What is said of a file that names a later version; undefined: it names none that is later. */
export function newerFormat(version: unknown): string | undefined {
  if (typeof version !== 'number' || version <= FORMAT_VERSION) return undefined;
  return `format version ${version} is newer than this Wirescope, which reads ${FORMAT_VERSION}`;
}
