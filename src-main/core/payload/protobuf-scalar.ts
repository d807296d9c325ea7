// Scalars of Protocol Buffers by their declared type: which wire type they travel with, and what the bytes say.
import type { FieldValue } from '../field.ts';
import type { FieldKind } from '../schema.ts';
import { floatText } from './binary-reader.ts';
import { shortFloat } from './protobuf-text.ts';
import { WireType } from './protobuf-wire.ts';
import type { Varint } from './varint.ts';

/** The wire type a single value of this kind travels with. */
export function wireTypeOf(kind: FieldKind): number {
  switch (kind) {
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return WireType.fixed64;
    case 'float':
    case 'fixed32':
    case 'sfixed32':
      return WireType.fixed32;
    case 'string':
    case 'bytes':
    case 'message':
      return WireType.bytes;
    case 'group':
      return WireType.startGroup;
    default:
      return WireType.varint;
  }
}

/** A number as a filter compares it, and as a person reads it. */
export interface ScalarValue {
  raw: FieldValue;
  text: string;
}

/** What a varint says as `kind`; an enum's is its number. Bits beyond the kind's width are dropped, as decoders do. */
export function varintValue(kind: FieldKind, { high, low }: Varint): ScalarValue {
  switch (kind) {
    case 'bool':
      return scalar((high | low) !== 0);
    case 'uint32':
      return scalar(low);
    case 'sint32':
      return scalar((low >>> 1) ^ -(low & 1));
    case 'uint64':
      return scalar(unsigned64(high, low));
    case 'int64':
      return scalar(BigInt.asIntN(64, unsigned64(high, low)));
    case 'sint64': {
      const value = unsigned64(high, low);
      return scalar((value >> 1n) ^ -(value & 1n));
    }
    default:
      return scalar(low | 0);
  }
}

/** What four or eight bytes at `at` say as `kind`. */
export function fixedValue(kind: FieldKind, view: DataView, at: number): ScalarValue {
  switch (kind) {
    case 'double':
      return scalar(view.getFloat64(at, true));
    case 'float':
      return scalar(shortFloat(view.getFloat32(at, true)));
    case 'fixed32':
      return scalar(view.getUint32(at, true));
    case 'sfixed32':
      return scalar(view.getInt32(at, true));
    case 'fixed64':
      return scalar(view.getBigUint64(at, true));
    default:
      return scalar(view.getBigInt64(at, true));
  }
}

function unsigned64(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

/** A bigint only where a number would lose digits. */
function scalar(value: number | bigint | boolean): ScalarValue {
  if (typeof value === 'number') return { raw: value, text: floatText(value) };
  if (typeof value === 'boolean') return { raw: value, text: String(value) };
  const number = Number(value);
  return { raw: Number.isSafeInteger(number) ? number : value, text: String(value) };
}
