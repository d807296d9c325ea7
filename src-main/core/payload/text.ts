// Bytes as text: whether they are UTF-8 that a person can read, and the text view. What would hide or reorder text on a
// screen (control characters, bidirectional marks) is made visible.
import { isUtf8 } from '../dissect/bytes.ts';
import { type Decoded, MAX_REMARKS, MAX_TEXT_CHARS, type PayloadRemark } from './payload.ts';

/** The text of UTF-8 bytes, or undefined if they are not UTF-8. `cut`: the last character may be incomplete. */
export function utf8Text(bytes: Uint8Array, cut = false): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: cut });
  } catch {
    return undefined;
  }
}

/** Control characters that text has: backspace, tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS = (1 << 0x08) | (1 << 0x09) | (1 << 0x0a) | (1 << 0x0c) | (1 << 0x0d) | (1 << 0x1b);

/** Whether bytes are UTF-8 with no control characters but those of text. Empty bytes are. */
export function isPrintable(bytes: Uint8Array, cut = false): boolean {
  for (const byte of bytes) {
    if (byte < 0x20 ? !((TEXT_CONTROLS >> byte) & 1) : byte === 0x7f) return false;
  }
  return isUtf8(bytes, cut);
}

/** Text view: UTF-8, each run of other bytes as U+FFFD with a remark. `total`: bytes of the whole payload. */
export function decodeText(bytes: Uint8Array, total = bytes.length): Decoded {
  // A character has at most one UTF-16 unit a byte, so a bound on bytes bounds the text.
  const shown = Math.min(bytes.length, MAX_TEXT_CHARS);
  const body = bytes.subarray(0, shown);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body, { stream: shown < total });
  return { text: visible(text), remarks: invalidUtf8(body, shown < total), shown };
}

/** Characters that hide or reorder text on a screen. */
export const STEERING = /\p{Cc}|\p{Bidi_Control}|\ufeff/gu;

/** Text of several lines with control pictures for control characters and ⟨U+202E⟩ for marks that steer the screen. */
export function visible(text: string): string {
  return text.replace(STEERING, (character) => {
    if (character === '\t' || character === '\n' || character === '\r') return character;
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return '\u2421';
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** One remark for each run of bytes that are not UTF-8 (RFC 3629), with where it starts. `cut`: there are more bytes. */
export function invalidUtf8(bytes: Uint8Array, cut = false): PayloadRemark[] {
  const remarks: PayloadRemark[] = [];
  if (isUtf8(bytes, cut)) return remarks;
  let runEnd = -1;
  for (let i = 0; i < bytes.length && remarks.length < MAX_REMARKS; ) {
    const length = characterLength(bytes, i);
    if (length > 0) {
      i += length;
      continue;
    }
    if (i !== runEnd) remarks.push({ text: `Byte 0x${bytes[i]!.toString(16).padStart(2, '0')} is not UTF-8.`, at: i });
    runEnd = ++i;
  }
  return remarks;
}

/** Bytes of the UTF-8 character at `at`, or 0 if there is none (RFC 3629 §4). */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const length =
    lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  const second = bytes[at + 1] ?? 0;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second > 0x8f) return 0;
  for (let i = 1; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}
