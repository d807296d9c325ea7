// The types that are there without anybody's files: well-known types, statuses and their details, health, reflection.
import { BUNDLED_PROTOS } from './bundled-protos.ts';
import { bundledFile } from './descriptor-codec.ts';
import { resolveNames, typeNames } from './names.ts';
import { mapEntries } from './type-builder.ts';
import { type SourcedFile, Types } from './types.ts';

interface Bundled {
  files: ReadonlyMap<string, SourcedFile>;
  types: Types;
}

let bundled: Bundled | undefined;

/** Parsed when first asked for, then shared: not to be changed. */
export function bundledTypes(): Bundled {
  bundled ??= load();
  return bundled;
}

function load(): Bundled {
  const files = Object.keys(BUNDLED_PROTOS).map(bundledFile);
  const names = typeNames(files);
  for (const file of files) {
    resolveNames(file, names, (place, name) => {
      throw new Error(`${place} of the bundled protos has no type ${name}.`);
    });
  }
  const sourced = files.map((file): SourcedFile => ({ file, source: file.name ?? '' }));
  return {
    files: new Map(sourced.map((entry) => [entry.source, entry])),
    types: new Types(sourced, mapEntries(files)),
  };
}
