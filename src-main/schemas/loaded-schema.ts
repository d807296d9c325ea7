// What the rest of the engine knows of message types that were loaded, wherever they came from.
import type { EnumType, MessageType, SchemaProblem, ServiceType, TypeRegistry } from '../core/schema.ts';

export interface SchemaSource {
  /** For a person: the path as it was given, or the server. */
  label: string;
  kind: 'file' | 'descriptors' | 'reflection';
  services: number;
}

/** Never changes: reloading makes another one. */
export interface LoadedSchema {
  readonly types: TypeRegistry;
  /** By name. */
  readonly services: readonly ServiceType[];
  readonly problems: readonly SchemaProblem[];
  readonly sources: readonly SchemaSource[];
  /** Absolute paths of all that was read, to watch for changes. */
  readonly files: readonly string[];
  /**
   * A message as bytes.
   * @param json ProtoJSON, 64-bit numbers as strings or numbers
   * @throws SchemaError that names the place (`user.tags[2]`) and what is wanted there
   */
  encode(type: string, json: unknown): Uint8Array;
  /**
   * A message as ProtoJSON. Fields it does not know are left out.
   * @throws SchemaError for bytes that are no message of this type
   */
  decode(type: string, bytes: Uint8Array): unknown;
  /** A message with a plausible value in every field, as ProtoJSON. @throws SchemaError for an unknown type */
  example(type: string): unknown;
  /** The named types and all they are made of, at most `limit`. */
  closure(names: readonly string[], limit: number): { messages: MessageType[]; enums: EnumType[]; truncated: boolean };
  /** Names of message types with `text` in them (case-insensitive), sorted. */
  search(text: string): readonly string[];
  /** google.protobuf.FileDescriptorProto of every file, those it imports before it: what a reflection service answers. */
  descriptors(): readonly { file: string; bytes: Uint8Array }[];
}

/** A value that does not fit its type, or bytes that do not. */
export class SchemaError extends Error {
  /** `user.tags[2]`; '' for the message itself. */
  readonly path: string;

  constructor(message: string, path = '') {
    super(path === '' ? message : `${path}: ${message}`);
    this.name = 'SchemaError';
    this.path = path;
  }
}
