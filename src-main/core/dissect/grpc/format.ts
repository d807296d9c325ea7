// What records of gRPC mean: types, flags, notes, status codes. Shared by the hot path (grpc.ts) and the looking path
// (detail.ts). "gRPC" as a source is the specification "gRPC over HTTP2".
import type { NoteDefinition } from '../../field.ts';
import { noteBits } from '../note-bits.ts';

/** Stored in the index; see Protocol.id. */
export const GRPC_ID = 7;

/**
 * `call` is the request's header list, `answer` the server's initial metadata, `status` the end of the call as the server
 * tells it (which is all there is of an answer of trailers only), `reset` its end by RST_STREAM before that.
 */
export const GRPC_TYPES = ['call', 'message', 'status', 'reset', 'answer'] as const;
export const GrpcType = { call: 0, message: 1, status: 2, reset: 3, answer: 4 } as const;

/** Whether a record is that of a call. */
export function isCall({ protocol, type }: { protocol: number; type: number }): boolean {
  return protocol === GRPC_ID && type === GrpcType.call;
}

/**
 * `TimelineRecord.flags` of gRPC records. Bits 8–15 of a `status` are its code + 1, 0 for none; of a `reset`, the code that
 * the error of RST_STREAM stands for.
 */
export const GrpcFlag = {
  /** The message says it is compressed. */
  compressed: 1,
  /** Messages are JSON. */
  json: 2,
  /** The answer is one header list without messages. */
  trailersOnly: 4,
  /** The call, the capture or the stream ends inside. */
  truncated: 8,
} as const;
const STATUS_SHIFT = 8;
const STATUS_MASK = 0xff;

/** `TimelineRecord.flags` of a status code; a code that is none of 0 to 254 is left out. */
export function statusFlags(code: number | undefined): number {
  return code !== undefined && code < STATUS_MASK ? (code + 1) << STATUS_SHIFT : 0;
}

/** The status code in the flags of a record, or undefined. */
export function statusOf(flags: number): number | undefined {
  const coded = (flags >>> STATUS_SHIFT) & STATUS_MASK;
  return coded === 0 ? undefined : coded - 1;
}

/** Names of status codes by number. */
export const STATUS_NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** Status codes that are told by other means than grpc-status. */
export const Status = {
  cancelled: 1,
  unknown: 2,
  deadlineExceeded: 4,
  permissionDenied: 7,
  resourceExhausted: 8,
  internal: 13,
  unavailable: 14,
} as const;

/** `5 NOT_FOUND`. */
export function statusName(code: number): string {
  const name = STATUS_NAMES[code];
  return name ? `${code} ${name}` : String(code);
}

/** Receivers refuse longer messages unless told otherwise. */
export const DEFAULT_MESSAGE_BYTES = 4 * 1024 * 1024;

const definitions = {
  truncated: { severity: 'warning', text: 'The bytes end inside this message.', source: '' },
  gap: { severity: 'warning', text: 'Bytes of this message are missing from the capture.', source: '' },
  badRequest: {
    severity: 'warning',
    text: 'A call is a POST to /service/method with te: trailers; this one is not.',
    source: 'gRPC, Requests',
  },
  badTimeout: {
    severity: 'error',
    text: 'grpc-timeout must be at most eight digits and a unit: H, M, S, m, u or n.',
    source: 'gRPC, Requests',
  },
  badBinary: {
    severity: 'error',
    text: 'The value of a header whose name ends in -bin must be base64.',
    source: 'gRPC, Custom-Metadata',
  },
  badBase64: {
    severity: 'error',
    text: 'The body is not all base64, as its content-type says; what is not was left out.',
    source: 'gRPC-Web, Protocol differences',
  },
  badFlag: {
    severity: 'error',
    text: 'The flag byte before a message must be 0 or 1.',
    source: 'gRPC, Length-Prefixed-Message',
  },
  compressedWithoutEncoding: {
    severity: 'error',
    text: 'The message says it is compressed, but no grpc-encoding says how.',
    source: 'gRPC, Message-Encoding',
  },
  unknownEncoding: {
    severity: 'warning',
    text: 'The message is compressed in a way not known here.',
    source: 'gRPC, Message-Encoding',
  },
  inflateFailed: {
    severity: 'error',
    text: 'The compressed data is broken; what could be inflated is shown.',
    source: 'gRPC, Message-Encoding',
  },
  inflateLimit: {
    severity: 'warning',
    text: 'The message is longer than 64 MiB when inflated or decoded, or than there is memory left for; only its beginning is kept.',
    source: '',
  },
  largeMessage: {
    severity: 'info',
    text: 'The message is longer than 4 MiB, which receivers refuse unless told otherwise.',
    source: '',
  },
  manyFrames: {
    severity: 'warning',
    text: 'The message is spread over more than 4,096 frames; only its beginning can be put together.',
    source: '',
  },
  notGrpc: {
    severity: 'error',
    text: 'The answer is not gRPC by its content-type: something else than the service has answered.',
    source: 'gRPC, Responses',
  },
  httpStatus: { severity: 'error', text: 'The HTTP status of an answer must be 200.', source: 'gRPC, Responses' },
  missingStatus: { severity: 'error', text: 'The answer ends without grpc-status.', source: 'gRPC, Responses' },
  duplicateStatus: { severity: 'error', text: 'The answer has more than one grpc-status.', source: 'gRPC, Responses' },
  badStatus: { severity: 'error', text: 'grpc-status is no number from 0 to 16.', source: 'gRPC, Responses' },
  badStatusMessage: {
    severity: 'warning',
    text: 'grpc-message is not percent-encoded UTF-8.',
    source: 'gRPC, Responses',
  },
  badDetails: {
    severity: 'warning',
    text: 'grpc-status-details-bin is no google.rpc.Status with the code that grpc-status has.',
    source: 'gRPC, Richer error model',
  },
  deadlinePassed: {
    severity: 'info',
    text: 'The call has lasted longer than its grpc-timeout.',
    source: 'gRPC, Requests',
  },
} as const satisfies { [name: string]: NoteDefinition };

export const GRPC_NOTES: readonly NoteDefinition[] = Object.values(definitions);
/** The bit of each note in `TimelineRecord.notes`. */
export const GrpcNote = noteBits(definitions);
