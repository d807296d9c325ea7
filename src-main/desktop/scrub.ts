// Takes out of a line for the log what could be a payload or a secret: a log is sent to strangers more lightly than a
// capture. Rather too much than too little. Pure.

/** A stack's line is shorter; a payload in an error message is often longer. */
const MAX_LINE_CHARS = 500;

const MASKS: readonly [RegExp, string][] = [
  // Before all else: names of secrets with what follows them.
  [
    /\b((?:proxy-)?authorization|(?:set-)?cookie|[\w-]*(?:token|secret|passw(?:or)?d|passphrase|api[_-]?key)[\w-]*)(["']?\s*[:=]\s*).*$/gi,
    '$1$2…',
  ],
  [/\b(bearer|basic)\s+\S+/gi, '$1 …'],
  // User, query and fragment of URLs.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1…@'],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s?#"']*)[?#][^\s"']*/gi, '$1?…'],
  [/-----BEGIN .*$/g, '…'],
  // JSON, quoted text of some length, hex dumps, base64.
  [/[{[].{40,}[}\]]/g, '{…}'],
  [/"(?:[^"\\]|\\.){24,}"/g, '"…"'],
  [/\b(?:[0-9a-f]{2}[ :]?){12,}/gi, '…'],
  // A path of words alone is none of these.
  [/(?=[a-z/_-]*[0-9+])[a-z0-9+/_-]{40,}={0,2}/gi, '…'],
];

/** One line, printable, without what could be a payload or a secret. */
export function scrub(line: string): string {
  let text = line.slice(0, 10 * MAX_LINE_CHARS);
  for (const [pattern, mask] of MASKS) text = text.replace(pattern, mask);
  text = text.replace(/\p{Cc}|\p{Cf}/gu, '·');
  return text.length > MAX_LINE_CHARS ? `${text.slice(0, MAX_LINE_CHARS)}…` : text;
}
