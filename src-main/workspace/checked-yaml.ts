// YAML text that has to fit a schema: what is wrong is said in words, with its line.
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fault = document.errors[0];
  if (fault) throw new YamlFault(fault.message.split('\n')[0]!.replace(/ at line .*$/, ''), fault.linePos?.[0].line);
  prepare(document, (path, key) => lineOf(document, lines, path, key));
  const checked = schema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (checked.success) return checked.data;
  const { path, key, text: reason } = explain(checked.error.issues[0]!);
  throw new YamlFault(reason, lineOf(document, lines, path, key));
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
    const range = isScalar(pair?.key) ? pair.key.range : node.range;
    if (range) return lines.linePos(range[0]).line;
  }
  return undefined;
}
