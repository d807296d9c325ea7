// google.rpc.Status, which the metadata grpc-status-details-bin carries: a status with its details.
import protobuf from 'protobufjs/minimal.js';
import type { LoadedSchema } from './loaded-schema.ts';

export interface StatusDetail {
  /** Full name of the message's type. */
  type: string;
  /** The message as ProtoJSON; absent if the schema does not know its type or the bytes are none of it. */
  json?: unknown;
  /** The message itself. */
  bytes: Uint8Array;
}

export interface StatusDetails {
  code: number;
  message: string;
  details: StatusDetail[];
}

/** Tags of google.rpc.Status and of google.protobuf.Any. */
const StatusTag = { code: 8, message: 18, detail: 26 } as const;
const AnyTag = { url: 10, value: 18 } as const;

/**
 * A status from the bytes of grpc-status-details-bin.
 * @param schema knows the types of details; those of google.rpc every schema knows
 * @throws Error for bytes that are no status
 */
export function decodeStatusDetails(bytes: Uint8Array, schema: Pick<LoadedSchema, 'decode'>): StatusDetails {
  const status: StatusDetails = { code: 0, message: '', details: [] };
  const reader = new protobuf.Reader(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === StatusTag.code) status.code = reader.int32();
    else if (tag === StatusTag.message) status.message = reader.string();
    else if (tag === StatusTag.detail) status.details.push(decodeDetail(reader.bytes(), schema));
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return status;
}

function decodeDetail(any: Uint8Array, schema: Pick<LoadedSchema, 'decode'>): StatusDetail {
  let url = '';
  let bytes: Uint8Array = new Uint8Array(0);
  const reader = new protobuf.Reader(any);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === AnyTag.url) url = reader.string();
    else if (tag === AnyTag.value) bytes = reader.bytes().slice();
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  const type = url.slice(url.lastIndexOf('/') + 1);
  try {
    return { type, json: schema.decode(type, bytes), bytes };
  } catch {
    return { type, bytes };
  }
}

/**
 * The bytes of grpc-status-details-bin.
 * @param details ProtoJSON of google.protobuf.Any: `@type` and the fields
 * @throws SchemaError for a detail that does not fit its type
 */
export function encodeStatusDetails(
  { code, message, details }: { code: number; message: string; details: readonly unknown[] },
  schema: Pick<LoadedSchema, 'encode'>,
): Uint8Array {
  return schema.encode('google.rpc.Status', { code, message, details });
}
