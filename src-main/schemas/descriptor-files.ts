// Descriptors to hand out: one file each, those it imports before it, nothing defined twice, every type it uses imported.
// What a pool of descriptors (protoc, a reflection client) accepts.

import { type FieldDescriptor, type FileDescriptor, joined, type MessageDescriptor } from './descriptor.ts';
import { encodeFile } from './descriptor-codec.ts';
import type { SourcedFile } from './types.ts';

/**
 * The files as bytes.
 * @param owners which file's definition of a type or service counts
 */
export function descriptorFiles(
  files: readonly SourcedFile[],
  owners: ReadonlyMap<string, SourcedFile>,
): { file: string; bytes: Uint8Array }[] {
  const kept = files.map((sourced) => keptOf(sourced, owners)).filter((file) => file !== undefined);
  const nameOf = uniqueNames(kept);
  const ordered = inOrder(kept, owners, nameOf);
  return ordered.map(({ sourced, definitions, imports }) => {
    const file = nameOf.get(sourced)!;
    const asReceived = sourced.bytes && definitions === sourced.file && isSame(sourced.file, file, imports);
    return { file, bytes: asReceived ? sourced.bytes! : encodeFile(rewritten(definitions, file, imports)) };
  });
}

interface Kept {
  sourced: SourcedFile;
  /** The file itself, or what of it counts. */
  definitions: FileDescriptor;
}

/** A file without definitions that another file has made before; undefined if nothing is left of it. */
function keptOf(sourced: SourcedFile, owners: ReadonlyMap<string, SourcedFile>): Kept | undefined {
  const { file } = sourced;
  const scope = file.package ?? '';
  const owned = (definition: { name?: string }) => owners.get(joined(scope, definition.name ?? '')) === sourced;
  const { messageType = [], enumType = [], service = [], extension = [] } = file;
  const all = [...messageType, ...enumType, ...service, ...extension];
  if (all.every(owned)) return { sourced, definitions: file };
  if (!all.some(owned)) return undefined;
  const definitions = {
    ...file,
    messageType: messageType.filter(owned),
    enumType: enumType.filter(owned),
    service: service.filter(owned),
    extension: extension.filter(owned),
  };
  return { sourced, definitions };
}

/** Names of files, made different where two have the same. */
function uniqueNames(kept: readonly Kept[]): Map<SourcedFile, string> {
  const taken = new Set<string>();
  const names = new Map<SourcedFile, string>();
  for (const { sourced } of kept) {
    const wanted = sourced.file.name || 'unnamed.proto';
    let name = wanted;
    for (let copy = 2; taken.has(name); copy++) name = wanted.replace(/(\.proto)?$/, `-${copy}.proto`);
    taken.add(name);
    names.set(sourced, name);
  }
  return names;
}

interface Ordered extends Kept {
  /** Names of the files to import. */
  imports: string[];
}

/** Imported files first. A circle is cut where it closes. */
function inOrder(
  kept: readonly Kept[],
  owners: ReadonlyMap<string, SourcedFile>,
  nameOf: ReadonlyMap<SourcedFile, string>,
): Ordered[] {
  const byName = new Map(kept.map((file) => [nameOf.get(file.sourced)!, file]));
  const ordered: Ordered[] = [];
  const before = new Set<string>();
  const done = new Set<Kept>();
  const imports = new Map<Kept, string[]>();
  const importsOf = (file: Kept) => {
    const known = imports.get(file) ?? importNames(file, owners, nameOf, byName);
    imports.set(file, known);
    return known;
  };
  for (const root of kept) {
    // A stack of its own: a chain of imports may be longer than the call stack.
    const stack = [{ file: root, next: 0 }];
    const open = new Set<Kept>();
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (done.has(top.file)) {
        stack.pop();
        continue;
      }
      open.add(top.file);
      const name = importsOf(top.file)[top.next++];
      const imported = name === undefined ? undefined : byName.get(name);
      if (imported && !done.has(imported) && !open.has(imported)) stack.push({ file: imported, next: 0 });
      if (name !== undefined) continue;
      done.add(top.file);
      ordered.push({ ...top.file, imports: importsOf(top.file).filter((other) => before.has(other)) });
      before.add(nameOf.get(top.file.sourced)!);
      stack.pop();
    }
  }
  return ordered;
}

/** The imports of a file that are there, and the files of types it uses without importing them. */
function importNames(
  { sourced, definitions }: Kept,
  owners: ReadonlyMap<string, SourcedFile>,
  nameOf: ReadonlyMap<SourcedFile, string>,
  byName: ReadonlyMap<string, Kept>,
): string[] {
  const self = nameOf.get(sourced);
  const names = new Set((sourced.file.dependency ?? []).filter((name) => byName.has(name)));
  for (const type of typesUsed(definitions)) {
    const owner = owners.get(type);
    const name = owner && nameOf.get(owner);
    if (name !== undefined) names.add(name);
  }
  if (self !== undefined) names.delete(self);
  return [...names];
}

/** Full names of the types that a file's definitions name. */
export function typesUsed(file: FileDescriptor): Set<string> {
  const used = new Set<string>();
  const add = (name: string | undefined) => name?.startsWith('.') && used.add(name.slice(1));
  const addFields = (fields: readonly FieldDescriptor[] = []) => {
    for (const { typeName, extendee } of fields) {
      add(typeName);
      add(extendee);
    }
  };
  const addMessages = (messages: readonly MessageDescriptor[] = []) => {
    for (const { field, extension, nestedType } of messages) {
      addFields(field);
      addFields(extension);
      addMessages(nestedType);
    }
  };
  addFields(file.extension);
  addMessages(file.messageType);
  for (const { method = [] } of file.service ?? []) {
    for (const { inputType, outputType } of method) {
      add(inputType);
      add(outputType);
    }
  }
  return used;
}

function isSame(file: FileDescriptor, name: string, imports: readonly string[]): boolean {
  const dependency = file.dependency ?? [];
  return (
    file.name === name && dependency.length === imports.length && dependency.every((other) => imports.includes(other))
  );
}

function rewritten(definitions: FileDescriptor, name: string, imports: string[]): FileDescriptor {
  const { sourceCodeInfo: _, dependency = [], publicDependency = [], weakDependency = [], ...rest } = definitions;
  const moved = (positions: readonly number[]) =>
    positions.map((position) => imports.indexOf(dependency[position] ?? '')).filter((position) => position >= 0);
  return {
    ...rest,
    name,
    dependency: imports,
    publicDependency: moved(publicDependency),
    weakDependency: moved(weakDependency),
  };
}
