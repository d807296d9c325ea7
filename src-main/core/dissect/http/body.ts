// How the body behind an HTTP/1.1 head is delimited (RFC 9112 §6.3).
import { HttpNote as Note } from './format.ts';
import { type Head, headerNames, headerValue } from './head.ts';

export type BodyFraming =
  | { kind: 'none' }
  | { kind: 'length'; bytes: number }
  | { kind: 'chunked' }
  /** Until the sender ends the stream. */
  | { kind: 'close' };

/**
 * The framing of the body and notes on it.
 * @param method of the request that a response answers; undefined if it was not seen
 */
export function bodyFraming(head: Head, method: string | undefined): { framing: BodyFraming; notes: number } {
  const { startLine } = head;
  const encoded = headerValue(head, 'transfer-encoding') !== undefined;
  const lengths = headerValue(head, 'content-length');
  let notes = encoded && lengths !== undefined ? Note.lengthAndEncoding : 0;
  const otherwise: BodyFraming = { kind: startLine.kind === 'request' ? 'none' : 'close' };
  if (startLine.kind === 'response') {
    const status = Number(startLine.status.text);
    const connected = method === 'CONNECT' && status >= 200 && status < 300;
    if (method === 'HEAD' || status < 200 || status === 204 || status === 304 || connected) {
      return { framing: { kind: 'none' }, notes };
    }
  }
  if (encoded) {
    return { framing: headerNames(head, 'transfer-encoding', 'chunked') ? { kind: 'chunked' } : otherwise, notes };
  }
  if (lengths === undefined) return { framing: otherwise, notes };
  const distinct = [...new Set(lengths.split(',').map((item) => item.trim()))];
  const bytes = Number(distinct[0]);
  if (distinct.length === 1 && /^\d+$/.test(distinct[0]!) && Number.isSafeInteger(bytes)) {
    return { framing: { kind: 'length', bytes }, notes };
  }
  notes |= Note.badContentLength;
  return { framing: otherwise, notes };
}
