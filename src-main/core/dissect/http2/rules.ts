// Rules that need nothing but a frame's header, a setting or a header list (RFC 9113 §4, §6, §8).

import {
  DEFINED_FLAGS,
  Frame,
  FrameFlag,
  Http2Type,
  MAX_FRAME_BYTES,
  MAX_WINDOW_BYTES,
  Http2Note as Note,
  recordType,
  Setting,
} from './format.ts';
import { type HeaderItem, HpackFault, headerValue, Representation } from './hpack.ts';
import type { StreamHalf } from './streams.ts';

/** Types that belong to a stream, to the connection, or (neither) to both. */
const OF_STREAM: readonly boolean[] = [true, true, true, true, false, true, false, false, false, true];
const OF_CONNECTION: readonly boolean[] = [false, false, false, false, true, false, true, true, false, false];
/** Lengths that a type must have. */
const EXACT_BYTES: { readonly [type: number]: number } = {
  [Frame.priority]: 5,
  [Frame.rstStream]: 4,
  [Frame.ping]: 8,
  [Frame.windowUpdate]: 4,
};

/** Notes on the header of a frame. `reserved`: the bit before the stream's number is set. */
export function frameNotes(type: number, flags: number, streamId: number, reserved: boolean, length: number): number {
  if (type > Frame.continuation) return recordType(type) === Http2Type.unknown ? Note.unknownType : 0;
  let notes = 0;
  if (streamId === 0 ? OF_STREAM[type] : OF_CONNECTION[type]) notes = Note.wrongStream;
  if (reserved || (flags & ~DEFINED_FLAGS[type]!) !== 0) notes |= Note.reservedBits;
  const exact = EXACT_BYTES[type];
  if (exact !== undefined && length !== exact) notes |= Note.badLength;
  if (type === Frame.settings && (length % 6 !== 0 || ((flags & FrameFlag.ack) !== 0 && length > 0))) {
    notes |= Note.badLength;
  }
  if (type === Frame.goaway && length < 8) notes |= Note.badLength;
  return notes;
}

/** Whether nine bytes can be the header of a frame, as nobody's other bytes are likely to be. */
export function isPlausible(header: Uint8Array, limitBytes: number): boolean {
  const length = (header[0]! << 16) | (header[1]! << 8) | header[2]!;
  const streamId = ((header[5]! & 0x7f) << 24) | (header[6]! << 16) | (header[7]! << 8) | header[8]!;
  const reserved = header[5]! > 127;
  return (
    length <= limitBytes &&
    header[3]! <= Frame.continuation &&
    frameNotes(header[3]!, header[4]!, streamId, reserved, length) === 0
  );
}

/** Whether a setting has a value that it may not have (RFC 9113 §6.5.2). */
export function isBadSetting(id: number, value: number): boolean {
  if (id === Setting.enablePush) return value > 1;
  if (id === Setting.initialWindowSize) return value > MAX_WINDOW_BYTES;
  return id === Setting.maxFrameSize && (value < 16_384 || value > MAX_FRAME_BYTES);
}

/** What HPACK found wrong with a block, as notes. */
export function hpackNotes(faults: number): number {
  if (faults === 0) return 0;
  let notes = 0;
  if ((faults & HpackFault.index) !== 0) notes |= Note.hpackIndex;
  if ((faults & HpackFault.integer) !== 0) notes |= Note.hpackInteger;
  if ((faults & HpackFault.string) !== 0) notes |= Note.hpackString;
  if ((faults & HpackFault.tableSize) !== 0) notes |= Note.hpackTableSize;
  if ((faults & HpackFault.limit) !== 0) notes |= Note.limit;
  if ((faults & HpackFault.unseen) !== 0) notes |= Note.inferred;
  return notes;
}

/** What a header list is for. */
export type ListKind = 'request' | 'response' | 'trailers';

/**
 * What a header list of a stream is for: the first is the request or the response, the one behind it the trailers.
 * @param half its sender's side of the stream
 * @param late earlier ones may not have been seen
 */
export function listKind(half: StreamHalf, isClient: boolean, late: boolean, items: readonly HeaderItem[]): ListKind {
  const isHead = headerValue(items, isClient ? ':method' : ':status') !== undefined;
  if (half.headerLists > 0 || (late && !isHead)) return 'trailers';
  return isClient ? 'request' : 'response';
}

const PSEUDO: { readonly [kind in ListKind]: readonly string[] } = {
  request: [':method', ':scheme', ':authority', ':path', ':protocol'],
  response: [':status'],
  trailers: [],
};
/** Headers that are about an HTTP/1.1 connection (RFC 9113 §8.2.2). */
const OF_HTTP1 = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * Whether a header list breaks the rules of RFC 9113 §8.2 and §8.3. Names and values are judged where they are written
 * out, not again where the table is referred to.
 * @param whole all headers of the list are known
 */
export function isMalformed(items: readonly HeaderItem[], kind: ListKind, whole: boolean): boolean {
  const allowed = PSEUDO[kind];
  let seen = 0;
  let isConnect = false;
  let regular = false;
  for (const { name, value, representation, unknown } of items) {
    if (representation === Representation.sizeUpdate || unknown) continue;
    if (name.charCodeAt(0) === 0x3a) {
      const position = allowed.indexOf(name);
      if (regular || position < 0 || ((seen >> position) & 1) === 1) return true;
      seen |= 1 << position;
      if (name === ':method') isConnect = value === 'CONNECT';
      if (name === ':status' && !/^\d{3}$/.test(value)) return true;
      if (name === ':path' && value === '') return true;
    } else {
      regular = true;
      if (OF_HTTP1.has(name) || (name === 'te' && value !== 'trailers')) return true;
    }
    if (representation !== Representation.indexed && !(isName(name) && isValue(name, value))) return true;
  }
  if (!whole || kind === 'trailers') return false;
  if (kind === 'response') return seen === 0;
  // CONNECT has :authority alone (§8.5), unless it is extended by :protocol (RFC 8441).
  if (isConnect && (seen & 0b10000) === 0) return (seen & 0b1110) !== 0b0100;
  return (seen & 0b1011) !== 0b1011;
}

/** Lower case, visible ASCII, a colon at most in front (RFC 9113 §8.2.1). */
function isName(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f || (code >= 0x41 && code <= 0x5a) || (code === 0x3a && i > 0)) return false;
  }
  return name !== '' && name !== ':';
}

/**
 * No NUL, CR or LF, no space around (RFC 9113 §8.2.1). gRPC's C core agrees with its like on binary values, a NUL first,
 * in headers whose name ends in -bin.
 */
function isValue(name: string, value: string): boolean {
  if (value === '') return true;
  if (name.endsWith('-bin') && value.charCodeAt(0) === 0) return true;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0 || code === 0x0a || code === 0x0d) return false;
  }
  return !isSpace(value.charCodeAt(0)) && !isSpace(value.charCodeAt(value.length - 1));
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
