// Bytes as text for the clipboard. Pure.
import { asciiOf, hexByte, offsetDigits, offsetText } from './hex-layout.ts';

export const COPY_FORMATS = ['hex', 'dump', 'base64', 'text', 'c'] as const;
export type CopyFormat = (typeof COPY_FORMATS)[number];

export const COPY_LABELS: Record<CopyFormat, string> = {
  hex: 'Hex',
  dump: 'Hex dump',
  base64: 'Base64',
  text: 'Text (UTF-8)',
  c: 'C array',
};

/** `offset`: where the bytes begin in their source, for the dump. */
export function bytesAs(format: CopyFormat, bytes: Uint8Array, offset = 0): string {
  switch (format) {
    case 'hex':
      return hexText(bytes);
    case 'dump':
      return hexDump(bytes, offset);
    case 'base64':
      return base64(bytes);
    case 'text':
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    case 'c':
      return cArray(bytes);
  }
}

/** `81940fac` */
export function hexText(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (const byte of bytes) parts.push(hexByte(byte));
  return parts.join('');
}

export function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  // String.fromCharCode takes its arguments on the stack: piece by piece.
  for (let at = 0; at < bytes.length; at += 8190) {
    parts.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 8190))));
  }
  return parts.join('');
}

function cArray(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 12) {
    lines.push(`  ${[...bytes.subarray(at, at + 12)].map((byte) => `0x${hexByte(byte)}`).join(', ')}`);
  }
  return `const unsigned char data[${bytes.length}] = {\n${lines.join(',\n')}\n};\n`;
}

function hexDump(bytes: Uint8Array, offset: number): string {
  const digits = Math.max(8, offsetDigits(offset + bytes.length));
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const left = row.slice(0, 8).map(hexByte).join(' ');
    const right = row.slice(8).map(hexByte).join(' ');
    const characters = row.map((byte) => (asciiOf(byte) === '·' ? '.' : asciiOf(byte))).join('');
    lines.push(`${offsetText(offset + at, digits)}  ${`${left}  ${right}`.padEnd(48)}  ${characters}`);
  }
  return lines.join('\n');
}
