import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Capture, CaptureError, openCapture } from '../../src-main/capture/capture.ts';
import { Level } from '../../src-main/core/record.ts';
import {
  loadedBytes,
  loadedCapture,
  recordsOf,
  summariesOf,
  temporaryFile,
  temporaryFolder,
  wireText,
} from './files.ts';
import {
  bytesOf,
  concat,
  enhanced,
  ethernet,
  interfaceBlock,
  ipv4,
  pcap,
  pcapng,
  section,
  tcp,
  udp,
  udpSegment,
} from './packets.ts';
import { ANSWER, frame, REQUEST } from './websocket.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/captures');
const CLIENT = { from: '10.0.0.1', to: '10.0.0.2', fromPort: 50_000, toPort: 9001 };
const SERVER = { from: '10.0.0.2', to: '10.0.0.1', fromPort: 9001, toPort: 50_000 };

/** SYN, SYN-ACK, ACK; the client's bytes begin at 101, the server's at 501. */
const OPENING = [
  tcp({ ...CLIENT, seq: 100, flags: 'S' }),
  tcp({ ...SERVER, seq: 500, ack: 101, flags: 'SA' }),
  tcp({ ...CLIENT, seq: 101, ack: 501 }),
];

function messages(capture: Capture): string[] {
  return recordsOf(capture)
    .filter((record) => (record.levels & Level.message) !== 0)
    .map((record) => new TextDecoder().decode(capture.payload(record.seq, 10_000)?.bytes));
}

function events(capture: Capture): string[] {
  return recordsOf(capture)
    .filter((record) => record.protocol === 0)
    .map((record) => capture.summary(record.seq));
}

describe("somebody else's capture", () => {
  test.each(['ethernet.pcap', 'linux-cooked.ns.pcap', 'linux-cooked-2.pcapng'])('%s is read', async (name) => {
    const capture = await loadedCapture(join(FIXTURES, name));
    const hello = ['Hello!', '\x01\x02\x03', 'x'.repeat(300)];
    const dialogue = [...hello, ...hello];
    expect(messages(capture).sort()).toEqual(
      [...dialogue, ...dialogue, 'ping', 'ping', 'b'.repeat(3000), 'b'.repeat(3000)].sort(),
    );
    expect(events(capture)).toEqual([
      expect.stringMatching(/^TCP 127\.0\.0\.1:\d+ → 127\.0\.0\.1:39871$/),
      'Closed by both sides.',
      expect.stringMatching(/^TCP \[::1\]:\d+ → \[::1\]:39871$/),
      'Closed by both sides.',
    ]);
    expect(capture.counts).toMatchObject({ warnings: 0, errors: 0, notes: 0 });
    expect(capture.connection(3)!.server).toBe('127.0.0.1:39871');
    expect(new Date(capture.record(0).at / 1000).getUTCFullYear()).toBe(2026);
  });

  test('gets nothing put beside it, and its index is removed', async () => {
    const folder = temporaryFolder();
    const capture = await openCapture(join(FIXTURES, 'ethernet.pcap'), { cacheFolder: folder });
    await capture.loaded;
    expect(readdirSync(folder)).toHaveLength(1);
    await capture.dispose();
    expect(readdirSync(folder)).toEqual([]);
    expect(readdirSync(FIXTURES).filter((name) => /index|derived/.test(name))).toEqual([]);
  });

  test('can be disposed while it is read', async () => {
    const packets = Array.from({ length: 5000 }, (_, i) => udp('10.0.0.1', 50_000, '10.0.0.2', 9001, `${i}`));
    const capture = await openCapture(temporaryFile('x', pcapng(packets)), { cacheFolder: temporaryFolder() });
    await capture.dispose();
    await capture.loaded;
  });

  test('reports its progress', async () => {
    const fractions: number[] = [];
    await loadedCapture(join(FIXTURES, 'ethernet.pcap'), { onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.at(-1)).toBe(1);
  });

  test.each<[string, Uint8Array, RegExp, RegExp]>([
    ['an empty file', new Uint8Array(0), /is empty/, /header/],
    ['a picture', bytesOf('GIF89a'), /is not a capture file/, /neither/],
    ['a compressed file', Uint8Array.of(0x1f, 0x8b, 8, 0), /is not a capture file/, /gzip/],
    ['three bytes', Uint8Array.of(0x0a, 0x0d, 0x0d), /is not a capture file/, /neither/],
  ])('%s is refused with a problem', async (_name, bytes, what, why) => {
    const opening = openCapture(temporaryFile('x', bytes));
    await expect(opening).rejects.toThrow(CaptureError);
    await expect(opening).rejects.toMatchObject({
      problem: { what: expect.stringMatching(what), why: expect.stringMatching(why) },
    });
  });

  test('a missing file and a folder are refused with a problem', async () => {
    await expect(openCapture(join(temporaryFolder(), 'missing'))).rejects.toMatchObject({
      problem: { code: 'ENOENT' },
    });
    await expect(openCapture(temporaryFolder())).rejects.toThrow(CaptureError);
  });
});

describe('TCP in a capture', () => {
  test('reordering, retransmission and overlap give the stream, with the places of its bytes', async () => {
    const capture = await loadedBytes(
      pcapng([
        ...OPENING,
        tcp({ ...CLIENT, seq: 107, ack: 501, flags: 'PA', payload: 'world' }),
        tcp({ ...CLIENT, seq: 101, ack: 501, flags: 'PA', payload: 'hello ' }),
        tcp({ ...CLIENT, seq: 101, ack: 501, flags: 'PA', payload: 'hello ' }),
        tcp({ ...CLIENT, seq: 105, ack: 501, flags: 'PA', payload: 'o world!!' }),
        tcp({ ...CLIENT, seq: 114, ack: 501, flags: 'FA' }),
        tcp({ ...SERVER, seq: 501, ack: 115, flags: 'FA' }),
      ]),
      { decodeAs: new Map([[9001, { protocol: 'tcp', framing: { kind: 'fixed', length: 4 } }]]) },
    );
    expect(wireText(capture, 1, 1)).toBe('hello world!!');
    expect(messages(capture)).toEqual(['hell', 'o wo', 'rld!', '!']);
    expect(events(capture)).toEqual(['TCP 10.0.0.1:50000 → 10.0.0.2:9001', 'Closed by both sides.']);
    expect(capture.traffic.clientToServer.bytes).toBe(13);
  });

  test('other bytes in a retransmission are noted', async () => {
    const capture = await loadedBytes(
      pcapng([
        ...OPENING,
        tcp({ ...CLIENT, seq: 101, payload: 'good' }),
        tcp({ ...CLIENT, seq: 101, payload: 'evil' }),
      ]),
    );
    expect(wireText(capture, 1, 1)).toBe('good');
    expect(events(capture)).toContainEqual(expect.stringMatching(/offset 0 of its stream/));
    expect(capture.counts.warnings).toBeGreaterThan(0);
  });

  test('missing bytes are a gap, and offsets count them', async () => {
    const capture = await loadedBytes(
      pcapng([...OPENING, tcp({ ...CLIENT, seq: 101, payload: 'abc' }), tcp({ ...CLIENT, seq: 114, payload: 'xyz' })]),
      { decodeAs: new Map([[9001, { protocol: 'tcp', framing: { kind: 'none' } }]]) },
    );
    const data = recordsOf(capture).filter((record) => record.direction === 1);
    expect(data.map(({ start, length }) => [start, length])).toEqual([
      [0, 3],
      [3, 10],
      [13, 3],
    ]);
    expect(messages(capture).at(-1)).toBe('xyz');
  });

  test('a refused, a reset, an unanswered and an already open connection read naturally', async () => {
    const capture = await loadedBytes(
      pcapng([
        tcp({ ...CLIENT, fromPort: 1, seq: 9, flags: 'S' }),
        tcp({ ...SERVER, toPort: 1, seq: 0, ack: 10, flags: 'RA' }),
        ...OPENING,
        tcp({ ...CLIENT, seq: 101, ack: 501, flags: 'R' }),
        tcp({ ...CLIENT, fromPort: 2, seq: 9, flags: 'S' }),
        tcp({ ...SERVER, toPort: 50_003, seq: 777, payload: 'late' }),
      ]),
    );
    expect(events(capture)).toEqual([
      'The server refused the connection.',
      'TCP 10.0.0.1:50000 → 10.0.0.2:9001',
      'Reset by the client.',
      'TCP 10.0.0.1:50003 → 10.0.0.2:9001 (open before the capture began)',
      '10.0.0.2 did not answer.',
    ]);
    expect(wireText(capture, 4, 2)).toBe('late');
  });

  test('a port that is used again begins another connection', async () => {
    const again = OPENING.map((_, i) =>
      i === 1
        ? tcp({ ...SERVER, seq: 9500, ack: 9101, flags: 'SA' })
        : tcp({ ...CLIENT, seq: 9100 + (i === 0 ? 0 : 1), ack: 9501, flags: i === 0 ? 'S' : 'A' }),
    );
    const capture = await loadedBytes(
      pcapng([
        ...OPENING,
        tcp({ ...CLIENT, seq: 101, payload: 'first' }),
        ...again,
        tcp({ ...CLIENT, seq: 9101, payload: 'second' }),
      ]),
    );
    expect([wireText(capture, 1, 1), wireText(capture, 2, 1)]).toEqual(['first', 'second']);
  });

  test('a WebSocket dialogue is recognised, and on request what has no handshake', async () => {
    const dialogue = await loadedBytes(
      pcapng([
        ...OPENING,
        tcp({ ...CLIENT, seq: 101, payload: REQUEST }),
        tcp({ ...SERVER, seq: 501, payload: ANSWER }),
        tcp({ ...SERVER, seq: 501 + ANSWER.length, payload: frame(1, 'hello') }),
      ]),
    );
    expect(messages(dialogue)).toEqual(['hello']);
    const decodeAs = new Map([[9001, { protocol: 'websocket' } as const]]);
    const bare = pcapng([tcp({ ...SERVER, seq: 1, payload: frame(1, 'joined late') })]);
    expect(messages(await loadedBytes(bare, { decodeAs }))).toEqual(['joined late']);
  });

  test('the lower port is the server of a connection whose opening was not captured', async () => {
    const capture = await loadedBytes(pcapng([tcp({ ...SERVER, seq: 1, payload: 'x' })]));
    expect(capture.connection(1)).toEqual({ client: '10.0.0.1:50000', server: '10.0.0.2:9001' });
    const other = await loadedBytes(pcapng([tcp({ ...CLIENT, fromPort: 10, seq: 1, payload: 'x' })]), {
      decodeAs: new Map([[9001, { protocol: 'auto' }]]),
    });
    expect(other.connection(1)!.server).toBe('10.0.0.2:9001');
  });
});

describe('UDP in a capture', () => {
  test('datagrams of any size keep their borders', async () => {
    const big = 'x'.repeat(65_507);
    const capture = await loadedBytes(
      pcap(101, [
        udp('10.0.0.1', 50_000, '10.0.0.2', 53, 'question'),
        udp('10.0.0.2', 53, '10.0.0.1', 50_000, ''),
        udp('10.0.0.2', 53, '10.0.0.1', 50_000, big),
        udp('10.0.0.3', 53, '10.0.0.1', 50_000, 'other peer'),
      ]),
    );
    expect(
      recordsOf(capture).map(({ connection, direction, start, size }) => [connection, direction, start, size]),
    ).toEqual([
      [1, 1, 0, 8],
      [1, 2, 0, 0],
      [1, 2, 0, 65_507],
      [2, 2, 0, 10],
    ]);
    expect(capture.connection(2)).toEqual({ client: '10.0.0.1:50000', server: '10.0.0.3:53' });
  });

  test('a datagram in fragments is one, and its bytes are found in the file', async () => {
    const datagram = udpSegment(50_000, 9001, 'x'.repeat(20) + 'y'.repeat(20));
    const piece = (from: number, to: number): Uint8Array =>
      ethernet(0x0800, ipv4(17, datagram.subarray(from, to), { fragmentOffset: from, more: to < datagram.length }));
    const capture = await loadedBytes(pcap(1, [piece(24, 48), piece(0, 24)]));
    expect(wireText(capture, 1, 1)).toBe('x'.repeat(20) + 'y'.repeat(20));
    const incomplete = await loadedBytes(pcap(1, [piece(0, 24)]));
    expect(events(incomplete)).toEqual(['Fragments of 1 IP datagrams are missing.']);
  });
});

describe('a damaged capture', () => {
  const dialogue = [
    ...OPENING,
    tcp({ ...CLIENT, seq: 101, payload: REQUEST }),
    tcp({ ...SERVER, seq: 501, payload: ANSWER }),
    tcp({ ...SERVER, seq: 501 + ANSWER.length, payload: frame(1, 'hello') }),
    udp('10.0.0.1', 1, '10.0.0.2', 2, 'datagram'),
  ];

  test.each<[string, (packets: readonly Uint8Array[]) => Uint8Array]>([
    ['pcapng', pcapng],
    ['pcap', (packets) => pcap(101, packets)],
  ])('%s cut off anywhere opens up to the cut, and says where it is', async (_name, build) => {
    const whole = build(dialogue);
    const sizes = new Map(dialogue.map((_, i) => [build(dialogue.slice(0, i)).length, i]));
    const complete = summariesOf(await loadedBytes(whole));
    for (let length = 24; length < whole.length; length += 7) {
      const capture = await loadedBytes(whole.subarray(0, length));
      const said = events(capture).filter((text) => text.startsWith('The file is cut off at byte'));
      expect(said).toHaveLength(sizes.has(length) ? 0 : 1);
      await capture.dispose();
    }
    expect(complete).toContain('hello');
  });

  test('names the byte from which it cannot be read, and shows what is before', async () => {
    const good = pcapng(dialogue);
    const capture = await loadedBytes(concat(good, new Uint8Array(40)));
    expect(events(capture)).toContain(
      `The file is damaged at byte ${good.length}: a block claims a length of 0. What follows cannot be read.`,
    );
    expect(messages(capture)).toEqual(['hello', 'datagram']);
  });

  test('packets that were captured cut say so, and the bytes that are missing are a gap', async () => {
    const cut = (packet: Uint8Array): Uint8Array => packet.subarray(0, 45);
    const capture = await loadedBytes(
      pcapng([
        ...OPENING,
        cut(tcp({ ...CLIENT, seq: 101, payload: '0123456789' })),
        tcp({ ...CLIENT, seq: 111, payload: 'whole' }),
        cut(udp('10.0.0.1', 1, '10.0.0.2', 2, '0123456789abcdefghij')),
      ]),
      { decodeAs: new Map([[9001, { protocol: 'tcp', framing: { kind: 'none' } }]]) },
    );
    expect(events(capture)[1]).toBe('Packets were captured cut (snapshot length): bytes are missing.');
    expect(recordsOf(capture).flatMap(({ direction, length }) => (direction === 1 ? [length] : []))).toEqual([
      5, 17, 5, 5,
    ]);
  });

  test('says what it steps over once, and how often', async () => {
    const bad = enhanced(bytesOf('x'), { interface: 7 });
    const capture = await loadedBytes(concat(section(), interfaceBlock(147), bad, bad, bad, enhanced(bytesOf('y'))));
    expect(events(capture)).toEqual([
      'A packet names interface 7, which the file does not describe.',
      'Packets of link type 147 cannot be looked into.',
      '3 times in this file, shown once: interface.',
    ]);
  });

  test('a block too big for memory is jumped over', async () => {
    const size = 17 * 1024 * 1024;
    const custom = new Uint8Array(size);
    new DataView(custom.buffer).setUint32(0, 0xbad, true);
    new DataView(custom.buffer).setUint32(4, size, true);
    new DataView(custom.buffer).setUint32(size - 4, size, true);
    const before = concat(section(), interfaceBlock(101));
    const after = enhanced(dialogue[6]!);
    const file = new Uint8Array(before.length + size + after.length);
    file.set(before);
    file.set(custom, before.length);
    file.set(after, before.length + size);
    expect(messages(await loadedBytes(file))).toEqual(['datagram']);
  });

  test('flipped bits never make it throw', async () => {
    const whole = concat(pcapng(dialogue), readFileSync(join(FIXTURES, 'linux-cooked-2.pcapng')));
    let random = 1;
    const next = (limit: number): number => {
      random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
      return random % limit;
    };
    for (let run = 0; run < 150; run++) {
      const bytes = whole.slice();
      for (let flips = 1 + next(6); flips > 0; flips--) bytes[28 + next(bytes.length - 28)]! ^= 1 << next(8);
      const capture = await loadedBytes(bytes);
      for (const record of recordsOf(capture)) {
        capture.summary(record.seq);
        capture.detail(record.seq, 1000);
        capture.payload(record.seq, 1000);
      }
      await capture.dispose();
    }
  });
});
