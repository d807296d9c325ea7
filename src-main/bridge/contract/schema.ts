// Message types of a session: looked up by name, loaded again.
import { z } from 'zod';
import type { EnumType, MessageType, SchemaProblem, ServiceType } from '../../core/schema.ts';
import { rowCount, sessionId, typeName } from './inputs.ts';

/** Message and enum types in one answer. */
export const MAX_TYPES = 1000;

export const schemaMethods = {
  /** Services of a session's schema, and what is wrong with its sources. */
  'schema.services': z.strictObject({ session: sessionId }),
  /** Types and all that they are made of, at most MAX_TYPES. */
  'schema.types': z.strictObject({ session: sessionId, names: z.array(typeName).max(100) }),
  /** Names of message types that contain `text` (case-insensitive), at most `count`. */
  'schema.search': z.strictObject({ session: sessionId, text: z.string().max(1000), count: rowCount }),
  /** A message of the type with a value in every field, as JSON text. */
  'schema.example': z.strictObject({ session: sessionId, type: typeName }),
  /** The text of a .proto file that the session's types were read from; `file` as the `source` of a problem names it. */
  'schema.source': z.strictObject({ session: sessionId, file: z.string().min(1).max(4096) }),
  /** Reads files again and asks the server again. Answered when that is done. */
  'schema.reload': z.strictObject({ session: sessionId }),
} as const;

export interface SchemaOutput {
  'schema.services': SchemaState;
  'schema.types': { messages: MessageType[]; enums: EnumType[]; truncated: boolean };
  'schema.search': { names: string[]; total: number };
  'schema.example': { json: string };
  'schema.source': { text: string };
  'schema.reload': null;
}

/** A session's message types without the types themselves: those are asked for by name. */
export interface SchemaState {
  /** Rises with every change. */
  revision: number;
  loading: boolean;
  services: ServiceType[];
  problems: SchemaProblem[];
  /** Where they came from: a file, a folder, a server. */
  sources: { label: string; kind: 'file' | 'descriptors' | 'reflection'; services: number }[];
}
