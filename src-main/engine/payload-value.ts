// A payload as text where it is text, else as base64: for copies, expectations and reports.
import type { Payload } from '../core/protocol.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What no text has: control characters of ASCII other than tab, line feed and carriage return. */
const BINARY = /(?![\t\n\r\x80-\x9f])\p{Cc}/u;

/**
 * The payload's text. A protocol that tells text from bytes is believed; of others (TCP, UDP) whatever is UTF-8 without
 * control characters counts as text.
 */
export function payloadText({ bytes, text }: Payload): string | undefined {
  let decoded: string;
  try {
    decoded = strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
  return text || !BINARY.test(decoded) ? decoded : undefined;
}

/** Its text if it is one, as payloadText() has it; else its bytes. */
export function payloadValue(payload: Payload): { text: string } | { base64: string } {
  const text = payloadText(payload);
  if (text !== undefined) return { text };
  const { bytes } = payload;
  return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64') };
}
