// Independent codecs judge the payload views: Python's cbor2 and msgpack by values, protoc by fields.
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCbor } from '../../src-main/core/payload/cbor.ts';
import { decodeMessagePack } from '../../src-main/core/payload/messagepack.ts';
import type { PayloadNode } from '../../src-main/core/payload/payload.ts';
import { decodeProtobuf } from '../../src-main/core/payload/protobuf.ts';
import { bytesOf } from '../core/bytes.ts';
import { rawByProtoc, rawByUs } from './protoc-raw.ts';

const SAMPLES = 400;

/** Prints a line for each random value: its bytes, and the value as pairs of type and text. */
const PYTHON = `
import json, random, struct, sys
try:
    import cbor2, msgpack
except ImportError as missing:
    sys.exit(f'install python3-cbor2 and python3-msgpack: {missing}')
chance = random.Random(7)

def value(depth):
    kind = chance.randrange(11 if depth < 4 else 8)
    if kind == 0: return chance.choice([None, True, False])
    if kind == 1: return chance.randrange(-2**8, 2**8)
    if kind == 2: return chance.randrange(-2**63, 2**64)
    if kind == 3: return chance.uniform(-1e9, 1e9)
    if kind == 4: return chance.choice([0.0, 1.5, float('inf'), 65504.0, 5e-324])
    if kind == 5: return ''.join(chance.choice('aZ é\\u4e2d\\U0001f600"\\\\') for _ in range(chance.randrange(40)))
    if kind == 6: return bytes(chance.randrange(256) for _ in range(chance.randrange(300)))
    if kind == 7: return struct.unpack('f', struct.pack('f', chance.uniform(-5, 5)))[0]
    if kind == 8: return [value(depth + 1) for _ in range(chance.randrange(20))]
    return {('k%d' % n): value(depth + 1) for n in range(chance.randrange(20))}

def plain(v):
    if isinstance(v, bool) or v is None: return str(v).lower()
    if isinstance(v, int): return str(v)
    if isinstance(v, float): return {'float': struct.pack('>d', v).hex()}
    if isinstance(v, bytes): return {'bytes': v.hex()}
    if isinstance(v, str): return {'text': v}
    if isinstance(v, list): return [plain(item) for item in v]
    return {'map': [[key, plain(item)] for key, item in v.items()]}

for n in range(${SAMPLES}):
    v = value(0)
    print(json.dumps({
        'value': plain(v),
        'messagepack': msgpack.packb(v, use_bin_type=True, use_single_float=False).hex(),
        'cbor': cbor2.dumps(v, canonical=n % 2 == 0).hex(),
    }))
`;

/** A tree in the same form as Python prints values. */
function plain(node: PayloadNode): unknown {
  const { type, value, children = [] } = node;
  if (type.startsWith('map')) return { map: children.map((child) => [child.label, plain(child)]) };
  if (type.startsWith('array')) return children.map(plain);
  if (type === 'string' || type === 'text') return { text: JSON.parse(value) };
  if (type.startsWith('bytes') || type.startsWith('binary')) return { bytes: value };
  if (type.startsWith('float')) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(Number(value));
    return { float: bytes.toString('hex') };
  }
  return value === 'nil' ? 'none' : value === 'null' ? 'none' : value;
}

describe('Python writes, we read', () => {
  const lines = execFileSync('/usr/bin/python3', ['-c', PYTHON], { encoding: 'utf8', maxBuffer: 1 << 28 })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { value: unknown; messagepack: string; cbor: string });

  it.each([
    ['messagepack', decodeMessagePack],
    ['cbor', decodeCbor],
  ] as const)('%s', (codec, decode) => {
    expect(lines).toHaveLength(SAMPLES);
    for (const line of lines) {
      const { tree, error } = decode(bytesOf(line[codec]));
      expect(error).toBeUndefined();
      expect(ordered(tree?.map(plain))).toEqual(ordered([line.value]));
    }
  });
});

/** Canonical CBOR sorts keys, so the order of a map's entries says nothing. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null || !('map' in value)) return value;
  const entries = (value.map as [string, unknown][]).map(([key, item]) => [key, ordered(item)] as const);
  return { map: entries.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

describe('protoc --decode_raw', () => {
  const byte = fc.oneof(
    fc.constantFrom(0x08, 0x0a, 0x0b, 0x0c, 0x0d, 0x09, 0x12, 0x1a, 0, 1, 2, 3, 4, 5),
    fc.constantFrom(0x80, 0xff, 0x61),
    fc.nat(255),
  );
  const messages = fc.sample(fc.array(byte, { maxLength: 24, size: 'max' }), { numRuns: 300, seed: 7 });

  it('takes and refuses the same bytes, and sees the same fields', () => {
    let taken = 0;
    for (const message of messages) {
      const bytes = Uint8Array.from(message);
      const theirs = rawByProtoc(bytes);
      const { tree = [], error } = decodeProtobuf(bytes);
      // It drops the bits of a tag beyond 32, where we say that there is no such field number.
      if (error?.code === 'field-number' && !error.message.endsWith('not 0.')) continue;
      expect(error === undefined, Buffer.from(bytes).toString('hex')).toBe(theirs !== undefined);
      if (!theirs) continue;
      taken++;
      expect(rawByUs(tree), Buffer.from(bytes).toString('hex')).toEqual(theirs);
    }
    expect(taken).toBeGreaterThan(20);
  });
});
