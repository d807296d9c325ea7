// All types of a schema by name. Several files may define a name: the first one counts, and whoever says something else
// is told on. Files are descriptors whose names are resolved.
import { isDeepStrictEqual } from 'node:util';
import type {
  EnumType,
  MessageField,
  MessageType,
  SchemaProblem,
  ServiceMethod,
  ServiceType,
  TypeRegistry,
} from '../core/schema.ts';
import type { FileDescriptor } from './descriptor.ts';
import { fileTypes, type MapEntries } from './type-builder.ts';

/** A file and, for a person, where it came from. */
export interface SourcedFile {
  file: FileDescriptor;
  source: string;
  /** As it was received. */
  bytes?: Uint8Array;
}

interface Extension {
  sourced: SourcedFile;
  extendee: string;
  field: MessageField;
}

export class Types implements TypeRegistry {
  readonly messages = new Map<string, MessageType>();
  readonly enums = new Map<string, EnumType>();
  readonly services = new Map<string, ServiceType>();
  readonly problems: SchemaProblem[] = [];
  /** The file whose definition of a name counts. */
  readonly owners = new Map<string, SourcedFile>();
  readonly #methods = new Map<string, ServiceMethod>();
  readonly #fallback: TypeRegistry | undefined;

  /** @param fallback types that are there without being asked for */
  constructor(files: readonly SourcedFile[], entries: MapEntries, fallback?: TypeRegistry) {
    this.#fallback = fallback;
    const extensions = files.flatMap((sourced) => this.#addFile(sourced, entries));
    this.#extend(extensions);
  }

  message(name: string): MessageType | undefined {
    return this.messages.get(name) ?? this.#fallback?.message(name);
  }

  enumeration(name: string): EnumType | undefined {
    return this.enums.get(name) ?? this.#fallback?.enumeration(name);
  }

  method(path: string): ServiceMethod | undefined {
    const name = path.startsWith('/') ? path.slice(1) : path;
    return this.#methods.get(name) ?? this.#fallback?.method(name);
  }

  #addFile(sourced: SourcedFile, entries: MapEntries): Extension[] {
    const types = fileTypes(sourced.file, entries, sourced.source);
    for (const message of types.messages) this.#add(this.messages, message, sourced);
    for (const type of types.enums) this.#add(this.enums, type, sourced);
    for (const service of types.services) {
      if (!this.#add(this.services, service, sourced)) continue;
      for (const method of service.methods) this.#methods.set(method.path, method);
    }
    for (const { name } of types.extensions) if (!this.owners.has(name)) this.owners.set(name, sourced);
    return types.extensions.map((extension) => ({ sourced, ...extension }));
  }

  #extend(extensions: readonly Extension[]): void {
    const fieldsOf = new Map<MessageType, Map<number, MessageField>>();
    for (const { sourced, extendee, field } of extensions) {
      const message = this.messages.get(extendee);
      // Custom options extend messages of descriptors, which need not be loaded: nothing here acts on options.
      if (!message) continue;
      const fields = fieldsOf.get(message) ?? new Map(message.fields.map((own) => [own.number, own]));
      fieldsOf.set(message, fields);
      const taken = fields.get(field.number);
      if (!taken) {
        fields.set(field.number, field);
        message.fields.push(field);
      } else if (!sameDefinition(taken, field)) {
        const other = taken.extension ?? taken.name;
        this.#warn(sourced, `${field.extension} is left out: number ${field.number} of ${extendee} is ${other}.`);
      }
    }
  }

  /** Whether the definition is the first of its name. */
  #add<Definition extends { name: string }>(
    known: Map<string, Definition>,
    definition: Definition,
    sourced: SourcedFile,
  ): boolean {
    const { name } = definition;
    const other = known.get(name);
    if (other === undefined) {
      known.set(name, definition);
      if (!this.owners.has(name)) this.owners.set(name, sourced);
      return true;
    }
    if (!sameDefinition(other, definition)) {
      const first = this.owners.get(name);
      const where = first && first.source !== sourced.source ? first.source : (first?.file.name ?? '');
      this.#warn(sourced, `${name} is defined otherwise in ${where}, which counts.`);
    }
    return false;
  }

  #warn({ source }: SourcedFile, text: string): void {
    this.problems.push({ severity: 'warning', text, source });
  }
}

/** Whether two definitions say the same, whatever is commented and wherever they are. */
function sameDefinition(a: object, b: object): boolean {
  return isDeepStrictEqual(bare(a), bare(b));
}

/** Without what only people read. Servers may also leave the names in JSON out. */
function bare(definition: unknown): unknown {
  if (Array.isArray(definition)) return definition.map(bare);
  if (typeof definition !== 'object' || definition === null) return definition;
  const { comment: _, source: __, ...rest } = definition as { [key: string]: unknown };
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, bare(value)]));
}
