// Schemas as tests write them: texts by file name, in a folder that is gone after the test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadSchema, type SchemaRequest } from '../../src-main/schemas/load.ts';
import type { LoadedSchema } from '../../src-main/schemas/loaded-schema.ts';

/** The repository's sample protos. */
export const PROTOS = join(import.meta.dirname, '../../protos');

/** A folder with these files. */
export function folderWith(files: { [path: string]: string | Uint8Array }): string {
  const folder = mkdtempSync(join(tmpdir(), 'wirescope-schemas-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Loads all these files, or those named. */
export function schemaOf(
  files: { [path: string]: string | Uint8Array },
  request: Partial<SchemaRequest> = {},
): Promise<LoadedSchema> {
  return loadSchema({ files: Object.keys(files), importPaths: [], folder: folderWith(files), ...request });
}

/** The schema of one proto3 file in package `t`. */
export async function proto3(definitions: string): Promise<LoadedSchema> {
  const schema = await schemaOf({ 't.proto': `syntax = "proto3"; package t;\n${definitions}` });
  if (schema.problems.length > 0) throw new Error(schema.problems.map(({ text }) => text).join(' '));
  return schema;
}

/** The repository's lab.proto. */
export function labSchema(): Promise<LoadedSchema> {
  return loadSchema({ files: ['lab.proto'], importPaths: [], folder: PROTOS });
}

/** Problems in one line each: `a.proto:3:5 error There is no …`. */
export function problemLines(schema: LoadedSchema): string[] {
  return schema.problems.map(({ source, line, column, severity, text }) => {
    return `${[source, line, column].filter((part) => part !== undefined).join(':')} ${severity} ${text}`;
  });
}
