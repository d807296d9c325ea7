// A recorded message of Protocol Buffers as the JSON its type makes of it.
import type { Payload } from '../core/protocol.ts';
import type { LoadedSchema } from '../schemas/loaded-schema.ts';

/** As ProtoJSON; undefined for a payload of no known type, one that was cut, and one that is not what its type says. */
export function messageJson(
  { bytes, total, messageType }: Payload,
  schema: LoadedSchema,
): { json: unknown } | undefined {
  if (messageType === undefined || bytes.length < total) return undefined;
  try {
    return { json: schema.decode(messageType, bytes) };
  } catch {
    return undefined;
  }
}
