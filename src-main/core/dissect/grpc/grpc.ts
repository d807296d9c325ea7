// gRPC calls on the hot path: one call per stream of whatever carries it. Makes records of the request, of the answer's
// beginning, of each message and of the status; keeps no payload but what is inflated. What a record means to a person is detail.ts.
import type { RecordSink } from '../../protocol.ts';
import { Direction, Level, NONE } from '../../record.ts';
import { GrowingBytes } from '../bytes.ts';
import { encodeList } from '../http2/kept.ts';
import { InflatedBytes, MAX_INFLATED_BYTES } from '../inflated-bytes.ts';
import {
  DEFAULT_MESSAGE_BYTES,
  GrpcFlag as Flag,
  GRPC_ID,
  GrpcNote as Note,
  Status,
  statusFlags,
  GrpcType as Type,
} from './format.ts';
import { GrpcInflater } from './inflate.ts';
import { encodeMessage } from './kept.ts';
import { GrpcMessageReader, PREFIX_BYTES } from './messages.ts';
import { type CallHeaders, isGrpc, isUncompressed, readCallHeaders, statusOfReset } from './rules.ts';
import { Base64Stream, readTrailers, TRAILERS_FLAG, type WebForm, webForm } from './web.ts';

/** A header list and where it was found. */
export interface FoundHeaders {
  headers: CallHeaders;
  /** The range of its frames, and where the list is kept. */
  start: number;
  length: number;
  derived: number;
  at: number;
}

/** More frames of one message are not remembered. */
const MAX_FRAMES = 4096;
/** A client's clock starts before its request is on the wire. */
const DEADLINE_SLACK_MICROSECONDS = 10_000;

/** One direction of a call. */
class CallHalf {
  readonly reader = new GrpcMessageReader();
  /** Frames the message in progress has bytes in, by seq. */
  frames: number[] = [];
  manyFrames = false;
  encoding = '';
  inflater: GrpcInflater | undefined;
  flags = 0;
  /** Where messages begin is not known any more. */
  lost = false;
  /** Offset behind the last byte that was read. */
  end = 0;
  /** gRPC-Web: the message in progress, prefix and all; there is no telling what carries it. */
  web: WebForm | undefined;
  base64 = new Base64Stream();
  readonly collected = new GrowingBytes();
}

export class GrpcCall {
  readonly #sink: RecordSink;
  readonly #stream: number;
  readonly #client = new CallHalf();
  readonly #server = new CallHalf();
  #seq = NONE;
  #answered = false;
  #isOver = false;
  #isReset = false;
  /** When its client gives up; infinite without a timeout. */
  #deadlineAt = Number.POSITIVE_INFINITY;

  /** @param stream number of the stream that carries the call; 0 for HTTP/1.1, which has none */
  constructor(sink: RecordSink, stream: number) {
    this.#sink = sink;
    this.#stream = stream;
  }

  /**
   * Its record, or NONE if the request was not seen. All that belongs to the call refers to it, of what carries the call
   * too, and comes after it.
   */
  get seq(): number {
    return this.#seq;
  }

  /** Its status was seen, or its end without one. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The request's headers, before the frame that has them is recorded. Not called if they were not seen. */
  request(found: FoundHeaders): void {
    const { headers, at } = found;
    this.#begin(this.#client, headers);
    if (headers.timeoutMicroseconds !== undefined) this.#deadlineAt = at + headers.timeoutMicroseconds;
    this.#seq = this.#commitHeaders(found, Type.call, Direction.clientToServer, 0, headers.requestNotes, NONE);
  }

  /** Messages of a direction cannot be found any more (or never could be). */
  lose(direction: Direction, at: number): void {
    const half = this.#half(direction);
    if (half.reader.inside && !half.lost) this.#commitMessage(half, direction, Flag.truncated, Note.gap, at);
    half.lost = true;
  }

  /**
   * Headers of the server, behind the request's: initial metadata, trailers or both in one.
   * @param seq the record of the frame that has them
   */
  answer(found: FoundHeaders, ends: boolean, seq: number): void {
    // What the server sends before it has seen the reset is for nobody.
    if (this.#isReset) return;
    const { headers, at } = found;
    const link = this.#seq === NONE ? seq : this.#seq;
    const half = this.#server;
    const initial = !this.#answered;
    let initialNotes = 0;
    if (initial) {
      this.#answered = true;
      // Whatever was missed before, messages begin behind these.
      half.lost = false;
      this.#begin(half, headers);
      initialNotes = headers.answerNotes;
      if (headers.contentType !== undefined && !isGrpc(headers.contentType)) {
        initialNotes |= Note.notGrpc;
        half.lost = true;
      }
    }
    const { status } = headers;
    if (!status && !ends) {
      if (initial) this.#commitHeaders(found, Type.answer, Direction.serverToClient, 0, initialNotes, link);
      return;
    }
    const notes = initialNotes | this.#endWith(headers, at);
    if (ends) this.#finish(half, Direction.serverToClient, at);
    const flags = statusFlags(status?.code) | (initial && ends ? Flag.trailersOnly : 0);
    this.#commitHeaders(found, Type.status, Direction.serverToClient, flags, notes, link);
  }

  /** The call is over with what these headers say. Returns notes. */
  #endWith({ statusNotes }: CallHeaders, at: number): number {
    let notes = statusNotes;
    if (this.#isOver) notes |= Note.duplicateStatus;
    else if (at > this.#deadlineAt) notes |= Note.deadlinePassed;
    this.#isOver = true;
    return notes;
  }

  /** RST_STREAM ends the call, however far it was. `direction`: who sent it; `start`, `length`: where it is. */
  reset(direction: Direction, error: number, start: number, length: number, at: number): void {
    this.cut(Direction.clientToServer, at);
    this.cut(Direction.serverToClient, at);
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isReset = true;
    let code = statusOfReset(error);
    let notes = 0;
    const slack = direction === Direction.clientToServer ? DEADLINE_SLACK_MICROSECONDS : 0;
    if (code === Status.cancelled && at >= this.#deadlineAt - slack) {
      code = Status.deadlineExceeded;
      notes = Note.deadlinePassed;
    }
    const { draft } = this.#sink;
    draft.start = start;
    draft.length = length;
    this.#commit(Type.reset, direction, Level.event, statusFlags(code), notes, this.#seq, at);
  }

  /**
   * Bytes `from`…`to` are data of a direction.
   * @param offset where `from` stands in the connection's stream of this direction
   * @param seq the record of the frame they came in
   */
  data(
    direction: Direction,
    bytes: Uint8Array,
    from: number,
    to: number,
    offset: number,
    seq: number,
    at: number,
  ): void {
    const half = this.#half(direction);
    if (half.lost) return;
    if (half.web) {
      this.#webData(half, direction, bytes, from, to, offset, at);
      return;
    }
    const { reader } = half;
    for (let next = from; next < to; ) {
      const begins = !reader.inside;
      next = reader.read(bytes, next, to, offset + (next - from));
      if (begins) {
        half.frames = [];
        half.manyFrames = false;
        half.inflater = undefined;
      }
      half.end = offset + (next - from);
      if ((reader.flag & 1) !== 0) this.#inflate(half, bytes.subarray(reader.contentFrom, next));
      // A message that is all in one frame needs no list of frames.
      if (!reader.complete || !begins) {
        if (half.frames.length < MAX_FRAMES) half.frames.push(seq);
        else half.manyFrames = true;
      }
      if (reader.complete) this.#commitMessage(half, direction, 0, 0, at);
    }
  }

  /** Data of gRPC-Web, in base64 or not. */
  #webData(
    half: CallHalf,
    direction: Direction,
    bytes: Uint8Array,
    from: number,
    to: number,
    offset: number,
    at: number,
  ): void {
    if (half.web === 'binary') {
      for (let next = from; next < to; ) {
        next = this.#webRead(half, direction, bytes, next, to, offset + (next - from), at);
      }
      return;
    }
    const one = new Uint8Array(1);
    for (let next = from; next < to; next++) {
      const byte = half.base64.push(bytes[next]!);
      const end = offset + (next - from) + 1;
      if (byte < 0) continue;
      one[0] = byte;
      half.end = end;
      // A byte has bits of two characters.
      this.#webRead(half, direction, one, 0, 1, end - 2, at);
    }
  }

  /** Reads up to the end of a message, which ends at `half.end` if that is further. Returns where it stopped. */
  #webRead(
    half: CallHalf,
    direction: Direction,
    bytes: Uint8Array,
    from: number,
    to: number,
    offset: number,
    at: number,
  ): number {
    const { reader, collected } = half;
    if (!reader.inside) collected.clear();
    const next = reader.read(bytes, from, to, offset);
    half.end = Math.max(half.end, offset + (next - from));
    if (collected.length < PREFIX_BYTES + MAX_INFLATED_BYTES) collected.append(bytes.subarray(from, next));
    if (!reader.complete) return next;
    const isTrailers = (reader.flag & TRAILERS_FLAG) !== 0 && direction === Direction.serverToClient;
    if (isTrailers) this.#webTrailers(half, at);
    else this.#commitMessage(half, direction, 0, 0, at);
    return next;
  }

  /** The trailers at the end of an answer of gRPC-Web. */
  #webTrailers(half: CallHalf, at: number): void {
    const items = readTrailers(half.collected.view().subarray(PREFIX_BYTES));
    const headers = readCallHeaders(items);
    const start = half.reader.start;
    const derived = this.#sink.derive(encodeList(items));
    const notes = this.#endWith(headers, at) | (half.base64.broken ? Note.badBase64 : 0);
    const found = { headers, start, length: half.end - start, derived, at };
    const flags = statusFlags(headers.status?.code);
    this.#commitHeaders(found, Type.status, Direction.serverToClient, flags, notes, this.#seq);
  }

  /** A direction has ended, with a frame of data: its record's numbers. */
  dataEnd(direction: Direction, start: number, length: number, at: number): void {
    this.#finish(this.#half(direction), direction, at);
    if (direction === Direction.clientToServer || this.#isOver) return;
    this.#isOver = true;
    const draft = this.#sink.draft;
    draft.start = start;
    draft.length = length;
    this.#commit(Type.status, direction, Level.event, 0, Note.missingStatus, this.#seq, at);
  }

  /** Nothing more comes in a direction: the call was reset, or the capture ends. */
  cut(direction: Direction, at: number): void {
    this.#finish(this.#half(direction), direction, at);
  }

  #half(direction: Direction): CallHalf {
    return direction === Direction.clientToServer ? this.#client : this.#server;
  }

  #begin(half: CallHalf, { encoding, contentType }: CallHeaders): void {
    half.encoding = encoding;
    if (contentType !== undefined && /\+json\b/i.test(contentType)) half.flags = Flag.json;
    // Where there are no frames, nothing else can put a message together.
    half.web = webForm(contentType) ?? (this.#stream === 0 ? 'binary' : undefined);
  }

  #finish(half: CallHalf, direction: Direction, at: number): void {
    if (half.reader.inside && !half.lost) {
      this.#commitMessage(half, direction, Flag.truncated, Note.truncated, at);
    }
    half.lost = true;
  }

  /** The message in progress is complete, or (`flags` says truncated) never will be. */
  #commitMessage(half: CallHalf, direction: Direction, flags: number, notes: number, at: number): void {
    const { reader, frames } = half;
    const { draft } = this.#sink;
    const isCompressed = (reader.flag & 1) !== 0;
    let all = notes;
    if ((half.web ? reader.flag & ~TRAILERS_FLAG : reader.flag) > 1) all |= Note.badFlag;
    if (half.manyFrames) all |= Note.manyFrames;
    if (reader.hasPrefix && reader.length > DEFAULT_MESSAGE_BYTES) all |= Note.largeMessage;
    let decoded = half.web ? half.collected.view() : undefined;
    if (decoded && reader.have > decoded.length) all |= Note.inflateLimit;
    if (half.base64.broken) all |= Note.badBase64;
    half.base64.broken = false;
    let inflated: Uint8Array | undefined;
    if (isCompressed && reader.have > 0) {
      if (decoded) this.#inflate(half, decoded.subarray(PREFIX_BYTES));
      const message = half.inflater?.finish();
      half.inflater = undefined;
      inflated = message?.bytes;
      if (message?.outcome === 'limit') all |= Note.inflateLimit;
      else if (message?.outcome === 'failed' && (flags & Flag.truncated) === 0) all |= Note.inflateFailed;
      if (!message) all |= isUncompressed(half.encoding) ? Note.compressedWithoutEncoding : Note.unknownEncoding;
    }
    if (decoded && inflated) decoded = decoded.subarray(0, PREFIX_BYTES);
    if (frames.length > 0 || inflated || decoded) {
      draft.derived = this.#sink.derive(encodeMessage(frames, inflated, decoded));
    }
    draft.start = reader.start;
    draft.length = half.end - reader.start;
    draft.size = inflated?.length ?? reader.have;
    const own = flags | half.flags | (isCompressed ? Flag.compressed : 0);
    this.#commit(Type.message, direction, Level.message, own, all, this.#seq, at);
  }

  #commitHeaders(
    found: FoundHeaders,
    type: number,
    direction: Direction,
    flags: number,
    notes: number,
    link: number,
  ): number {
    const draft = this.#sink.draft;
    draft.start = found.start;
    draft.length = found.length;
    draft.derived = found.derived;
    return this.#commit(type, direction, Level.event, flags, notes, link, found.at);
  }

  #commit(
    type: number,
    direction: Direction,
    levels: number,
    flags: number,
    notes: number,
    link: number,
    at: number,
  ): number {
    const { draft } = this.#sink;
    draft.at = at;
    draft.stream = this.#stream;
    draft.protocol = GRPC_ID;
    draft.type = type;
    draft.direction = direction;
    draft.levels = levels;
    draft.flags = flags;
    draft.notes = notes;
    draft.link = link;
    return this.#sink.commit();
  }

  /** The next content of a compressed message. */
  #inflate(half: CallHalf, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    half.inflater ??= GrpcInflater.open(half.encoding, half.reader.length, new InflatedBytes(this.#sink.inflateBudget));
    half.inflater?.push(bytes);
  }
}
