// The numbers of the pcapng format (draft-ietf-opsawg-pcapng) that the writer and the reader share, and its time stamps.

export const BlockType = {
  section: 0x0a0d0d0a,
  interface: 1,
  packet: 2,
  simplePacket: 3,
  nameResolution: 4,
  interfaceStatistics: 5,
  enhancedPacket: 6,
  decryptionSecrets: 0x0a,
} as const;

/** What a block of decryption secrets holds, as far as it is understood: a TLS key log (`TLSK`). */
export const SECRETS_TLS_KEY_LOG = 0x544c534b;

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Option codes; those below 10 mean something else in each block. */
export const Option = {
  end: 0,
  comment: 1,
  sectionApplication: 4,
  interfaceName: 2,
  interfaceResolution: 9,
  interfaceOffset: 14,
  packetFlags: 2,
} as const;

/** Link types (LINKTYPE_…) that are understood. */
export const LinkType = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  rawOpenBsd: 14,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const;

const TWO_32 = 4_294_967_296;

/** Writes a time (microseconds since the epoch, fractions allowed) as the high and low half of its nanoseconds. */
export function writeTime(view: DataView, offset: number, at: number): void {
  const time = Math.max(0, at);
  const whole = Math.floor(time);
  const wholeHigh = Math.floor(whole / TWO_32);
  const low = (whole - wholeHigh * TWO_32) * 1000 + Math.round((time - whole) * 1000);
  view.setUint32(offset, wholeHigh * 1000 + Math.floor(low / TWO_32), true);
  view.setUint32(offset + 4, low % TWO_32, true);
}

/** Microseconds since the epoch from the two halves of a nanosecond time stamp; the inverse of writeTime. */
export function nanosecondTime(high: number, low: number): number {
  const highThousands = Math.floor(high / 1000);
  return highThousands * TWO_32 + ((high - highThousands * 1000) * TWO_32 + low) / 1000;
}

/** Bytes that follow `length` to make it a multiple of four. */
export function padding(length: number): number {
  return -length & 3;
}
