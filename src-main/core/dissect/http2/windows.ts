// Flow control (RFC 9113 §5.2, §6.9): what the sender of DATA may still send, on the connection and on each stream.
import { MAX_WINDOW_BYTES, Http2Note as Note } from './format.ts';
import type { Windows } from './kept.ts';
import type { Side } from './side.ts';
import type { StreamHalf } from './streams.ts';

/** Windows of a sender as they are now; `half`: its side of the stream in question, if it is about one. */
export function windowsOf(sender: Side, half: StreamHalf | undefined): Windows {
  const streamBytes = half && sender.initialWindowBytes + half.windowChange;
  return { connectionBytes: sender.windowBytes, streamBytes };
}

/** A frame of DATA takes its payload, padding and all, off both windows. Returns notes. */
export function spend(sender: Side, half: StreamHalf | undefined, length: number): number {
  const { connectionBytes, streamBytes } = windowsOf(sender, half);
  sender.windowBytes -= length;
  if (half) half.windowChange -= length;
  const least = Math.min(connectionBytes, streamBytes ?? connectionBytes);
  if (length === 0 || length < least) return 0;
  return length > least ? Note.windowExceeded : Note.windowUsedUp;
}

/** WINDOW_UPDATE for the connection, or for one stream. Returns notes. */
export function grow(sender: Side, half: StreamHalf | undefined, increment: number): number {
  const { connectionBytes, streamBytes } = windowsOf(sender, half);
  const grown = (streamBytes ?? connectionBytes) + increment;
  const most = Math.min(grown, MAX_WINDOW_BYTES);
  if (half) half.windowChange = most - sender.initialWindowBytes;
  else sender.windowBytes = most;
  return increment === 0 || grown > MAX_WINDOW_BYTES ? Note.badIncrement : 0;
}
