// Where a name is cut that has no room: in its middle, for names that begin alike are told apart by their ends. Pure.

/** Shorter names stay in one piece. */
const MIN_CUT = 10;
const LAST_WORD = /(?<=\s)\S{1,11}$/u;
const LAST_CHARACTERS = /.{6}$/su;

/** What gives way first, and what stays: the last word, or a part of one that is long. Together they are the name. */
export function nameEnds(name: string): { head: string; tail: string } {
  const [tail = ''] = name.length < MIN_CUT ? [] : (LAST_WORD.exec(name) ?? LAST_CHARACTERS.exec(name) ?? []);
  return { head: name.slice(0, name.length - tail.length), tail };
}
