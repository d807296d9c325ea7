// Base-128 varints of Protocol Buffers.

/** The longest: 64 bits at seven a byte. */
export const MAX_VARINT_BYTES = 10;

/** `high` and `low` are unsigned halves of the 64 bits; bits beyond are dropped, as every decoder does. */
export interface Varint {
  high: number;
  low: number;
  length: number;
}

export type VarintFault = 'truncated' | 'varint-too-long';

/** The varint at `at`, which must end before `stop`. */
export function readVarint(bytes: Uint8Array, at: number, stop: number): Varint | VarintFault {
  let low = 0;
  let high = 0;
  for (let i = 0; i < MAX_VARINT_BYTES; i++) {
    if (at + i >= stop) return 'truncated';
    const byte = bytes[at + i]!;
    const bits = byte & 0x7f;
    if (i < 4) low |= bits << (7 * i);
    else if (i === 4) {
      low |= bits << 28;
      high = bits >> 4;
    } else high |= bits << (7 * i - 32);
    if (byte < 0x80) return { high: high >>> 0, low: low >>> 0, length: i + 1 };
  }
  return 'varint-too-long';
}
