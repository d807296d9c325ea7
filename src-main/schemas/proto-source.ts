// Text of a .proto file → descriptor, by the parser of protobufjs. Each file is parsed into a root of its own and nothing
// is resolved here: type names stay as they were written, and no code is generated from what a file says.
import protobuf from 'protobufjs';
import type { SchemaProblem } from '../core/schema.ts';
import {
  type EnumDescriptor,
  type FieldDescriptor,
  type FileDescriptor,
  jsonNameOf,
  type Location,
  type MessageDescriptor,
  type MethodDescriptor,
  PathStep,
  type ServiceDescriptor,
} from './descriptor.ts';
import { refuseEndlessWork } from './proto-effort.ts';
import { type ProtoHead, readHead } from './proto-head.ts';
import {
  enumOptions,
  fieldOptions,
  fileOptions,
  messageOptions,
  methodOptions,
  valueOptions,
} from './proto-options.ts';

export interface ProtoFile {
  file: FileDescriptor;
  head: ProtoHead;
}

/**
 * A file as a descriptor.
 * @param name the name others import it with
 * @returns the problem if the text is no .proto
 */
export function parseProto(name: string, text: string): ProtoFile | SchemaProblem {
  try {
    refuseEndlessWork(text);
    const head = readHead(text);
    if (!SYNTAXES.has(head.syntax)) throw new Error(`there is no syntax '${head.syntax}' (line 1)`);
    const options = { keepCase: true, alternateCommentMode: true, preferTrailingComment: false };
    const { root, package: packageName = '' } = protobuf.parse(text, new protobuf.Root(), options);
    return { file: new FileReader(name, packageName, head).read(root), head };
  } catch (error) {
    return { severity: 'error', source: name, ...placed(error instanceof Error ? error.message : String(error), text) };
  }
}

const SYNTAXES = new Set(['proto2', 'proto3']);

class FileReader {
  readonly #file: FileDescriptor;
  readonly #package: string;
  readonly #comments: Location[] = [];

  constructor(name: string, packageName: string, head: ProtoHead) {
    this.#package = packageName;
    this.#file = { name, ...(packageName !== '' && { package: packageName }) };
    const { imports, edition, syntax } = head;
    if (imports.length > 0) this.#file.dependency = imports.map(({ path }) => path);
    const positions = (kind: string) => imports.flatMap((entry, index) => (entry.kind === kind ? [index] : []));
    if (positions('public').length > 0) this.#file.publicDependency = positions('public');
    if (positions('weak').length > 0) this.#file.weakDependency = positions('weak');
    if (edition !== undefined) {
      this.#file.syntax = 'editions';
      this.#file.edition = `EDITION_${edition}`;
    } else if (syntax !== 'proto2') this.#file.syntax = syntax;
  }

  read(root: protobuf.Root): FileDescriptor {
    let scope: protobuf.NamespaceBase = root;
    for (const part of this.#package === '' ? [] : this.#package.split('.')) {
      const inner = scope.get(part);
      if (!(inner instanceof protobuf.Namespace)) return this.#file;
      scope = inner;
    }
    const file = this.#file;
    for (const member of scope.nestedArray) {
      if (member instanceof protobuf.Type) {
        file.messageType = added(file.messageType, [PathStep.fileMessage], (path) => this.#message(member, path));
      } else if (member instanceof protobuf.Enum) {
        file.enumType = added(file.enumType, [PathStep.fileEnum], (path) => this.#enum(member, path));
      } else if (member instanceof protobuf.Service) {
        file.service = added(file.service, [PathStep.fileService], (path) => this.#service(member, path));
      } else {
        for (const field of extensionsIn(member)) {
          file.extension = added(file.extension, [PathStep.fileExtension], (path) => this.#field(field, path));
        }
      }
    }
    const options = fileOptions(topOptions(root, scope));
    if (options) file.options = options;
    if (this.#comments.length > 0) file.sourceCodeInfo = { location: this.#comments };
    return file;
  }

  #comment(path: number[], comment: string | null | undefined): void {
    if (comment) this.#comments.push({ path, leadingComments: comment });
  }

  #message(type: protobuf.Type, path: number[]): MessageDescriptor {
    this.#comment(path, type.comment);
    const message: MessageDescriptor = { name: type.name };
    for (const member of type.nestedArray) {
      if (member instanceof protobuf.Type) {
        const nested = [...path, PathStep.messageNested];
        message.nestedType = added(message.nestedType, nested, (place) => this.#message(member, place));
      } else if (member instanceof protobuf.Enum) {
        const enums = [...path, PathStep.messageEnum];
        message.enumType = added(message.enumType, enums, (place) => this.#enum(member, place));
      } else {
        for (const field of extensionsIn(member)) {
          const extensions = [...path, PathStep.messageExtension];
          message.extension = added(message.extension, extensions, (place) => this.#field(field, place));
        }
      }
    }
    const oneofs = declaredOneofs(type);
    for (const field of type.fieldsArray.filter(isOwn)) {
      const fields = [...path, PathStep.messageField];
      message.field = added(message.field, fields, (place) => this.#memberField(field, place, message, oneofs));
    }
    if (oneofs.length > 0) message.oneofDecl = oneofs.map((oneof) => ({ name: oneof }));
    if (type.extensions?.length) {
      message.extensionRange = type.extensions.map(([start, last]) => ({ start: start!, end: last! + 1 }));
    }
    const options = messageOptions(type.options);
    if (options) message.options = options;
    return message;
  }

  /** A field of a message: a map brings the message of its entries, a oneof its index. */
  #memberField(field: protobuf.Field, path: number[], message: MessageDescriptor, oneofs: string[]): FieldDescriptor {
    const descriptor = this.#field(field, path);
    if (field instanceof protobuf.MapField) {
      const entry = entryOf(field);
      message.nestedType = [...(message.nestedType ?? []), entry];
      descriptor.label = 'LABEL_REPEATED';
      descriptor.typeName = entry.name!;
      delete descriptor.type;
    }
    const index = field.partOf ? oneofs.indexOf(field.partOf.name) : -1;
    if (index >= 0) descriptor.oneofIndex = index;
    return descriptor;
  }

  #field(field: protobuf.Field, path: number[]): FieldDescriptor {
    this.#comment(path, field.comment);
    const { id: number, rule, options } = field;
    const type = typeOf(field);
    // A group's field is called like its type, in small letters.
    const name = type.type === 'TYPE_GROUP' ? field.type.toLowerCase() : field.name;
    const label = rule === 'repeated' ? 'LABEL_REPEATED' : rule === 'required' ? 'LABEL_REQUIRED' : 'LABEL_OPTIONAL';
    const descriptor: FieldDescriptor = { name, number, label, ...type };
    if (field.extend !== undefined) descriptor.extendee = field.extend;
    const jsonName: unknown = options?.json_name;
    descriptor.jsonName = typeof jsonName === 'string' ? jsonName : jsonNameOf(name);
    if (options?.proto3_optional === true) descriptor.proto3Optional = true;
    const defaultValue: unknown = options?.default;
    if (defaultValue !== undefined) descriptor.defaultValue = defaultText(field.type, defaultValue);
    const known = fieldOptions(options);
    if (known) descriptor.options = known;
    return descriptor;
  }

  #enum(type: protobuf.Enum, path: number[]): EnumDescriptor {
    this.#comment(path, type.comment);
    const value = Object.entries(type.values).map(([name, number], index) => {
      this.#comment([...path, PathStep.enumValue, index], type.comments[name]);
      const options = valueOptions(type.valuesOptions?.[name]);
      return { name, number, ...(options && { options }) };
    });
    const options = enumOptions(type.options);
    return { name: type.name, value, ...(options && { options }) };
  }

  #service(service: protobuf.Service, path: number[]): ServiceDescriptor {
    this.#comment(path, service.comment);
    const method = service.methodsArray.map((rpc, index): MethodDescriptor => {
      this.#comment([...path, PathStep.serviceMethod, index], rpc.comment);
      const { name, requestType: inputType, responseType: outputType } = rpc;
      const options = methodOptions(rpc.options);
      return {
        ...{ name, inputType, outputType },
        ...(rpc.requestStream && { clientStreaming: true }),
        ...(rpc.responseStream && { serverStreaming: true }),
        ...(options && { options }),
      };
    });
    return { name: service.name, method };
  }
}

/** The list with one more item, made for the path that its place has. */
function added<Item>(list: Item[] | undefined, path: number[], make: (path: number[]) => Item): Item[] {
  const items = list ?? [];
  items.push(make([...path, items.length]));
  return items;
}

/** The parser adds the extensions of a message to it, under their full names. */
function isOwn(field: protobuf.Field): boolean {
  return !field.name.startsWith('.');
}

/** Extensions that were declared in a scope: plain fields, or in a oneof of their own if they are `optional` in proto3. */
function extensionsIn(member: protobuf.ReflectionObject): protobuf.Field[] {
  if (member instanceof protobuf.Field) return [member];
  return member instanceof protobuf.OneOf ? member.fieldsArray : [];
}

/** Options of the file: the parser hangs them on the innermost package, and those before `package` on the root. */
function topOptions(root: protobuf.Root, scope: protobuf.NamespaceBase): { [option: string]: unknown } {
  const options: { [option: string]: unknown } = { ...root.options, ...scope.options };
  // Features of the file it hands on to what the file defines, and keeps only as they were written.
  const written = [...(root.parsedOptions ?? []), ...(scope.parsedOptions ?? [])];
  const features = written.map((option) => option.features).filter((value) => value instanceof Object);
  if (features.length > 0) options.features = Object.assign({}, ...features);
  return options;
}

/** Names of the oneofs in the order of a descriptor: those of `optional` fields come last. */
function declaredOneofs(type: protobuf.Type): string[] {
  const isOptional = ({ fieldsArray }: protobuf.OneOf) => fieldsArray[0]?.options?.proto3_optional === true;
  const oneofs = type.oneofsArray;
  const real = oneofs.filter((oneof) => !isOptional(oneof));
  return [...real, ...oneofs.filter(isOptional)].map(({ name }) => name);
}

/** The message that a map's entries travel as. */
function entryOf(map: protobuf.MapField): MessageDescriptor {
  const key: FieldDescriptor = { name: 'key', number: 1, label: 'LABEL_OPTIONAL', jsonName: 'key' };
  const value: FieldDescriptor = { name: 'value', number: 2, label: 'LABEL_OPTIONAL', jsonName: 'value' };
  return {
    name: `${jsonNameOf(`_${map.name}`)}Entry`,
    field: [
      { ...key, ...typeNamed(map.keyType) },
      { ...value, ...typeNamed(map.type) },
    ],
    options: { mapEntry: true },
  };
}

function typeOf(field: protobuf.Field): Pick<FieldDescriptor, 'type' | 'typeName'> {
  const scope = field.parent;
  const own = scope && 'nestedArray' in scope ? scope.get(field.type) : null;
  const isGroup = own instanceof protobuf.Type && own.toJSON().group === true;
  return isGroup ? { type: 'TYPE_GROUP', typeName: field.type } : typeNamed(field.type);
}

function typeNamed(name: string): Pick<FieldDescriptor, 'type' | 'typeName'> {
  return SCALARS.has(name) ? { type: `TYPE_${name.toUpperCase()}` } : { typeName: name };
}

const SCALARS = new Set([
  ...['double', 'float', 'int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'fixed32', 'fixed64'],
  ...['sfixed32', 'sfixed64', 'bool', 'string', 'bytes'],
]);

/** A default as descriptors write it: bytes with C escapes, all else as it reads. */
function defaultText(type: string, value: unknown): string {
  if (type !== 'bytes') return Number.isNaN(value) ? 'nan' : String(value).replace('Infinity', 'inf');
  return String(value).replace(/[^\x20-\x7e]|[\\"']/g, (character) =>
    /[\\"']/.test(character) ? `\\${character}` : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
}

/** A parser's message as a sentence, and the place it is about. */
function placed(message: string, text: string): Pick<SchemaProblem, 'text' | 'line' | 'column'> {
  const line = Number(/\(line (\d+)\)/.exec(message)?.[1]) || undefined;
  const said = message
    .replace(/ \(line \d+\)/, '')
    .replace(/^illegal /, 'Unexpected ')
    .replace(/^Unexpected [\w ]+ 'null'.*/, 'Unexpected end of the file');
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
  if (line === undefined) return { text: sentence, ...duplicatePlace(message, text) };
  const token = /'([^']+)'/.exec(message)?.[1];
  const column = token === undefined ? -1 : (text.split('\n')[line - 1] ?? '').indexOf(token);
  return { text: sentence, line, ...(column >= 0 && { column: column + 1 }) };
}

/** The parser does not say where a name or number is there for the second time. */
function duplicatePlace(message: string, text: string): { line?: number; column?: number } {
  const [, what, value, owner] = /^duplicate (name|id) '?(\w+)'? in (?:\w+ )?\.?(?:[\w.]+\.)?(\w+)/.exec(message) ?? [];
  if (!what || !owner) return {};
  const from = Math.max(text.search(new RegExp(`\\b(?:message|enum|service|oneof)\\s+${owner}\\b`)), 0);
  const again = new RegExp(what === 'id' ? `=\\s*${value}\\b` : `\\b${value}\\s*[={(]`, 'g');
  const found = [...text.slice(from).matchAll(again)][1];
  if (!found) return {};
  const before = text.slice(0, from + found.index).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
