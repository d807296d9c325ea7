// HTTP/2 on the hot path (RFC 9113 §3.4, §4): cuts both directions into the preface and whole frames, and finds frames again
// where the capture begins late or has gaps. What frames do to the connection is connection.ts, what a record means
// to a person is detail.ts.
import type { Dissector, RecordSink } from '../../protocol.ts';
import { Direction, Level } from '../../record.ts';
import { Http2Connection } from './connection.ts';
import {
  Http2Flag as Flag,
  Frame,
  HEADER_BYTES,
  HTTP2_ID,
  Http2Note as Note,
  PREFACE,
  Http2Type as Type,
} from './format.ts';
import { frameNotes, isPlausible } from './rules.ts';
import { Side, State } from './side.ts';

/** Raw bytes are cut into records of this size. */
const RAW_RECORD_BYTES = 65_536;
/** A frame is read up to this length even if its receiver does not allow so much. */
const READABLE_BYTES = 1_048_576;
const NOTHING = new Uint8Array(0);

/** Dissects a connection that speaks HTTP/2, from its start or joined later. */
export function openHttp2(sink: RecordSink): Dissector {
  return new Http2Dissector(sink);
}

class Http2Dissector implements Dissector {
  readonly #sink: RecordSink;
  readonly #client = new Side(Direction.clientToServer, State.preface);
  readonly #server = new Side(Direction.serverToClient, State.search);
  readonly #connection: Http2Connection;

  constructor(sink: RecordSink) {
    this.#sink = sink;
    this.#connection = new Http2Connection(sink, this.#client, this.#server);
  }

  #side(direction: Direction): Side {
    return direction === Direction.clientToServer ? this.#client : this.#server;
  }

  push(direction: Direction, chunk: Uint8Array, at: number): void {
    const side = this.#side(direction);
    for (let i = 0; i < chunk.length; ) {
      switch (side.state) {
        case State.header:
          i = this.#readHeader(side, chunk, i, at);
          break;
        case State.payload:
        case State.skip:
          i = this.#readPayload(side, chunk, i, at);
          break;
        case State.preface:
          i = this.#readPreface(side, chunk, i, at);
          break;
        default:
          this.#search(side, chunk[i++]!, at);
      }
    }
  }

  gap(direction: Direction, length: number, at: number): void {
    const side = this.#side(direction);
    const isInside = side.state === State.payload || side.state === State.skip;
    if (isInside && length <= side.remaining) {
      // The frame goes on behind the gap; only its content is unknown.
      side.remaining -= length;
      side.offset += length;
      side.notes |= Note.gap;
      side.payload.clear();
      side.state = State.skip;
      if (side.remaining === 0) this.#finishPayload(side, at);
      return;
    }
    this.#flush(side, at);
    side.offset += length;
    side.pendingNotes |= Note.gap;
    side.state = State.search;
    side.begun = true;
    this.#connection.loseTrack(side, at);
  }

  end(direction: Direction, at: number): void {
    const side = this.#side(direction);
    this.#flush(side, at);
    this.#connection.end(side, at);
  }

  #readPreface(side: Side, chunk: Uint8Array, from: number, at: number): number {
    let i = from;
    while (i < chunk.length && chunk[i] === PREFACE.charCodeAt(side.rawLength)) {
      side.rawLength++;
      i++;
    }
    side.offset += i - from;
    if (side.rawLength === PREFACE.length) {
      side.state = State.header;
      side.begun = true;
      side.settingsDue = true;
      this.#commitRaw(side, Type.preface, Level.frame, 0, 0, at);
    } else if (i < chunk.length) {
      side.state = State.search;
    }
    return i;
  }

  /** One more byte of what may be anything: a frame begins where nine bytes look like its header. */
  #search(side: Side, byte: number, at: number): void {
    side.header[side.headerHave++] = byte;
    side.offset++;
    if (side.headerHave < HEADER_BYTES) return;
    if (isPlausible(side.header, Math.min(side.frameLimitBytes, READABLE_BYTES))) {
      this.#commitUnreadable(side, 0, 0, at);
      this.#join(side, at);
      side.headerHave = 0;
      this.#beginFrame(side, side.header, 0, at);
      return;
    }
    side.header.copyWithin(0, 1);
    side.headerHave--;
    side.rawLength++;
    if (side.rawLength === RAW_RECORD_BYTES) this.#commitUnreadable(side, 0, 0, at);
  }

  /** The first frame that could be found is in `side.header`: is it the first of the connection? */
  #join(side: Side, at: number): void {
    const isServer = side === this.#server;
    if (side.begun || (isServer && side.header[3] === Frame.settings && side.header[4] === 0)) return;
    // A server that does not begin with SETTINGS is either joined late or wrong; the client's preface tells.
    if (isServer && this.#client.begun && this.#connection.tracked) side.settingsDue = true;
    else this.#connection.loseTrack(side, at);
  }

  /** Reads on in a frame's header; and the whole frame, if it is all there. Returns where it stopped. */
  #readHeader(side: Side, chunk: Uint8Array, from: number, at: number): number {
    let i = from + HEADER_BYTES;
    if (side.headerHave === 0 && i <= chunk.length) {
      side.offset += HEADER_BYTES;
      this.#beginFrame(side, chunk, from, at);
    } else {
      i = Math.min(i - side.headerHave, chunk.length);
      side.header.set(chunk.subarray(from, i), side.headerHave);
      side.headerHave += i - from;
      side.offset += i - from;
      if (side.headerHave < HEADER_BYTES) return i;
      side.headerHave = 0;
      this.#beginFrame(side, side.header, 0, at);
    }
    if (side.state !== State.payload || i + side.length > chunk.length) return i;
    side.offset += side.length;
    side.remaining = 0;
    side.state = State.header;
    this.#connection.frame(side, chunk, i, at);
    return i + side.length;
  }

  /** A whole header stands at `p` of `bytes` and has just been passed. A frame without payload is complete with it. */
  #beginFrame(side: Side, bytes: Uint8Array, p: number, at: number): void {
    const length = (bytes[p]! << 16) | (bytes[p + 1]! << 8) | bytes[p + 2]!;
    const type = bytes[p + 3]!;
    const wireFlags = bytes[p + 4]!;
    const top = bytes[p + 5]!;
    const streamId = ((top & 0x7f) << 24) | (bytes[p + 6]! << 16) | (bytes[p + 7]! << 8) | bytes[p + 8]!;
    side.frameStart = side.offset - HEADER_BYTES;
    side.length = length;
    side.remaining = length;
    side.type = type;
    side.wireFlags = wireFlags;
    side.streamId = streamId;
    side.notes = side.pendingNotes | frameNotes(type, wireFlags, streamId, top > 127, length);
    side.pendingNotes = 0;
    side.begun = true;
    if (side.settingsDue) {
      side.settingsDue = false;
      if (type !== Frame.settings) side.notes |= Note.badPreface;
    }
    if (length > side.frameLimitBytes) side.notes |= Note.frameTooLarge;
    this.#connection.frameBegan(side);
    if (length === 0) {
      side.state = State.header;
      this.#connection.frame(side, NOTHING, 0, at);
    } else {
      side.state = length <= Math.max(side.frameLimitBytes, READABLE_BYTES) ? State.payload : State.skip;
    }
  }

  /** Collects the payload of a frame that came in pieces. Returns where it stopped. */
  #readPayload(side: Side, chunk: Uint8Array, from: number, at: number): number {
    const to = Math.min(from + side.remaining, chunk.length);
    if (side.state === State.payload) side.payload.append(chunk.subarray(from, to));
    side.remaining -= to - from;
    side.offset += to - from;
    if (side.remaining === 0) this.#finishPayload(side, at);
    return to;
  }

  #finishPayload(side: Side, at: number): void {
    const isRead = side.state === State.payload;
    side.state = State.header;
    if (isRead) this.#connection.frame(side, side.payload.view(), 0, at);
    else this.#connection.unreadFrame(side, at);
    side.payload.clear();
  }

  /** Nothing more comes, or bytes are missing: what is incomplete becomes truncated records. */
  #flush(side: Side, at: number): void {
    const { state } = side;
    if (state === State.payload || state === State.skip) {
      this.#connection.truncatedFrame(side, side.payload.view(), at);
      side.payload.clear();
    } else {
      side.rawLength += side.headerHave;
      side.headerHave = 0;
      const isHeader = state === State.header;
      if (isHeader) this.#commitRaw(side, Type.raw, Level.event | Level.frame, Flag.truncated, Note.truncated, at);
      else this.#commitUnreadable(side, Flag.truncated, Note.truncated, at);
    }
    side.state = State.header;
  }

  #commitUnreadable(side: Side, flags: number, notes: number, at: number): void {
    const all = notes | Note.unreadable | (side.begun ? 0 : Note.badPreface);
    this.#commitRaw(side, Type.raw, Level.event | Level.frame, flags, all, at);
  }

  /** The `rawLength` bytes in front of `header` are a record. */
  #commitRaw(side: Side, type: number, levels: number, flags: number, notes: number, at: number): void {
    const length = side.rawLength;
    side.rawLength = 0;
    if (length === 0) return;
    const { draft } = this.#sink;
    draft.at = at;
    draft.protocol = HTTP2_ID;
    draft.type = type;
    draft.direction = side.direction;
    draft.levels = levels;
    draft.start = side.offset - side.headerHave - length;
    draft.length = length;
    draft.size = length;
    draft.flags = flags;
    draft.notes = notes | side.pendingNotes;
    side.pendingNotes = 0;
    this.#sink.commit();
  }
}
