// IPv4 (RFC 791) and IPv6 (RFC 8200) headers, read in place.

/** An IP packet as it lies in bytes. The same object every time. */
export interface IpPacket {
  /** 4 or 16 bytes each, at these offsets. */
  addressBytes: number;
  sourceAt: number;
  destinationAt: number;
  /** Protocol of the payload: 6 TCP, 17 UDP. */
  protocol: number;
  payloadStart: number;
  payloadEnd: number;
  /** Bytes of the payload that were on the wire but were not captured. */
  cutBytes: number;
  /** Offset of this fragment in its datagram, or −1 for a whole one. */
  fragmentOffset: number;
  moreFragments: boolean;
  fragmentId: number;
}

/** For a reader to fill, again and again. */
export function emptyIpPacket(): IpPacket {
  return {
    addressBytes: 4,
    sourceAt: 0,
    destinationAt: 0,
    protocol: 0,
    payloadStart: 0,
    payloadEnd: 0,
    cutBytes: 0,
    fragmentOffset: -1,
    moreFragments: false,
    fragmentId: 0,
  };
}

/** Reads the packet at bytes[at…end) into `packet`; false if it is none. */
export function readIp(bytes: Uint8Array, at: number, end: number, packet: IpPacket): boolean {
  packet.fragmentOffset = -1;
  packet.moreFragments = false;
  return bytes[at]! >> 4 === 4 ? readV4(bytes, at, end, packet) : readV6(bytes, at, end, packet);
}

function readV4(bytes: Uint8Array, at: number, end: number, packet: IpPacket): boolean {
  if (end - at < 20) return false;
  const headerBytes = (bytes[at]! & 15) * 4;
  // 0 where the network card cuts the packet up later.
  const totalBytes = read16(bytes, at + 2) || end - at;
  if (headerBytes < 20 || headerBytes > totalBytes || headerBytes > end - at) return false;
  const fragment = read16(bytes, at + 6);
  if ((fragment & 0x3fff) !== 0) {
    packet.fragmentOffset = (fragment & 0x1fff) * 8;
    packet.moreFragments = (fragment & 0x2000) !== 0;
    packet.fragmentId = read16(bytes, at + 4);
  }
  packet.addressBytes = 4;
  packet.sourceAt = at + 12;
  packet.destinationAt = at + 16;
  packet.protocol = bytes[at + 9]!;
  setPayload(packet, at + headerBytes, at + totalBytes, end);
  return true;
}

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION = 60;
const MOBILITY = 135;

function readV6(bytes: Uint8Array, at: number, end: number, packet: IpPacket): boolean {
  if (end - at < 40) return false;
  const wireEnd = at + 40 + (read16(bytes, at + 4) || end - at - 40);
  const limit = Math.min(wireEnd, end);
  let next = bytes[at + 6]!;
  let position = at + 40;
  packet.addressBytes = 16;
  packet.sourceAt = at + 8;
  packet.destinationAt = at + 24;
  for (;;) {
    const isExtension =
      next === HOP_BY_HOP || next === ROUTING || next === DESTINATION || next === MOBILITY || next === AUTHENTICATION;
    if (!isExtension && next !== FRAGMENT) break;
    if (limit - position < 8) return false;
    if (next === FRAGMENT) {
      const fragment = read16(bytes, position + 2);
      if ((fragment & 0xfff9) !== 0) {
        packet.fragmentOffset = fragment & 0xfff8;
        packet.moreFragments = (fragment & 1) !== 0;
        packet.fragmentId = ((read16(bytes, position + 4) << 16) | read16(bytes, position + 6)) >>> 0;
      }
      next = bytes[position]!;
      position += 8;
      // What follows a later fragment's header is the middle of something.
      if (packet.fragmentOffset > 0) break;
      continue;
    }
    const units = bytes[position + 1]!;
    const length = next === AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
    next = bytes[position]!;
    position += length;
    if (position > limit) return false;
  }
  packet.protocol = next;
  setPayload(packet, position, wireEnd, end);
  return true;
}

function setPayload(packet: IpPacket, start: number, wireEnd: number, end: number): void {
  packet.payloadStart = start;
  packet.payloadEnd = Math.min(wireEnd, end);
  packet.cutBytes = Math.max(0, wireEnd - end);
}

function read16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
