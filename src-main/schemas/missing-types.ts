// What a server's reflection has left out: some servers tell files without those they import, or without saying that they
// import them.
import { bundledTypes } from './bundled-types.ts';
import type { FileDescriptor } from './descriptor.ts';
import { decodeFile } from './descriptor-codec.ts';
import { typesUsed } from './descriptor-files.ts';
import { typeNames } from './names.ts';

/**
 * Full names of types that files use and neither they nor the bundled protos define: ask the server for the files that do.
 * @param files encoded google.protobuf.FileDescriptorProto; those that cannot be read are passed over
 */
export function missingTypes(files: Iterable<Uint8Array>): string[] {
  const read: FileDescriptor[] = [];
  for (const bytes of files) {
    try {
      read.push(decodeFile(bytes));
    } catch {
      // Loading tells what is wrong with it.
    }
  }
  const { messages, enums } = bundledTypes().types;
  const known = typeNames(read);
  const used = new Set(read.flatMap((file) => [...typesUsed(file)]));
  return [...used].filter((name) => !known.has(name) && !messages.has(name) && !enums.has(name)).sort();
}
