// The door of schemas/: loads message types from .proto files, folders, descriptor sets and what a server told of itself.
import { isAbsolute } from 'node:path';
import type { SchemaProblem } from '../core/schema.ts';
import { bundledTypes } from './bundled-types.ts';
import { typesUsed } from './descriptor-files.ts';
import { importCircles } from './import-circles.ts';
import type { LoadedSchema, SchemaSource } from './loaded-schema.ts';
import { MergedSchema } from './merged-schema.ts';
import { resolveNames, typeNames } from './names.ts';
import { NOBODY, type ReadFile, SourceFiles } from './source-files.ts';
import { mapEntries } from './type-builder.ts';
import { type SourcedFile, Types } from './types.ts';

export interface SchemaRequest {
  /** .proto files, folders of them, or descriptor sets (any other file name). */
  files: readonly string[];
  /** Folders that imports are looked up in, before those of the files themselves. */
  importPaths: readonly string[];
  /** What relative paths are relative to: absolute. */
  folder: string;
  /** What a server told: encoded google.protobuf.FileDescriptorProto; `label` as `reflection of 127.0.0.1:50051`. */
  reflected?: { label: string; files: readonly Uint8Array[] };
}

/**
 * Loads all sources. Of definitions with the same name the first counts: files as they are listed, then reflection. What
 * is wrong is in `problems` of what comes back and costs only what depends on it.
 * @throws the signal's reason when it aborts; nothing else
 */
export async function loadSchema(request: SchemaRequest, signal?: AbortSignal): Promise<LoadedSchema> {
  const { files, importPaths, folder, reflected } = request;
  const sources = new SourceFiles(isAbsolute(folder) ? folder : process.cwd(), importPaths, signal);
  await sources.read(files);
  const entries: { label: string; kind: SchemaSource['kind'] }[] = [...sources.entries];
  if (reflected) {
    sources.addReflected(reflected.label, reflected.files, entries.length);
    entries.push({ label: reflected.label, kind: 'reflection' });
  }
  sources.addBundledImports();
  signal?.throwIfAborted();
  const read = sources.files;
  const unresolved = resolveAll(read);
  addBundledTypes(read);
  const types = new Types(read, mapEntries(read.map(({ file }) => file)), bundledTypes().types);
  const entryOf = new Map<SourcedFile, number>(read.map((file) => [file, file.entry]));
  const owners = [...types.services.keys()].map((name) => entryOf.get(types.owners.get(name)!));
  return new MergedSchema({
    types,
    files: read,
    problems: firstOf([...sources.problems, ...unresolved, ...importCircles(read), ...types.problems]),
    sources: entries.map((entry, position) => {
      return { ...entry, services: owners.filter((owner) => owner === position).length };
    }),
    paths: [...sources.paths],
  });
}

/** Nobody reads more; a file of nonsense has one in each line. */
const MAX_PROBLEMS = 200;

function firstOf(problems: readonly SchemaProblem[]): SchemaProblem[] {
  const left = problems.length - MAX_PROBLEMS;
  if (left <= 0) return [...problems];
  const more = {
    severity: 'warning',
    text: `There are ${left} problems more.`,
    source: problems[MAX_PROBLEMS]!.source,
  } as const;
  return [...problems.slice(0, MAX_PROBLEMS), more];
}

/** Makes all names full. */
function resolveAll(read: readonly ReadFile[]): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  // A server may use a bundled type without telling the file it is in.
  const bundled = [...bundledTypes().files.values()].map(({ file }) => file);
  const names = typeNames([...bundled, ...read.map(({ file }) => file)]);
  for (const { file, source, text } of read) {
    resolveNames(file, names, (place, name) => {
      // To find a place takes as long as the text is: of what nobody will be shown, it is not looked for.
      const where = text === undefined || problems.length >= MAX_PROBLEMS ? undefined : placeOf(name, text);
      problems.push({ severity: 'error', text: `${place}: there is no type ${name}.`, source, ...where });
    });
  }
  return problems;
}

/** Adds the bundled files of types that are used and that no file defines. */
function addBundledTypes(read: ReadFile[]): void {
  const { files, types } = bundledTypes();
  const defined = typeNames(read.map(({ file }) => file));
  const there = new Set(read.map(({ file }) => file.name));
  for (const { file } of [...read]) {
    for (const type of typesUsed(file)) {
      const owner = defined.has(type) ? undefined : types.owners.get(type);
      if (owner) addWithImports(owner, files, there, read);
    }
  }
}

function addWithImports(
  bundled: SourcedFile,
  files: ReadonlyMap<string, SourcedFile>,
  there: Set<string | undefined>,
  read: ReadFile[],
): void {
  if (there.has(bundled.file.name)) return;
  there.add(bundled.file.name);
  read.push({ ...bundled, entry: NOBODY });
  for (const name of bundled.file.dependency ?? []) addWithImports(files.get(name)!, files, there, read);
}

/** The first place where the name is written. */
function placeOf(name: string, text: string): { line: number; column: number } | undefined {
  const written = new RegExp(`(?<![\\w.])\\.?${name.replace(/[^\w]/g, '\\$&')}(?![\\w.])`).exec(text);
  if (!written) return undefined;
  const before = text.slice(0, written.index).split('\n');
  return { line: before.length, column: before[before.length - 1]!.length + 1 };
}
