// What can be moved in the tree, and where to. Pure.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { isWithin, parentOf } from './workspace-path.ts';

/** What is moved: a path of the workspace, or a session of the scratch area. */
export type Movable = { path: string; name: string } | { session: SessionState };

/** Whether it can be moved into a folder: not where it is, and no folder into itself. */
export function canMove(movable: Movable, folder: string): boolean {
  if ('session' in movable) return true;
  return parentOf(movable.path) !== folder && !isWithin(folder, movable.path);
}

/** undefined: a capture that is not part of a workspace has no file to move. */
export function movableSession(session: SessionState): Movable | undefined {
  const { place, config } = session;
  if (place.in === 'workspace') return { path: place.path, name: config.name };
  return config.role === 'capture' ? undefined : { session };
}
