// Text from the wire, made safe to read: control characters, escape sequences, invisible and direction-changing
// characters are shown as what they are and never interpreted. Gives segments, not markup.

export interface Segment {
  text: string;
  /** A stand-in for a character that cannot be seen. */
  standIn: boolean;
}

// Controls and their pictures (in which the engine may have put them already: few fonts have them), marks that turn the
// direction, line separators, lone surrogates, and what has no width; but not the joiners and selectors of emoji.
const HIDDEN =
  /(?!\u200d\p{Extended_Pictographic}|[\ufe00-\ufe0f])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2400-\u2421\ufff9-\ufffb]/gu;

const CONTROLS =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US SP DEL'.split(
    ' ',
  );

/** The stand-in of one hidden character: its name for a control, its number for the rest. */
function standIn(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const control = code === 0x7f ? 'DEL' : code < 0x20 ? CONTROLS[code] : CONTROLS[code - 0x2400];
  return `⟨${control ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`}⟩`;
}

/** Cuts text into what can be shown as it is and stand-ins for what cannot. */
export function visibleSegments(text: string): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) segments.push({ text: text.slice(from, match.index), standIn: false });
    const last = segments.at(-1);
    if (last?.standIn) last.text += standIn(match[0]);
    else segments.push({ text: standIn(match[0]), standIn: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) segments.push({ text: text.slice(from), standIn: false });
  return segments;
}

/** The same as one string, for titles and labels. */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, standIn);
}

/** Where `needle` occurs, ignoring case: [start, end) pairs that do not overlap, at most `limit`. */
export function occurrences(text: string, needle: string, limit = 50): [number, number][] {
  const found: [number, number][] = [];
  if (needle === '') return found;
  const haystack = text.toLowerCase();
  // Lower-casing may change the length of a few characters (İ); positions would then be wrong, so such text is not marked.
  if (haystack.length !== text.length) return found;
  const wanted = needle.toLowerCase();
  let at = haystack.indexOf(wanted);
  while (at >= 0 && found.length < limit) {
    found.push([at, at + wanted.length]);
    at = haystack.indexOf(wanted, at + wanted.length);
  }
  return found;
}
