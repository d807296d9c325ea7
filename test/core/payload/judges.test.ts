// What the reference codecs of MessagePack and CBOR encode is decoded to the same values, and what they refuse is refused.
import { decodeMulti, encode as encodeMessagePack } from '@msgpack/msgpack';
import { decode as decodeCborValue, decodeFirst, encode as encodeCborValue } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCbor } from '../../../src-main/core/payload/cbor.ts';
import { decodeMessagePack } from '../../../src-main/core/payload/messagepack.ts';
import type { PayloadNode } from '../../../src-main/core/payload/payload.ts';
import { FUZZ_RUNS } from '../../fuzz/laws.ts';

/** The value a tree stands for, with integers as bigint and bytes as hex. */
function valueOfNode(node: PayloadNode): unknown {
  const { type, value, children = [] } = node;
  if (type.startsWith('map')) return Object.fromEntries(children.map((child) => [child.label, valueOfNode(child)]));
  if (type.startsWith('array')) return children.map(valueOfNode);
  if (type === 'string' || type === 'text') return JSON.parse(value);
  if (type.startsWith('bin') || type.startsWith('bytes')) return value;
  if (type === 'nil' || type === 'null') return null;
  if (type === 'undefined') return undefined;
  if (type === 'boolean') return value === 'true';
  if (type.startsWith('float')) return Number(value);
  return BigInt(value);
}

/** The same form of a value that went in. */
function normal(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, normal(item)]));
}

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0, -1, 127, 128, 255, 256, -32, -33, 65535, 65536, 2 ** 32, -(2 ** 31) - 1),
    fc.maxSafeInteger(),
    fc.double({ noDefaultInfinity: false }).filter((number) => !Number.isInteger(number)),
    fc.string({ unit: 'grapheme', maxLength: 40, size: 'max' }),
    fc.uint8Array({ maxLength: 40, size: 'max' }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(
      fc.string({ unit: 'grapheme-ascii', maxLength: 6 }).filter((key) => /^[a-z ]*$/i.test(key)),
      tie('value'),
      {
        maxKeys: 18,
      },
    ),
  ),
})).value;

describe('MessagePack', () => {
  it('reads what @msgpack/msgpack writes', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodeMessagePack(value);
        const { tree, error, shown } = decodeMessagePack(bytes);
        expect(error).toBeUndefined();
        expect(shown).toBe(bytes.length);
        expect(tree?.map(valueOfNode)).toEqual([normal(value)]);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('takes exactly the bytes @msgpack/msgpack takes', () => {
    const accepts = (bytes: Uint8Array) => {
      try {
        // Any key, and no extension types, which would judge their content.
        for (const value of decodeMulti(bytes, { mapKeyConverter: String, extensionCodec: opaque })) void value;
        return true;
      } catch {
        return false;
      }
    };
    const opaque = { __brand: undefined, tryToEncode: () => null, decode: (data: Uint8Array) => data } as never;
    fc.assert(
      fc.property(telling([0x81, 0x92, 0xa1, 0xc0, 0xc1, 0xc4, 0xc7, 0xca, 0xd4, 0xd9, 0xdc, 0xde]), (bytes) => {
        expect(decodeMessagePack(bytes).error === undefined).toBe(accepts(bytes));
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

describe('CBOR', () => {
  it('reads what cborg writes', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodeCborValue(value);
        const { tree, error, shown } = decodeCbor(bytes);
        expect(error).toBeUndefined();
        expect(shown).toBe(bytes.length);
        expect(tree?.map(valueOfNode)).toEqual([normal(decodeCborValue(bytes))]);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('takes exactly the bytes cborg takes', () => {
    const accepts = (bytes: Uint8Array) => {
      try {
        let rest = bytes;
        while (rest.length > 0) [, rest] = decodeFirst(rest, { useMaps: true, allowBigInt: true, tags: anyTag });
        return true;
      } catch (error) {
        // It has no chunked strings, no unnamed simple values, no tags outside its table.
        return /not supported|invalid minor \(31\) for major [23]/.test(String(error)) ? undefined : false;
      }
    };
    const anyTag = Object.fromEntries(
      Array.from({ length: 32 }, (_, tag) => [tag, (decode: () => unknown) => decode()]),
    );
    fc.assert(
      fc.property(
        telling([0x18, 0x20, 0x41, 0x5f, 0x61, 0x7f, 0x81, 0x9f, 0xa1, 0xbf, 0xc1, 0xf6, 0xf9, 0xff]),
        (bytes) => {
          const accepted = accepts(bytes);
          const { error } = decodeCbor(bytes);
          // It takes a break for the value of a map's entry, which RFC 8949 §3.2.1 does not allow.
          if (accepted !== undefined && !error?.message.startsWith('A break'))
            expect(error === undefined).toBe(accepted);
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
  });
});

/** Short inputs in which the bytes that mean most are frequent. */
function telling(bytes: number[]): fc.Arbitrary<Uint8Array> {
  const byte = fc.oneof(fc.constantFrom(...bytes, 0, 1, 2), fc.nat(255));
  return fc.array(byte, { maxLength: 14, size: 'max' }).map((array) => Uint8Array.from(array));
}
