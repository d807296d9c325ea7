// Statuses as a mock ends calls with: from a config or a person's order, with their details.
import type { Metadata } from '@grpc/grpc-js';
import protobuf from 'protobufjs/minimal.js';
import type { GrpcStatusConfig, MetadataConfig } from '../../core/session-config.ts';
import { type LoadedSchema, SchemaError } from '../../schemas/loaded-schema.ts';
import { metadataOf } from './metadata.ts';
import { type CallStatus, statusCode } from './status.ts';

/** A google.rpc.Status rides in this trailer. */
export const STATUS_DETAILS = 'grpc-status-details-bin';

/** A status without details. */
export function plainStatus(code: number, message = ''): CallStatus {
  return { code, message, trailers: metadataOf(undefined) };
}

/**
 * A status of a config.
 * @throws EndpointError for a code or trailers that cannot be sent
 * @throws SchemaError for details that fit no message type
 */
export function configuredStatus(
  config: GrpcStatusConfig,
  trailers: MetadataConfig | undefined,
  schema: LoadedSchema,
): CallStatus {
  const details = config.details?.map((detail, i) => encodeDetail(detail, `details[${i}]`, schema)) ?? [];
  return detailedStatus(statusCode(config.code), config.message ?? '', details, metadataOf(trailers));
}

/** `details`: encoded google.protobuf.Any. */
export function detailedStatus(
  code: number,
  message: string,
  details: readonly Uint8Array[],
  trailers: Metadata,
): CallStatus {
  if (details.length > 0) trailers.set(STATUS_DETAILS, Buffer.from(encodeStatus(code, message, details)));
  return { code, message, trailers };
}

/** A google.rpc.Status. */
function encodeStatus(code: number, message: string, details: readonly Uint8Array[]): Uint8Array {
  const writer = new protobuf.Writer().uint32(8).int32(code).uint32(18).string(message);
  for (const detail of details) writer.uint32(26).bytes(detail);
  return writer.finish();
}

/** A google.protobuf.Any of its ProtoJSON. */
function encodeDetail(json: unknown, path: string, schema: LoadedSchema): Uint8Array {
  try {
    return schema.encode('google.protobuf.Any', json);
  } catch (error) {
    throw error instanceof SchemaError ? new SchemaError(error.message, path) : error;
  }
}
