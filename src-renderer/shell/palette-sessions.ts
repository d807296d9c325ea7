// Which sessions the palette lists: a workspace may have thousands, of which nobody reads more than a screen. Pure.
import type { SessionState } from '../../src-main/bridge/contract.ts';

/** What is listed at once. */
export const MAX_LISTED = 100;

export interface PaletteSessions {
  listed: SessionState[];
  /** More fit what was typed. */
  more: number;
}

/** Of what the session is found by. */
export function paletteWords({ config: { target = '', listen = '' }, place }: SessionState): string[] {
  return [target, listen, place.path].filter((word) => word !== '');
}

/** Those that hold the typed letters in their order, the ones that hold them together first. */
export function paletteSessions(sessions: readonly SessionState[], typed: string): PaletteSessions {
  const wanted = typed.trim().toLowerCase();
  const together: SessionState[] = [];
  const apart: SessionState[] = [];
  for (const session of sessions) {
    const text = [session.config.name, ...paletteWords(session)].join(' ').toLowerCase();
    if (text.includes(wanted)) together.push(session);
    else if (holdsLetters(text, wanted)) apart.push(session);
  }
  const found = [...together, ...apart];
  return { listed: found.slice(0, MAX_LISTED), more: Math.max(0, found.length - MAX_LISTED) };
}

function holdsLetters(text: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    if (letter === ' ') continue;
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
