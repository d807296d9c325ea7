// A recorded gRPC message as the JSON its type makes of it.
import type { Capture } from '../capture/capture.ts';
import { GRPC_ID, GrpcType } from '../core/dissect/grpc-format.ts';
import { Direction, type TimelineRecord } from '../core/record.ts';
import type { LoadedSchema } from '../schemas/loaded-schema.ts';
import { fieldReader, subjectOf } from './field-reader.ts';

const readPath = fieldReader('grpc.path');

/**
 * As ProtoJSON; undefined for what is no gRPC message, is of no known type, or is not what its type says.
 * @param limit bytes of a message that is decoded
 */
export function messageJson(
  capture: Capture,
  record: TimelineRecord,
  schema: LoadedSchema,
  limit: number,
): { json: unknown } | undefined {
  if (record.protocol !== GRPC_ID || record.type !== GrpcType.message) return undefined;
  const type = messageType(capture, record, schema);
  const payload = type === undefined ? undefined : capture.payload(record.seq, limit);
  if (type === undefined || !payload || payload.bytes.length < payload.total) return undefined;
  try {
    return { json: schema.decode(type, payload.bytes) };
  } catch {
    return undefined;
  }
}

function messageType(capture: Capture, { link, direction }: TimelineRecord, schema: LoadedSchema): string | undefined {
  const path = methodPath(capture, link);
  const method = path === undefined ? undefined : schema.types.method(path);
  return direction === Direction.clientToServer ? method?.input : method?.output;
}

/** The path that a call's row names. */
function methodPath(capture: Capture, call: number): string | undefined {
  const subject = capture.call(call) && subjectOf(capture, call);
  return subject && readPath?.(subject)[0];
}
