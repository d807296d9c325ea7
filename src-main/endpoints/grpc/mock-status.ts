// Statuses as a mock ends calls with: from a config or a person's order, with their details.
import type { Metadata } from '@grpc/grpc-js';
import protobuf from 'protobufjs/minimal.js';
import type { GrpcStatusConfig, MetadataConfig } from '../../core/session-config.ts';
import type { LoadedSchema } from '../../schemas/loaded-schema.ts';
import { encodeStatusDetails } from '../../schemas/status-details.ts';
import { metadataOf } from './metadata.ts';
import { type CallStatus, statusCode } from './status.ts';

/** A google.rpc.Status rides in this trailer. */
const STATUS_DETAILS = 'grpc-status-details-bin';

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
  const { message = '', details = [] } = config;
  const status: CallStatus = { code: statusCode(config.code), message, trailers: metadataOf(trailers) };
  if (details.length > 0) addDetails(status.trailers, encodeStatusDetails({ ...status, details }, schema));
  return status;
}

/** A status of a person's order; `details` are encoded google.protobuf.Any. */
export function orderedStatus(
  code: number,
  message: string,
  details: readonly Uint8Array[],
  trailers: MetadataConfig,
): CallStatus {
  const status: CallStatus = { code, message, trailers: metadataOf(trailers) };
  if (details.length > 0) addDetails(status.trailers, encodeStatus(code, message, details));
  return status;
}

function addDetails(trailers: Metadata, bytes: Uint8Array): void {
  trailers.set(STATUS_DETAILS, Buffer.from(bytes));
}

/** A google.rpc.Status: code, message, details. */
function encodeStatus(code: number, message: string, details: readonly Uint8Array[]): Uint8Array {
  const writer = new protobuf.Writer().uint32(8).int32(code).uint32(18).string(message);
  for (const detail of details) writer.uint32(26).bytes(detail);
  return writer.finish();
}
