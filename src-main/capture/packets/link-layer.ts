// Finds the IP packet inside a captured one.
import { LinkType } from '../formats/pcapng-blocks.ts';

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const ETHERTYPE_PPPOE = 0x8864;
const VLAN_TAGS = new Set([0x8100, 0x88a8, 0x9100]);
/** More tags than that are nonsense. */
const MAX_VLAN_TAGS = 8;

/** Whether packets of this link type can be looked into. */
export function isKnownLinkType(linkType: number): boolean {
  return Object.values<number>(LinkType).includes(linkType);
}

/** Where the IP header begins in bytes[start…end), or −1 if this is no IP packet. */
export function findIp(linkType: number, bytes: Uint8Array, start: number, end: number): number {
  switch (linkType) {
    case LinkType.raw:
    case LinkType.rawBsd:
    case LinkType.rawOpenBsd:
    case LinkType.ipv4:
    case LinkType.ipv6:
      return ipAt(bytes, start, end);
    case LinkType.ethernet:
      return findByEthertype(bytes, start + 12, start + 14, end);
    case LinkType.linuxCooked:
      return findByEthertype(bytes, start + 14, start + 16, end);
    case LinkType.linuxCooked2:
      return findByEthertype(bytes, start, start + 20, end);
    case LinkType.null:
    case LinkType.loop:
      // Four bytes of address family, in somebody's byte order and numbering; the IP version says it as well.
      return ipAt(bytes, start + 4, end);
    default:
      return -1;
  }
}

function findByEthertype(bytes: Uint8Array, typeAt: number, payloadAt: number, end: number): number {
  let payload = payloadAt;
  if (payload > end) return -1;
  let type = read16(bytes, typeAt);
  for (let tags = 0; VLAN_TAGS.has(type) && tags < MAX_VLAN_TAGS; tags++) {
    if (payload + 4 > end) return -1;
    type = read16(bytes, payload + 2);
    payload += 4;
  }
  if (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6) return ipAt(bytes, payload, end);
  // PPPoE header, then the PPP protocol of two bytes.
  return type === ETHERTYPE_PPPOE ? ipAt(bytes, payload + 8, end) : -1;
}

function ipAt(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  const version = bytes[at]! >> 4;
  return version === 4 || version === 6 ? at : -1;
}

function read16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
