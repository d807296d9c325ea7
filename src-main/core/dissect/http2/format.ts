// What an HTTP/2 frame is made of (RFC 9113 §4, §6) and what records of it mean: types, flags, notes. Shared by the hot path
// (http2.ts) and the looking path (detail.ts).
import type { NoteDefinition } from '../../field.ts';
import { noteBits } from '../note-bits.ts';

/** Stored in the index; see Protocol.id. */
export const HTTP2_ID = 6;

/** What a client sends before its first frame (RFC 9113 §3.4). */
export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
export const HEADER_BYTES = 9;

/** Frame types as on the wire (RFC 9113 §6; ALTSVC: RFC 7838, ORIGIN: RFC 8336, PRIORITY_UPDATE: RFC 9218). */
export const Frame = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
  altsvc: 10,
  origin: 12,
  priorityUpdate: 16,
} as const;

/** The type of a record: that of its frame up to CONTINUATION, then what has no number or another one. */
export const HTTP2_TYPES = [
  'DATA',
  'HEADERS',
  'PRIORITY',
  'RST_STREAM',
  'SETTINGS',
  'PUSH_PROMISE',
  'PING',
  'GOAWAY',
  'WINDOW_UPDATE',
  'CONTINUATION',
  'ALTSVC',
  'ORIGIN',
  'PRIORITY_UPDATE',
  'unknown',
  'preface',
  'raw',
] as const;
export const Http2Type = { altsvc: 10, origin: 11, priorityUpdate: 12, unknown: 13, preface: 14, raw: 15 } as const;

/** The record type of a frame. */
export function recordType(frameType: number): number {
  if (frameType <= Frame.altsvc) return frameType;
  if (frameType === Frame.origin) return Http2Type.origin;
  return frameType === Frame.priorityUpdate ? Http2Type.priorityUpdate : Http2Type.unknown;
}

/** Flags of a frame, as on the wire. What a bit means depends on the type. */
export const FrameFlag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

/** The flags each frame type gives a meaning to, by number; other types have none. */
export const DEFINED_FLAGS: readonly number[] = [0x09, 0x2d, 0, 0, 0x01, 0x0c, 0x01, 0, 0, 0x04];

/**
 * `TimelineRecord.flags` of HTTP/2 records: bits 0–7 are the frame's own flags, 16–23 its type as on the wire, and between
 * them, besides these, the stream's state before and after the frame.
 */
export const Http2Flag = {
  /** The capture or the stream ends inside; start…length holds what is there. */
  truncated: 1 << 8,
  /** The payload was not read: it is longer than anybody agreed to, or bytes of it are missing. */
  unread: 1 << 9,
} as const;
const STATE_BEFORE_SHIFT = 10;
const STATE_AFTER_SHIFT = 13;
const TYPE_SHIFT = 16;

/** States of a stream as an observer of both ends sees them (RFC 9113 §5.1); `none` where there is no stream. */
export const STREAM_STATES = [
  '',
  'idle',
  'reserved',
  'open',
  'half-closed (client)',
  'half-closed (server)',
  'closed',
] as const;
export const StreamState = {
  none: 0,
  idle: 1,
  reserved: 2,
  open: 3,
  clientDone: 4,
  serverDone: 5,
  closed: 6,
} as const;

/** `TimelineRecord.flags` of a frame. The states are of `StreamState`. */
export function packFlags(wireFlags: number, type: number, before: number, after: number): number {
  return wireFlags | (before << STATE_BEFORE_SHIFT) | (after << STATE_AFTER_SHIFT) | (type << TYPE_SHIFT);
}

/** The flags of the frame header (RFC 9113 §4.1). `flags`: of the record, as in packFlags(). */
export function wireFlagsOf(flags: number): number {
  return flags & 0xff;
}

/** The type in the frame header (RFC 9113 §4.1). `flags`: of the record. */
export function frameTypeOf(flags: number): number {
  return (flags >>> TYPE_SHIFT) & 0xff;
}

/** The states of a stream before and after a frame, of `StreamState`. */
export function statesOf(flags: number): { before: number; after: number } {
  return { before: (flags >>> STATE_BEFORE_SHIFT) & 7, after: (flags >>> STATE_AFTER_SHIFT) & 7 };
}

/** Settings by their identifiers (RFC 9113 §6.5.2; 8: RFC 8441, 9: RFC 9218). */
export const Setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

export const DEFAULT_WINDOW_BYTES = 65_535;
/** No window may be larger (RFC 9113 §6.9.1). */
export const MAX_WINDOW_BYTES = 0x7fff_ffff;
export const DEFAULT_FRAME_BYTES = 16_384;
/** Largest value of MAX_FRAME_SIZE, and of a frame's length. */
export const MAX_FRAME_BYTES = 0xff_ffff;

/** Error codes of RST_STREAM and GOAWAY by number (RFC 9113 §7). */
export const ERROR_CODES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

const definitions = {
  truncated: { severity: 'warning', text: 'The bytes end inside this frame.', source: '' },
  gap: { severity: 'warning', text: 'Bytes are missing from the capture here or just before.', source: '' },
  inferred: {
    severity: 'info',
    text: 'An earlier part of the connection is not in the capture: what depends on it is unknown.',
    source: '',
  },
  badPreface: {
    severity: 'error',
    text: 'A connection begins with the preface of the client and SETTINGS of both; this one does not.',
    source: 'RFC 9113 §3.4',
  },
  unreadable: { severity: 'error', text: 'No frames can be read from these bytes.', source: 'RFC 9113 §4.1' },
  frameTooLarge: {
    severity: 'error',
    text: 'The frame is longer than the MAX_FRAME_SIZE its receiver allows.',
    source: 'RFC 9113 §4.2',
  },
  badLength: {
    severity: 'error',
    text: 'A frame of this type cannot have this length.',
    source: 'RFC 9113 §4.2',
  },
  badPadding: {
    severity: 'error',
    text: 'The padding is as long as the payload or longer.',
    source: 'RFC 9113 §6.1',
  },
  wrongStream: {
    severity: 'error',
    text: 'A frame of this type belongs to a stream and not to the connection, or the other way round.',
    source: 'RFC 9113 §6',
  },
  badStreamId: {
    severity: 'error',
    text: 'A new stream needs a higher number than those before it: odd from the client, even from the server.',
    source: 'RFC 9113 §5.1.1',
  },
  unknownType: {
    severity: 'info',
    text: 'Frames of this type are not known here; receivers ignore them.',
    source: 'RFC 9113 §5.5',
  },
  reservedBits: {
    severity: 'info',
    text: 'A bit is set that has no meaning in a frame of this type.',
    source: 'RFC 9113 §4.1',
  },
  streamState: {
    severity: 'error',
    text: 'The state of its stream does not allow this frame.',
    source: 'RFC 9113 §5.1',
  },
  headersInterrupted: {
    severity: 'error',
    text: 'Only CONTINUATION may follow until the header block ends; the block before is lost.',
    source: 'RFC 9113 §6.10',
  },
  orphanContinuation: {
    severity: 'error',
    text: 'There is no header block that this frame could continue.',
    source: 'RFC 9113 §6.10',
  },
  continuationFlood: {
    severity: 'warning',
    text: 'The header block goes on and on; the rest of it is not read.',
    source: 'RFC 9113 §10.5.1',
  },
  rapidReset: {
    severity: 'warning',
    text: 'More than 100 streams within a second are reset unanswered (Rapid Reset, CVE-2023-44487; by the server, CVE-2025-8671).',
    source: 'RFC 9113 §10.5',
  },
  controlFlood: {
    severity: 'warning',
    text: 'More than 1,000 frames that carry nothing (SETTINGS, PING, PRIORITY, empty DATA) within a second.',
    source: 'RFC 9113 §10.5',
  },
  windowExceeded: {
    severity: 'error',
    text: 'More data than the flow-control window allows.',
    source: 'RFC 9113 §6.9.1',
  },
  windowUsedUp: {
    severity: 'info',
    text: 'The flow-control window is used up: the sender has to wait for WINDOW_UPDATE.',
    source: 'RFC 9113 §6.9.1',
  },
  windowNegative: {
    severity: 'info',
    text: 'The new INITIAL_WINDOW_SIZE makes the window of a stream negative: its sender has to wait.',
    source: 'RFC 9113 §6.9.2',
  },
  badIncrement: {
    severity: 'error',
    text: 'A window grows by 1 or more, and not beyond 2³¹−1.',
    source: 'RFC 9113 §6.9.1',
  },
  badSetting: {
    severity: 'error',
    text: 'A setting has a value that it may not have.',
    source: 'RFC 9113 §6.5.2',
  },
  unsolicitedAck: {
    severity: 'warning',
    text: 'This acknowledges nothing that was seen.',
    source: 'RFC 9113 §6.5.3',
  },
  hpackIndex: {
    severity: 'error',
    text: 'A header refers to index 0 or beyond the tables.',
    source: 'RFC 7541 §2.3.3',
  },
  hpackInteger: {
    severity: 'error',
    text: 'An integer of the header block is above 32 bits or cut off; the rest of the block is lost.',
    source: 'RFC 7541 §5.1',
  },
  hpackString: {
    severity: 'error',
    text: 'A string of the header block is cut off, or its Huffman code is broken or wrongly padded.',
    source: 'RFC 7541 §5.2',
  },
  hpackTableSize: {
    severity: 'error',
    text: 'A change of the table size is above the limit, behind a header, or missing.',
    source: 'RFC 7541 §4.2',
  },
  malformedHeaders: {
    severity: 'error',
    text: 'The header list is malformed: pseudo-headers, names or values break the rules.',
    source: 'RFC 9113 §8.2',
  },
  notAllowed: {
    severity: 'error',
    text: 'The receiver does not allow so many streams at once, or no pushes: MAX_CONCURRENT_STREAMS, ENABLE_PUSH.',
    source: 'RFC 9113 §6.5.2',
  },
  behindGoaway: {
    severity: 'warning',
    text: 'The receiver has sent GOAWAY and ignores this new stream: it must be tried again on another connection.',
    source: 'RFC 9113 §6.8',
  },
  limit: {
    severity: 'warning',
    text: 'More than is followed here: 10,000 open streams, 256 KiB a header list, 1 MiB a header block or table.',
    source: '',
  },
} as const satisfies { [name: string]: NoteDefinition };

export const HTTP2_NOTES: readonly NoteDefinition[] = Object.values(definitions);
/** The bit of each note in `TimelineRecord.notes`. */
export const Http2Note = noteBits(definitions);
