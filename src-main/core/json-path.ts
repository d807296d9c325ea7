// The part of JSONPath (RFC 9535) that names one place in a value: `$.auth.tokens[0]['the key']`. Pure.

/** Keys of objects and indices of lists, from the root on; a negative index counts from a list's end. */
export type JsonPath = readonly (string | number)[];

/** A path that is none. */
export class JsonPathError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JsonPathError';
  }
}

/** `.name` (RFC 9535 §2.5.1.1), `[0]`, `['name']` or `["name"]`. */
const SEGMENT =
  /\.([\p{L}_\u{80}-\u{10ffff}][\p{L}\p{N}_\u{80}-\u{10ffff}]*)|\[\s*(?:(0|-?[1-9]\d*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/uy;

/** Longer ones are no place that anybody meant. */
const MAX_PATH_CHARS = 1000;

/** @throws JsonPathError */
export function parseJsonPath(text: string): JsonPath {
  if (!text.startsWith('$')) throw new JsonPathError('a path begins with $, as in $.auth.token');
  if (text.length > MAX_PATH_CHARS) throw new JsonPathError(`a path has at most ${MAX_PATH_CHARS} characters`);
  const path: (string | number)[] = [];
  let at = 1;
  while (at < text.length) {
    SEGMENT.lastIndex = at;
    const found = SEGMENT.exec(text);
    if (!found) throw new JsonPathError(`at character ${at + 1} it must go on with .name, [0] or ['any name']`);
    const [, name, index, single, double] = found;
    path.push(index === undefined ? (name ?? unescaped(single ?? double!)) : Number(index));
    at = SEGMENT.lastIndex;
  }
  return path;
}

/** The value at a path, or in one sentence why there is none. */
export function atJsonPath(root: unknown, path: JsonPath): { value: unknown } | { missing: string } {
  let value = root;
  for (const [depth, part] of path.entries()) {
    const found = childOf(value, part);
    if (!found) {
      const here = formatJsonPath(path.slice(0, depth));
      return { missing: `There is no ${formatJsonPath(path.slice(0, depth + 1))}: ${here} ${described(value)}.` };
    }
    value = found.value;
  }
  return { value };
}

/** What parseJsonPath reads as the same path. */
export function formatJsonPath(path: JsonPath): string {
  const parts = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /^[A-Za-z_]\w*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
  });
  return `$${parts.join('')}`;
}

/** A value as the text of a variable: text as it is, all else as JSON. */
export function jsonValueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function childOf(value: unknown, part: string | number): { value: unknown } | undefined {
  if (typeof part === 'number') {
    if (!Array.isArray(value)) return undefined;
    const index = part < 0 ? value.length + part : part;
    return index in value ? { value: value[index] } : undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, part)) {
    return undefined;
  }
  return { value: (value as { [key: string]: unknown })[part] };
}

const MAX_LISTED_KEYS = 8;

function described(value: unknown): string {
  if (Array.isArray(value)) return `is a list of ${value.length}`;
  if (typeof value !== 'object' || value === null) return `is ${value === null ? 'null' : `a ${typeof value}`}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return 'is an empty object';
  const more = keys.length > MAX_LISTED_KEYS ? ' …' : '';
  return `has the keys ${keys.slice(0, MAX_LISTED_KEYS).join(', ')}${more}`;
}

/** Names in quotes are escaped as JSON strings are, and an apostrophe may be. */
function unescaped(name: string): string {
  const text = name.replace(/\\.|"/gsu, (part) => (part === '"' ? '\\"' : part === "\\'" ? "'" : part));
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    throw new JsonPathError(`the name ${JSON.stringify(name)} is not escaped as JSON is`);
  }
}
