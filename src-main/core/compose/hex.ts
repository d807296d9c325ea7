// Hex as people write it → bytes.
import { ContentError } from './content-error.ts';

const SEPARATOR = /[\s:,;_-]/;
const PREFIX = /^(0x|\\x)/i;

/**
 * Bytes of hex digits. Between bytes there may be white space, `:` `,` `;` `_` `-`, and before them `0x` or `\x`.
 * @throws ContentError with the position of what is not hex, or of a byte with one digit
 */
export function parseHex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length >> 1);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    if (SEPARATOR.test(text[at]!)) {
      at++;
      continue;
    }
    const prefix = PREFIX.test(text.slice(at, at + 2)) ? 2 : 0;
    const byte = digit(text, at + prefix) * 16 + digit(text, at + prefix + 1);
    bytes[length++] = byte;
    at += prefix + 2;
  }
  return bytes.slice(0, length);
}

function digit(text: string, at: number): number {
  const character = text[at];
  if (character === undefined || SEPARATOR.test(character)) {
    throw new ContentError('A byte has two hex digits; here one is missing', Math.max(0, at - 1));
  }
  const value = '0123456789abcdef'.indexOf(character.toLowerCase());
  if (value < 0) throw new ContentError(`“${String.fromCodePoint(text.codePointAt(at)!)}” is not a hex digit`, at);
  return value;
}
