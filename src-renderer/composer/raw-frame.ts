// The header of a WebSocket frame built by hand, and what RFC 6455 says against it: pure.

export const OPCODE_NAMES: { [opcode: number]: string } = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};

/** The bits of the header that are free. */
export interface Bits {
  fin: boolean;
  rsv1: boolean;
  rsv2: boolean;
  rsv3: boolean;
  mask: boolean;
}

/** The bytes before mask and payload, as hex. */
export function headerPreview(bits: Bits, opcode: number, size: number): string {
  const first =
    (bits.fin ? 0x80 : 0) | (bits.rsv1 ? 0x40 : 0) | (bits.rsv2 ? 0x20 : 0) | (bits.rsv3 ? 0x10 : 0) | opcode;
  const mask = bits.mask ? 0x80 : 0;
  const length =
    size < 126
      ? [mask | size]
      : size < 65_536
        ? [mask | 126, size >> 8, size & 0xff]
        : [mask | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (size >>> shift) & 0xff)];
  return [first, ...length].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** What RFC 6455 says against the frame. */
export function frameRemarks(frame: Bits & { opcode: number; size: number; isClient: boolean }): string[] {
  const { fin, rsv2, rsv3, mask, opcode, size, isClient } = frame;
  const isControl = opcode >= 8;
  return [
    isClient && !mask && 'A client must mask its frames (§5.1).',
    !isClient && mask && 'A server must not mask its frames (§5.1).',
    isControl && !fin && 'A control frame must not be fragmented (§5.5).',
    isControl && size > 125 && 'A control frame holds at most 125 bytes (§5.5).',
    OPCODE_NAMES[opcode] === undefined && 'The opcode is reserved (§5.2).',
    (rsv2 || rsv3) && 'RSV2 and RSV3 need an extension that defines them (§5.2).',
    opcode === 8 && size === 1 && 'A close payload is empty or begins with a two-byte code (§5.5.1).',
  ].filter((remark) => remark !== false);
}
