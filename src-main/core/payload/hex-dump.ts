// Hex view: the classic dump, sixteen bytes a line with offset and ASCII.
import type { Decoded } from './payload.ts';

const BYTES_PER_LINE = 16;
/** Bytes in one dump; each takes about five characters. */
const MAX_DUMP_BYTES = 65_536;

/** `00000010  68 65 6c 6c 6f 20 77 6f  72 6c 64 0a              |hello world.|` */
export function decodeHex(bytes: Uint8Array): Decoded {
  const shown = Math.min(bytes.length, MAX_DUMP_BYTES);
  const lines: string[] = [];
  for (let at = 0; at < shown; at += BYTES_PER_LINE) {
    lines.push(dumpLine(bytes.subarray(at, Math.min(shown, at + BYTES_PER_LINE)), at));
  }
  return { text: lines.join('\n'), remarks: [], shown };
}

function dumpLine(bytes: Uint8Array, at: number): string {
  let hex = '';
  let ascii = '';
  for (let i = 0; i < BYTES_PER_LINE; i++) {
    const byte = bytes[i];
    hex += `${i === BYTES_PER_LINE / 2 ? ' ' : ''} ${byte === undefined ? '  ' : byte.toString(16).padStart(2, '0')}`;
    if (byte !== undefined) ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  }
  return `${at.toString(16).padStart(8, '0')} ${hex}  |${ascii}|`;
}
