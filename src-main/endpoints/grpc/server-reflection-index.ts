// What file descriptors define, so that reflection finds the file of a name: read from their bytes by hand, for the bytes
// are what is sent, and no library keeps them as they were.
import protobuf from 'protobufjs/minimal.js';

type Reader = protobuf.Reader;

/** One google.protobuf.FileDescriptorProto. */
interface IndexedFile {
  bytes: Uint8Array;
  /** Names of the files it imports. */
  imports: string[];
}

/** Groups nest within messages; a hostile descriptor nests without end. */
const MAX_NESTING = 100;

export class ReflectionIndex {
  readonly #files = new Map<string, IndexedFile>();
  /** File names by full names, without a leading dot. */
  readonly #symbols = new Map<string, string>();
  /** Extended type, then field number, to file name. */
  readonly #extensions = new Map<string, Map<number, string>>();
  readonly #services = new Set<string>();

  /** Files of the same name: the first counts. Bytes that are no descriptor are left out. */
  constructor(descriptors: Iterable<{ file: string; bytes: Uint8Array }>) {
    for (const { file, bytes } of descriptors) {
      if (!this.#files.has(file)) this.#addFile(file, bytes);
    }
  }

  /** Full names, sorted. */
  get services(): readonly string[] {
    return [...this.#services].sort();
  }

  /** The file that defines a service, method, message, enum, enum value or extension. */
  fileOf(symbol: string): string | undefined {
    return this.#symbols.get(plainName(symbol));
  }

  fileOfExtension(type: string, number: number): string | undefined {
    return this.#extensions.get(plainName(type))?.get(number);
  }

  /** Ascending; undefined for a type that nothing defines. */
  extensionNumbers(type: string): number[] | undefined {
    const numbers = this.#extensions.get(plainName(type));
    if (numbers) return [...numbers.keys()].sort((a, b) => a - b);
    return this.#symbols.has(plainName(type)) ? [] : undefined;
  }

  /** A file, then all it imports, each once; undefined for a name that is not known. */
  withImports(file: string): Uint8Array[] | undefined {
    if (!this.#files.has(file)) return undefined;
    const names = new Set([file]);
    const found: Uint8Array[] = [];
    // A set is walked in the order of insertion, including what is added on the way.
    for (const name of names) {
      const indexed = this.#files.get(name);
      if (!indexed) continue;
      found.push(indexed.bytes);
      for (const imported of indexed.imports) names.add(imported);
    }
    return found;
  }

  #addFile(file: string, bytes: Uint8Array): void {
    const imports: string[] = [];
    const parts: { field: number; bytes: Uint8Array }[] = [];
    let scope = '';
    try {
      eachPart(bytes, (field, part) => {
        if (field === 2) scope = text(part);
        else if (field === 3) imports.push(text(part));
        else if (field >= 4 && field <= 7) parts.push({ field, bytes: part });
      });
      for (const part of parts) {
        if (part.field === 4) this.#addMessage(file, scope, part.bytes, 0);
        else if (part.field === 5) this.#addEnum(file, scope, part.bytes);
        else if (part.field === 6) this.#addService(file, scope, part.bytes);
        else this.#addExtension(file, scope, part.bytes);
      }
      this.#files.set(file, { bytes, imports });
    } catch {
      // What cannot be read cannot be found; it cannot be of use to a client either.
    }
  }

  #addMessage(file: string, scope: string, bytes: Uint8Array, depth: number): void {
    if (depth > MAX_NESTING) return;
    const name = this.#define(file, scope, bytes);
    eachPart(bytes, (field, part) => {
      if (field === 3) this.#addMessage(file, name, part, depth + 1);
      else if (field === 4) this.#addEnum(file, name, part);
      else if (field === 6) this.#addExtension(file, name, part);
    });
  }

  #addEnum(file: string, scope: string, bytes: Uint8Array): void {
    this.#define(file, scope, bytes);
    // Values are siblings of their enum.
    eachPart(bytes, (field, part) => {
      if (field === 2) this.#define(file, scope, part);
    });
  }

  #addService(file: string, scope: string, bytes: Uint8Array): void {
    const name = this.#define(file, scope, bytes);
    this.#services.add(name);
    eachPart(bytes, (field, part) => {
      if (field === 2) this.#define(file, name, part);
    });
  }

  #addExtension(file: string, scope: string, bytes: Uint8Array): void {
    this.#define(file, scope, bytes);
    let number = 0;
    let extended = '';
    eachPart(
      bytes,
      (field, part) => {
        if (field === 2) extended = plainName(text(part));
      },
      (field, value) => {
        if (field === 3) number = value;
      },
    );
    const numbers = this.#extensions.get(extended) ?? new Map<number, string>();
    numbers.set(number, file);
    this.#extensions.set(extended, numbers);
  }

  /** Of anything that has its name as field 1. Returns the full name. */
  #define(file: string, scope: string, bytes: Uint8Array): string {
    let name = '';
    eachPart(bytes, (field, part) => {
      if (field === 1) name = text(part);
    });
    const full = scope === '' ? name : `${scope}.${name}`;
    if (!this.#symbols.has(full)) this.#symbols.set(full, file);
    return full;
  }
}

/** Some clients and servers write names with a dot in front. */
function plainName(name: string): string {
  return name.startsWith('.') ? name.slice(1) : name;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Length-delimited fields and varints of a message. @throws Error for bytes that are none */
function eachPart(
  bytes: Uint8Array,
  onPart: (field: number, part: Uint8Array) => void,
  onVarint?: (field: number, value: number) => void,
): void {
  const reader: Reader = new protobuf.Reader(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) === 2) onPart(tag >>> 3, reader.bytes());
    else if ((tag & 7) === 0 && onVarint) onVarint(tag >>> 3, reader.uint32());
    else reader.skipType(tag & 7);
  }
}
