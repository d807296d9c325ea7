// What is kept of a gRPC message that cannot be read from its own bytes: the frames it is spread over, and its inflated form.
import { KeptReader, KeptWriter } from './kept-bytes.ts';

const writer = new KeptWriter();

/** @param frames seqs of the frames, ascending; none if one frame has it all */
export function encodeMessage(frames: readonly number[], inflated: Uint8Array | undefined): Uint8Array {
  writer.start();
  writer.number(inflated ? 1 : 0);
  writer.number(frames.length);
  let before = 0;
  for (const seq of frames) {
    writer.number(seq - before);
    before = seq;
  }
  if (inflated) writer.raw(inflated);
  return writer.take();
}

export interface KeptMessage {
  frames: number[];
  inflated: Uint8Array | undefined;
}

/** Bytes to read so that `limit` bytes of the inflated message are among them. */
export function keptBytes(limit: number): number {
  return limit + MAX_LIST_BYTES;
}

/** 4,096 numbers of at most eight bytes, what they are and their count. */
const MAX_LIST_BYTES = 4098 * 8;

/** The inverse of encodeMessage. */
export function decodeMessage(bytes: Uint8Array): KeptMessage {
  const reader = new KeptReader(bytes);
  const isInflated = reader.number() === 1;
  const frames: number[] = [];
  let seq = 0;
  for (let left = reader.number(); left > 0 && !reader.ended; left--) {
    seq += reader.number();
    frames.push(seq);
  }
  return { frames, inflated: isInflated ? reader.rest() : undefined };
}
