// What a WebSocket frame is made of (RFC 6455 §5.2) and what records of it mean: types, flags, notes. Shared by the hot
// path (websocket.ts) and the looking path (detail.ts).
import type { NoteDefinition } from '../../field.ts';
import { noteBits } from '../note-bits.ts';

/** Stored in the index; see Protocol.id. */
export const WEBSOCKET_ID = 2;

export const Opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The type of a record is its opcode; RAW is what cannot be read as frames. */
export const WEBSOCKET_TYPES = [
  'continuation',
  'text',
  'binary',
  'reserved-3',
  'reserved-4',
  'reserved-5',
  'reserved-6',
  'reserved-7',
  'close',
  'ping',
  'pong',
  'reserved-11',
  'reserved-12',
  'reserved-13',
  'reserved-14',
  'reserved-15',
  'raw',
] as const;
export const RAW = 16;

/** `TimelineRecord.flags` of WebSocket records. */
export const WebSocketFlag = {
  fin: 1,
  rsv1: 2,
  rsv2: 4,
  rsv3: 8,
  mask: 16,
  /** The payload is (a part of) a message compressed with permessage-deflate. */
  compressed: 32,
  /** The capture or the stream ends inside; start…length holds what is there. */
  truncated: 64,
  /** permessage-deflate is in force on this connection. */
  deflate: 128,
} as const;

/** A control frame's payload is at most this long (RFC 6455 §5.5). */
export const MAX_CONTROL_BYTES = 125;

/** The header of a frame is at most this long: 2, an 8-byte length, a 4-byte mask. */
export const MAX_HEADER_BYTES = 14;

/** Bytes of the header whose second byte is this (RFC 6455 §5.2). */
export function headerLength(second: number): number {
  const code = second & 0x7f;
  return 2 + (code === 126 ? 2 : code === 127 ? 8 : 0) + ((second & 0x80) >> 5);
}

const definitions = {
  truncated: { severity: 'warning', text: 'The bytes end inside this frame.', source: '' },
  gap: { severity: 'warning', text: 'Bytes are missing from the capture here or just before.', source: '' },
  inferred: {
    severity: 'info',
    text: 'The handshake is not in the capture: direction or compression was inferred from the frames.',
    source: '',
  },
  maskMissing: { severity: 'error', text: 'A client must mask every frame it sends.', source: 'RFC 6455 §5.1' },
  maskUnexpected: { severity: 'error', text: 'A server must not mask a frame it sends.', source: 'RFC 6455 §5.1' },
  rsvSet: {
    severity: 'error',
    text: 'A reserved bit is set that no negotiated extension gives a meaning.',
    source: 'RFC 6455 §5.2',
  },
  rsv1OnControl: {
    severity: 'error',
    text: 'A control frame must not be marked as compressed.',
    source: 'RFC 7692 §6',
  },
  rsv1OnContinuation: {
    severity: 'error',
    text: 'Only the first fragment of a message carries the compressed bit.',
    source: 'RFC 7692 §6',
  },
  reservedOpcode: { severity: 'error', text: 'This opcode is reserved and has no meaning.', source: 'RFC 6455 §5.2' },
  orphanContinuation: {
    severity: 'error',
    text: 'A continuation frame without a message to continue.',
    source: 'RFC 6455 §5.4',
  },
  interleavedMessage: {
    severity: 'error',
    text: 'A new message begins before the one before it was finished.',
    source: 'RFC 6455 §5.4',
  },
  unfinishedMessage: { severity: 'warning', text: 'The message was never finished.', source: 'RFC 6455 §5.4' },
  nonMinimalLength: {
    severity: 'error',
    text: 'The length is written in more bytes than it needs.',
    source: 'RFC 6455 §5.2',
  },
  lengthSignBit: {
    severity: 'error',
    text: 'The most significant bit of a 64-bit length must be 0; what follows cannot be read as frames.',
    source: 'RFC 6455 §5.2',
  },
  lengthTooLarge: {
    severity: 'error',
    text: 'The length is above 2⁵³−1 bytes; what follows cannot be read as frames.',
    source: 'RFC 6455 §5.2',
  },
  controlTooLong: {
    severity: 'error',
    text: 'A control frame carries at most 125 bytes.',
    source: 'RFC 6455 §5.5',
  },
  controlFragmented: {
    severity: 'error',
    text: 'A control frame must not be fragmented (FIN is 0).',
    source: 'RFC 6455 §5.5',
  },
  closeLength: {
    severity: 'error',
    text: 'A close frame is empty or begins with a two-byte code; this one has one byte.',
    source: 'RFC 6455 §5.5.1',
  },
  closeCodeInvalid: {
    severity: 'error',
    text: 'Close codes are 1000 to 4999.',
    source: 'RFC 6455 §7.4.2',
  },
  closeCodeForbidden: {
    severity: 'error',
    text: 'Close codes 1004, 1005, 1006 and 1015 must not be sent.',
    source: 'RFC 6455 §7.4.1',
  },
  closeCodeUnassigned: {
    severity: 'warning',
    text: 'This close code is reserved for the protocol and has no meaning yet.',
    source: 'RFC 6455 §7.4.2',
  },
  closeReasonText: { severity: 'error', text: 'The close reason is not UTF-8.', source: 'RFC 6455 §5.5.1' },
  afterClose: {
    severity: 'error',
    text: 'Nothing may be sent after a close frame.',
    source: 'RFC 6455 §5.5.1',
  },
  invalidUtf8: { severity: 'error', text: 'A text message is not UTF-8.', source: 'RFC 6455 §8.1' },
  inflateFailed: {
    severity: 'error',
    text: 'The compressed data is broken; what could be inflated is shown.',
    source: 'RFC 7692 §7.2.2',
  },
  inflateLimit: {
    severity: 'warning',
    text: 'The message inflates to more than 64 MiB, or to more than there is memory left for; only its beginning is kept.',
    source: '',
  },
  contextLost: {
    severity: 'warning',
    text: 'Cannot be inflated: it refers to messages that were lost or broken (context takeover).',
    source: 'RFC 7692 §7.1.1',
  },
  finalBlock: {
    severity: 'info',
    text: 'The compressed data ends with a final block (BFINAL), which restarts the context.',
    source: 'RFC 7692 §7.2.3.4',
  },
  dataAfterFinal: {
    severity: 'warning',
    text: 'More compressed data follows a final block (BFINAL).',
    source: 'RFC 7692 §7.2.3.4',
  },
  unsolicitedPong: {
    severity: 'info',
    text: 'This pong answers no ping that was seen.',
    source: 'RFC 6455 §5.5.3',
  },
  unreadable: {
    severity: 'error',
    text: 'These bytes follow a frame whose end cannot be found, so no frames can be read from them.',
    source: 'RFC 6455 §5.2',
  },
} as const satisfies { [name: string]: NoteDefinition };

export const WEBSOCKET_NOTES: readonly NoteDefinition[] = Object.values(definitions);
/** The bit of each note in `TimelineRecord.notes`. */
export const WebSocketNote = noteBits(definitions);

/** Registered close codes (RFC 6455 §7.4.1 and the IANA registry), in a few words. */
export const CLOSE_CODES: { readonly [code: number]: string } = {
  1000: 'normal closure',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1004: 'reserved',
  1005: 'no status received',
  1006: 'abnormal closure',
  1007: 'invalid payload data',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'extension missing',
  1011: 'internal error',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
  1015: 'TLS handshake failed',
};
