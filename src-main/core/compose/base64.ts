// Base64 as people paste it → bytes.
import { ContentError } from './content-error.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Value of each ASCII character; `-` and `_` are those of the URL-safe alphabet (RFC 4648 §5). */
const VALUES = new Map<string, number>([
  ...[...ALPHABET].map((character, value) => [character, value] as const),
  ['-', 62],
  ['_', 63],
]);

/**
 * Bytes of base64, standard or URL-safe; white space anywhere, padding optional (RFC 4648 §4, §5).
 * @throws ContentError with the position of what is not base64
 */
export function parseBase64(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let bitCount = 0;
  let padding = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (/\s/.test(character)) continue;
    if (character === '=') {
      padding++;
      continue;
    }
    const value = VALUES.get(character);
    if (value === undefined) {
      throw new ContentError(`“${String.fromCodePoint(text.codePointAt(at)!)}” is not base64`, at);
    }
    if (padding > 0) throw new ContentError('Base64 goes on after its padding', at);
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes[length++] = bits >> bitCount;
  }
  if (bitCount >= 6)
    throw new ContentError('Base64 ends with a single character of a group', text.trimEnd().length - 1);
  if (padding > 0 && padding !== PADDING[bitCount]) {
    throw new ContentError('Base64 has the wrong number of = at its end', text.indexOf('='));
  }
  return bytes.slice(0, length);
}

/** How many `=` belong after the last group, by the bits of it that are left over. */
const PADDING: { readonly [bitsLeft: number]: number } = { 0: 0, 4: 2, 2: 1 };
