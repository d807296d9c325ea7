// Puts the content of gRPC messages together again from the capture, for the looking path. Bounded by the limit it is given.
import type { RecordView } from '../../protocol.ts';
import { NONE } from '../../record.ts';
import { MAX_FRONT_BYTES, readFrame } from '../http2/frame.ts';
import { decodeMessage, keptBytes } from './kept.ts';
import { PREFIX_BYTES } from './messages.ts';

const NOTHING = new Uint8Array(0);

export interface AssembledMessage {
  /** Flag and length, as many of the five bytes as there are. */
  prefix: Uint8Array;
  /** The content as it was sent, at most the limit. Of a compressed message of gRPC-Web, only the inflated one is kept. */
  content: Uint8Array;
  /** The inflated content, at most the limit; undefined if it was not compressed, or could not be inflated. */
  inflated: Uint8Array | undefined;
  /** Frames it is spread over, by seq; none if it is all in one. */
  frames: readonly number[];
  /** Prefix and content stand in the record's bytes, one behind the other. */
  isContiguous: boolean;
}

/** The message of a record. */
export function assembleMessage(view: RecordView, limit: number): AssembledMessage {
  const kept = view.record.derived === NONE ? undefined : decodeMessage(view.derived(keptBytes(limit)) ?? NOTHING);
  const frames = kept?.frames ?? [];
  const wanted = PREFIX_BYTES + limit;
  const bytes = kept?.decoded?.subarray(0, wanted) ?? wireBytes(view, frames, wanted);
  return {
    prefix: bytes.slice(0, PREFIX_BYTES),
    content: bytes.slice(PREFIX_BYTES),
    inflated: kept?.inflated?.slice(0, limit),
    frames,
    isContiguous: frames.length === 0 && !kept?.decoded,
  };
}

function wireBytes(view: RecordView, frames: readonly number[], wanted: number): Uint8Array {
  return frames.length === 0 ? view.bytes(wanted) : gather(view, frames, wanted);
}

/** The message's bytes from the frames' data one after the other: from where it begins in the first, at most `wanted`. */
function gather(view: RecordView, frames: readonly number[], wanted: number): Uint8Array {
  const { start, length } = view.record;
  const end = start + length;
  const parts = new Uint8Array(Math.min(wanted, length));
  let have = 0;
  for (const seq of frames) {
    const frame = have < parts.length ? view.at(seq) : undefined;
    if (!frame) break;
    const { record } = frame;
    const ahead = Math.max(0, start - record.start);
    const bytes = frame.bytes(ahead + parts.length - have + MAX_FRONT_BYTES);
    const head = readFrame(bytes);
    if (!head) break;
    const from = Math.max(head.contentStart, ahead);
    const to = Math.min(head.contentEnd, bytes.length, end - record.start, from + parts.length - have);
    if (to <= from) continue;
    parts.set(bytes.subarray(from, to), have);
    have += to - from;
  }
  return parts.subarray(0, have);
}
