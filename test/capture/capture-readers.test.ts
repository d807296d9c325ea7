import { describe, expect, test } from 'vitest';
import type { CapturedPacket } from '../../src-main/capture/formats/packet-reader.ts';
import { PcapReader, pcapFormat } from '../../src-main/capture/formats/pcap-reader.ts';
import { nanosecondTime, writeTime } from '../../src-main/capture/formats/pcapng-blocks.ts';
import { PcapngReader } from '../../src-main/capture/formats/pcapng-reader.ts';
import { block, bytesOf, concat, enhanced, interfaceBlock, ordered, pcap, section, u16, u32 } from './packets.ts';

interface Read {
  packets: (Omit<CapturedPacket, 'bytes' | 'start' | 'end'> & { data: string })[];
  skipped: string[];
  secrets: string[];
  damage: { fileOffset: number; text: string } | undefined;
  stopped: number;
}

function read(bytes: Uint8Array): Read {
  const packets: Read['packets'] = [];
  const skipped: string[] = [];
  const secrets: string[] = [];
  const sink = {
    packet({ bytes: window, start, end, ...rest }: CapturedPacket): void {
      packets.push({ ...rest, data: new TextDecoder().decode(window.subarray(start, end)) });
    },
    skipped: (kind: string): void => void skipped.push(kind),
    secrets: (keyLog: Uint8Array): void => void secrets.push(new TextDecoder().decode(keyLog)),
  };
  const classic = pcapFormat(bytes);
  const reader = classic ? new PcapReader(classic, sink) : new PcapngReader(sink);
  const stopped = reader.read(bytes, 0, bytes.length, 0);
  return { packets, skipped, secrets, damage: reader.damage, stopped };
}

describe('pcapng', () => {
  test.each([true, false])('hands over TLS key logs, and no other secrets, little-endian: %s', (little) => {
    const { u32: number } = ordered(little);
    const secrets = (type: number, length: number, text: string): Uint8Array =>
      block(0x0a, concat(number(type), number(length), bytesOf(text)), little);
    const found = read(
      concat(
        section(little),
        secrets(0x544c534b, 9, 'one\ntwo\n?'),
        secrets(0x57474b4c, 4, 'WGKL'),
        secrets(0x544c534b, 1000, 'cut\n'),
        block(0x0a, number(0x544c534b), little),
      ),
    );
    expect(found.damage).toBeUndefined();
    expect(found.secrets).toEqual(['one\ntwo\n?', 'cut\n']);
    expect(found.skipped).toEqual(['secrets', 'short']);
  });

  test.each([true, false])('reads packets, comments and times, little-endian: %s', (little) => {
    const bytes = concat(
      section(little),
      interfaceBlock(1, 9, little),
      interfaceBlock(101, undefined, little),
      enhanced(bytesOf('first'), { time: 1_700_000_000_123_456_750n, comment: 'hello', little }),
      enhanced(bytesOf('second!'), { interface: 1, time: 1_700_000_000_000_001n, little }),
    );
    const { packets, damage, stopped } = read(bytes);
    expect(damage).toBeUndefined();
    expect(stopped).toBe(bytes.length);
    expect(packets).toMatchObject([
      { data: 'first', linkType: 1, at: 1_700_000_000_123_456 + 0.75, comment: 'hello', originalBytes: 5 },
      { data: 'second!', linkType: 101, at: 1_700_000_000_000_001, comment: '' },
    ]);
    expect(new TextDecoder().decode(bytes.subarray(packets[0]!.fileOffset, packets[0]!.fileOffset + 5))).toBe('first');
  });

  test('a section has its own byte order and its own interfaces', () => {
    const { packets, skipped } = read(
      concat(
        section(true),
        interfaceBlock(1),
        enhanced(bytesOf('a')),
        section(false),
        enhanced(bytesOf('lost'), { little: false }),
        interfaceBlock(113, undefined, false),
        enhanced(bytesOf('b'), { little: false }),
      ),
    );
    expect(packets.map(({ data, linkType }) => [data, linkType])).toEqual([
      ['a', 1],
      ['b', 113],
    ]);
    expect(skipped).toEqual(['interface']);
  });

  test('steps over blocks it does not know, and reads simple and obsolete packets', () => {
    const { packets, damage } = read(
      concat(
        section(),
        block(0x0a, bytesOf('secrets of somebody')),
        interfaceBlock(101),
        block(0x40000bad, bytesOf('custom')),
        block(5, new Uint8Array(12)),
        block(3, concat([...u32(4)].reverse(), bytesOf('spb!'))),
        block(2, concat([0, 0, 0, 0], new Uint8Array(8), [3, 0, 0, 0, 3, 0, 0, 0], bytesOf('old'))),
      ),
    );
    expect(damage).toBeUndefined();
    expect(packets.map((packet) => packet.data)).toEqual(['spb!', 'old']);
  });

  test.each([
    [6, 1],
    [3, 1000],
    [0, 1_000_000],
    [0x80 | 10, 1_000_000 / 1024],
    [255, 1e6 * 2 ** -127],
    [127, 1e6 * 10 ** -127],
  ])('if_tsresol %i has ticks of %f µs', (resolution, tick) => {
    const { packets } = read(concat(section(), interfaceBlock(101, resolution), enhanced(bytesOf('x'), { time: 3n })));
    expect(packets[0]!.at).toBeCloseTo(3 * tick, 6);
  });

  test.each<[string, Uint8Array, number, RegExp]>([
    ['a length of 0', concat(section(), u32(6).reverse(), u32(0), u32(0)), 28, /length of 0/],
    ['a length of 11', concat(section(), u32(6).reverse(), [11, 0, 0, 0], u32(0)), 28, /length of 11/],
    [
      'a length that is no multiple of 4',
      concat(section(), [6, 0, 0, 0, 14, 0, 0, 0], u32(0), u32(0)),
      28,
      /length of 14/,
    ],
    ['other lengths at both ends', concat(section(), [6, 0, 0, 0, 16, 0, 0, 0], u32(0), u32(99)), 28, /differ/],
    ['a section without mark', concat([0x0a, 0x0d, 0x0d, 0x0a], new Uint8Array(24)), 0, /byte-order/],
  ])('stops at %s and says where', (_name, bytes, offset, text) => {
    expect(read(bytes).damage).toMatchObject({ fileOffset: offset, text: expect.stringMatching(text) });
  });

  test('a packet that claims more than its block holds is stepped over', () => {
    const bytes = concat(
      section(),
      interfaceBlock(101),
      enhanced(bytesOf('ab'), { captured: 99 }),
      enhanced(bytesOf('ok')),
    );
    expect(read(bytes)).toMatchObject({ skipped: ['length'], packets: [{ data: 'ok' }], damage: undefined });
  });

  test('an option that runs over its block ends the options', () => {
    const packet = concat(u32(0), u32(0), u32(0), [2, 0, 0, 0, 2, 0, 0, 0], bytesOf('ok'), [0, 0], [1, 0, 255, 255]);
    const { packets } = read(concat(section(), interfaceBlock(101), block(6, packet)));
    expect(packets).toMatchObject([{ data: 'ok', comment: '' }]);
  });

  test('a time that no calendar has is that of the packet before', () => {
    const offset = (seconds: bigint) => {
      const bytes = new DataView(new ArrayBuffer(8));
      bytes.setBigInt64(0, seconds, true);
      return block(1, concat([101, 0, 0, 0], u32(0), [14, 0, 8, 0], new Uint8Array(bytes.buffer), u32(0)));
    };
    const { packets, skipped, damage } = read(
      concat(
        section(),
        interfaceBlock(101),
        interfaceBlock(101, 0),
        offset(-1_700_000_001n),
        offset(2n ** 63n - 1n),
        offset(9_007_199_254n),
        enhanced(bytesOf('good'), { time: 1_700_000_000_000_000n }),
        enhanced(bytesOf('later than 2255'), { interface: 1, time: 2n ** 64n - 1n }),
        enhanced(bytesOf('before 1970'), { interface: 2, time: 1_700_000_000_999_999n }),
        enhanced(bytesOf('beyond reason'), { interface: 3 }),
        enhanced(bytesOf('the last moment'), { interface: 4, time: 740_991n }),
      ),
    );
    expect(packets.map(({ at }) => at)).toEqual([...new Array(4).fill(1_700_000_000_000_000), Number.MAX_SAFE_INTEGER]);
    expect(skipped).toEqual(['times', 'times', 'times']);
    expect(damage).toBeUndefined();
  });

  test('100,000 interfaces are no trouble', () => {
    const one = interfaceBlock(101);
    const all = new Uint8Array(one.length * 100_000);
    for (let i = 0; i < 100_000; i++) all.set(one, i * one.length);
    const { packets } = read(concat(section(), all, enhanced(bytesOf('last'), { interface: 99_999 })));
    expect(packets.map((packet) => packet.data)).toEqual(['last']);
  });

  test('a time survives being written', () => {
    const view = new DataView(new ArrayBuffer(8));
    for (const at of [0, 1, 1.5, 1_700_000_000_123_456 + 0.75, 4_294_967_296, 4_294_967_295.25, 2 ** 50 + 0.5]) {
      writeTime(view, 0, at);
      expect(nanosecondTime(view.getUint32(0, true), view.getUint32(4, true))).toBe(at);
    }
  });
});

describe('pcap', () => {
  test.each([
    [true, false],
    [true, true],
    [false, false],
    [false, true],
  ])('reads packets, little-endian: %s, nanoseconds: %s', (little, nanoseconds) => {
    const { packets, stopped } = read(pcap(113, [bytesOf('one'), bytesOf('')], { little, nanoseconds }));
    const step = nanoseconds ? 1000.25 : 1000;
    expect(packets).toMatchObject([
      { data: 'one', linkType: 113, at: 1_700_000_000_000_000 + step, fileOffset: 40 },
      { data: '', at: 1_700_000_000_000_000 + 2 * step },
    ]);
    expect(stopped).toBe(24 + 16 + 3 + 16);
  });

  test('an absurd length stops the reading', () => {
    const bytes = concat(pcap(1, [bytesOf('ok')]), u32(0), u32(0), u32(0xffffffff), u32(0));
    expect(read(bytes)).toMatchObject({ packets: [{ data: 'ok' }], damage: { fileOffset: 42 } });
  });

  test('other bytes are neither format', () => {
    expect(pcapFormat(bytesOf('GIF89a'))).toBeUndefined();
    expect(pcapFormat(concat(u16(1)))).toBeUndefined();
  });
});
