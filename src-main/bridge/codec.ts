// The bridge's messages as bytes, for transports that carry bytes: MessagePack, with 64-bit integers kept whole.
import { decode, encode } from '@msgpack/msgpack';

/** With useBigInt64 numbers beyond 32 bits travel as doubles and only bigints as 64-bit integers: types survive. */
const options = { useBigInt64: true, ignoreUndefined: true } as const;

export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  return encode(message, options);
}

/** Throws on anything that is not one whole MessagePack value. Byte strings are views of `bytes`. */
export function decodeMessage(bytes: Uint8Array | ArrayBuffer): unknown {
  return decode(bytes, options);
}
