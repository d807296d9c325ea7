// Scalars between ProtoJSON and the wire. 64-bit numbers go as strings in JSON, bytes as base64, floats that are no
// numbers as NaN, Infinity and -Infinity.
import type protobuf from 'protobufjs/minimal.js';
import { shortFloat } from '../core/payload/protobuf-text.ts';
import { readVarint } from '../core/payload/varint.ts';
import type { FieldKind } from '../core/schema.ts';
import { Misfit, shown } from './misfit.ts';

export type Reader = protobuf.Reader;
export type Writer = protobuf.Writer;

/** Writes one value without its tag. @throws Misfit for a value that is none of `kind` */
export function writeScalar(kind: FieldKind, value: unknown, writer: Writer): void {
  switch (kind) {
    case 'string':
      writer.string(textOf(value));
      break;
    case 'bytes':
      writer.bytes(bytesOf(value));
      break;
    case 'bool':
      writer.bool(truthOf(value));
      break;
    case 'double':
      writer.double(floatOf(value, kind));
      break;
    case 'float':
      writer.float(floatOf(value, kind));
      break;
    case 'int32':
      writer.int32(integer32(value, kind));
      break;
    case 'uint32':
      writer.uint32(integer32(value, kind));
      break;
    case 'sint32':
      writer.sint32(integer32(value, kind));
      break;
    case 'fixed32':
      writer.fixed32(integer32(value, kind));
      break;
    case 'sfixed32':
      writer.sfixed32(integer32(value, kind));
      break;
    case 'int64':
      writer.int64(integer64(value, kind));
      break;
    case 'uint64':
      writer.uint64(integer64(value, kind));
      break;
    case 'sint64':
      writer.sint64(integer64(value, kind));
      break;
    case 'fixed64':
      writer.fixed64(integer64(value, kind));
      break;
    case 'sfixed64':
      writer.sfixed64(integer64(value, kind));
      break;
    default:
      throw new Misfit(`${kind} is no scalar`);
  }
}

/** What JSON says where a field without presence has its default; that is not written. */
export function isDefault(kind: FieldKind, value: unknown): boolean {
  switch (kind) {
    case 'string':
    case 'bytes':
      return value === '';
    case 'bool':
      return value === false;
    case 'double':
    case 'float':
      return (value === 0 && !Object.is(value, -0)) || value === '0';
    default:
      return value === 0 || value === '0' || value === 0n;
  }
}

/** Reads one value without its tag. */
export function readScalar(kind: FieldKind, reader: Reader): unknown {
  switch (kind) {
    case 'string':
      return reader.string();
    case 'bytes':
      return base64(reader.bytes());
    case 'bool':
      return reader.bool();
    case 'double':
      return floatJson(reader.double());
    case 'float':
      return floatJson(shortFloat(reader.float()));
    case 'int32':
    case 'enum':
      return reader.int32();
    case 'uint32':
      return reader.uint32();
    case 'sint32':
      return reader.sint32();
    case 'fixed32':
      return reader.fixed32();
    case 'sfixed32':
      return reader.sfixed32();
    case 'int64':
      return String(BigInt.asIntN(64, varint64(reader)));
    case 'uint64':
      return String(varint64(reader));
    case 'sint64': {
      const value = varint64(reader);
      return String((value >> 1n) ^ -(value & 1n));
    }
    case 'fixed64':
      return String(fixed64(reader));
    case 'sfixed64':
      return String(BigInt.asIntN(64, fixed64(reader)));
    default:
      throw new Error(`${kind} is no scalar`);
  }
}

/** What an absent value counts as, as JSON. */
export function defaultJson(kind: FieldKind): unknown {
  switch (kind) {
    case 'string':
    case 'bytes':
      return '';
    case 'bool':
      return false;
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64':
      return '0';
    default:
      return 0;
  }
}

/** The key of a map entry from the text that JSON has for it. @throws Misfit */
export function keyOf(kind: FieldKind, text: string): unknown {
  if (kind !== 'bool') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new Misfit(`expected the key true or false, not ${shown(text)}`);
}

/** As ProtoJSON writes bytes. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** Standard or URL-safe, padded or not. @throws Misfit */
export function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw new Misfit(`expected base64, not ${shown(value)}`);
  const digits = value.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/_-]*$/.test(digits) || digits.length % 4 === 1) {
    throw new Misfit(`expected base64, not ${shown(value)}`);
  }
  return Buffer.from(digits, 'base64');
}

/** Throws a Misfit for what UTF-8 cannot say. */
export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Misfit(`expected a string, not ${shown(value)}`);
  if (/\p{Surrogate}/u.test(value)) throw new Misfit('expected text, not half a surrogate pair');
  return value;
}

function truthOf(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new Misfit(`expected true or false, not ${shown(value)}`);
}

const MAX_FLOAT = 3.4028234663852886e38;
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NOT_FINITE: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity']);

function floatOf(value: unknown, kind: 'double' | 'float'): number {
  const number = typeof value === 'string' && (NUMBER.test(value) || NOT_FINITE.has(value)) ? Number(value) : value;
  if (typeof number !== 'number') throw new Misfit(`expected a number, not ${shown(value)}`);
  if (kind === 'float' && Number.isFinite(number) && Math.abs(number) > MAX_FLOAT) {
    throw new Misfit(`${shown(value)} is beyond float`);
  }
  return number;
}

function floatJson(value: number): unknown {
  return Number.isFinite(value) ? value : String(value);
}

const RANGES: { readonly [kind: string]: readonly [bigint, bigint] } = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/** A kind of the same range that has another encoding. */
const SAME_RANGE: { readonly [kind: string]: string } = {
  sint32: 'int32',
  sfixed32: 'int32',
  fixed32: 'uint32',
  sint64: 'int64',
  sfixed64: 'int64',
  fixed64: 'uint64',
};

/** From a number or its text. Throws a Misfit beyond the range of its kind. */
export function integer32(value: unknown, kind: FieldKind): number {
  return Number(integer(value, kind));
}

const UNSIGNED: ReadonlySet<FieldKind> = new Set<FieldKind>(['uint64', 'fixed64']);

/** What protobufjs writes 64 bits from. */
function integer64(value: unknown, kind: FieldKind): number | protobuf.Long {
  if (typeof value === 'number' && Number.isSafeInteger(value) && (value >= 0 || !UNSIGNED.has(kind))) {
    return value;
  }
  const big = BigInt(integer(value, kind));
  const low = Number(BigInt.asIntN(32, big));
  const high = Number(BigInt.asIntN(32, big >> 32n));
  return { low, high, unsigned: big >= 0n };
}

/** A whole number in the range of its kind, from a number, its text or a bigint. */
function integer(value: unknown, kind: FieldKind): number | bigint {
  const whole = wholeOf(value);
  if (whole === undefined) throw new Misfit(`expected a whole number (${kind}), not ${shown(value)}`);
  const [least, most] = RANGES[SAME_RANGE[kind] ?? kind]!;
  if (whole < least || whole > most) throw new Misfit(`${shown(value)} is beyond ${kind}: ${least} to ${most}`);
  return whole;
}

function wholeOf(value: unknown): number | bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > 400) return undefined;
  if (/^-?\d+$/.test(value)) return BigInt(value);
  // `1e3` and `5.0` are whole numbers too.
  const number = NUMBER.test(value) ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

function varint64(reader: Reader): bigint {
  const varint = readVarint(reader.buf, reader.pos, reader.len);
  if (typeof varint === 'string') throw new Error('a number of 64 bits does not end');
  reader.pos += varint.length;
  return (BigInt(varint.high) << 32n) | BigInt(varint.low);
}

function fixed64(reader: Reader): bigint {
  const low = reader.fixed32();
  return (BigInt(reader.fixed32()) << 32n) | BigInt(low);
}
