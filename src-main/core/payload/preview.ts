// A payload in one line: readable text if it is text, else the first bytes in hex.
import { isPrintable, utf8Text, visible } from './text.ts';

/** Longest preview, in characters. */
export const MAX_PREVIEW_CHARS = 200;
const HEX_PREVIEW_BYTES = 32;

/** One line of at most MAX_PREVIEW_CHARS characters. `bytes` may be only the first of `total`. */
export function previewOf(bytes: Uint8Array, total: number): string {
  const start = bytes.subarray(0, MAX_PREVIEW_CHARS * 4);
  const cut = start.length < total;
  if (!isPrintable(start, cut)) return hexPreview(bytes, total);
  const text = utf8Text(start, cut) ?? '';
  return shorten(oneLine(text), MAX_PREVIEW_CHARS, cut);
}

/** `81 05 48…`, at most 32 bytes. */
export function hexPreview(bytes: Uint8Array, total: number): string {
  let hex = '';
  for (const byte of bytes.subarray(0, HEX_PREVIEW_BYTES))
    hex += `${hex ? ' ' : ''}${byte.toString(16).padStart(2, '0')}`;
  return total > HEX_PREVIEW_BYTES || total > bytes.length ? `${hex}…` : hex;
}

/** Line ends and tabs as escapes, everything else that steers a screen made visible. */
export function oneLine(text: string): string {
  return visible(text).replace(/[\t\n\r\u2028\u2029]/g, (character) => ESCAPES[character] ?? ' ');
}

const ESCAPES: { readonly [character: string]: string } = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

/** At most `limit` characters, the last an ellipsis if something is missing; never half a surrogate pair. */
export function shorten(text: string, limit: number, cut = false): string {
  if (text.length <= limit && !cut) return text;
  let kept = text.slice(0, limit - 1);
  if (/[\ud800-\udbff]$/.test(kept)) kept = kept.slice(0, -1);
  return `${kept}…`;
}
