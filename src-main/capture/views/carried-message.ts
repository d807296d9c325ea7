// Which message a frame of a gRPC call carries. Records do not say: it is looked for when somebody looks at the frame,
// among the records behind it, for a message is recorded when its last byte has come.
import { HEADER_BYTES as FRAME_HEADER_BYTES, Frame, HTTP2_ID } from '../../core/dissect/http2/format.ts';
import { Level, NONE } from '../../core/record.ts';
import type { CaptureIndex } from '../index/capture-index.ts';
import { callOf } from './call-folding.ts';

/** Records that are looked at: a message that ends farther behind its frame, among those of others, is not found. */
const MAX_LOOKED_AT = 10_000;

/** The record of the first message that has bytes in a DATA frame of a call; NONE if there is none, or none near. */
export function carriedMessage(index: CaptureIndex, seq: number): number {
  const { records } = index.state;
  const { protocol, type, direction, start, length } = records.read(seq);
  if (protocol !== HTTP2_ID || type !== Frame.data || length <= FRAME_HEADER_BYTES) return NONE;
  const call = callOf(index, seq);
  if (call === NONE) return NONE;
  const end = Math.min(records.count, seq + 1 + MAX_LOOKED_AT);
  for (let at = seq + 1; at < end; at += 1) {
    if (records.link(at) !== call || (records.levels(at) & Level.message) === 0) continue;
    const message = records.read(at);
    // The next message of the direction, if it does not begin behind the frame.
    if (message.direction === direction) return message.start < start + length ? at : NONE;
  }
  return NONE;
}
