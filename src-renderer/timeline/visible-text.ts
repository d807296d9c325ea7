// Text from the wire, made safe to read: control characters, escape sequences, invisible and direction-changing
// characters are shown as what they are and never interpreted. Gives segments, not markup.

export interface Segment {
  text: string;
  /** A stand-in for a character that cannot be seen. */
  standIn: boolean;
}

// C0 and C1 controls, DEL, soft hyphen, Arabic letter mark, zero-width and direction marks, line and paragraph
// separators, embeddings and isolates, invisible operators, byte order mark, interlinear marks, tags, lone surrogates.
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what this is for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udfff]/gu;

/** The stand-in of one hidden character: `␛` for controls that have a picture, `U+202E` in brackets for the rest. */
function standIn(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
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
