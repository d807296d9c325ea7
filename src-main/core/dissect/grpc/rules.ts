// What header lists say to gRPC, and the rules they must keep: the request, its timeout, binary metadata, the status that
// ends an answer.
import { isUtf8, utf8 } from '../bytes.ts';
import type { HeaderItem } from '../http2/hpack.ts';
import { GrpcNote as Note, STATUS_NAMES, Status } from './format.ts';
import { binaryValues } from './metadata.ts';
import { readStatusDetails } from './status-details.ts';
import { webForm } from './web.ts';

/** Whether a content-type is that of gRPC, or of gRPC-Web. */
export function isGrpc(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/grpc(?:-web(?:-text)?)?(?:$|[+;])/i.test(contentType);
}

/** Whether a grpc-encoding means that messages are as they are. */
export function isUncompressed(encoding: string): boolean {
  return encoding === '' || encoding === 'identity';
}

/** A header list as gRPC reads it. */
export interface CallHeaders {
  /** undefined: there is none. */
  contentType: string | undefined;
  /** A request that may be a call by its method and path, whose content-type is among headers that are not known. */
  mayBeCall: boolean;
  /** `grpc-encoding` in lower case; '' for none. */
  encoding: string;
  /** The timeout in microseconds; undefined if there is none that can be read. */
  timeoutMicroseconds: number | undefined;
  /** The grpc-status; undefined if there is none, and without a code if it is no number. */
  status: { code: number | undefined } | undefined;
  /** Notes for a request, for the answer's first headers, and for the end of an answer. */
  requestNotes: number;
  answerNotes: number;
  statusNotes: number;
}

/** Reads what a header list says to gRPC. */
export function readCallHeaders(headers: readonly HeaderItem[]): CallHeaders {
  let contentType: string | undefined;
  let encoding = '';
  let timeout: string | undefined;
  let status: string | undefined;
  let message = '';
  let details: string | undefined;
  let method = '';
  let path = '';
  let te = '';
  let httpStatus = '200';
  let isComplete = true;
  let notes = 0;
  let statusNotes = 0;
  for (const { name, value, unknown } of headers) {
    if (unknown) {
      isComplete = false;
      continue;
    }
    switch (name) {
      case ':method':
        method = value;
        break;
      case ':path':
        path = value;
        break;
      case ':status':
        httpStatus = value;
        break;
      case 'te':
        te = value;
        break;
      case 'content-type':
        contentType ??= value;
        break;
      case 'grpc-encoding':
        encoding ||= value.toLowerCase();
        break;
      case 'grpc-timeout':
        timeout ??= value;
        break;
      case 'grpc-status':
        if (status !== undefined) statusNotes |= Note.duplicateStatus;
        status ??= value;
        break;
      case 'grpc-message':
        message ||= value;
        break;
      default:
        if (!name.endsWith('-bin')) break;
        if (!binaryValues(value)) notes |= Note.badBinary;
        else if (name === 'grpc-status-details-bin') details ??= value;
    }
  }
  const timeoutMicroseconds = timeout === undefined ? undefined : parseTimeout(timeout);
  const code = status === undefined ? undefined : parseCode(status);
  if (status !== undefined) {
    if (code === undefined || code >= STATUS_NAMES.length) statusNotes |= Note.badStatus;
    if (!PLAIN_TEXT.test(message) && !decodePercent(message).valid) statusNotes |= Note.badStatusMessage;
    if (details !== undefined && !agrees(details, code)) statusNotes |= Note.badDetails;
  }
  const hasTrailers = te === 'trailers' || webForm(contentType) !== undefined;
  const isPosted = method === 'POST' && CALL_PATH.test(path);
  const isCall = !isComplete || (isPosted && hasTrailers);
  // It may be among headers that nobody saw.
  const missing = isComplete ? Note.missingStatus : 0;
  const hasBadTimeout = timeout !== undefined && timeoutMicroseconds === undefined;
  return {
    contentType,
    mayBeCall: !isComplete && contentType === undefined && isPosted,
    encoding,
    timeoutMicroseconds,
    status: status === undefined ? undefined : { code },
    requestNotes: notes | (isCall ? 0 : Note.badRequest) | (hasBadTimeout ? Note.badTimeout : 0),
    answerNotes: notes | (httpStatus === '200' ? 0 : Note.httpStatus),
    statusNotes: status === undefined ? missing : notes | statusNotes,
  };
}

const CALL_PATH = /^\/.*[^/]\/[^/]+$/;
/** A grpc-message in which nothing is encoded. */
const PLAIN_TEXT = /^[ -$&-~]*$/;

function parseCode(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Whether grpc-status-details-bin is a google.rpc.Status of this code. */
function agrees(details: string, code: number | undefined): boolean {
  const [bytes] = binaryValues(details) ?? [];
  return bytes !== undefined && readStatusDetails(bytes)?.code === code;
}

const UNIT_MICROSECONDS: { readonly [unit: string]: number } = { H: 3.6e9, M: 6e7, S: 1e6, m: 1000, u: 1, n: 0.001 };

/** A grpc-timeout in microseconds, or undefined if it is none. */
export function parseTimeout(text: string): number | undefined {
  const parts = /^(\d{1,8})([HMSmun])$/.exec(text);
  return parts ? Number(parts[1]) * UNIT_MICROSECONDS[parts[2]!]! : undefined;
}

/** The status code that each error code of RST_STREAM stands for (gRPC over HTTP2, Errors). */
const RESET_STATUS: { readonly [error: number]: number } = {
  0: Status.internal,
  1: Status.internal,
  2: Status.internal,
  3: Status.internal,
  4: Status.internal,
  6: Status.internal,
  7: Status.unavailable,
  8: Status.cancelled,
  9: Status.internal,
  10: Status.internal,
  11: Status.resourceExhausted,
  12: Status.permissionDenied,
};

/** What a call is told to have ended with when its stream is reset. */
export function statusOfReset(error: number): number {
  return RESET_STATUS[error] ?? Status.unknown;
}

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
