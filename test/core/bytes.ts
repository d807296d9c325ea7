// Bytes as tests write them.
import type { Protocol } from '../../src-main/core/protocol.ts';
import type { TimelineRecord } from '../../src-main/core/record.ts';

/** Bytes of hex digits; spaces are for the reader. */
export function bytesOf(hex: string): Uint8Array {
  const digits = hex.replaceAll(' ', '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}

/** The texts of a record's notes. */
export function notesOf(protocol: Protocol, record: TimelineRecord): string[] {
  return protocol.notes.filter((_, bit) => (record.notes >>> bit) & 1).map((note) => note.text);
}
