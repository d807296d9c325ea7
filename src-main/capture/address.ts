// IP addresses as bytes and as text.
import { isIP } from 'node:net';

/** 4 or 16 bytes. */
export type Address = Uint8Array;

/** IPv4, by its length. */
export function isV4(address: Address): boolean {
  return address.length === 4;
}

/** An IPv4 or IPv6 literal as bytes (an IPv4-mapped one as IPv4, a zone is left out); 0.0.0.0 for anything else. */
export function parseAddress(text: string): Address {
  const literal = text.split('%', 1)[0]!.replace(/^\[|\]$/g, '');
  const family = isIP(literal);
  if (family === 4) return Uint8Array.from(literal.split('.'), Number);
  if (family !== 6) return new Uint8Array(4);
  const bytes = parseV6(literal);
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return isMapped ? bytes.slice(12) : bytes;
}

/** The address as 16 bytes; IPv4 as IPv4-mapped (RFC 4291 §2.5.5.2). */
export function mapped(address: Address): Address {
  if (!isV4(address)) return address;
  const bytes = new Uint8Array(16);
  bytes[10] = 0xff;
  bytes[11] = 0xff;
  bytes.set(address, 12);
  return bytes;
}

/** The address as a literal; IPv6 in the form of RFC 5952. */
export function formatAddress(address: Address): string {
  if (isV4(address)) return address.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (address[2 * i]! << 8) | address[2 * i + 1]!);
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return best.start < 0 ? hex(0, 8) : `${hex(0, best.start)}::${hex(best.start + best.length, 8)}`;
}

/** `127.0.0.1:80`, `[::1]:80`. */
export function formatPeer(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function parseV6(literal: string): Uint8Array {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(literal);
  const text = dotted
    ? `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
    : literal;
  const [head = '', tail] = text.split('::', 2);
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...front, ...new Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
  const bytes = new Uint8Array(16);
  groups.slice(0, 8).forEach((group, i) => {
    const value = Number.parseInt(group, 16);
    bytes[2 * i] = value >>> 8;
    bytes[2 * i + 1] = value;
  });
  return bytes;
}
