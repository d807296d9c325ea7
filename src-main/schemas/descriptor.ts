// Descriptors, the one form that every source of types is brought into: google.protobuf.FileDescriptorProto as ProtoJSON
// writes it. What is not listed here (reserved ranges, options nobody asks for) may be there too and is left alone.

export interface FileDescriptor {
  /** As others import it: `chat/chat.proto`. */
  name?: string;
  package?: string;
  dependency?: string[];
  /** Positions in `dependency`. */
  publicDependency?: number[];
  weakDependency?: number[];
  messageType?: MessageDescriptor[];
  enumType?: EnumDescriptor[];
  service?: ServiceDescriptor[];
  extension?: FieldDescriptor[];
  options?: Options;
  /** Absent: proto2. */
  syntax?: string;
  edition?: string | number;
  sourceCodeInfo?: { location?: Location[] };
}

export interface MessageDescriptor {
  name?: string;
  field?: FieldDescriptor[];
  extension?: FieldDescriptor[];
  nestedType?: MessageDescriptor[];
  enumType?: EnumDescriptor[];
  /** `end` is exclusive. */
  extensionRange?: { start?: number; end?: number }[];
  oneofDecl?: { name?: string; options?: Options }[];
  options?: Options;
}

export interface FieldDescriptor {
  name?: string;
  number?: number;
  label?: 'LABEL_OPTIONAL' | 'LABEL_REQUIRED' | 'LABEL_REPEATED';
  /** `TYPE_INT32`, or a number that nobody knows; absent until the type name is resolved. */
  type?: string | number;
  /** `.chat.Message`; without a dot in front still to be resolved. */
  typeName?: string;
  extendee?: string;
  defaultValue?: string;
  oneofIndex?: number;
  jsonName?: string;
  options?: Options;
  proto3Optional?: boolean;
}

export interface EnumDescriptor {
  name?: string;
  value?: { name?: string; number?: number; options?: Options }[];
  options?: Options;
}

export interface ServiceDescriptor {
  name?: string;
  method?: MethodDescriptor[];
  options?: Options;
}

export interface MethodDescriptor {
  name?: string;
  inputType?: string;
  outputType?: string;
  clientStreaming?: boolean;
  serverStreaming?: boolean;
  options?: Options;
}

/** Options by their names in lowerCamelCase; custom ones are not kept. */
export interface Options {
  deprecated?: boolean;
  packed?: boolean;
  mapEntry?: boolean;
  features?: Partial<Features>;
  [option: string]: unknown;
}

/** What an edition decides (google.protobuf.FeatureSet), as far as it counts here. */
export interface Features {
  fieldPresence: string;
  enumType: string;
  repeatedFieldEncoding: string;
  messageEncoding: string;
}

/** A comment; `path` leads from the file to the definition, through field numbers and positions. */
export interface Location {
  path?: number[];
  leadingComments?: string;
  trailingComments?: string;
}

/** Numbers of fields in descriptors, of which a Location's path is made. */
export const PathStep = {
  fileMessage: 4,
  fileEnum: 5,
  fileService: 6,
  fileExtension: 7,
  messageField: 2,
  messageNested: 3,
  messageEnum: 4,
  messageExtension: 6,
  enumValue: 2,
  serviceMethod: 2,
} as const;

/** `user_name` → `userName`: a field's name in JSON, unless the .proto gives another. */
export function jsonNameOf(name: string): string {
  return name.replace(/_+([^_]?)/g, (_, next: string) => next.toUpperCase());
}

/** `a.b` and `C` → `a.b.C`. */
export function joined(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}
