// Conflicts between a session and its file, in words: pure.
import type { SessionState } from '../../src-main/bridge/contract.ts';

/** Name of the session's file, without its folders. */
export function diskFile({ place }: Pick<SessionState, 'place'>): string {
  return place.path.slice(place.path.lastIndexOf('/') + 1);
}

const MAX_PLACES = 3;

/** `target, script[2] and 4 more places` */
export function conflictText(conflicts: readonly string[]): string {
  const more = conflicts.length - MAX_PLACES;
  const named = conflicts.slice(0, MAX_PLACES);
  if (more > 0) return `${named.join(', ')} and ${more} more ${more === 1 ? 'place' : 'places'}`;
  const last = named.pop() ?? '';
  return named.length > 0 ? `${named.join(', ')} and ${last}` : last;
}
