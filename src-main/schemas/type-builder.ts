// Descriptors of one file → the message types, enums, services and extensions that it defines. Names are resolved.
import type { EnumType, FieldKind, MessageField, MessageType, ServiceMethod, ServiceType } from '../core/schema.ts';
import {
  type EnumDescriptor,
  type Features,
  type FieldDescriptor,
  type FileDescriptor,
  joined,
  jsonNameOf,
  type MessageDescriptor,
  PathStep,
  type ServiceDescriptor,
} from './descriptor.ts';
import { fileFeatures, withFeatures } from './features.ts';
import { MAX_NESTED_TYPES } from './names.ts';

export interface FileTypes {
  messages: MessageType[];
  enums: EnumType[];
  services: ServiceType[];
  /** Fields for messages that may be of other files. */
  extensions: { name: string; extendee: string; field: MessageField }[];
}

/** Messages that are only there for maps to travel as, by full name. */
export type MapEntries = ReadonlyMap<string, MessageDescriptor>;

/** @param source for a person: where the file came from */
export function fileTypes(file: FileDescriptor, entries: MapEntries, source: string): FileTypes {
  const builder = new TypeBuilder(file, entries, source);
  builder.build(file);
  return builder.types;
}

/** Full names of the map entries of files, and what they are. */
export function mapEntries(files: Iterable<FileDescriptor>): MapEntries {
  const entries = new Map<string, MessageDescriptor>();
  const look = (scope: string, messages: readonly MessageDescriptor[] = [], depth = 0) => {
    if (depth > MAX_NESTED_TYPES) return;
    for (const message of messages) {
      const fullName = joined(scope, message.name ?? '');
      if (message.options?.mapEntry === true) entries.set(fullName, message);
      look(fullName, message.nestedType, depth + 1);
    }
  };
  for (const file of files) look(file.package ?? '', file.messageType);
  return entries;
}

class TypeBuilder {
  readonly types: FileTypes = { messages: [], enums: [], services: [], extensions: [] };
  readonly #entries: MapEntries;
  readonly #comments: ReadonlyMap<string, string>;
  readonly #source: string;

  constructor(file: FileDescriptor, entries: MapEntries, source: string) {
    this.#entries = entries;
    this.#comments = commentsOf(file);
    this.#source = source;
  }

  build(file: FileDescriptor): void {
    const features = fileFeatures(file);
    const scope = file.package ?? '';
    for (const [i, message] of (file.messageType ?? []).entries()) {
      this.#message(scope, message, features, [PathStep.fileMessage, i]);
    }
    for (const [i, type] of (file.enumType ?? []).entries()) this.#enum(scope, type, features, [PathStep.fileEnum, i]);
    for (const [i, service] of (file.service ?? []).entries()) this.#service(scope, service, [PathStep.fileService, i]);
    for (const [i, field] of (file.extension ?? []).entries()) {
      this.#extension(scope, field, features, [PathStep.fileExtension, i]);
    }
  }

  #message(scope: string, message: MessageDescriptor, outer: Features, path: readonly number[], depth = 0): void {
    const { options } = message;
    if (options?.mapEntry === true || depth > MAX_NESTED_TYPES) return;
    const name = joined(scope, message.name ?? '');
    const features = withFeatures(outer, options);
    const oneofs = realOneofs(message);
    const fields = (message.field ?? []).map((field, i) => {
      const oneof = field.oneofIndex === undefined ? undefined : oneofs[field.oneofIndex];
      return this.#field(field, features, [...path, PathStep.messageField, i], oneof);
    });
    const declared = oneofs.filter((oneof): oneof is string => oneof !== undefined);
    this.types.messages.push({ name, fields, oneofs: declared, comment: this.#comment(path) });
    for (const [i, nested] of (message.nestedType ?? []).entries()) {
      this.#message(name, nested, features, [...path, PathStep.messageNested, i], depth + 1);
    }
    for (const [i, type] of (message.enumType ?? []).entries()) {
      this.#enum(name, type, features, [...path, PathStep.messageEnum, i]);
    }
    for (const [i, field] of (message.extension ?? []).entries()) {
      this.#extension(name, field, features, [...path, PathStep.messageExtension, i]);
    }
  }

  #field(field: FieldDescriptor, outer: Features, path: readonly number[], oneof?: string): MessageField {
    const features = withFeatures(outer, field.options);
    const { name = '', number = 0, jsonName = jsonNameOf(name) } = field;
    const typeName = field.typeName?.slice(1);
    const entry = typeName === undefined ? undefined : this.#entries.get(typeName);
    const comment = this.#comment(path);
    const deprecated = field.options?.deprecated === true;
    if (entry && field.label === 'LABEL_REPEATED') {
      const [key, value] = [1, 2].map((position) => entry.field?.find((part) => part.number === position));
      const type = value?.typeName?.slice(1);
      return {
        ...{ name, jsonName, number, kind: kindOf(value?.type), ...(type !== undefined && { type }) },
        ...{ mapKey: kindOf(key?.type), repeated: false, packed: false, required: false, presence: false },
        ...{ comment, deprecated },
      };
    }
    const kind = kindOf(field.type, features);
    const repeated = field.label === 'LABEL_REPEATED';
    const packed = field.options?.packed ?? features.repeatedFieldEncoding === 'PACKED';
    const isMessage = kind === 'message' || kind === 'group';
    const chosen = oneof !== undefined || field.proto3Optional === true || field.extendee !== undefined;
    return {
      ...{ name, jsonName, number, kind, ...(typeName !== undefined && { type: typeName }) },
      repeated,
      packed: repeated && packed && !isMessage && kind !== 'string' && kind !== 'bytes',
      required: field.label === 'LABEL_REQUIRED' || (!repeated && features.fieldPresence === 'LEGACY_REQUIRED'),
      presence: !repeated && (isMessage || chosen || features.fieldPresence !== 'IMPLICIT'),
      ...(oneof !== undefined && { oneof }),
      ...{ comment, deprecated },
    };
  }

  #extension(scope: string, descriptor: FieldDescriptor, features: Features, path: readonly number[]): void {
    const field = this.#field(descriptor, features, path);
    const name = joined(scope, field.name);
    field.extension = `[${name}]`;
    this.types.extensions.push({ name, extendee: (descriptor.extendee ?? '').slice(1), field });
  }

  #enum(scope: string, type: EnumDescriptor, outer: Features, path: readonly number[]): void {
    const values = (type.value ?? []).map(({ name = '', number = 0 }, i) => {
      return { name, number, comment: this.#comment([...path, PathStep.enumValue, i]) };
    });
    const open = withFeatures(outer, type.options).enumType === 'OPEN';
    this.types.enums.push({ name: joined(scope, type.name ?? ''), values, comment: this.#comment(path), open });
  }

  #service(scope: string, service: ServiceDescriptor, path: readonly number[]): void {
    const name = joined(scope, service.name ?? '');
    const methods = (service.method ?? []).map((method, i): ServiceMethod => {
      const { name: methodName = '', inputType = '', outputType = '' } = method;
      return {
        ...{ name: methodName, path: `${name}/${methodName}` },
        ...{ input: inputType.slice(1), output: outputType.slice(1) },
        clientStreaming: method.clientStreaming === true,
        serverStreaming: method.serverStreaming === true,
        comment: this.#comment([...path, PathStep.serviceMethod, i]),
        deprecated: method.options?.deprecated === true,
      };
    });
    this.types.services.push({ name, methods, comment: this.#comment(path), source: this.#source });
  }

  #comment(path: readonly number[]): string {
    return this.#comments.get(path.join()) ?? '';
  }
}

/** Names of oneofs by index; undefined for one that only stands for a proto3 `optional`. */
function realOneofs({ oneofDecl = [], field = [] }: MessageDescriptor): (string | undefined)[] {
  const optional = new Set(field.filter((member) => member.proto3Optional === true).map((member) => member.oneofIndex));
  return oneofDecl.map(({ name }, index) => (optional.has(index) ? undefined : name));
}

/** `TYPE_INT32` → `int32`; what is no type is bytes. */
function kindOf(type: string | number | undefined, features?: Features): FieldKind {
  const kind = String(type).slice('TYPE_'.length).toLowerCase();
  if (kind === 'message' && features?.messageEncoding === 'DELIMITED') return 'group';
  return isKind(kind) ? kind : 'bytes';
}

const KINDS: ReadonlySet<string> = new Set<FieldKind>([
  ...(['double', 'float', 'int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'fixed32', 'fixed64'] as const),
  ...(['sfixed32', 'sfixed64', 'bool', 'string', 'bytes', 'enum', 'message', 'group'] as const),
]);

function isKind(text: string): text is FieldKind {
  return KINDS.has(text);
}

/** Comments by path, as text without the space that follows `//`. */
function commentsOf(file: FileDescriptor): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  for (const { path = [], leadingComments, trailingComments } of file.sourceCodeInfo?.location ?? []) {
    const comment = (leadingComments ?? trailingComments)?.replace(/^ /gm, '').trim();
    if (comment) comments.set(path.join(), comment);
  }
  return comments;
}
