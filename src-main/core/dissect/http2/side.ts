// The state of one direction of an HTTP/2 connection: the frame in progress, the header block, windows and settings that bind
// its sender. Only data; http2.ts and connection.ts move it on.
import { type Direction, NONE } from '../../record.ts';
import { GrowingBytes } from '../bytes.ts';
import { PingMemory } from '../websocket/pings.ts';
import { OpenBlock } from './block.ts';
import { DEFAULT_FRAME_BYTES, DEFAULT_WINDOW_BYTES, HEADER_BYTES, StreamState } from './format.ts';
import { HpackDecoder } from './hpack.ts';
import { ListMemory } from './lists.ts';
import type { Http2Stream } from './streams.ts';

/** What comes next in a direction. `skip`: a payload that is not read; `search`: a place where a frame may begin. */
export const State = { preface: 0, header: 1, payload: 2, skip: 3, search: 4 } as const;

/** What its sender's SETTINGS ask of the other side, until that acknowledges them. */
export interface AnnouncedSettings {
  seq: number;
  headerTableSize: number | undefined;
  initialWindowSize: number | undefined;
  maxFrameSize: number | undefined;
  maxConcurrentStreams: number | undefined;
  enablePush: number | undefined;
}

/** Counts what happens within a second of wire time. */
class RateWatch {
  readonly #limit: number;
  #since = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** It happened once more; true if that is more than the limit within a second. */
  exceeds(at: number): boolean {
    if (at - this.#since >= 1_000_000) {
      this.#since = at;
      this.#count = 0;
    }
    return ++this.#count > this.#limit;
  }
}

export class Side {
  readonly direction: Direction;
  state: number;
  /** Offset of the next byte in the stream of this direction. */
  offset = 0;
  /** Notes for the next record. */
  pendingNotes = 0;
  /** Some frame, or the preface, was read. */
  begun = false;
  /** The next frame must be SETTINGS. */
  settingsDue = false;

  readonly header = new Uint8Array(HEADER_BYTES);
  headerHave = 0;
  /** Bytes before `header` that are no frames. */
  rawLength = 0;

  /** The frame in progress. */
  frameStart = 0;
  length = 0;
  type = 0;
  wireFlags = 0;
  streamId = 0;
  notes = 0;
  remaining = 0;
  readonly payload = new GrowingBytes();
  /** Where in the payload its content is, behind pad length and before padding. */
  contentFrom = 0;
  contentTo = 0;
  /** When its last byte was there, the stream it is for, and the state of that before it. */
  at = 0;
  stream: Http2Stream | undefined;
  stateBefore: number = StreamState.none;

  readonly block = new OpenBlock();
  readonly hpack = new HpackDecoder();
  readonly lists = new ListMemory();
  /** seq of the last header block that put something into the dynamic table. */
  insertedAt = NONE;

  /** Longest payload it may send. */
  frameLimitBytes = DEFAULT_FRAME_BYTES;
  /** What it may still send on the connection. */
  windowBytes = DEFAULT_WINDOW_BYTES;
  initialWindowBytes = DEFAULT_WINDOW_BYTES;
  /** Streams it may have open at once, and whether it may promise some. */
  maxStreams = Number.POSITIVE_INFINITY;
  mayPush = true;
  /** Behind its GOAWAY: streams of the other side above this one are ignored. */
  lastStream = Number.POSITIVE_INFINITY;
  /** SETTINGS it sent that are not acknowledged, oldest first. */
  announced: AnnouncedSettings[] = [];
  settingsSeq = NONE;
  readonly pings = new PingMemory();
  readonly controlRate = new RateWatch(1000);
  readonly resetRate = new RateWatch(100);

  constructor(direction: Direction, state: number) {
    this.direction = direction;
    this.state = state;
  }
}
