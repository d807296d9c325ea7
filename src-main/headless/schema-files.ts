// Schema files that a command line or a session file names: what is wrong with them is found before anything else is done.
import type { EngineParts } from '../engine/parts.ts';
import type { LoadedSchema } from '../schemas/loaded-schema.ts';
import { UsageError } from './usage.ts';

export interface SchemaFiles {
  files: readonly string[];
  importPaths: readonly string[];
  /** What relative paths are relative to. */
  folder: string;
}

/** Rejects with a UsageError that names the place of the first error. */
export async function loadSchemaFiles(parts: EngineParts, files: SchemaFiles): Promise<LoadedSchema> {
  const schema = await parts.loadSchema(files);
  const fault = schema.problems.find(({ severity }) => severity === 'error');
  if (!fault) return schema;
  const place = [fault.source, fault.line, fault.column].filter((part) => part !== undefined).join(':');
  throw new UsageError(`${place}: ${fault.text}`);
}
