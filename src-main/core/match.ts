// Whether a message is what somebody expects (`expect` of a script, `when` of a scripted server), and if not, in one
// sentence what is different.
import { parseHex } from './compose/hex.ts';
import { hex, utf8 } from './dissect/bytes.ts';
import { compilePattern, MAX_MATCHED_CHARS } from './pattern.ts';
import { hexPreview, previewOf, shorten } from './payload/preview.ts';
import type { Match } from './session-config.ts';

/** What keeps a message from matching, as a sentence; undefined if it matches. */
export type Matcher = (bytes: Uint8Array) => string | undefined;

/**
 * Compiles all conditions of a match; a message must meet every one.
 * @throws PatternError for a pattern that is no regular expression or a dangerous one
 * @throws ContentError for hex that is none
 */
export function compileMatch(match: Match): Matcher {
  const conditions: Matcher[] = [];
  if (match.text !== undefined) conditions.push(equalsText(match.text));
  if (match.contains !== undefined) conditions.push(containsText(match.contains));
  if (match.matches !== undefined) conditions.push(matchesPattern(match.matches));
  if (match.json !== undefined) conditions.push(holdsJson(match.json));
  if (match.hex !== undefined) conditions.push(equalsBytes(parseHex(match.hex)));
  return (bytes) => {
    for (const condition of conditions) {
      const difference = condition(bytes);
      if (difference !== undefined) return difference;
    }
    return undefined;
  };
}

function equalsText(wanted: string): Matcher {
  return (bytes) => {
    const text = utf8(bytes);
    if (text === wanted) return undefined;
    let at = 0;
    while (at < text.length && text[at] === wanted[at]) at++;
    return `Expected ${quote(wanted)}, got ${preview(bytes)}: they differ at character ${at + 1}.`;
  };
}

function containsText(wanted: string): Matcher {
  return (bytes) =>
    utf8(bytes).includes(wanted) ? undefined : `Expected something with ${quote(wanted)} in it, got ${preview(bytes)}.`;
}

function matchesPattern(source: string): Matcher {
  const pattern = compilePattern(source, { ignoreCase: false });
  return (bytes) => {
    const text = utf8(bytes);
    if (pattern(text)) return undefined;
    const bound = text.length > MAX_MATCHED_CHARS ? ` in its first ${MAX_MATCHED_CHARS} characters` : '';
    return `Expected something that matches /${shorten(source, 200)}/${bound}, got ${preview(bytes)}.`;
  };
}

function equalsBytes(wanted: Uint8Array): Matcher {
  return (bytes) => {
    if (hex(bytes) === hex(wanted)) return undefined;
    let at = 0;
    while (at < bytes.length && bytes[at] === wanted[at]) at++;
    const got = `got ${hexPreview(bytes, bytes.length) || 'nothing'}`;
    return `Expected ${hexPreview(wanted, wanted.length) || 'nothing'}, ${got}: they differ at byte ${at}.`;
  };
}

function holdsJson(given: unknown): Matcher {
  const wanted = typeof given === 'string' ? parsedOr(given, given) : given;
  return (bytes) => {
    let value: unknown;
    try {
      value = JSON.parse(utf8(bytes));
    } catch {
      return `Expected JSON, got ${preview(bytes)}.`;
    }
    return jsonDifference(wanted, value, '');
  };
}

/** JSON text as its value; anything else stands for itself. */
function parsedOr(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** Where a value lacks something wanted. Objects may have more keys; arrays must be of one length, item by item. */
function jsonDifference(wanted: unknown, value: unknown, path: string): string | undefined {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(value)) return mismatch(wanted, value, path);
    if (value.length !== wanted.length) {
      return `Expected ${wanted.length} items${at(path)}, got ${value.length}.`;
    }
    return firstDifference(wanted.map((item, i) => () => jsonDifference(item, value[i], `${path}[${i}]`)));
  }
  if (!isObject(wanted)) return wanted === value ? undefined : mismatch(wanted, value, path);
  if (!isObject(value)) return mismatch(wanted, value, path);
  return firstDifference(
    Object.entries(wanted).map(([key, item]) => () => {
      const inner = path === '' ? key : `${path}.${key}`;
      if (!Object.hasOwn(value, key)) return `Expected a key ${quote(key)}${at(path)}; there is none.`;
      return jsonDifference(item, value[key], inner);
    }),
  );
}

function firstDifference(comparisons: readonly (() => string | undefined)[]): string | undefined {
  for (const compare of comparisons) {
    const difference = compare();
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mismatch(wanted: unknown, value: unknown, path: string): string {
  return `Expected ${shorten(JSON.stringify(wanted) ?? String(wanted), 200)}${at(path)}, got ${described(value)}.`;
}

function at(path: string): string {
  return path === '' ? '' : ` at ${path}`;
}

/** A value of the message, which may be nested too deep to be written out. */
function described(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return isObject(value) ? 'an object' : shorten(JSON.stringify(value), 200);
}

function quote(text: string): string {
  return `“${shorten(text, 200)}”`;
}

function preview(bytes: Uint8Array): string {
  return bytes.length === 0 ? 'nothing' : `“${previewOf(bytes, bytes.length)}”`;
}
