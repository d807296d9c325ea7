// HPACK against RFC 7541 Appendix C, against hpack.js, and against blocks that want to do harm.
import fc from 'fast-check';
import hpack from 'hpack.js';
import { describe, expect, it } from 'vitest';
import cases from '../../../fixtures/hpack/rfc7541-c.json' with { type: 'json' };
import {
  type HeaderBlock,
  HpackDecoder,
  HpackFault,
  MAX_LIST_BYTES,
  Representation,
  UNKNOWN_TEXT,
} from '../../../src-main/core/dissect/http2/hpack.ts';
import { FUZZ_RUNS, FUZZ_TIMEOUT_MS } from '../../fuzz/laws.ts';
import { bytesOf, integer, literal } from './http2-frames.ts';

function decode(bytes: Uint8Array, decoder = new HpackDecoder()): HeaderBlock {
  return decoder.decode(bytes, 0, bytes.length);
}

function hexBytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function tableOf({ table }: HpackDecoder): [string, string][] {
  return Array.from({ length: table.count }, (_, age) => [table.entry(age)!.name, table.entry(age)!.value]);
}

const indexed = (index: number) => bytesOf(integer(index, 7, 0x80));
const sizeUpdate = (size: number) => bytesOf(integer(size, 5, 0x20));
const pairs = ({ items }: HeaderBlock) =>
  items.filter((item) => item.representation !== Representation.sizeUpdate).map(({ name, value }) => [name, value]);

describe('RFC 7541 Appendix C', () => {
  it.each(cases)('$name', ({ blocks, tableSize }) => {
    const decoder = new HpackDecoder();
    if (tableSize !== undefined) decode(sizeUpdate(tableSize), decoder);
    for (const { hex, headers, table, size } of blocks) {
      const bytes = hexBytes(hex);
      const block = decode(bytes, decoder);
      expect(block.faults).toBe(0);
      expect(
        block.items.map(({ name, value, representation, index }) => [
          name,
          value,
          Object.keys(Representation)[representation],
          index,
        ]),
      ).toEqual(headers);
      expect(tableOf(decoder)).toEqual(table);
      expect(decoder.table.sizeBytes).toBe(size);
      expect(block.items.reduce((end, item) => (item.start === end ? end + item.length : Number.NaN), 0)).toBe(
        bytes.length,
      );
    }
  });
});

// hpack.js reads and writes integers of more than two bytes the wrong way round: nothing here is so long. It looks names
// and values up in objects, so what every object has (`__proto__`, `constructor`) gets an index that means something else.
describe('hpack.js as a judge', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const isPlain = (word: string) => !(word in Object.prototype);
  const text = fc
    .oneof(
      fc.stringMatching(/^[a-z0-9/._-]{0,30}$/),
      fc.array(fc.nat(255), { maxLength: 20 }).map((bytes) => String.fromCharCode(...bytes)),
    )
    .filter(isPlain);
  const name = fc
    .oneof(
      fc.constantFrom(':path', ':status', 'content-type', 'x-a', 'x-b', 'grpc-status'),
      fc.stringMatching(/^[a-z-]{1,10}$/),
    )
    .filter(isPlain);
  const bits = { incremental: fc.boolean(), neverIndex: fc.boolean(), huffman: fc.boolean() };
  const header = fc.record({ name, value: text, ...bits });
  const lists = fc.array(fc.array(header, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 });

  it('reads what it writes, table and all', () => {
    fc.assert(
      fc.property(lists, fc.constantFrom(64, 200, 4096), fc.boolean(), (input, maxSize, reset) => {
        const compressor = hpack.compressor.create({ table: { maxSize } });
        const decoder = new HpackDecoder();
        decode(sizeUpdate(maxSize), decoder);
        for (const list of input) {
          if (reset && maxSize < 150) compressor.reset();
          compressor.write(list);
          const block = decode(compressor.read() ?? bytesOf(), decoder);
          const headers = block.items.filter((item) => item.representation !== Representation.sizeUpdate);
          expect(headers.map((item) => [item.name, item.value])).toEqual(list.map((each) => [each.name, each.value]));
          expect(block.faults).toBe(0);
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  const item = fc.oneof(
    { weight: 4, arbitrary: fc.nat(80).map(indexed) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(0x40, 0, 0x10), fc.nat(70), fc.uint8Array({ maxLength: 6 }))
        .map(([top, index, value]) =>
          bytesOf(integer(index, top === 0x40 ? 6 : 4, top), index === 0 ? [1, 0x78] : [], [value.length], value),
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ minLength: 1, maxLength: 6 })
        .map((code) => bytesOf([0, 0x80 | code.length], code, [0])),
    },
    { weight: 1, arbitrary: fc.nat(140).map(sizeUpdate) },
  );

  it('accepts and refuses the same, and reads the same from what is accepted', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(fc.array(item, { maxLength: 5 }), { minLength: 1, maxLength: 4 }), (input) => {
        const decompressor = hpack.decompressor.create({ table: { maxSize: 4096 } });
        let refused = false;
        decompressor.on('error', () => {
          refused = true;
        });
        const decoder = new HpackDecoder();
        for (const parts of input) {
          const bytes = bytesOf(...parts);
          decompressor.write(bytes);
          decompressor.execute();
          const block = decode(bytes, decoder);
          // Where in a block a size may change is nothing it looks at.
          expect((block.faults & ~HpackFault.tableSize) !== 0).toBe(refused);
          seen[refused ? 'refused' : 'accepted']++;
          if (refused) return;
          const theirs: [string, string][] = [];
          for (let each = decompressor.read(); each; each = decompressor.read()) theirs.push([each.name, each.value]);
          expect(pairs(block)).toEqual(theirs);
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(FUZZ_RUNS / 10);
  });
});

describe('blocks that are wrong', () => {
  it.each<[string, Uint8Array, number]>([
    ['index 0', indexed(0), HpackFault.index],
    ['an index beyond both tables', indexed(62), HpackFault.index],
    ['a name of an index beyond both tables', bytesOf(integer(62, 6, 0x40), [1, 0x61]), HpackFault.index],
    ['an index of more than 32 bits', bytesOf([0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), HpackFault.integer],
    ['an index of endless bytes', bytesOf([0xff], new Array(40).fill(0x80), [0]), HpackFault.integer],
    ['an index that is cut off', bytesOf([0xff, 0x80]), HpackFault.integer],
    ['a string that is cut off', bytesOf([0x40, 5, 0x61]), HpackFault.string],
    ['a name without a value', bytesOf([0x40, 1, 0x61]), HpackFault.string],
    ['a string of 4 GiB', bytesOf([0x40, 0x7f, 0x80, 0xff, 0xff, 0xff, 0x0f]), HpackFault.string],
    ['padding of zeros', bytesOf([0x00, 1, 0x61, 0x81, 0x18]), HpackFault.string],
    ['padding of a whole byte', bytesOf([0x00, 1, 0x61, 0x82, 0x1f, 0xff]), HpackFault.string],
    ['EOS in a string', bytesOf([0x00, 1, 0x61, 0x84, 0xff, 0xff, 0xff, 0xff]), HpackFault.string],
    ['a table above the limit', sizeUpdate(4097), HpackFault.tableSize],
    ['a table size behind a header', bytesOf(indexed(2), sizeUpdate(100)), HpackFault.tableSize],
  ])('%s', (_, bytes, fault) => {
    expect(decode(bytes).faults).toBe(fault);
  });

  it('a smaller table than before must be announced by the next block', () => {
    const decoder = new HpackDecoder();
    decoder.limit(100);
    expect(decode(indexed(2), decoder).faults).toBe(HpackFault.tableSize);
    expect(decode(indexed(2), decoder).faults).toBe(0);
    decoder.limit(50);
    expect(decode(bytesOf(sizeUpdate(0), sizeUpdate(50), indexed(2)), decoder).faults).toBe(0);
    expect(decoder.table.maximumBytes).toBe(50);
    decoder.limit(4096);
    expect(decode(indexed(2), decoder).faults).toBe(0);
  });

  it('goes on behind a broken string, and gives placeholders for what it cannot find', () => {
    const decoder = new HpackDecoder();
    const block = decode(bytesOf([0x00, 1, 0x61, 0x81, 0x18], indexed(70), literal('b', 'c')), decoder);
    expect(pairs(block)).toEqual([
      ['a', 'a'],
      [UNKNOWN_TEXT, UNKNOWN_TEXT],
      ['b', 'c'],
    ]);
    expect(block.items.map((each) => each.unknown)).toEqual([false, true, false]);
  });

  it('an entry larger than the table empties it', () => {
    const decoder = new HpackDecoder();
    decode(literal('a', 'b', 0x40), decoder);
    expect(decode(literal('c', 'd'.repeat(5000), 0x40), decoder).items).toHaveLength(1);
    expect(decoder.table.count).toBe(0);
  });

  it('a large entry referred to thousands of times gives a list that is cut', () => {
    const decoder = new HpackDecoder();
    decode(literal('bomb', 'x'.repeat(4000), 0x40), decoder);
    const block = decode(new Uint8Array(16_000).fill(0x80 | 62), decoder);
    const bytes = block.items.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
    expect(bytes).toBeLessThanOrEqual(MAX_LIST_BYTES);
    expect(block.items.length + block.omitted).toBe(16_000);
    expect(block.faults).toBe(HpackFault.limit);
  });

  it('a table of 4 GiB is kept in part', () => {
    const decoder = new HpackDecoder();
    decoder.limit(0xffff_ffff);
    expect(decode(sizeUpdate(0xffff_ffff), decoder).faults).toBe(HpackFault.limit);
    for (let i = 0; i < 40; i++) decode(literal(`k${i}`, 'x'.repeat(65_000), 0x40), decoder);
    expect(decoder.table.sizeBytes).toBeLessThanOrEqual(1_048_576);
    expect(decode(indexed(62 + 39), decoder).faults).toBe(HpackFault.unseen);
    expect(pairs(decode(indexed(62), decoder))[0]![0]).toBe('k39');
  });
});

describe('a connection joined late', () => {
  it('resolves what it has seen and leaves the rest open, without a fault of the sender', () => {
    const decoder = new HpackDecoder();
    decoder.forget();
    const block = decode(
      bytesOf(indexed(2), indexed(64), literal('new', 'entry', 0x40), indexed(62), indexed(63)),
      decoder,
    );
    expect(block.faults).toBe(HpackFault.unseen);
    expect(pairs(block)).toEqual([
      [':method', 'GET'],
      [UNKNOWN_TEXT, UNKNOWN_TEXT],
      ['new', 'entry'],
      ['new', 'entry'],
      [UNKNOWN_TEXT, UNKNOWN_TEXT],
    ]);
  });

  it('keeps a known value under a name it does not know', () => {
    const decoder = new HpackDecoder();
    decoder.forget();
    decode(bytesOf(integer(80, 6, 0x40), [1, 0x76]), decoder);
    const block = decode(indexed(62), decoder);
    expect(block.items[0]).toMatchObject({ name: UNKNOWN_TEXT, value: 'v', unknown: true });
    expect(block.faults).toBe(HpackFault.unseen);
  });

  it('knows the table again once its sender has emptied it', () => {
    const decoder = new HpackDecoder();
    decoder.forget();
    decode(bytesOf(sizeUpdate(0), sizeUpdate(4096), indexed(2)), decoder);
    expect(decode(indexed(62), decoder).faults).toBe(HpackFault.index);
  });

  it('begins anew where the rest of a block cannot be read', () => {
    const decoder = new HpackDecoder();
    decode(literal('a', 'b', 0x40), decoder);
    decode(bytesOf([0x40, 9, 0x61]), decoder);
    expect(decode(indexed(62), decoder).faults).toBe(HpackFault.unseen);
  });
});
