// The laws of reading capture files, whoever wrote them: nothing is thrown, in however small pieces the file is read the
// records are the same, and each of them can be looked at and shown.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recognise } from '../../src-main/capture/file-loader.ts';
import { CaptureIndex } from '../../src-main/capture/index/capture-index.ts';
import { PacketTracker } from '../../src-main/capture/packets/packet-tracker.ts';
import type { ByteStore } from '../../src-main/capture/storage/byte-store.ts';
import { IndexedRecordView } from '../../src-main/capture/views/record-view.ts';
import { protocolById } from '../../src-main/core/dissect/registry.ts';
import { isoTime } from '../../src-main/core/iso-time.ts';
import { FUZZ_RUNS, FUZZ_TIMEOUT_MS } from '../fuzz/laws.ts';
import * as p from './packets.ts';
import { ANSWER, frame, REQUEST } from './websocket.ts';

/** A file that is in memory. */
class MemoryFile implements ByteStore {
  readonly path = 'memory';
  #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes = new Uint8Array(0)) {
    this.#bytes = bytes;
  }

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  read(offset: number, target: Uint8Array): number {
    const there = this.#bytes.subarray(offset, offset + target.length);
    target.set(there);
    return there.length;
  }

  append(bytes: Uint8Array): number {
    const offset = this.#bytes.length;
    const larger = new Uint8Array(offset + bytes.length);
    larger.set(this.#bytes);
    larger.set(bytes, offset);
    this.#bytes = larger;
    return offset;
  }

  async close(): Promise<void> {}
}

/** Reads a file that comes in pieces of these lengths. */
function read(
  bytes: Uint8Array<ArrayBuffer>,
  lengths: readonly number[],
): { index: CaptureIndex; damage: string | undefined } {
  const index = new CaptureIndex(new MemoryFile(bytes), new MemoryFile(), new MemoryFile());
  const tracker = new PacketTracker(index, new Map(), 8);
  const reader = recognise('memory', bytes.subarray(0, 4), bytes.length)(tracker);
  let from = 0;
  for (let to = 0, n = 0; from < bytes.length && !reader.damage; n++) {
    to = Math.min(bytes.length, Math.max(to, from) + (lengths[n % lengths.length] ?? 0) + 1);
    from = reader.read(bytes.slice(0, to), Math.min(from, to), to, Math.min(from, to)) + reader.skipBytes;
    if (to === bytes.length) break;
  }
  tracker.end();
  return { index, damage: reader.damage?.text };
}

function contentsOf(index: CaptureIndex): unknown {
  const records = Array.from({ length: index.count }, (_, seq) => {
    const view = new IndexedRecordView(index, seq);
    const { record } = view;
    expect(isoTime(record.at)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    const protocol = protocolById(record.protocol)!;
    return structuredClone([record, protocol.summary(view), protocol.detail(view, 300), protocol.payload(view, 300)]);
  });
  return {
    records,
    connections: index.state.connections.map(({ addresses }) => addresses),
    counts: index.state.counts,
  };
}

const payload = fc.oneof(
  fc.constantFrom(REQUEST, ANSWER, frame(1, 'hello'), frame(9, ''), new Uint8Array(0)),
  fc.uint8Array({ maxLength: 30 }),
);
const packet = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        fromPort: fc.constantFrom(50_000, 80),
        toPort: fc.constantFrom(80, 50_000),
        seq: fc.oneof(fc.nat(40), fc.constantFrom(0xffff_fff0, 0x8000_0000, 300)),
        ack: fc.nat(60),
        flags: fc.constantFrom('S', 'SA', 'A', 'PA', 'FA', 'R', ''),
        payload,
      })
      .map((of) => p.tcp(of)),
  },
  fc.tuple(fc.nat(20), payload).map(([port, data]) => p.udp('10.0.0.1', port, '10.0.0.2', 7, data)),
  fc
    .record({ fragmentOffset: fc.nat(3).map((n) => n * 8), more: fc.boolean(), id: fc.nat(2) })
    .map((of) => p.ipv4(17, new Uint8Array(16), of)),
  fc.uint8Array({ maxLength: 60 }),
);
const comment = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom('wirescope {"connection":1,"closed":true}', 'wirescope {', 'hello'),
);
const resolution = fc.oneof(fc.constant(undefined), fc.nat(255));
const block = (little: boolean) =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(packet, fc.nat(2), fc.bigInt(0n, 2n ** 64n - 1n), comment)
        .map(([data, of, time, text]) =>
          p.enhanced(data, { interface: of, time, little, ...(text !== undefined && { comment: text }) }),
        ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(1, 101, 0, 113, 276, 147), resolution)
        .map(([link, of]) => p.interfaceBlock(link, of, little)),
    },
    fc
      .tuple(fc.constantFrom(2, 3, 4, 5, 6, 10, 0xbad), fc.uint8Array({ maxLength: 40 }))
      .map(([type, body]) => p.block(type, body, little)),
    fc.constant(p.section(little)),
  );
const pcapng = fc
  .boolean()
  .chain((little) =>
    fc
      .array(block(little), { maxLength: 20, size: 'max' })
      .map((blocks) => p.concat(p.section(little), p.interfaceBlock(101, 6, little), ...blocks)),
  );
const pcap = fc
  .record({
    packets: fc.array(packet, { maxLength: 12 }),
    link: fc.constantFrom(101, 1, 113, 0),
    little: fc.boolean(),
    nanoseconds: fc.boolean(),
  })
  .map(({ packets, link, ...options }) => p.pcap(link, packets, options));
const change = fc.record({ at: fc.nat(), to: fc.nat(255), cut: fc.nat(9) });
/** Right in most places. */
const file = fc
  .tuple(fc.oneof({ weight: 3, arbitrary: pcapng }, { weight: 1, arbitrary: pcap }), fc.array(change, { maxLength: 4 }))
  .map(([whole, changes]) => {
    let bytes = whole.slice();
    for (const { at, to, cut } of changes) {
      const place = 4 + (at % (bytes.length - 4));
      if (cut === 0) bytes = bytes.slice(0, place);
      else bytes[place] = to;
      if (bytes.length <= 4) break;
    }
    return bytes;
  });

test('any file is read, in whatever pieces, and all that is found in it can be shown', {
  timeout: FUZZ_TIMEOUT_MS,
}, () => {
  fc.assert(
    fc.property(file, fc.array(fc.nat(60), { minLength: 1, maxLength: 5 }), (bytes, lengths) => {
      const whole = read(bytes, [bytes.length]);
      const pieces = read(bytes, lengths);
      expect(pieces.damage).toBe(whole.damage);
      expect(contentsOf(pieces.index)).toEqual(contentsOf(whole.index));
    }),
    { numRuns: FUZZ_RUNS },
  );
});
