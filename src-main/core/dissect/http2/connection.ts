// What the frames of an HTTP/2 connection do (RFC 9113 §5, §6): streams open and close, windows shrink and grow, settings
// take effect, header blocks change their tables, and the data of gRPC calls goes to grpc.ts. Commits a record for each frame.
import type { RecordSink } from '../../protocol.ts';
import { Direction, Level, NONE } from '../../record.ts';
import { uint32 } from '../bytes.ts';
import type { GrpcCall } from '../grpc/grpc.ts';
import { beginCall, callOf, tellCall } from './calls.ts';
import {
  Http2Flag as Flag,
  Frame,
  FrameFlag,
  HEADER_BYTES,
  HTTP2_ID,
  MAX_FRAME_BYTES,
  Http2Note as Note,
  packFlags,
  recordType,
  StreamState,
} from './format.ts';
import { encodeWindows } from './kept.ts';
import { readList } from './lists.ts';
import { announce, bind, readSettings } from './settings.ts';
import type { Side } from './side.ts';
import { Http2Stream, type StreamHalf, StreamTable } from './streams.ts';
import { grow, spend, windowsOf } from './windows.ts';

export class Http2Connection {
  /** Nothing of the connection was missed. */
  tracked = true;
  readonly #sink: RecordSink;
  readonly #client: Side;
  readonly #server: Side;
  readonly #streams = new StreamTable();

  constructor(sink: RecordSink, client: Side, server: Side) {
    this.#sink = sink;
    this.#client = client;
    this.#server = server;
  }

  #peer(side: Side): Side {
    return side === this.#client ? this.#server : this.#client;
  }

  /** What `side` has sent up to here is not (all) known. */
  loseTrack(side: Side, at: number): void {
    const peer = this.#peer(side);
    this.tracked = false;
    side.pendingNotes |= Note.inferred;
    side.hpack.forget();
    // Its SETTINGS are among what is not known.
    side.announced = [];
    peer.frameLimitBytes = MAX_FRAME_BYTES;
    peer.maxStreams = Number.POSITIVE_INFINITY;
    peer.mayPush = true;
    peer.hpack.limit(Number.POSITIVE_INFINITY);
    this.#streams.forget();
    this.#dropBlock(side);
    for (const stream of this.#streams.open) stream.call?.lose(side.direction, at);
  }

  /** A direction has ended. */
  end(side: Side, at: number): void {
    for (const stream of this.#streams.open) stream.call?.cut(side.direction, at);
  }

  /** The header of a frame was read. */
  frameBegan(side: Side): void {
    const { block } = side;
    if (!block.isOpen || (side.type === Frame.continuation && side.streamId === block.streamId)) return;
    side.notes |= Note.headersInterrupted;
    this.#dropBlock(side);
  }

  /** The frame is complete; its payload begins at `from` of `bytes`, which are only lent. */
  frame(side: Side, bytes: Uint8Array, from: number, at: number): void {
    this.#begin(side, from, from + side.length, at);
    switch (side.type) {
      case Frame.data:
        this.#data(side, bytes);
        break;
      case Frame.headers:
        this.#headers(side, bytes);
        break;
      case Frame.rstStream:
        this.#rstStream(side, bytes);
        break;
      case Frame.settings:
        this.#settings(side, bytes);
        break;
      case Frame.pushPromise:
        this.#pushPromise(side, bytes);
        break;
      case Frame.ping:
        this.#ping(side, bytes);
        break;
      case Frame.goaway:
        this.#goaway(side, bytes);
        break;
      case Frame.windowUpdate:
        this.#windowUpdate(side, bytes);
        break;
      case Frame.continuation:
        this.#continuation(side, bytes);
        break;
      default:
        this.#otherFrame(side);
    }
  }

  /** Everything about the frame in progress is known, except what it does. */
  #begin(side: Side, contentFrom: number, contentTo: number, at: number): void {
    side.at = at;
    side.contentFrom = contentFrom;
    side.contentTo = contentTo;
    this.#regard(side, ofConnection(side.type) ? undefined : this.#streams.find(side.streamId));
  }

  /** The frame in progress is for this stream. */
  #regard(side: Side, stream: Http2Stream | undefined): void {
    side.stream = stream;
    side.stateBefore = stateOf(stream);
  }

  /** A frame has passed whose payload was not read: it is too long, or bytes of it are missing. */
  unreadFrame(side: Side, at: number): void {
    this.#begin(side, 0, 0, at);
    const { type, stream } = side;
    if (type === Frame.headers || type === Frame.pushPromise || type === Frame.continuation) {
      this.#dropBlock(side);
      side.hpack.forget();
    }
    if (type === Frame.data) this.#spend(side);
    if (stream && endsStream(side)) stream.half(side.direction).ended = true;
    this.#commit(side, Level.frame, openerOf(stream), Flag.unread);
    stream?.call?.lose(side.direction, at);
    if (stream) this.#settle(stream);
  }

  /** The bytes end inside the frame; `bytes` is what there is of its payload, if that was read. */
  truncatedFrame(side: Side, bytes: Uint8Array, at: number): void {
    this.#begin(side, 0, bytes.length, at);
    const { type, stream } = side;
    side.notes |= Note.truncated;
    if (type === Frame.data) this.#unpad(side, bytes);
    const seq = this.#commit(side, Level.frame, openerOf(stream), Flag.truncated);
    if (type === Frame.data && stream?.call) this.#callData(side, stream.call, bytes, 0, seq);
  }

  #data(side: Side, bytes: Uint8Array): void {
    const payloadFrom = side.contentFrom;
    if (!side.stream) this.#regardUnknown(side);
    const { stream } = side;
    const ends = endsStream(side);
    this.#unpad(side, bytes);
    if (side.length === 0 && !ends && side.controlRate.exceeds(side.at)) side.notes |= Note.controlFlood;
    if (stream) {
      const half = stream.half(side.direction);
      if (half.ended || half.reset || (half.headerLists === 0 && !stream.late)) side.notes |= Note.streamState;
      if (ends) half.ended = true;
    }
    this.#spend(side);
    const seq = this.#commit(side, Level.frame);
    if (stream?.call) {
      this.#callData(side, stream.call, bytes, payloadFrom, seq);
      if (ends) stream.call.dataEnd(side.direction, side.frameStart, HEADER_BYTES + side.length, side.at);
    }
    if (stream && ends) this.#settle(stream);
  }

  /** @param payloadFrom where the payload of the frame begins in `bytes` */
  #callData(side: Side, call: GrpcCall, bytes: Uint8Array, payloadFrom: number, seq: number): void {
    const offset = side.frameStart + HEADER_BYTES + side.contentFrom - payloadFrom;
    call.data(side.direction, bytes, side.contentFrom, side.contentTo, offset, seq, side.at);
  }

  /** DATA for a stream that is not in the table: it may have been opened unseen, or was never opened, or is long closed. */
  #regardUnknown(side: Side): void {
    const { streamId } = side;
    if (streamId === 0) return;
    if (this.#streams.mayBeOpen(streamId)) this.#regard(side, this.#add(side, new Http2Stream(streamId, true)));
    else side.notes |= Note.streamState;
  }

  /** Takes the frame off its sender's windows, which are kept as they were before. */
  #spend(side: Side): void {
    const { stream } = side;
    const half = stream?.half(side.direction);
    const isKnown = this.tracked && !stream?.late;
    if (isKnown) this.#keepWindows(side, half);
    const notes = spend(side, half, side.length);
    if (isKnown) side.notes |= notes;
  }

  /** Keeps the windows of a sender for the next record. */
  #keepWindows(sender: Side, half: StreamHalf | undefined): void {
    this.#sink.draft.derived = this.#sink.derive(encodeWindows(windowsOf(sender, half)));
  }

  /** Takes pad length and padding off the content (RFC 9113 §6.1). What is padded wrongly has no content. */
  #unpad(side: Side, bytes: Uint8Array): void {
    if ((side.wireFlags & FrameFlag.padded) === 0) return;
    const from = side.contentFrom;
    const padding = bytes[from] ?? 0;
    if (padding >= side.length) {
      side.notes |= side.length === 0 ? Note.badLength : Note.badPadding;
      side.contentTo = from;
    } else {
      side.contentTo = Math.max(from, Math.min(side.contentTo, from + side.length - padding));
      side.contentFrom = Math.min(from + 1, side.contentTo);
    }
  }

  #headers(side: Side, bytes: Uint8Array): void {
    const { streamId } = side;
    if (!side.stream && streamId !== 0) {
      side.stream = this.#open(side);
      side.stateBefore = StreamState.idle;
    }
    const { stream } = side;
    if (stream) {
      const half = stream.half(side.direction);
      if (half.ended || half.reset) side.notes |= Note.streamState;
      stream.reserved = false;
    }
    this.#unpad(side, bytes);
    if ((side.wireFlags & FrameFlag.priority) !== 0) this.#skip(side, 5);
    side.block.begin(streamId, 0, endsStream(side), side.frameStart);
    this.#blockPart(side, bytes);
  }

  /** A stream begins, as far as was seen, with the HEADERS in progress (RFC 9113 §5.1.1). */
  #open(side: Side): Http2Stream {
    const { streamId } = side;
    const late = this.#streams.mayBeOpen(streamId);
    const mayOpen = side === this.#client && streamId % 2 === 1 && this.#streams.isNew(streamId);
    if (!late && !mayOpen) side.notes |= Note.badStreamId;
    if (!late && streamId > this.#peer(side).lastStream) side.notes |= Note.behindGoaway;
    if (this.tracked && mayOpen && this.#streams.openOdd >= side.maxStreams) side.notes |= Note.notAllowed;
    return this.#add(side, new Http2Stream(streamId, late));
  }

  #add(side: Side, stream: Http2Stream): Http2Stream {
    const oldest = this.#streams.add(stream);
    if (oldest) {
      side.notes |= Note.limit;
      this.#cutCall(oldest, side.at);
    }
    return stream;
  }

  /** Passes bytes in front of a header block. Returns where they begin, if they are all there. */
  #skip(side: Side, length: number): number | undefined {
    const from = side.contentFrom;
    side.contentFrom = Math.min(from + length, side.contentTo);
    if (side.contentFrom - from === length) return from;
    side.notes |= Note.badLength;
    return undefined;
  }

  #pushPromise(side: Side, bytes: Uint8Array): void {
    if (side !== this.#server || side.stateBefore === StreamState.closed) side.notes |= Note.streamState;
    if (!side.mayPush) side.notes |= Note.notAllowed;
    this.#unpad(side, bytes);
    const promisedAt = this.#skip(side, 4);
    const promised = promisedAt === undefined ? 0 : uint31(bytes, promisedAt);
    if (promised !== 0 && side === this.#server) {
      if (promised % 2 === 0 && this.#streams.isNew(promised)) this.#add(side, Http2Stream.reserve(promised));
      else side.notes |= Note.badStreamId;
    }
    side.block.begin(side.streamId, promised, false, side.frameStart);
    this.#blockPart(side, bytes);
  }

  #continuation(side: Side, bytes: Uint8Array): void {
    if (side.block.isOpen) {
      this.#blockPart(side, bytes, side.block.seq);
    } else {
      side.notes |= Note.orphanContinuation;
      side.hpack.forget();
      this.#commit(side, Level.frame);
    }
  }

  /** The content of the frame is the next part of the header block. */
  #blockPart(side: Side, bytes: Uint8Array, link = openerOf(side.stream)): void {
    const { block, stream } = side;
    const isLast = (side.wireFlags & FrameFlag.endHeaders) !== 0;
    const isWhole = isLast && block.frames === 0;
    if ((side.notes & (Note.badPadding | Note.badLength)) !== 0) block.cut = true;
    if (!isWhole) side.notes |= block.add(bytes.subarray(side.contentFrom, side.contentTo));
    block.isOpen = !isLast;
    if (isLast) {
      this.#finishBlock(side, bytes, link);
      return;
    }
    const seq = this.#commit(side, Level.frame, link);
    if (block.seq === NONE) block.seq = seq;
    if (stream && stream.opener === NONE) stream.opener = seq;
  }

  /** The header block is complete with the frame in progress. */
  #finishBlock(side: Side, bytes: Uint8Array, link: number): void {
    const { block, at } = side;
    const owner = block.promised === 0 ? side.stream : undefined;
    const list = readList(this.#sink, side, bytes, owner);
    side.notes |= list.notes;
    if (list.kind === 'trailers' && !block.endsStream && list.derived !== NONE) side.notes |= Note.malformedHeaders;
    if (owner) {
      const half = owner.half(side.direction);
      if (!list.isInterim) half.headerLists++;
      if (block.endsStream) half.ended = true;
      if (list.kind === 'request') owner.late = false;
    }
    const call = owner && callOf(this.#sink, owner, list, at);
    let of = link;
    if (owner && call && list.kind === 'request') {
      // First the call's own record: those of its frames refer to it, this one too.
      beginCall(side, call, list, at);
      owner.opener = call.seq;
      of = call.seq;
    }
    this.#sink.draft.derived = list.derived;
    const seq = this.#commit(side, call ? Level.frame : Level.event | Level.frame, of);
    if (list.inserts) side.insertedAt = seq;
    const opened = owner ?? this.#streams.find(block.promised);
    if (opened && opened.opener === NONE) opened.opener = block.seq === NONE ? seq : block.seq;
    if (call && !list.isInterim) tellCall(side, call, list, seq, at);
    if (owner) this.#settle(owner);
    block.clear();
  }

  /** A header block will never be complete. */
  #dropBlock(side: Side): void {
    const { block } = side;
    if (!block.isOpen) return;
    block.isOpen = false;
    side.hpack.forget();
    const stream = this.#streams.find(block.streamId);
    if (!stream || !block.endsStream) return;
    stream.half(side.direction).ended = true;
    this.#settle(stream);
  }

  #rstStream(side: Side, bytes: Uint8Array): void {
    const { stream, streamId, at } = side;
    const error = side.length === 4 ? uint32(bytes, side.contentFrom) : 0;
    if (!stream && this.#isIdle(streamId)) side.notes |= Note.streamState;
    if (stream) {
      stream.half(side.direction).reset = true;
      stream.reserved = false;
      const isEarly = stream.server.headerLists === 0 && side.stateBefore !== StreamState.closed;
      if (isEarly && side.resetRate.exceeds(at)) side.notes |= Note.rapidReset;
    }
    // The end of a call is an event of its own.
    const endsCall = stream?.call !== undefined && !stream.call.isOver;
    const levels = error === 0 || endsCall ? Level.frame : Level.event | Level.frame;
    this.#commit(side, levels);
    if (!stream) return;
    stream.call?.reset(side.direction, error, side.frameStart, HEADER_BYTES + side.length, at);
    this.#settle(stream);
  }

  #windowUpdate(side: Side, bytes: Uint8Array): void {
    const { stream, streamId } = side;
    const sender = this.#peer(side);
    if (!stream && this.#isIdle(streamId)) side.notes |= Note.streamState;
    const half = stream?.half(sender.direction);
    if (side.length === 4 && (half || streamId === 0)) {
      const isKnown = this.tracked && !stream?.late;
      if (isKnown) this.#keepWindows(sender, half);
      const increment = uint31(bytes, side.contentFrom);
      const notes = grow(sender, half, increment);
      if (isKnown || increment === 0) side.notes |= notes;
    }
    this.#commit(side, Level.frame);
  }

  #settings(side: Side, bytes: Uint8Array): void {
    if ((side.wireFlags & FrameFlag.ack) !== 0) {
      this.#settingsAck(side);
      return;
    }
    const { settings, notes } = readSettings(bytes, side.contentFrom, side.contentTo);
    side.notes |= notes;
    if (side.controlRate.exceeds(side.at)) side.notes |= Note.controlFlood;
    announce(side, this.#commit(side, Level.frame, side.settingsSeq), settings);
  }

  #settingsAck(side: Side): void {
    const settings = this.#peer(side).announced.shift();
    const initialBytes = side.initialWindowBytes;
    if (settings) bind(side, settings);
    else if (this.tracked) side.notes |= Note.unsolicitedAck;
    if (
      side.initialWindowBytes < initialBytes &&
      this.#streams.hasWindowBelow(-side.initialWindowBytes, side.direction)
    )
      side.notes |= Note.windowNegative;
    this.#commit(side, Level.frame, settings?.seq ?? NONE);
  }

  #ping(side: Side, bytes: Uint8Array): void {
    const payload = bytes.subarray(side.contentFrom, side.contentTo);
    const isAck = (side.wireFlags & FrameFlag.ack) !== 0;
    const link = isAck && side.length === 8 ? this.#peer(side).pings.answer(payload) : NONE;
    if (isAck && link === NONE && this.tracked) side.notes |= Note.unsolicitedAck;
    if (!isAck && side.controlRate.exceeds(side.at)) side.notes |= Note.controlFlood;
    const seq = this.#commit(side, Level.frame, link);
    if (!isAck && side.length === 8) side.pings.remember(seq, payload);
  }

  #goaway(side: Side, bytes: Uint8Array): void {
    if (side.length >= 8) side.lastStream = uint31(bytes, side.contentFrom);
    this.#commit(side, Level.event | Level.frame);
  }

  /** A frame that changes nothing here: PRIORITY, extensions. */
  #otherFrame(side: Side): void {
    if (side.type === Frame.priority && side.controlRate.exceeds(side.at)) side.notes |= Note.controlFlood;
    this.#commit(side, Level.frame);
  }

  /** Whether nobody can have sent anything on this stream yet. */
  #isIdle(streamId: number): boolean {
    return streamId !== 0 && this.#streams.isNew(streamId) && !this.#streams.mayBeOpen(streamId);
  }

  /** The call of a stream is over, however far it was. */
  #cutCall(stream: Http2Stream, at: number): void {
    stream.call?.cut(Direction.clientToServer, at);
    stream.call?.cut(Direction.serverToClient, at);
  }

  #settle(stream: Http2Stream): void {
    if (stream.state === StreamState.closed) this.#streams.close(stream);
  }

  /** Commits the frame of `side` as a record of all its bytes up to now. */
  #commit(side: Side, levels: number, link = openerOf(side.stream), flags = 0): number {
    const { draft } = this.#sink;
    draft.at = side.at;
    draft.stream = side.streamId;
    draft.protocol = HTTP2_ID;
    draft.type = recordType(side.type);
    draft.direction = side.direction;
    draft.levels = levels;
    draft.start = side.frameStart;
    draft.length = side.offset - side.frameStart;
    draft.size = side.contentTo - side.contentFrom;
    draft.flags = flags | packFlags(side.wireFlags, side.type, side.stateBefore, stateOf(side.stream));
    draft.notes = side.notes;
    draft.link = link;
    return this.#sink.commit();
  }
}

/** Whether frames of a type are never about a stream, whatever their header says. */
function ofConnection(type: number): boolean {
  return type === Frame.settings || type === Frame.ping || type === Frame.goaway;
}

/** What records of a stream refer to. */
function openerOf(stream: Http2Stream | undefined): number {
  return stream ? stream.opener : NONE;
}

function stateOf(stream: Http2Stream | undefined): number {
  return stream ? stream.state : StreamState.none;
}

/** Whether the frame in progress has END_STREAM. */
function endsStream(side: Side): boolean {
  return side.type <= Frame.headers && (side.wireFlags & FrameFlag.endStream) !== 0;
}

/** Without the reserved bit in front. */
function uint31(bytes: Uint8Array, at: number): number {
  return uint32(bytes, at) & 0x7fff_ffff;
}
