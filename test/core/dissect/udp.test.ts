import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from '../../../fixtures/udp/datagrams.json' with { type: 'json' };
import { openUdp, udpProtocol } from '../../../src-main/core/dissect/udp.ts';
import { Direction, Level } from '../../../src-main/core/record.ts';
import { dissect, FUZZ_RUNS, MemorySink, totality } from '../../fuzz/laws.ts';
import { bytesOf, notesOf } from '../bytes.ts';

const { clientToServer, serverToClient } = Direction;

describe('UDP', () => {
  it.each(golden)('shows $name', ({ hex, summary, length }) => {
    const dissected = dissect(openUdp, [{ direction: serverToClient, bytes: bytesOf(hex) }]);
    const view = dissected.view(0);
    expect(udpProtocol.summary(view)).toBe(summary);
    expect(udpProtocol.detail(view, 1000).fields[0]).toMatchObject({ name: 'udp.length', value: length });
    expect(udpProtocol.payload(view, 1000)?.bytes).toEqual(bytesOf(hex));
  });

  it('makes each datagram a record, an empty one too', () => {
    const dissected = dissect(openUdp, [
      { direction: clientToServer, bytes: bytesOf('616263') },
      { direction: clientToServer, bytes: bytesOf('') },
      { direction: serverToClient, bytes: new Uint8Array(65_507) },
      { direction: clientToServer, bytes: bytesOf('00') },
    ]);
    expect(dissected.records.map((r) => [r.direction, r.at, r.start, r.length, r.size, r.levels])).toEqual([
      [clientToServer, 1000, 0, 3, 3, Level.frame | Level.message],
      [clientToServer, 2000, 3, 0, 0, Level.frame | Level.message],
      [serverToClient, 3000, 0, 65_507, 65_507, Level.frame | Level.message],
      [clientToServer, 4000, 3, 1, 1, Level.frame | Level.message],
    ]);
  });

  it('counts the header in udp.length as RFC 768 does', () => {
    const dissected = dissect(openUdp, [{ direction: clientToServer, bytes: bytesOf('616263') }]);
    const { fields, payload } = udpProtocol.detail(dissected.view(0), 1000);
    expect(fields.map((f) => [f.name, f.value, f.start, f.length])).toEqual([
      ['udp.length', 11, 0, 0],
      ['udp.payload', '61 62 63', 0, 3],
    ]);
    expect(payload).toBe(0);
    expect(udpProtocol.quick?.['udp.length']?.(dissected.records[0]!)).toBe(11);
  });

  it('notes what is missing from a capture', () => {
    const sink = new MemorySink();
    const dissector = openUdp(sink);
    dissector.gap(serverToClient, 7, 1);
    dissector.push(serverToClient, bytesOf('01'), 2);
    expect(sink.records.map((r) => [udpProtocol.types[r.type], r.start, r.length])).toEqual([
      ['gap', 0, 7],
      ['datagram', 7, 1],
    ]);
    expect(notesOf(udpProtocol, sink.records[0]!)).toEqual(['Bytes are missing from the capture here.']);
  });

  it('is total', () => {
    const segment = fc.record({
      direction: fc.constantFrom(clientToServer, serverToClient),
      bytes: fc.uint8Array({ maxLength: 300, size: 'max' }),
    });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
        expect(totality(openUdp, segments, () => udpProtocol).records).toHaveLength(segments.length);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});
