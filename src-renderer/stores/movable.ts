// What can be moved in the tree, and where to. Pure.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { isWithin, parentOf } from './workspace-path.ts';

/** What is moved: a session, or a folder or file that is none. */
export type Movable = { session: SessionState } | { path: string; name: string };

/** Whether it can be moved into a folder of the workspace: not where it is, and no folder into itself. */
export function canMove(movable: Movable, folder: string): boolean {
  if ('path' in movable) return parentOf(movable.path) !== folder && !isWithin(folder, movable.path);
  const { place } = movable.session;
  return place.in === 'scratch' || parentOf(place.path) !== folder;
}

/** undefined: a capture that is not part of a workspace has no file to move. */
export function movableSession(session: SessionState): Movable | undefined {
  return session.place.in === 'scratch' && session.config.role === 'capture' ? undefined : { session };
}
