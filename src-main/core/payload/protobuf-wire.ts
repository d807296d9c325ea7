// Heads of fields on the wire of Protocol Buffers, and what can be wrong with them.
import type { DecodeError, DecodeErrorCode } from './payload.ts';
import { MAX_VARINT_BYTES, readVarint, type VarintFault } from './varint.ts';

export const WireType = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

const MAX_FIELD_NUMBER = 2 ** 29 - 1;
/** A tag is a varint of 32 bits. */
const MAX_TAG_BYTES = 5;

/** A field's head: where its value begins and what it is. */
export interface Tag {
  number: number;
  wireType: number;
  valueStart: number;
}

/** The head of the field at `at`, in a message that ends at `stop`. */
export function readTag(bytes: Uint8Array, at: number, stop: number): Tag | DecodeError {
  const varint = readVarint(bytes, at, stop);
  if (typeof varint === 'string') return varintError(varint, at);
  const value = varint.low + varint.high * 2 ** 32;
  const number = Math.floor(value / 8);
  const wireType = value % 8;
  if (varint.length > MAX_TAG_BYTES || number === 0 || number > MAX_FIELD_NUMBER) {
    return failure('field-number', `Field numbers are 1 to 2²⁹−1, not ${number}.`, at);
  }
  if (wireType > WireType.fixed32) return failure('wire-type', `There is no wire type ${wireType}.`, at);
  return { number, wireType, valueStart: at + varint.length };
}

/** `at`: offset of what is wrong. */
export function failure(code: DecodeErrorCode, message: string, at: number): DecodeError {
  return { code, message, at };
}

/** `at`: where the varint begins. */
export function varintError(fault: VarintFault, at: number): DecodeError {
  if (fault === 'truncated') return failure(fault, 'The bytes end inside a varint.', at);
  return failure(fault, `A varint has at most ${MAX_VARINT_BYTES} bytes.`, at);
}
