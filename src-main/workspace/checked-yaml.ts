// YAML text that has to fit a schema: what is wrong is said in words, with its line. The text may be anybody's, and of any
// size: reading it takes time in proportion to that.
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';

/** What is wrong with a text, for a person. */
export class YamlFault extends Error {
  /** Counted from 1; undefined: it is about nothing in particular. */
  readonly line: number | undefined;

  constructor(reason: string, line: number | undefined) {
    super(reason);
    this.name = 'YamlFault';
    this.line = line;
  }

  /** With its line. */
  get located(): string {
    return this.line === undefined ? this.message : `line ${this.line}: ${this.message}`;
  }
}

/** 1-based line of the value at a path, or of its key. */
type LineOf = (path: PropertyKey[], key?: string) => number | undefined;

/**
 * What the text says. Throws a YamlFault, or whatever `prepare` throws.
 * @param prepare is called with what was read before it is checked
 */
export function checkYaml<T>(
  text: string,
  schema: z.ZodType<T>,
  prepare: (document: Document, lineOf: LineOf) => void = () => {},
): T {
  const { document, lines } = readYaml(text);
  prepare(document, (path, key) => lineOf(document, lines, path, key));
  const checked = schema.safeParse(plainValue(document));
  if (checked.success) return checked.data;
  const { path, key, text: reason } = explain(checked.error.issues[0]!);
  throw new YamlFault(reason, lineOf(document, lines, path, key));
}

/** References (`*name`) that are followed: each may stand for many. */
const MAX_ALIASES = 100;

/** A document without faults. Throws a YamlFault. */
export function readYaml(text: string): { document: Document; lines: LineCounter } {
  const lines = new LineCounter();
  // The library would compare every key with every other, and explain every error in full.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  const fault = document.errors[0];
  if (fault) throw new YamlFault(isStackOverflow(fault) ? TOO_DEEP : fault.message, lines.linePos(fault.pos[0]).line);
  inDepth(() => requireUniqueKeys(document, lines));
  return { document, lines };
}

/** What a document says. Throws a YamlFault. */
export function plainValue(document: Document): unknown {
  try {
    return inDepth(() => document.toJS({ maxAliasCount: MAX_ALIASES }));
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new YamlFault('references (*name) in it stand for too much, or for nothing', undefined);
  }
}

const TOO_DEEP = 'it is nested too deeply';

/** Walks of a document go as deep as that is. */
function inDepth<T>(walk: () => T): T {
  try {
    return walk();
  } catch (error) {
    if (isStackOverflow(error)) throw new YamlFault(TOO_DEEP, undefined);
    throw error;
  }
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof Error && error.message.includes('call stack');
}

function requireUniqueKeys(document: Document, lines: LineCounter): void {
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const value = isScalar(key) ? key.value : key;
        if (!seen.has(value)) seen.add(value);
        else throw new YamlFault('Map keys must be unique', isScalar(key) ? lineAt(lines, key.range) : undefined);
      }
    },
  });
}

function lineAt(lines: LineCounter, range: readonly number[] | null | undefined): number | undefined {
  return range?.[0] === undefined ? undefined : lines.linePos(range[0]).line;
}

interface Explanation {
  path: PropertyKey[];
  /** The key in the mapping at `path` that does not belong there. */
  key?: string;
  text: string;
}

/** What an issue says to a person; of a union the branch the author most likely meant. */
function explain(issue: z.core.$ZodIssue): Explanation {
  const path = [...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    return { path, key, text: `unknown key ${JSON.stringify(key)}${inside(path)}` };
  }
  if (issue.code === 'invalid_union') {
    const branch = likeliestBranch(issue.errors);
    const first = branch?.find((candidate) => candidate.code === 'unrecognized_keys') ?? branch?.[0];
    if (first) {
      const explained = explain(first);
      return { ...explained, path: [...path, ...explained.path], text: relocate(explained, path) };
    }
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  if (missing) return { path, text: `${JSON.stringify(String(path[path.length - 1]))} is missing` };
  return { path, text: `${path.join('.') || 'the file'}: ${issue.message}` };
}

/** A branch's own text names its path from the branch on: spell it from the top. */
function relocate(explained: Explanation, path: PropertyKey[]): string {
  const whole = [...path, ...explained.path];
  if (explained.key !== undefined) return `unknown key ${JSON.stringify(explained.key)}${inside(whole)}`;
  const inner = explained.path.join('.') || 'the file';
  return explained.text.startsWith(`${inner}: `)
    ? `${whole.join('.')}${explained.text.slice(inner.length)}`
    : explained.text;
}

function inside(path: PropertyKey[]): string {
  return path.length > 0 ? ` in ${path.join('.')}` : '';
}

/** Faults deep inside a branch say that it was meant; faults at its root, that another was. */
function likeliestBranch(branches: z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const cost = (issues: z.core.$ZodIssue[]) =>
    issues.reduce((sum, { path, code }) => sum + (path.length === 0 ? (code === 'unrecognized_keys' ? 5 : 10) : 1), 0);
  return [...branches].sort((a, b) => cost(a) - cost(b))[0];
}

/** 1-based line of the value at a path, of its key if that is given, or of the nearest ancestor that exists. */
function lineOf(document: Document, lines: LineCounter, path: PropertyKey[], key?: string): number | undefined {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (!isNode(node)) continue;
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const line = lineAt(lines, isScalar(pair?.key) ? pair.key.range : node.range);
    if (line !== undefined) return line;
  }
  return undefined;
}
