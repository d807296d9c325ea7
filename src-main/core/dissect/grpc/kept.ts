// What is kept of a gRPC message that cannot be read from its own bytes: the frames it is spread over, its bytes if they travel
// in another form (gRPC-Web), and its inflated form.
import { KeptReader, KeptWriter } from '../kept-bytes.ts';

const writer = new KeptWriter();

const INFLATED = 1;
const DECODED = 2;

/**
 * @param frames seqs of the frames, ascending; none if one frame has it all
 * @param decoded the message with its prefix, if it is not on the wire as it is
 */
export function encodeMessage(
  frames: readonly number[],
  inflated: Uint8Array | undefined,
  decoded?: Uint8Array,
): Uint8Array {
  writer.start();
  writer.number((inflated ? INFLATED : 0) | (decoded ? DECODED : 0));
  writer.number(frames.length);
  let before = 0;
  for (const seq of frames) {
    writer.number(seq - before);
    before = seq;
  }
  if (decoded) writer.bytes(decoded);
  if (inflated) writer.raw(inflated);
  return writer.take();
}

export interface KeptMessage {
  frames: number[];
  decoded: Uint8Array | undefined;
  inflated: Uint8Array | undefined;
}

/** Bytes to read so that `limit` bytes of the message are among them. */
export function keptBytes(limit: number): number {
  return limit + MAX_LIST_BYTES;
}

/** 4,096 numbers of at most eight bytes, what they are and their count; a length and a prefix. */
const MAX_LIST_BYTES = 4100 * 8;

/** The inverse of encodeMessage. */
export function decodeMessage(bytes: Uint8Array): KeptMessage {
  const reader = new KeptReader(bytes);
  const kept = reader.number();
  const frames: number[] = [];
  let seq = 0;
  for (let left = reader.number(); left > 0 && !reader.ended; left--) {
    seq += reader.number();
    frames.push(seq);
  }
  const decoded = (kept & DECODED) !== 0 ? reader.bytes() : undefined;
  return { frames, decoded, inflated: (kept & INFLATED) !== 0 ? reader.rest() : undefined };
}
