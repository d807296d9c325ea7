// What records of HTTP/1.1 mean: types, flags, notes. Shared by the hot path (http.ts) and the looking path
// (detail.ts).
import type { NoteDefinition } from '../../field.ts';
import { noteBits } from '../note-bits.ts';

/** Stored in the index; see Protocol.id. */
export const HTTP_ID = 1;

/** `raw` is what cannot be read as HTTP. A body longer than 64 KiB is several records. */
export const HTTP_TYPES = ['request', 'response', 'body', 'chunk', 'trailers', 'raw'] as const;
export const HttpType = { request: 0, response: 1, body: 2, chunk: 3, trailers: 4, raw: 5 } as const;

/** `TimelineRecord.flags` of HTTP records. */
export const HttpFlag = {
  /** A request that asks for, or an answer that agrees to, WebSocket. */
  upgrade: 1,
  /** The bytes end inside. */
  truncated: 2,
} as const;

const definitions = {
  truncated: { severity: 'warning', text: 'The bytes end inside this part.', source: '' },
  gap: { severity: 'warning', text: 'Bytes are missing from the capture just before.', source: '' },
  notHttp: { severity: 'warning', text: 'These bytes are not HTTP/1.1.', source: 'RFC 9112 §2' },
  headTooLarge: {
    severity: 'warning',
    text: 'The head is longer than 256 KiB; the rest of it is not read.',
    source: '',
  },
  bareLineFeed: { severity: 'warning', text: 'A line ends with LF alone, not CRLF.', source: 'RFC 9112 §2.2' },
  leadingEmptyLine: { severity: 'info', text: 'An empty line comes before the head.', source: 'RFC 9112 §2.2' },
  foldedHeader: {
    severity: 'warning',
    text: 'A header goes on in the next line, which is obsolete.',
    source: 'RFC 9112 §5.2',
  },
  badHeader: {
    severity: 'error',
    text: 'A header line is not a name, a colon and a value.',
    source: 'RFC 9112 §5.1',
  },
  duplicateHeader: {
    severity: 'error',
    text: 'A header that may be there once is there twice.',
    source: 'RFC 9110 §5.3',
  },
  missingHost: { severity: 'error', text: 'A request must say its Host.', source: 'RFC 9112 §3.2' },
  lengthAndEncoding: {
    severity: 'error',
    text: 'Content-Length and Transfer-Encoding contradict each other.',
    source: 'RFC 9112 §6.1',
  },
  badContentLength: { severity: 'error', text: 'Content-Length is not a length.', source: 'RFC 9112 §6.3' },
  badChunk: { severity: 'error', text: 'A chunk has no valid size or no end.', source: 'RFC 9112 §7.1' },
  wrongDirection: {
    severity: 'warning',
    text: 'Requests go from client to server and answers back; this one does not.',
    source: '',
  },
  responseWithoutRequest: { severity: 'info', text: 'The request of this answer was not seen.', source: '' },
  earlyBytes: {
    severity: 'error',
    text: 'The client sent more before its request to upgrade was answered.',
    source: 'RFC 6455 §4.1',
  },
  upgradeRefused: { severity: 'warning', text: 'The server did not agree to WebSocket.', source: 'RFC 6455 §4.2.2' },
  unaskedUpgrade: { severity: 'error', text: 'No request asked for this upgrade.', source: 'RFC 9110 §7.8' },
  otherProtocol: {
    severity: 'info',
    text: 'The connection switches to a protocol that is not known here.',
    source: 'RFC 9110 §7.8',
  },
  missingConnection: {
    severity: 'error',
    text: 'An upgrade needs the header Connection: Upgrade.',
    source: 'RFC 6455 §4.1',
  },
  upgradeMethod: {
    severity: 'error',
    text: 'WebSocket is asked for with GET and HTTP/1.1 or later.',
    source: 'RFC 6455 §4.1',
  },
  badKey: {
    severity: 'error',
    text: 'Sec-WebSocket-Key must be 16 bytes in base64.',
    source: 'RFC 6455 §4.1',
  },
  badVersion: { severity: 'error', text: 'Sec-WebSocket-Version must be 13.', source: 'RFC 6455 §4.1' },
  missingAccept: { severity: 'error', text: 'The answer lacks Sec-WebSocket-Accept.', source: 'RFC 6455 §4.2.2' },
  wrongAccept: {
    severity: 'error',
    text: 'Sec-WebSocket-Accept does not fit the key of the request.',
    source: 'RFC 6455 §4.2.2',
  },
  subprotocolNotOffered: {
    severity: 'error',
    text: 'The server chose a subprotocol that was not offered.',
    source: 'RFC 6455 §4.1',
  },
  extensionNotOffered: {
    severity: 'error',
    text: 'The server chose an extension that was not offered.',
    source: 'RFC 6455 §4.1',
  },
  unknownExtension: {
    severity: 'warning',
    text: 'An extension other than permessage-deflate is in force; payloads are shown as they are.',
    source: 'RFC 6455 §9.1',
  },
  badWindowBits: {
    severity: 'error',
    text: 'A window size must be 8 to 15, without leading zeros.',
    source: 'RFC 7692 §7.1.2',
  },
  badDeflateParameter: {
    severity: 'error',
    text: 'permessage-deflate has an unknown, repeated or ill-valued parameter.',
    source: 'RFC 7692 §7.1',
  },
} as const satisfies { [name: string]: NoteDefinition };

export const HTTP_NOTES: readonly NoteDefinition[] = Object.values(definitions);
/** The bit of each note in `TimelineRecord.notes`. */
export const HttpNote = noteBits(definitions);
