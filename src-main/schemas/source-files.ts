// Reads the files of a schema: .proto files, folders of them, descriptor sets, and all that they import. Bounded in count
// and bytes; imports stay inside the import paths. What cannot be read is a problem and stops nothing else.
import type { Dirent, Stats } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { SchemaProblem } from '../core/schema.ts';
import { bundledTypes } from './bundled-types.ts';
import type { FileDescriptor } from './descriptor.ts';
import { decodeFile, filesInSet } from './descriptor-codec.ts';
import type { ProtoImport } from './proto-head.ts';
import { parseProto } from './proto-source.ts';
import type { SourcedFile } from './types.ts';

/** A .proto of a megabyte has been seen; parsing this much takes a second or two. */
const MAX_PROTO_BYTES = 4 * 2 ** 20;
const MAX_SET_BYTES = 64 * 2 ** 20;
const MAX_TOTAL_BYTES = 128 * 2 ** 20;
const MAX_FILES = 5000;
/** Folders inside a folder that was named. */
const MAX_FOLDER_DEPTH = 32;

/** The entry of bundled files. */
export const NOBODY = -1;

export interface ReadFile extends SourcedFile {
  /** Which of the given entries brought it, or NOBODY. */
  entry: number;
  /** Of a .proto: what is in it, to find places. */
  text?: string;
}

export interface SourceEntry {
  label: string;
  kind: 'file' | 'descriptors';
}

export class SourceFiles {
  readonly files: ReadFile[] = [];
  readonly entries: SourceEntry[] = [];
  readonly problems: SchemaProblem[] = [];
  /** Absolute paths of all that was read. */
  readonly paths = new Set<string>();
  readonly #folder: string;
  readonly #importPaths: string[];
  readonly #signal: AbortSignal | undefined;
  /** Import paths, then the folders of what was named. */
  readonly #roots: string[];
  /** Names that files are imported by. */
  readonly #names = new Set<string>();
  /** The name a path was loaded under. */
  readonly #nameOf = new Map<string, string>();
  readonly #missing = new Set<string>();
  /** What was read and whose imports were not. */
  readonly #imports: { file: FileDescriptor; imports: readonly ProtoImport[]; entry: number; label: string }[] = [];
  #totalBytes = 0;
  #full = false;

  /** @param folder what relative paths are relative to */
  constructor(folder: string, importPaths: readonly string[], signal?: AbortSignal) {
    this.#folder = folder;
    this.#importPaths = importPaths.map((path) => resolve(folder, path));
    this.#roots = [...this.#importPaths];
    this.#signal = signal;
  }

  /** Reads the files named and what they import. @throws the signal's reason when it aborts */
  async read(named: readonly string[]): Promise<void> {
    const protos: { path: string; root: string; entry: number }[] = [];
    for (const name of named) {
      this.#signal?.throwIfAborted();
      const entry = this.entries.length;
      const { path, info } = await this.#find(name);
      this.entries.push({ label: name, kind: info?.isFile() && !path.endsWith('.proto') ? 'descriptors' : 'file' });
      if (!info) this.#error(name, 'There is no such file or folder.');
      else if (info.isDirectory()) {
        this.#addRoot(path);
        const found = await this.#protosIn(path, 0);
        if (found.length === 0) this.#error(name, 'There is no .proto file in this folder.');
        for (const proto of found) protos.push({ path: proto, root: path, entry });
      } else if (path.endsWith('.proto')) {
        this.#addRoot(dirname(path));
        protos.push({ path, root: dirname(path), entry });
      } else await this.#readSet(path, name, entry);
    }
    for (const { path, root, entry } of protos) await this.#readProto(path, this.#nameIn(path, root), entry);
    await this.#readImports();
  }

  /** A relative name is looked up in the folder, then, as protoc does, in the import paths. */
  async #find(name: string): Promise<{ path: string; info: Stats | undefined }> {
    const candidates = [this.#folder, ...this.#importPaths].map((folder) => resolve(folder, name));
    for (const path of candidates) {
      const info = await stat(path).catch(() => undefined);
      if (info) return { path, info };
    }
    return { path: candidates[0]!, info: undefined };
  }

  /** Adds the files that a server told. */
  addReflected(label: string, files: readonly Uint8Array[], entry: number): void {
    for (const bytes of files) this.#addBytes(bytes, label, entry);
  }

  /** Adds bundled files that others import. */
  addBundledImports(): void {
    for (let i = 0; i < this.files.length; i++) {
      for (const name of this.files[i]!.file.dependency ?? []) this.#addBundled(name);
    }
  }

  #addRoot(path: string): void {
    if (!this.#roots.includes(path)) this.#roots.push(path);
  }

  /** What others import the file as: its path below an import path, or below what was named. */
  #nameIn(path: string, root: string): string {
    const below = [...this.#importPaths, root].find((candidate) => isBelow(path, candidate)) ?? root;
    return relative(below, path).split(sep).join('/');
  }

  async #protosIn(folder: string, depth: number): Promise<string[]> {
    const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const found: string[] = [];
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length > MAX_FILES) break;
      const path = join(folder, entry.name);
      const skipped = entry.name.startsWith('.') || entry.name === 'node_modules' || depth >= MAX_FOLDER_DEPTH;
      if (entry.isDirectory() && !skipped) found.push(...(await this.#protosIn(path, depth + 1)));
      else if (!entry.isDirectory() && entry.name.endsWith('.proto')) found.push(path);
    }
    return found;
  }

  async #readSet(path: string, label: string, entry: number): Promise<void> {
    const bytes = await this.#bytes(path, label, MAX_SET_BYTES);
    if (!bytes) return;
    try {
      for (const file of filesInSet(bytes)) this.#addBytes(file, label, entry);
    } catch {
      this.#error(label, 'This is neither a .proto file (by its name) nor a descriptor set (by its bytes).');
    }
  }

  #addBytes(bytes: Uint8Array, label: string, entry: number): void {
    if (this.#isFull(label)) return;
    try {
      const file = decodeFile(bytes);
      this.#names.add(file.name ?? '');
      this.files.push({ file, bytes, entry, source: label });
    } catch (error) {
      this.#error(label, `A descriptor cannot be read: ${error instanceof Error ? error.message : error}.`);
    }
  }

  async #readProto(path: string, name: string, entry: number): Promise<void> {
    if (this.#nameOf.has(path)) return;
    this.#signal?.throwIfAborted();
    this.#nameOf.set(path, name);
    this.#names.add(name);
    const label = this.#label(path);
    const bytes = await this.#bytes(path, label, MAX_PROTO_BYTES);
    if (!bytes) return;
    const text = new TextDecoder().decode(bytes);
    const parsed = parseProto(name, text);
    if (!('file' in parsed)) {
      this.problems.push({ ...parsed, source: label });
      return;
    }
    this.files.push({ file: parsed.file, entry, text, source: label });
    if (text.includes('__proto__'))
      this.#warn(label, 'What is called __proto__ is left out: the parser cannot hold it.');
    this.#imports.push({ file: parsed.file, imports: parsed.head.imports, entry, label });
  }

  async #readImports(): Promise<void> {
    for (let next = this.#imports.shift(); next; next = this.#imports.shift()) {
      const { file, imports, entry, label } = next;
      for (const [position, { path, line }] of imports.entries()) {
        const name = await this.#import(path, entry);
        if (typeof name === 'string') file.dependency![position] = name;
        else this.problems.push({ ...name, source: label, line });
      }
    }
    for (const set of this.files.filter(({ bytes }) => bytes !== undefined)) {
      for (const name of set.file.dependency ?? []) {
        if (this.#missing.has(name) || typeof (await this.#import(name, set.entry)) === 'string') continue;
        this.#missing.add(name);
        this.#warn(set.source, `It lacks ${name}: make it with --include_imports.`);
      }
    }
  }

  /** Loads what an import names, unless it is there; the name it is there under, or what is wrong with it. */
  async #import(name: string, entry: number): Promise<string | Pick<SchemaProblem, 'severity' | 'text'>> {
    if (this.#names.has(name)) return name;
    if (!isImportable(name)) {
      return { severity: 'error', text: `“${name}” is no name to import: it leads out of the import paths.` };
    }
    for (const root of this.#roots) {
      const path = join(root, name);
      const known = this.#nameOf.get(path);
      if (known !== undefined) return known;
      const info = await stat(path).catch(() => undefined);
      if (!info?.isFile()) continue;
      await this.#readProto(path, name, entry);
      return name;
    }
    this.#addBundled(name);
    if (this.#names.has(name)) return name;
    const looked = this.#roots.map((root) => this.#label(root) || '.').join(', ');
    return { severity: 'error', text: `There is no ${name} to import. Looked in ${looked || 'no import path'}.` };
  }

  #addBundled(name: string): void {
    const bundled = bundledTypes().files.get(name);
    if (!bundled || this.#names.has(name)) return;
    this.#names.add(name);
    this.files.push({ ...bundled, entry: NOBODY });
    for (const dependency of bundled.file.dependency ?? []) this.#addBundled(dependency);
  }

  async #bytes(path: string, label: string, limit: number): Promise<Uint8Array | undefined> {
    this.paths.add(path);
    if (this.#isFull(label)) return undefined;
    try {
      const info = await stat(path);
      if (!info.isFile()) {
        this.#error(label, 'This is no file.');
        return undefined;
      }
      if (info.size > limit) {
        this.#error(label, `It is ${info.size} bytes long; at most ${limit} are read.`);
        return undefined;
      }
      const bytes = await readFile(path, this.#signal ? { signal: this.#signal } : {});
      this.#totalBytes += bytes.length;
      return bytes;
    } catch (error) {
      this.#signal?.throwIfAborted();
      this.#error(label, `It cannot be read: ${error instanceof Error ? error.message : error}.`);
      return undefined;
    }
  }

  #isFull(label: string): boolean {
    const full = this.files.length >= MAX_FILES || this.#totalBytes > MAX_TOTAL_BYTES;
    if (full && !this.#full) {
      this.#full = true;
      this.#error(label, `Nothing is read from here on: ${MAX_FILES} files or ${MAX_TOTAL_BYTES} bytes are the limit.`);
    }
    return full;
  }

  /** A path for a person: relative to the session's folder if it is in it. */
  #label(path: string): string {
    return isBelow(path, this.#folder) ? relative(this.#folder, path).split(sep).join('/') : path;
  }

  #error(source: string, text: string): void {
    this.problems.push({ severity: 'error', text, source });
  }

  #warn(source: string, text: string): void {
    this.problems.push({ severity: 'warning', text, source });
  }
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A path downwards, as compilers want it. */
function isImportable(name: string): boolean {
  if (name === '' || name.startsWith('/') || /[\\\0]/.test(name) || /^[A-Za-z]:/.test(name)) return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
