// gRPC calls on the hot path: one call per stream of whatever carries it. Makes records of the request, of each message and
// of the status; keeps no payload but what is inflated. What a record means to a person is grpc-detail.ts.
import type { RecordSink } from '../protocol.ts';
import { Direction, Level, NONE } from '../record.ts';
import {
  DEFAULT_MESSAGE_BYTES,
  GrpcFlag as Flag,
  GRPC_ID,
  GrpcNote as Note,
  statusFlags,
  GrpcType as Type,
} from './grpc-format.ts';
import { GrpcInflater } from './grpc-inflate.ts';
import { encodeMessage } from './grpc-kept.ts';
import { GrpcMessageReader } from './grpc-messages.ts';
import { isGrpc, isUncompressed, readStatus, requestNotes } from './grpc-rules.ts';
import { type HeaderItem, headerValue } from './hpack.ts';

/** A header list and the record it was found in. */
export interface HeadersRecord {
  headers: readonly HeaderItem[];
  /** The frame's record, its range, and where its list is kept. */
  seq: number;
  start: number;
  length: number;
  derived: number;
  at: number;
}

/** More frames of one message are not remembered. */
const MAX_FRAMES = 4096;

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
  #statusSeen = false;

  /** @param stream number of the stream that carries the call */
  constructor(sink: RecordSink, stream: number) {
    this.#sink = sink;
    this.#stream = stream;
  }

  /** The request's headers. Not called if they were not seen. */
  request(record: HeadersRecord): void {
    const { headers } = record;
    this.#begin(this.#client, headers);
    this.#seq = this.#commitHeaders(record, Type.call, Direction.clientToServer, 0, requestNotes(headers), NONE);
  }

  /** Messages of a direction cannot be found any more (or never could be). */
  lose(direction: Direction, at: number): void {
    const half = this.#half(direction);
    if (half.reader.inside && !half.lost) this.#commitMessage(half, direction, Flag.truncated, Note.gap, at);
    half.lost = true;
  }

  /** Headers of the server, behind the request's: initial metadata, trailers or both in one. */
  answer(record: HeadersRecord, ends: boolean): void {
    const { headers } = record;
    const half = this.#server;
    const initial = !this.#answered;
    if (initial) {
      this.#answered = true;
      this.#begin(half, headers);
      const contentType = headerValue(headers, 'content-type');
      if (contentType !== undefined && !isGrpc(contentType)) {
        half.notes |= Note.notGrpc;
        half.lost = true;
      }
      if ((headerValue(headers, ':status') ?? '200') !== '200') half.notes |= Note.httpStatus;
    }
    const status = readStatus(headers);
    if (!status && !ends) return;
    let notes = half.notes | (status?.notes ?? Note.missingStatus);
    if (this.#statusSeen) notes |= Note.duplicateStatus;
    this.#statusSeen = true;
    if (ends) this.#finish(half, Direction.serverToClient, record.at);
    const flags = statusFlags(status?.code) | (initial && ends ? Flag.trailersOnly : 0);
    this.#commitHeaders(record, Type.status, Direction.serverToClient, flags, notes, this.#seq);
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
    if (direction === Direction.clientToServer || this.#statusSeen) return;
    this.#statusSeen = true;
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

  #begin(half: CallHalf, headers: readonly HeaderItem[]): void {
    half.encoding = headerValue(headers, 'grpc-encoding')?.toLowerCase() ?? '';
    if (/\+json\b/i.test(headerValue(headers, 'content-type') ?? '')) half.flags = Flag.json;
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
