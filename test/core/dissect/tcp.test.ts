import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from '../../../fixtures/tcp/framing.json' with { type: 'json' };
import { hex } from '../../../src-main/core/dissect/bytes.ts';
import { openTcp, tcpProtocol } from '../../../src-main/core/dissect/tcp.ts';
import { openCutter } from '../../../src-main/core/dissect/tcp-framing.ts';
import type { Framing } from '../../../src-main/core/protocol.ts';
import { Direction, Level } from '../../../src-main/core/record.ts';
import {
  chunkingLaw,
  type Dissected,
  dissect,
  FUZZ_RUNS,
  MemorySink,
  mutated,
  pieceLengths,
  type Segment,
  totality,
} from '../../fuzz/laws.ts';
import { bytesOf, notesOf } from '../bytes.ts';

const { clientToServer, serverToClient } = Direction;

function framingOf(framing: (typeof golden)[number]['framing']): Framing {
  if (framing.kind !== 'delimiter') return framing as Framing;
  return { kind: 'delimiter', delimiter: bytesOf(framing.delimiter ?? '') };
}

function recordsOf(dissected: Dissected) {
  return dissected.records.map((record) => {
    const payload = tcpProtocol.payload(dissected.view(record.seq), 1000);
    expect(payload?.total).toBe(record.size);
    const notes = notesOf(tcpProtocol, record);
    return {
      type: tcpProtocol.types[record.type],
      length: record.length,
      payload: hex(payload?.bytes ?? new Uint8Array()),
      notes,
    };
  });
}

describe('TCP framing', () => {
  it.each(golden)('$name', ({ framing, hex: input, records }) => {
    const dissected = dissect(
      (sink) => openTcp(sink, framingOf(framing)),
      [{ direction: clientToServer, bytes: bytesOf(input) }],
    );
    expect(recordsOf(dissected)).toEqual(records.map((record) => ({ type: 'message', notes: [], ...record })));
    for (const record of dissected.records) expect(record.levels).toBe(Level.frame | Level.message);
  });

  it('cuts each direction by itself', () => {
    const dissected = dissect(
      (sink) => openTcp(sink, { kind: 'lines' }),
      [
        { direction: clientToServer, bytes: bytesOf('61') },
        { direction: serverToClient, bytes: bytesOf('78 0a') },
        { direction: clientToServer, bytes: bytesOf('62 0a') },
      ],
    );
    expect(dissected.records.map((r) => [r.direction, r.start, r.size, r.at])).toEqual([
      [serverToClient, 0, 1, 2000],
      [clientToServer, 0, 2, 3000],
    ]);
  });

  it('cuts a message without an end in sight, at the same places however it is chunked', () => {
    const cutsOf = (chunks: string[]) => {
      const cuts: unknown[] = [];
      const cutter = openCutter({ kind: 'lines' }, (...cut) => cuts.push(cut.slice(1)), 4);
      for (const chunk of chunks) cutter.push(new TextEncoder().encode(chunk));
      cutter.end();
      return cuts;
    };
    const expected = [
      [4, 4, 'unterminated'],
      [4, 4, 'unterminated'],
      [2, 1],
      [4, 3],
      [4, 4, 'unterminated'],
      [1, 0],
      [1, 1, 'truncated'],
    ];
    expect(cutsOf(['abcdefghi\nabc\nabcd\nx'])).toEqual(expected);
    expect(cutsOf([...'abcdefghi\nabc\nabcd\nx'])).toEqual(expected);
    expect(cutsOf(['abcd', 'efg', 'hi', '\nabc', '\nabcd\n', 'x'])).toEqual(expected);
  });

  it('notes missing bytes and starts anew after them', () => {
    const sink = new MemorySink();
    const dissector = openTcp(sink, {
      kind: 'length-prefix',
      bytes: 2,
      littleEndian: false,
      includesItself: false,
    });
    dissector.push(clientToServer, bytesOf('0005 61 62'), 1);
    dissector.gap(clientToServer, 10, 2);
    dissector.push(clientToServer, bytesOf('0001 63 0001 64'), 3);
    expect(sink.records.map((r) => [tcpProtocol.types[r.type], r.at, r.start, r.length, r.size])).toEqual([
      ['message', 2, 0, 4, 2],
      ['gap', 2, 4, 10, 0],
      ['message', 3, 14, 3, 1],
      ['message', 3, 17, 3, 1],
    ]);
    expect(sink.records.map((r) => notesOf(tcpProtocol, r))).toEqual([
      ['The stream ended inside this message.'],
      ['Bytes are missing from the capture here.'],
      ['Framing starts anew after missing bytes; this may be the middle of a message.'],
      [],
    ]);
  });

  it('has nothing to start anew after missing bytes without framing', () => {
    const sink = new MemorySink();
    const dissector = openTcp(sink, { kind: 'none' });
    dissector.gap(serverToClient, 3, 1);
    dissector.push(serverToClient, bytesOf('61'), 2);
    expect(sink.records.map((r) => [r.start, r.length, notesOf(tcpProtocol, r)])).toEqual([
      [0, 3, ['Bytes are missing from the capture here.']],
      [3, 1, []],
    ]);
  });

  it('reads a hundred megabytes without a line end in bounded memory', () => {
    const sink = new MemorySink();
    const dissector = openTcp(sink, { kind: 'lines' });
    const chunk = new Uint8Array(1024 * 1024).fill(0x61);
    for (let i = 0; i < 100; i++) dissector.push(serverToClient, chunk, i);
    dissector.end(serverToClient, 100);
    expect(sink.records.map((r) => r.length / chunk.length)).toEqual([16, 16, 16, 16, 16, 16, 4]);
  });

  it('survives a length of nearly 2^53 without waiting for memory', () => {
    const sink = new MemorySink();
    const dissector = openTcp(sink, { kind: 'length-prefix', bytes: 8, littleEndian: false, includesItself: false });
    dissector.push(clientToServer, bytesOf('001fffffffffffff 61'), 1);
    dissector.end(clientToServer, 2);
    expect(sink.records).toHaveLength(1);
    expect(sink.records[0]).toMatchObject({ length: 9, size: 1, notes: 1 });
  });
});

describe('looking at a TCP record', () => {
  it('tells prefix and payload apart', () => {
    const framing: Framing = { kind: 'length-prefix', bytes: 2, littleEndian: true, includesItself: true };
    const dissected = dissect(
      (sink) => openTcp(sink, framing),
      [{ direction: clientToServer, bytes: bytesOf('0600 68690a21') }],
    );
    const detail = tcpProtocol.detail(dissected.view(0), 1000);
    expect(detail.fields).toEqual([
      {
        name: 'tcp.framing',
        label: 'Framing',
        value: 'length prefix of 2 bytes, little-endian, counts itself',
        start: 0,
        length: 0,
      },
      { name: 'tcp.prefix', label: 'Length prefix', value: 6, start: 0, length: 2 },
      { name: 'tcp.len', label: 'Payload length', value: 4, start: 0, length: 0 },
      { name: 'tcp.payload', label: 'Payload', value: '68 69 0a 21', start: 2, length: 4 },
    ]);
    expect(detail.sources.map((source) => [source.label, hex(source.bytes), source.total])).toEqual([
      ['Wire', '060068690a21', 6],
      ['Payload', '68690a21', 4],
    ]);
    expect(detail.payload).toBe(1);
    expect(tcpProtocol.summary(dissected.view(0))).toBe('hi\\n!');
  });

  it('shows binary as hex and what steers a screen as escapes', () => {
    const summaryOf = (input: Uint8Array) =>
      tcpProtocol.summary(
        dissect((sink) => openTcp(sink, { kind: 'none' }), [{ direction: clientToServer, bytes: input }]).view(0),
      );
    expect(summaryOf(bytesOf('00 01 fe ff'))).toBe('00 01 fe ff');
    expect(summaryOf(new TextEncoder().encode('\u202egnp.exe'))).not.toContain('\u202e');
    expect(summaryOf(new TextEncoder().encode('ü'.repeat(5000))).length).toBeLessThanOrEqual(200);
  });

  it('agrees with its quick fields', () => {
    for (const { framing, hex: input } of golden) {
      const dissected = dissect(
        (sink) => openTcp(sink, framingOf(framing)),
        [{ direction: clientToServer, bytes: bytesOf(input) }],
      );
      for (const record of dissected.records) {
        const { fields } = tcpProtocol.detail(dissected.view(record.seq), 1000);
        for (const [name, read] of Object.entries(tcpProtocol.quick ?? {})) {
          expect(read(record)).toBe(fields.find((field) => field.name === name)?.value);
        }
      }
    }
  });
});

const framings: fc.Arbitrary<Framing> = fc.oneof(
  fc.constant<Framing>({ kind: 'lines' }),
  fc
    .array(fc.constantFrom(0x0a, 0x0d, 0x61), { minLength: 1, maxLength: 4 })
    .map((delimiter): Framing => ({ kind: 'delimiter', delimiter: Uint8Array.from(delimiter) })),
  fc.record({
    kind: fc.constant('length-prefix' as const),
    bytes: fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const),
    littleEndian: fc.boolean(),
    includesItself: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('fixed' as const), length: fc.integer({ min: 1, max: 9 }) }),
);

/** Bytes in which delimiters and small lengths are frequent. */
const telling = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(0, 1, 2, 5, 8, 9, 0x0a, 0x0d, 0x61) }, fc.nat(255)), {
    maxLength: 120,
    size: 'max',
  })
  .map((bytes) => Uint8Array.from(bytes));

const traffic: fc.Arbitrary<Segment[]> = fc.array(
  fc.record({ direction: fc.constantFrom(clientToServer, serverToClient), bytes: telling }),
  { maxLength: 5 },
);

describe('the laws', () => {
  it('chunking', () => {
    fc.assert(
      fc.property(framings, traffic, pieceLengths, (framing, segments, lengths) => {
        chunkingLaw((sink) => openTcp(sink, framing), segments, lengths);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  it('totality', () => {
    fc.assert(
      fc.property(fc.oneof(framings, fc.constant<Framing>({ kind: 'none' })), mutated(traffic), (framing, segments) => {
        totality(
          (sink) => openTcp(sink, framing),
          segments,
          () => tcpProtocol,
        );
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
