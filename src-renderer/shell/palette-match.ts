// How well what is typed into the palette finds a thing by its name and other words. Pure.

/** Typed together, the first letters of a name's words find it too. */
const INITIALS = 0.3;

/**
 * 0: not at all; more is better. Each typed word must be in the name or the further words, and counts most where a name
 * begins with it, then where one of its words does. Letters scattered over a name are no match: nobody means that.
 */
export function matchScore(typed: string, name: string, words = ''): number {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return 1;
  const title = name.toLowerCase();
  const parts = wanted.split(/\s+/);
  const scores = parts.map((part) => Math.max(wordScore(part, title), wordScore(part, words.toLowerCase()) / 3));
  if (scores.includes(0)) return initialsOf(title).startsWith(wanted) ? INITIALS : 0;
  const mean = scores.reduce((sum, score) => sum + score, 0) / parts.length;
  return title.startsWith(wanted) ? mean + 1 : mean;
}

function wordScore(part: string, text: string): number {
  if (text.startsWith(part)) return 1;
  const at = text.indexOf(part);
  if (at < 0) return 0;
  return beginsWord(part, text) ? 0.8 : 0.4;
}

function beginsWord(part: string, text: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    if (!/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true;
  }
  return false;
}

function initialsOf(title: string): string {
  return (title.match(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu) ?? []).join('');
}
