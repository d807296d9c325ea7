// Names of types: which there are, and which one a name means in the scope where it was written. Resolving writes the
// answer into the descriptors, as compilers do: full type names with a dot in front, and the kind of type.
import {
  type EnumDescriptor,
  type FieldDescriptor,
  type FileDescriptor,
  joined,
  type MessageDescriptor,
} from './descriptor.ts';

/** Full names of messages and enums, no leading dot. */
export type TypeNames = Map<string, 'message' | 'enum'>;

/** Told of a name that means nothing: where it was written (`chat.Message.user`) and what. */
export type OnMissing = (place: string, name: string) => void;

/** Messages inside messages beyond this are not looked at; compilers allow 32. */
export const MAX_NESTED_TYPES = 64;

/** A name is looked for in so many scopes around it: what is deeper is made to keep us busy. */
const MAX_SCOPES = 128;

/** Names of all types that files define. */
export function typeNames(files: Iterable<FileDescriptor>): TypeNames {
  const names: TypeNames = new Map();
  const addEnums = (scope: string, enums: readonly EnumDescriptor[] = []) => {
    for (const { name = '' } of enums) names.set(joined(scope, name), 'enum');
  };
  const addMessages = (scope: string, messages: readonly MessageDescriptor[] = [], depth = 0) => {
    if (depth > MAX_NESTED_TYPES) return;
    for (const message of messages) {
      const fullName = joined(scope, message.name ?? '');
      names.set(fullName, 'message');
      addEnums(fullName, message.enumType);
      addMessages(fullName, message.nestedType, depth + 1);
    }
  };
  for (const file of files) {
    addEnums(file.package ?? '', file.enumType);
    addMessages(file.package ?? '', file.messageType);
  }
  return names;
}

/** Makes all names of a file full. A field whose type means nothing, and does not say what it is, is left out. */
export function resolveNames(file: FileDescriptor, names: TypeNames, onMissing: OnMissing): void {
  const resolver = new Resolver(names, onMissing);
  const scope = file.package ?? '';
  resolver.messages(scope, file.messageType, 0);
  file.extension = resolver.fields(scope, file.extension);
  if (file.extension.length === 0) delete file.extension;
  for (const service of file.service ?? []) {
    const serviceName = joined(scope, service.name ?? '');
    for (const method of service.method ?? []) {
      const place = joined(serviceName, method.name ?? '');
      method.inputType = resolver.named(serviceName, place, method.inputType ?? '');
      method.outputType = resolver.named(serviceName, place, method.outputType ?? '');
    }
  }
}

class Resolver {
  readonly #names: TypeNames;
  readonly #onMissing: OnMissing;

  constructor(names: TypeNames, onMissing: OnMissing) {
    this.#names = names;
    this.#onMissing = onMissing;
  }

  messages(scope: string, messages: readonly MessageDescriptor[] = [], depth: number): void {
    if (depth > MAX_NESTED_TYPES) return;
    for (const message of messages) {
      const fullName = joined(scope, message.name ?? '');
      message.field = this.fields(fullName, message.field);
      if (message.extension) message.extension = this.fields(fullName, message.extension);
      this.messages(fullName, message.nestedType, depth + 1);
    }
  }

  fields(scope: string, fields: readonly FieldDescriptor[] = []): FieldDescriptor[] {
    return fields.filter((field) => {
      const place = joined(scope, field.name ?? '');
      if (field.extendee !== undefined) field.extendee = this.named(scope, place, field.extendee);
      if (field.typeName === undefined) return field.type !== undefined;
      field.typeName = this.named(scope, place, field.typeName);
      const type = field.type ?? TYPES.get(this.#names.get(field.typeName.slice(1)));
      if (type !== undefined) field.type = type;
      return type !== undefined;
    });
  }

  /** The full name with a dot in front. One that means nothing is taken for a full name. */
  named(scope: string, place: string, name: string): string {
    const found = this.#find(scope, name);
    if (found === undefined) this.#onMissing(place, name.replace(/^\./, ''));
    return `.${found ?? name.replace(/^\./, '')}`;
  }

  /** Scopes are searched from the inside out. */
  #find(scope: string, name: string): string | undefined {
    if (name.startsWith('.')) return this.#names.has(name.slice(1)) ? name.slice(1) : undefined;
    let outer = scope;
    for (let level = 0; outer !== '' && level < MAX_SCOPES; level++) {
      const candidate = `${outer}.${name}`;
      if (this.#names.has(candidate)) return candidate;
      outer = outer.slice(0, Math.max(outer.lastIndexOf('.'), 0));
    }
    return this.#names.has(name) ? name : undefined;
  }
}

const TYPES = new Map<'message' | 'enum' | undefined, string>([
  ['message', 'TYPE_MESSAGE'],
  ['enum', 'TYPE_ENUM'],
]);
