import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyIpPacket, readIp } from '../../src-main/capture/packets/ip.ts';
import { IpFragments } from '../../src-main/capture/packets/ip-fragments.ts';
import { findIp } from '../../src-main/capture/packets/link-layer.ts';
import { bytesOf, concat, ethernet, ipv4, ipv6, u16, u32 } from './packets.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function payloadOf(packet: Uint8Array): { protocol: number; payload: string; cutBytes: number } | undefined {
  const ip = emptyIpPacket();
  if (!readIp(packet, 0, packet.length, ip)) return undefined;
  return {
    protocol: ip.protocol,
    payload: text(packet.subarray(ip.payloadStart, ip.payloadEnd)),
    cutBytes: ip.cutBytes,
  };
}

describe('link layers', () => {
  const ip = ipv4(17, bytesOf('x'));
  test.each<[string, number, Uint8Array, number]>([
    ['raw', 101, ip, 0],
    ['raw of BSD', 12, ip, 0],
    ['Ethernet', 1, ethernet(0x0800, ip), 14],
    ['VLAN', 1, ethernet(0x8100, concat(u16(7), u16(0x0800), ip)), 18],
    ['two VLAN tags', 1, ethernet(0x88a8, concat(u16(7), u16(0x8100), u16(8), u16(0x0800), ip)), 22],
    ['PPPoE', 1, ethernet(0x8864, concat(new Uint8Array(6), u16(0x0021), ip)), 22],
    ['ARP', 1, ethernet(0x0806, ip), -1],
    ['Linux cooked', 113, concat(new Uint8Array(14), u16(0x0800), ip), 16],
    ['Linux cooked 2', 276, concat(u16(0x0800), new Uint8Array(18), ip), 20],
    ['BSD loopback', 0, concat([2, 0, 0, 0], ip), 4],
    ['OpenBSD loopback', 108, concat(u32(2), ip), 4],
    ['an unknown one', 147, ip, -1],
    ['neither version', 101, concat([0x50], ip.subarray(1)), -1],
    ['nothing', 1, new Uint8Array(3), -1],
  ])('%s', (_name, linkType, bytes, expected) => {
    expect(findIp(linkType, bytes, 0, bytes.length)).toBe(expected);
  });
});

describe('IP headers', () => {
  test('IPv4 leaves out what pads the frame', () => {
    const packet = concat(ipv4(6, bytesOf('data')), bytesOf('padding'));
    expect(payloadOf(packet)).toEqual({ protocol: 6, payload: 'data', cutBytes: 0 });
  });

  test('IPv4 with options, and with a length of 0 from a network card that cuts later', () => {
    const plain = ipv4(6, concat(new Uint8Array(4), bytesOf('data')));
    plain[0] = 0x46;
    expect(payloadOf(plain)).toMatchObject({ payload: 'data' });
    plain.set([0, 0], 2);
    expect(payloadOf(plain)).toMatchObject({ payload: 'data' });
  });

  test('says how much was captured cut', () => {
    expect(payloadOf(ipv4(6, bytesOf('0123456789')).subarray(0, 25))).toEqual({
      protocol: 6,
      payload: '01234',
      cutBytes: 5,
    });
  });

  test('IPv6 walks over extension headers', () => {
    const hopByHop = [60, 0, 0, 0, 0, 0, 0, 0];
    const destination = [17, 1, ...new Array<number>(14).fill(0)];
    expect(payloadOf(ipv6(0, concat(hopByHop, destination, bytesOf('data'))))).toMatchObject({
      protocol: 17,
      payload: 'data',
    });
    expect(payloadOf(ipv6(51, concat([6, 1], new Uint8Array(10), bytesOf('data'))))).toMatchObject({
      protocol: 6,
      payload: 'data',
    });
    expect(payloadOf(ipv6(0, bytesOf('short')))).toBeUndefined();
  });

  test('any bytes are read without a throw and stay within bounds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), (bytes) => {
        const ip = emptyIpPacket();
        if (!readIp(bytes, 0, bytes.length, ip)) return;
        expect(ip.payloadStart).toBeGreaterThan(0);
        expect(ip.payloadEnd).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe('fragments', () => {
  const whole = bytesOf('0123456789abcdefghijklmnop');
  const piece = (start: number, end: number, data = whole): Uint8Array =>
    ipv4(17, data.subarray(start, end), { fragmentOffset: start, more: end < whole.length });

  function join(fragments: Uint8Array, ...more: Uint8Array[]): string | undefined;
  function join(...fragments: Uint8Array[]): string | undefined {
    const joiner = new IpFragments();
    let result: string | undefined;
    for (const [i, bytes] of fragments.entries()) {
      const ip = emptyIpPacket();
      expect(readIp(bytes, 0, bytes.length, ip)).toBe(true);
      const datagram = joiner.add(bytes, ip, 1000 * i + ip.payloadStart);
      if (!datagram) continue;
      result = text(datagram.bytes);
      const placed = datagram.places.map((place) => {
        const from = fragments[Math.floor(place.fileOffset / 1000)]!;
        return text(from.subarray(place.fileOffset % 1000, (place.fileOffset % 1000) + place.length));
      });
      expect(placed.join('')).toBe(result);
    }
    return result;
  }

  test('come in any order', () => {
    expect(join(piece(0, 8), piece(8, 16), piece(16, 26))).toBe(text(whole));
    expect(join(piece(16, 26), piece(0, 8), piece(8, 16))).toBe(text(whole));
  });

  test('overlap: the first to come wins', () => {
    const other = bytesOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
    expect(join(piece(8, 16), piece(0, 24, other), piece(24, 26))).toBe('ABCDEFGH89abcdefQRSTUVWXop');
    expect(join(piece(0, 24, other), piece(8, 16), piece(16, 26))).toBe('ABCDEFGHIJKLMNOPQRSTUVWXop');
  });

  test('a datagram with a hole stays unfinished', () => {
    expect(join(piece(0, 8), piece(16, 26))).toBeUndefined();
  });

  test('unfinished datagrams are bounded in number', () => {
    const joiner = new IpFragments();
    for (let id = 0; id < 1000; id++) {
      const bytes = ipv4(17, whole.subarray(0, 8), { id, more: true });
      const ip = emptyIpPacket();
      readIp(bytes, 0, bytes.length, ip);
      joiner.add(bytes, ip, 0);
    }
    expect(joiner.incomplete).toBe(1000 - 256);
    joiner.end();
    expect(joiner.incomplete).toBe(1000);
  });

  test('IPv6 fragments too', () => {
    const header = (offset: number, more: number): Uint8Array => concat([17, 0], u16(offset | more), u32(77));
    const joiner = new IpFragments();
    const packets = [
      ipv6(44, concat(header(0, 1), whole.subarray(0, 8))),
      ipv6(44, concat(header(8, 0), whole.subarray(8))),
    ];
    const results = packets.map((bytes) => {
      const ip = emptyIpPacket();
      readIp(bytes, 0, bytes.length, ip);
      return joiner.add(bytes, ip, 0);
    });
    expect(text(results[1]!.bytes)).toBe(text(whole));
  });
});
