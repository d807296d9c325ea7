// Header lists that are remembered by their blocks: the same as if each block had been decoded.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Frame, HTTP2_ID, Http2Type } from '../../../src-main/core/dissect/http2/format.ts';
import { HpackDecoder } from '../../../src-main/core/dissect/http2/hpack.ts';
import { openHttp2 } from '../../../src-main/core/dissect/http2/http2.ts';
import { decodeHeaders } from '../../../src-main/core/dissect/http2/kept.ts';
import { NONE } from '../../../src-main/core/record.ts';
import { type Dissected, dissect, FUZZ_RUNS, FUZZ_TIMEOUT_MS } from '../../fuzz/laws.ts';
import * as h2 from './http2-frames.ts';

/** A connection whose client sends a block on each of its streams. */
function blocks(list: readonly Uint8Array[], flags = h2.ENDS): Dissected {
  const frames = list.map((block, i) => h2.frame(Frame.headers, flags, i * 2 + 1, block));
  return dissect(openHttp2, [...h2.START, h2.fromClient(...frames)]);
}

function listsOf(dissected: Dissected) {
  return dissected.records
    .filter((record) => record.protocol === HTTP2_ID && record.type === Frame.headers)
    .map(({ derived }) => (derived === NONE ? undefined : decodeHeaders(dissected.sink.derived[derived]!)));
}

const indexed = (index: number) => h2.bytesOf(h2.integer(index, 7, 0x80));
const REQUEST = h2.bytesOf(indexed(3), indexed(6), indexed(4));

describe('a list', () => {
  it('is kept once for blocks that are the same', () => {
    const dissected = blocks([h2.block(h2.GET, 0x40), ...Array.from({ length: 50 }, () => REQUEST)]);
    const derived = dissected.records
      .filter((record) => record.type === Frame.headers && record.protocol === HTTP2_ID)
      .map((record) => record.derived);
    expect(new Set(derived).size).toBe(2);
    expect(
      listsOf(dissected)
        .at(-1)!
        .items.map(({ name, value }) => `${name}: ${value}`),
    ).toEqual([':method: POST', ':scheme: http', ':path: /']);
  });

  it('is read anew when the table has changed', () => {
    const [first, , second] = listsOf(
      blocks([h2.literal('x', '1', 0x40), h2.literal('x', '2', 0x40), indexed(62)].flatMap((b) => [b, indexed(62)])),
    ).filter((_, i) => i % 2 === 1);
    expect([first!.items[0]!.value, second!.items[0]!.value]).toEqual(['1', '2']);
  });

  it('is judged anew where it is for something else', () => {
    const dissected = dissect(openHttp2, [
      ...h2.START,
      h2.fromClient(h2.frame(Frame.headers, 4, 1, REQUEST), h2.frame(Frame.headers, 5, 1, REQUEST)),
    ]);
    const notes = dissected.records.slice(-2).map((record) => record.notes);
    expect(notes[0]).toBe(0);
    expect(notes[1]).not.toBe(0);
  });

  it('of a sender that must announce a smaller table is a fault once', () => {
    const dissected = dissect(openHttp2, [
      ...h2.START,
      h2.fromClient(...[1, 3].map((id) => h2.frame(Frame.headers, 5, id, REQUEST))),
      h2.fromServer(h2.settings([[1, 100]])),
      h2.fromClient(h2.settingsAck, ...[5, 7].map((id) => h2.frame(Frame.headers, 5, id, REQUEST))),
    ]);
    const lists = dissected.records.filter(({ type, protocol }) => protocol === HTTP2_ID && type === Frame.headers);
    expect(lists.map(({ notes }) => notes !== 0)).toEqual([false, false, true, false]);
    expect(dissected.records.every(({ type }) => type !== Http2Type.raw)).toBe(true);
  });

  const header = fc.oneof(
    { weight: 4, arbitrary: fc.nat(66).map(indexed) },
    fc.constantFrom(
      h2.literal('a', '1', 0x40),
      h2.literal('b', '2', 0x40),
      h2.literal('c', '3'),
      h2.literal('d', '4', 0x10),
    ),
    fc.constantFrom(0, 40, 4096).map((size) => h2.bytesOf(h2.integer(size, 5, 0x20))),
    fc.constantFrom(h2.bytesOf([0x40, 9]), h2.bytesOf([0xff])),
  );
  const block = fc.array(header, { maxLength: 3 }).map((parts) => h2.bytesOf(...parts));
  const several = fc
    .tuple(fc.array(block, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(3), { minLength: 1, maxLength: 30 }))
    .map(([known, order]) => order.map((n) => known[n % known.length]!));

  it('is what a decoder without a memory says', { timeout: FUZZ_TIMEOUT_MS }, () => {
    fc.assert(
      fc.property(several, (list) => {
        const decoder = new HpackDecoder();
        const expected = list.map((bytes) => ({
          items: decoder.decode(bytes, 0, bytes.length).items,
          table: [decoder.table.count, decoder.table.sizeBytes, decoder.table.maximumBytes],
        }));
        const found = listsOf(blocks(list)).map((kept) => ({
          items: kept!.items,
          table: [kept!.tableCount, kept!.tableBytes, kept!.tableMaximumBytes],
        }));
        expect(found).toEqual(expected);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
