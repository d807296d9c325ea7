// The bridge's messages as bytes, for transports that carry bytes: MessagePack, with 64-bit integers kept whole.
import { decode, encode } from '@msgpack/msgpack';
import { requireBounded } from './bounds.ts';

/** With useBigInt64 numbers beyond 32 bits travel as doubles and only bigints as 64-bit integers: types survive. */
const options = { useBigInt64: true, ignoreUndefined: true } as const;

/** Undefined properties are left out. Throws on what MessagePack cannot say, such as a function. */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  return encode(message, options);
}

/** Throws on anything that is not one whole MessagePack value of reasonable depth. Byte strings are views of `bytes`. */
export function decodeMessage(bytes: Uint8Array | ArrayBuffer): unknown {
  requireBounded(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes));
  return decode(bytes, options);
}
