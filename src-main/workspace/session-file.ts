// Session files: YAML text ⇄ session config. Reading names the line of what is wrong; writing leaves secrets out and
// never leaves half a file. Knows nothing of sessions that run.
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, stringify, visit } from 'yaml';
import type { z } from 'zod';
import { FORMAT_VERSION, type SessionConfig, sessionConfigSchema } from '../core/session-config.ts';
import { withoutSecrets } from './secrets.ts';
import { SessionFileError } from './session-file-error.ts';
import { editYaml } from './yaml-edit.ts';

/** Far more than anybody writes by hand; saved messages may carry some payload. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Throws a SessionFileError, or the file system's own error. */
export async function readSessionFile(path: string): Promise<SessionConfig> {
  const status = await stat(path);
  // A device or a pipe may have no end.
  if (!status.isFile()) throw failure(basename(path), undefined, 'this is no file, but a folder, a pipe or a device');
  if (status.size > MAX_FILE_BYTES) throw failure(basename(path), undefined, 'the file is larger than 64 MiB');
  return parseSessionFile(await readFile(path, 'utf8'), basename(path));
}

/** The config in a session file's text. `name` is how errors call the file. Throws a SessionFileError. */
export function parseSessionFile(text: string, name: string): SessionConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fault = document.errors[0];
  if (fault) throw failure(name, fault.linePos?.[0].line, fault.message.split('\n')[0]!.replace(/ at line .*$/, ''));

  if (document.get('protocol') === 'grpc') keepDigits(document);
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  checkVersion(value, name, lineOf(document, lines, ['wirescope']));
  const checked = sessionConfigSchema.safeParse(value);
  if (checked.success) return checked.data;

  const { path, key, text: reason } = explain(checked.error.issues[0]!);
  throw failure(name, lineOf(document, lines, path, key), reason);
}

/** The text of a session file, without secrets. */
export function formatSessionFile(config: SessionConfig): string {
  return stringify(withoutSecrets(config), { lineWidth: 120 });
}

/** Writes a session file, in place of an older text with its comments and its order of keys kept. */
export async function writeSessionFile(path: string, config: SessionConfig): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => '');
  await writeWhole(path, before === '' ? formatSessionFile(config) : editYaml(before, withoutSecrets(config)));
}

/** Writes a file so that a crash leaves the old one or the new one. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600, flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Whole numbers that a double cannot hold become strings, as in JSON text of messages: a type tells that they are numbers. */
function keepDigits(document: Document): void {
  visit(document, {
    Scalar(_, node) {
      const { value, source = '' } = node;
      const isLong = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source);
      if (isLong) node.value = source;
    },
  });
}

function checkVersion(value: unknown, name: string, line: number | undefined): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw failure(name, undefined, 'this is not a session file: it must be a mapping that begins with "wirescope: 1"');
  const version: unknown = (value as { wirescope?: unknown }).wirescope;
  if (version === undefined) throw failure(name, undefined, `the format version is missing: "wirescope: 1"`);
  if (typeof version === 'number' && version > FORMAT_VERSION)
    throw failure(name, line, `format version ${version} is newer than this Wirescope, which reads ${FORMAT_VERSION}`);
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

function failure(name: string, line: number | undefined, reason: string): SessionFileError {
  const where = line === undefined ? name : `${name}, line ${line}`;
  return new SessionFileError({ what: `${where}: ${reason}`, why: '', next: '', code: 'SESSION_FILE' });
}
