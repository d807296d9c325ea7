// Message types and services as plain data: what a .proto says, without the library that read it. The same in the engine,
// over the bridge and in the renderer, so composing, completing and dissecting all look at one description.

/** Scalar types of Protocol Buffers, and the three that name another type. */
export type FieldKind =
  | 'double'
  | 'float'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'uint64'
  | 'sint32'
  | 'sint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed32'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes'
  | 'enum'
  | 'message'
  | 'group';

export interface MessageField {
  /** As in the .proto: `user_name`. */
  name: string;
  /** As in ProtoJSON: `userName`. */
  jsonName: string;
  number: number;
  kind: FieldKind;
  /** Full name, no leading dot, of an enum's, message's or group's type. */
  type?: string;
  repeated: boolean;
  /** A map: `kind` and `type` are those of its values, `repeated` is false. */
  mapKey?: FieldKind;
  /** Repeated scalars travel in one length-delimited field. */
  packed: boolean;
  /** proto2 `required`, or LEGACY_REQUIRED. */
  required: boolean;
  /** Absent and default are not the same: optional, message, oneof. */
  presence: boolean;
  /** Name of the oneof it belongs to; a proto3 `optional` belongs to none. */
  oneof?: string;
  /** An extension: the full name it is written with in ProtoJSON, `[pkg.name]`. */
  extension?: string;
  comment: string;
  deprecated: boolean;
}

export interface MessageType {
  /** Full name, no leading dot: `chat.Message`. */
  name: string;
  fields: MessageField[];
  /** Names, in the order of the .proto. */
  oneofs: string[];
  comment: string;
}

export interface EnumType {
  name: string;
  /** In the order of the .proto; aliases stand behind what they mean the same as. */
  values: { name: string; number: number; comment: string }[];
  comment: string;
  /** Numbers it does not name are kept (proto3) rather than unknown fields (proto2). */
  open: boolean;
}

export interface ServiceMethod {
  /** `SendMessage`. */
  name: string;
  /** `chat.ChatService/SendMessage`: what a session's `grpc.method` names, and without the slash in front what HTTP/2 carries as `:path`. */
  path: string;
  /** Full names of the request's and the response's types. */
  input: string;
  output: string;
  clientStreaming: boolean;
  serverStreaming: boolean;
  comment: string;
  deprecated: boolean;
}

export interface ServiceType {
  /** Full name, no leading dot: `chat.ChatService`. */
  name: string;
  methods: ServiceMethod[];
  comment: string;
  /** The source it came from, for a person: `chat.proto`, `reflection of 127.0.0.1:50051`. */
  source: string;
}

/** Types by full name. */
export interface TypeRegistry {
  message(name: string): MessageType | undefined;
  enumeration(name: string): EnumType | undefined;
  /** By path, with or without the slash in front. */
  method(path: string): ServiceMethod | undefined;
}

/** What is wrong with a source of a schema. */
export interface SchemaProblem {
  severity: 'warning' | 'error';
  /** One sentence. */
  text: string;
  /** The file or the server it is about. */
  source: string;
  /** From 1. */
  line?: number;
  column?: number;
}
