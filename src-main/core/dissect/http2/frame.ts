// Reads single HTTP/2 frames back from the bytes of a capture, for the looking path. Nothing here trusts a length.
import type { RecordView } from '../../protocol.ts';
import { Frame, FrameFlag, HEADER_BYTES } from './format.ts';

/** Bytes before the content of a frame: its header, a pad length, a priority or a promised stream. */
export const MAX_FRONT_BYTES = HEADER_BYTES + 1 + 5;

export interface FrameParts {
  length: number;
  type: number;
  flags: number;
  reserved: boolean;
  streamId: number;
  /** Where the pad length stands, if there is one. */
  paddedAt: number | undefined;
  /** Bytes of padding at the end. */
  padding: number;
  /** Where the priority of HEADERS stands, if there is one. */
  priorityAt: number | undefined;
  /** Where the promised stream of PUSH_PROMISE stands. */
  promisedAt: number | undefined;
  /** First byte of the content (data, header block fragment …) and the one behind it; as announced, so perhaps not there. */
  contentStart: number;
  contentEnd: number;
}

/** The frame that `bytes` begin with, or undefined if its header is not all there. */
export function readFrame(bytes: Uint8Array): FrameParts | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0) >>> 8;
  const type = view.getUint8(3);
  const flags = view.getUint8(4);
  const stream = view.getUint32(5);
  const end = HEADER_BYTES + length;
  const parts: FrameParts = {
    length,
    type,
    flags,
    reserved: stream > 0x7fff_ffff,
    streamId: stream & 0x7fff_ffff,
    paddedAt: undefined,
    padding: 0,
    priorityAt: undefined,
    promisedAt: undefined,
    contentStart: HEADER_BYTES,
    contentEnd: end,
  };
  const mayBePadded = type === Frame.data || type === Frame.headers || type === Frame.pushPromise;
  if (mayBePadded && (flags & FrameFlag.padded) !== 0) {
    parts.paddedAt = HEADER_BYTES;
    const padding = bytes[HEADER_BYTES] ?? 0;
    // Wrong padding leaves no content.
    parts.padding = padding < length ? padding : Math.max(0, length - 1);
    parts.contentStart = Math.min(end, HEADER_BYTES + 1);
    parts.contentEnd = Math.max(parts.contentStart, end - parts.padding);
  }
  if (type === Frame.headers && (flags & FrameFlag.priority) !== 0) {
    parts.priorityAt = parts.contentStart;
    parts.contentStart = Math.min(parts.contentStart + 5, parts.contentEnd);
  }
  if (type === Frame.pushPromise) {
    parts.promisedAt = parts.contentStart;
    parts.contentStart = Math.min(parts.contentStart + 4, parts.contentEnd);
  }
  return parts;
}

/** The content of a frame's record, at most `limit` bytes: data without padding, a fragment of a header block. */
export function frameContent(view: RecordView, limit: number): Uint8Array {
  const bytes = view.bytes(MAX_FRONT_BYTES + limit);
  const parts = readFrame(bytes);
  if (!parts) return new Uint8Array(0);
  return bytes.slice(parts.contentStart, Math.min(parts.contentEnd, parts.contentStart + limit));
}
