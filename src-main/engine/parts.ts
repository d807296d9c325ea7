// What the engine is put together from. Tests put fakes here; everything else the real ones.
import type { Capture, createCapture, openCapture } from '../capture/capture.ts';
import type { SessionConfig } from '../core/session-config.ts';
import type { EndpointHost, OpenEndpoint } from '../endpoints/endpoint.ts';
import type { LoadedSchema } from '../schemas/loaded-schema.ts';

/** What a server told of its types. */
export interface ReflectedSchema {
  /** For a person: `reflection of 127.0.0.1:50051`. */
  label: string;
  /** Of the reflection service: `v1`, `v1alpha`. */
  version: string;
  /** Encoded google.protobuf.FileDescriptorProto. */
  files: Uint8Array[];
}

/** Where the types of a session come from. */
export interface SchemaRequest {
  /** As a config names them: .proto files, folders of them, descriptor sets. */
  files: readonly string[];
  importPaths: readonly string[];
  /** What relative paths are relative to. Absolute. */
  folder: string;
  reflected?: ReflectedSchema;
}

export interface EngineParts {
  createCapture: typeof createCapture;
  openCapture: typeof openCapture;
  openEndpoint: OpenEndpoint;
  /** What is wrong with a source is part of the answer; rejects only when aborted. */
  loadSchema(request: SchemaRequest, signal?: AbortSignal): Promise<LoadedSchema>;
  /** Asks a client's target. Rejects with an EndpointError. */
  reflect(config: SessionConfig, host: Pick<EndpointHost, 'path'>, signal: AbortSignal): Promise<ReflectedSchema>;
}

export type { Capture };
