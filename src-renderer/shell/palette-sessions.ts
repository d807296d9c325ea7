// Which sessions the palette lists: a workspace may have thousands, of which nobody reads more than a screen. Pure.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { matchScore } from './palette-match.ts';

/** What is listed at once. */
export const MAX_LISTED = 100;

export interface PaletteSessions {
  /** The best first. */
  listed: SessionState[];
  /** More fit what was typed. */
  more: number;
  /** Of the best; 0 if there is none. */
  score: number;
}

/** Those whose name, address or path holds what was typed. */
export function paletteSessions(sessions: readonly SessionState[], typed: string): PaletteSessions {
  const found = sessions
    .map((session) => ({ session, score: matchScore(typed, session.config.name, wordsOf(session)) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  return {
    listed: found.slice(0, MAX_LISTED).map(({ session }) => session),
    more: Math.max(0, found.length - MAX_LISTED),
    score: found[0]?.score ?? 0,
  };
}

function wordsOf({ config: { target = '', listen = '' }, place }: SessionState): string {
  return [target, listen, place.path].join(' ');
}
