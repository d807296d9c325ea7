// Rules about the header lists of gRPC calls: the request, its timeout, the status that ends an answer.
import { isUtf8, utf8 } from './bytes.ts';
import { GrpcNote as Note, STATUS_NAMES } from './grpc-format.ts';
import { type HeaderItem, headerValue } from './hpack.ts';

/** Whether a content-type is that of gRPC over HTTP/2 (not of gRPC-Web). */
export function isGrpc(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/grpc(?:$|[+;])/i.test(contentType);
}

/** Whether a grpc-encoding means that messages are as they are. */
export function isUncompressed(encoding: string): boolean {
  return encoding === '' || encoding === 'identity';
}

/** Notes on the headers of a request. */
export function requestNotes(headers: readonly HeaderItem[]): number {
  const isCall =
    headers.some((item) => item.unknown) ||
    (headerValue(headers, ':method') === 'POST' &&
      headerValue(headers, 'te') === 'trailers' &&
      /^\/.*[^/]\/[^/]+$/.test(headerValue(headers, ':path') ?? ''));
  const timeout = headerValue(headers, 'grpc-timeout');
  const hasBadTimeout = timeout !== undefined && timeoutMicroseconds(timeout) === undefined;
  return (isCall ? 0 : Note.badRequest) | (hasBadTimeout ? Note.badTimeout : 0);
}

const UNIT_MICROSECONDS: { readonly [unit: string]: number } = { H: 3.6e9, M: 6e7, S: 1e6, m: 1000, u: 1, n: 0.001 };

/** A grpc-timeout, or undefined if it is none. */
export function timeoutMicroseconds(text: string): number | undefined {
  const parts = /^(\d{1,8})([HMSmun])$/.exec(text);
  return parts ? Number(parts[1]) * UNIT_MICROSECONDS[parts[2]!]! : undefined;
}

export interface StatusHeader {
  /** undefined: not a number. */
  code: number | undefined;
  notes: number;
}

/** The grpc-status in a header list, or undefined if there is none. */
export function readStatus(headers: readonly HeaderItem[]): StatusHeader | undefined {
  const values = headers.filter((item) => item.name === 'grpc-status' && !item.unknown);
  const text = values[0]?.value;
  if (text === undefined) return undefined;
  const code = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  let notes = values.length > 1 ? Note.duplicateStatus : 0;
  if (code === undefined || code >= STATUS_NAMES.length) notes |= Note.badStatus;
  const message = headerValue(headers, 'grpc-message') ?? '';
  if (!PLAIN_TEXT.test(message) && !decodePercent(message).valid) notes |= Note.badStatusMessage;
  return { code, notes };
}

/** A grpc-message in which nothing is encoded. */
const PLAIN_TEXT = /^[ -$&-~]*$/;

/** Text of a percent-encoded grpc-message. What is wrongly encoded stays as it is. */
export function decodePercent(message: string): { text: string; valid: boolean } {
  const bytes = new Uint8Array(message.length);
  let length = 0;
  let valid = true;
  for (let at = 0; at < message.length; at++) {
    const code = message.charCodeAt(at);
    const digits = code === 0x25 ? /^[0-9a-f]{2}/i.exec(message.slice(at + 1, at + 3)) : undefined;
    if (digits) at += 2;
    else if (code === 0x25 || code < 0x20 || code > 0x7e) valid = false;
    bytes[length++] = digits ? Number.parseInt(digits[0], 16) : code;
  }
  const decoded = bytes.subarray(0, length);
  return { text: utf8(decoded), valid: valid && isUtf8(decoded) };
}
