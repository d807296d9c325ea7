// gRPC calls on the hot path: one call per stream of whatever carries it. Makes records of the request, of each message and
// of the status; keeps no payload but what is inflated. What a record means to a person is grpc-detail.ts.
import type { RecordSink } from '../protocol.ts';
import { Direction, Level, NONE } from '../record.ts';
import {
  DEFAULT_MESSAGE_BYTES,
  GrpcFlag as Flag,
  GRPC_ID,
  GrpcNote as Note,
  Status,
  statusFlags,
  GrpcType as Type,
} from './grpc-format.ts';
import { GrpcInflater } from './grpc-inflate.ts';
import { encodeMessage } from './grpc-kept.ts';
import { GrpcMessageReader } from './grpc-messages.ts';
import { type CallHeaders, isGrpc, isUncompressed, statusOfReset } from './grpc-rules.ts';

/** A header list and the record it was found in. */
export interface HeadersRecord {
  headers: CallHeaders;
  /** The frame's record, its range, and where its list is kept. */
  seq: number;
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
  notes = 0;
  /** Where messages begin is not known any more. */
  lost = false;
  /** Offset behind the last byte that was read. */
  end = 0;
}

export class GrpcCall {
  readonly #sink: RecordSink;
  readonly #stream: number;
  readonly #client = new CallHalf();
  readonly #server = new CallHalf();
  /** seq of the `call` record. */
  #seq = NONE;
  #answered = false;
  #isOver = false;
  #isReset = false;
  /** When its client gives up; infinite without a timeout. */
  #deadlineAt = Number.POSITIVE_INFINITY;

  /** @param stream number of the stream that carries the call */
  constructor(sink: RecordSink, stream: number) {
    this.#sink = sink;
    this.#stream = stream;
  }

  /** Its status was seen, or its end without one. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The request's headers. Not called if they were not seen. */
  request(record: HeadersRecord): void {
    const { headers, at } = record;
    this.#begin(this.#client, headers);
    if (headers.timeoutMicroseconds !== undefined) this.#deadlineAt = at + headers.timeoutMicroseconds;
    this.#seq = this.#commitHeaders(record, Type.call, Direction.clientToServer, 0, headers.requestNotes, NONE);
  }

  /** Messages of a direction cannot be found any more (or never could be). */
  lose(direction: Direction, at: number): void {
    const half = this.#half(direction);
    if (half.reader.inside && !half.lost) this.#commitMessage(half, direction, Flag.truncated, Note.gap, at);
    half.lost = true;
  }

  /** Headers of the server, behind the request's: initial metadata, trailers or both in one. */
  answer(record: HeadersRecord, ends: boolean): void {
    // What the server sends before it has seen the reset is for nobody.
    if (this.#isReset) return;
    const { headers, at } = record;
    const half = this.#server;
    const initial = !this.#answered;
    if (initial) {
      this.#answered = true;
      this.#begin(half, headers);
      half.notes |= headers.answerNotes;
      if (headers.contentType !== undefined && !isGrpc(headers.contentType)) {
        half.notes |= Note.notGrpc;
        half.lost = true;
      }
    }
    const { status } = headers;
    if (!status && !ends) return;
    let notes = half.notes | (status ? headers.statusNotes : Note.missingStatus);
    if (this.#isOver) notes |= Note.duplicateStatus;
    else if (at > this.#deadlineAt) notes |= Note.deadlinePassed;
    this.#isOver = true;
    if (ends) this.#finish(half, Direction.serverToClient, at);
    const flags = statusFlags(status?.code) | (initial && ends ? Flag.trailersOnly : 0);
    this.#commitHeaders(record, Type.status, Direction.serverToClient, flags, notes, this.#seq);
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
      if ((reader.flag & 1) !== 0) inflate(half, bytes.subarray(reader.contentFrom, next));
      // A message that is all in one frame needs no list of frames.
      if (!reader.complete || !begins) {
        if (half.frames.length < MAX_FRAMES) half.frames.push(seq);
        else half.manyFrames = true;
      }
      if (reader.complete) this.#commitMessage(half, direction, 0, 0, at);
    }
  }

  /** A direction has ended, with a frame of data: its record's numbers. */
  dataEnd(direction: Direction, start: number, length: number, at: number): void {
    this.#finish(this.#half(direction), direction, at);
    if (direction === Direction.clientToServer || this.#isOver) return;
    this.#isOver = true;
    const draft = this.#sink.draft;
    draft.start = start;
    draft.length = length;
    this.#commit(Type.status, direction, Level.event, 0, this.#server.notes | Note.missingStatus, this.#seq, at);
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
    if (reader.flag > 1) all |= Note.badFlag;
    if (half.manyFrames) all |= Note.manyFrames;
    if (reader.hasPrefix && reader.length > DEFAULT_MESSAGE_BYTES) all |= Note.largeMessage;
    let inflated: Uint8Array | undefined;
    if (isCompressed && reader.have > 0) {
      const message = half.inflater?.finish();
      half.inflater = undefined;
      inflated = message?.bytes;
      if (message?.outcome === 'limit') all |= Note.inflateLimit;
      else if (message?.outcome === 'failed' && (flags & Flag.truncated) === 0) all |= Note.inflateFailed;
      if (!message) all |= isUncompressed(half.encoding) ? Note.compressedWithoutEncoding : Note.unknownEncoding;
    }
    if (frames.length > 0 || inflated) {
      draft.derived = this.#sink.derive(encodeMessage(frames, inflated));
    }
    draft.start = reader.start;
    draft.length = half.end - reader.start;
    draft.size = inflated?.length ?? reader.have;
    const own = flags | half.flags | (isCompressed ? Flag.compressed : 0);
    this.#commit(Type.message, direction, Level.message, own, all, this.#seq, at);
  }

  #commitHeaders(
    record: HeadersRecord,
    type: number,
    direction: Direction,
    flags: number,
    notes: number,
    link: number,
  ): number {
    const draft = this.#sink.draft;
    draft.start = record.start;
    draft.length = record.length;
    draft.derived = record.derived;
    return this.#commit(type, direction, Level.event, flags, notes, link === NONE ? record.seq : link, record.at);
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
}

/** The next content of a compressed message. */
function inflate(half: CallHalf, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  half.inflater ??= GrpcInflater.open(half.encoding, half.reader.length);
  half.inflater?.push(bytes);
}
