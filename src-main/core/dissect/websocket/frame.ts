// Reads single WebSocket frames and fragmented messages back from the bytes of a capture, for the looking path. Bounded
// by the limit it is given, whatever the lengths in the bytes say.
import type { RecordView } from '../../protocol.ts';
import { Level } from '../../record.ts';
import { xorCopy } from '../bytes.ts';
import { headerLength, MAX_HEADER_BYTES, Opcode, RAW } from './format.ts';

export interface FrameHeader {
  first: number;
  second: number;
  /** Bytes of the header. */
  length: number;
  /** What the length field says; bigint above 2⁵³−1. */
  payloadLength: number | bigint;
  /** Where the masking key stands; it has four bytes, or none. */
  keyStart: number;
  masked: boolean;
}

/** The header at `at`, or undefined if it is not all there. */
export function readHeader(bytes: Uint8Array, at = 0): FrameHeader | undefined {
  const first = bytes[at];
  const second = bytes[at + 1];
  if (first === undefined || second === undefined) return undefined;
  const length = headerLength(second);
  if (at + length > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, length);
  const code = second & 0x7f;
  let payloadLength: number | bigint = code;
  if (code === 126) payloadLength = view.getUint16(2);
  if (code === 127) {
    const wide = view.getBigUint64(2);
    payloadLength = wide > BigInt(Number.MAX_SAFE_INTEGER) ? wide : Number(wide);
  }
  const masked = second > 127;
  return { first, second, length, payloadLength, keyStart: masked ? length - 4 : length, masked };
}

/** Bytes `from`…`to` of a frame's payload that begins at `from`, unmasked, as a copy. */
function unmasked(bytes: Uint8Array, header: FrameHeader, headerStart: number, from: number, to: number): Uint8Array {
  if (!header.masked) return bytes.slice(from, to);
  const key = new DataView(bytes.buffer, bytes.byteOffset + headerStart + header.keyStart, 4).getInt32(0, true);
  const plain = new Uint8Array(to - from);
  xorCopy(bytes, from, to, key, 0, plain, 0);
  return plain;
}

/** A record that is a message put together from several frames. */
export function isAssembled(view: RecordView): boolean {
  return view.record.levels === Level.message;
}

/** The payload of a frame record as the sender meant it, at most `limit` bytes: unmasked, not inflated. */
export function framePayload(view: RecordView, limit: number): Uint8Array {
  if (view.record.type === RAW) return view.bytes(limit);
  const bytes = view.bytes(MAX_HEADER_BYTES + limit);
  const header = readHeader(bytes);
  if (!header) return new Uint8Array(0);
  return unmasked(bytes, header, 0, header.length, Math.min(bytes.length, header.length + limit));
}

/** A data frame of an assembled message. */
export interface Fragment {
  /** Offset from the start of the message record. */
  start: number;
  /** Header and payload. */
  length: number;
}

export interface AssembledMessage {
  /** The payloads one after the other, at most the limit; not inflated. */
  bytes: Uint8Array;
  fragments: Fragment[];
  /** All frames were walked: `fragments` has every one (up to MAX_FRAGMENTS), `count` and `payloadBytes` are final. */
  complete: boolean;
  count: number;
  payloadBytes: number;
}

/** More fragments are counted, not listed. */
const MAX_FRAGMENTS = 1000;

/**
 * Walks the frames of an assembled message, skipping control frames in between. Reads little more than `limit` bytes
 * first, and up to eight times as many if the fragments turn out to be tiny.
 */
export function assemble(view: RecordView, limit: number): AssembledMessage {
  const message = walk(view.bytes(limit + 1024), view.record.length, limit);
  if (message.complete || message.bytes.length === limit) return message;
  return walk(view.bytes(limit * 8 + 65_536), view.record.length, limit);
}

function walk(bytes: Uint8Array, total: number, limit: number): AssembledMessage {
  const parts = new Uint8Array(Math.min(limit, bytes.length));
  const fragments: Fragment[] = [];
  let have = 0;
  let count = 0;
  let payloadBytes = 0;
  let at = 0;
  for (let header = readHeader(bytes); header; header = readHeader(bytes, at)) {
    const start = at;
    const payloadStart = at + header.length;
    // A message cut off by the end of the capture: its last frame announces more than there is.
    const length = Math.min(Number(header.payloadLength), total - payloadStart);
    at = payloadStart + length;
    if ((header.first & 15) >= Opcode.close) continue;
    count++;
    payloadBytes += length;
    if (fragments.length < MAX_FRAGMENTS) fragments.push({ start, length: header.length + length });
    const take = Math.min(length, parts.length - have, Math.max(0, bytes.length - payloadStart));
    parts.set(unmasked(bytes, header, start, payloadStart, payloadStart + take), have);
    have += take;
  }
  return { bytes: parts.subarray(0, have), fragments, complete: at >= total, count, payloadBytes };
}
