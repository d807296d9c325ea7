// Files that a person picks for a session, by the names that the session's file gives them.
import { bridge } from '../bridge/bridge.ts';
import { pickPaths } from '../bridge/file-picker.ts';

/**
 * Relative to the session's file where they lie in its workspace, so that both travel together. Empty when cancelled.
 * `session`: none where texts belong to none.
 */
export async function pickSessionPaths(
  session: string | undefined,
  title: string,
  extensions: string[] = [],
): Promise<string[]> {
  const paths = await pickPaths(title, extensions);
  if (session === undefined || paths.length === 0) return paths;
  return (await bridge.call('sessions.nameFiles', { session, paths })).paths;
}
