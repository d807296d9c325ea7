// Session files: YAML text ⇄ session config. Reading names the line of what is wrong; writing leaves secrets out and
// never leaves half a file. Knows nothing of sessions that run.
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Document, stringify, visit } from 'yaml';
import { type SessionConfig, sessionConfigSchema } from '../core/session-config.ts';
import { checkYaml, plainValue, YamlFault } from './checked-yaml.ts';
import { newerFormat } from './format-version.ts';
import { withoutSecrets } from './secrets.ts';
import { SessionFileError } from './session-file-error.ts';
import { utf8Text } from './utf8-text.ts';
import { keepSpelling } from './variable-file.ts';
import { editYaml } from './yaml-edit.ts';

/** Far more than anybody writes by hand; saved messages may carry some payload. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** Code of the error for a file of a later version of the format: such a file is left alone. */
export const NEWER_FORMAT = 'NEWER_FORMAT';

/** Throws a SessionFileError, or the file system's own error. */
export async function readSessionFile(path: string): Promise<SessionConfig> {
  const status = await stat(path);
  // A device or a pipe may have no end.
  if (!status.isFile()) throw failure(basename(path), undefined, 'this is no file, but a folder, a pipe or a device');
  if (status.size > MAX_FILE_BYTES) throw failure(basename(path), undefined, 'the file is larger than 64 MiB');
  return parseSessionFile(utf8Text(await readFile(path), basename(path)), basename(path));
}

/** The config in a session file's text. `name` is how errors call the file. Throws a SessionFileError. */
export function parseSessionFile(text: string, name: string): SessionConfig {
  try {
    return checkYaml(text, sessionConfigSchema, (document, lineOf) => {
      if (document.get('protocol') === 'grpc') keepDigits(document);
      keepSpelling(document.get('variables'));
      checkVersion(plainValue(document), name, lineOf(['wirescope']));
    });
  } catch (error) {
    if (error instanceof YamlFault) throw failure(name, error.line, error.message);
    throw error;
  }
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
  const newer = newerFormat(version);
  if (newer !== undefined) throw failure(name, line, newer, NEWER_FORMAT);
}

function failure(name: string, line: number | undefined, reason: string, code = 'SESSION_FILE'): SessionFileError {
  const where = line === undefined ? name : `${name}, line ${line}`;
  return new SessionFileError({ what: `${where}: ${reason}`, why: '', next: '', code });
}
