// One direction of a TCP connection put in order: retransmissions, reordering, overlap, sequence numbers that wrap. Where
// bytes overlap, the first to come win. What is missing becomes a gap when the other side has acknowledged it, when too
// much waits behind it, or at the end.
import { type Place, placesWithin } from './ip-fragments.ts';

/** Where bytes in order go. `at`: microseconds since the epoch. */
export interface StreamSink {
  data(bytes: Uint8Array, fileOffset: number, places: readonly Place[] | undefined, at: number): void;
  gap(length: number, at: number): void;
  end(at: number): void;
  /** Bytes that came a second time are others than the first time. */
  conflict(streamOffset: number, at: number): void;
  /** Bytes that were delivered before. */
  delivered(streamOffset: number, length: number): Uint8Array;
}

/** Payload of one packet, or of a part of it. */
interface Segment {
  /** Offset in the stream. */
  start: number;
  bytes: Uint8Array;
  fileOffset: number;
  /** Where the bytes lie if they came in several IP fragments. */
  places: readonly Place[] | undefined;
}

/** Bytes of one direction that may wait for what is missing before them. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;
const MAX_HELD_SEGMENTS = 4096;
/**
 * Packets of the connection that may still bring bytes the other side has acknowledged: captures on busy machines are a
 * little out of order.
 */
const PATIENCE_PACKETS = 16;
/** What a held segment costs beside its bytes. */
const SEGMENT_OVERHEAD_BYTES = 256;
const MAX_HELD_BYTES_OF_ALL = 64 * 1024 * 1024;

/** What all streams of a file hold together; one object for all of them. */
export interface HeldBytes {
  total: number;
}

export class TcpStream {
  readonly #sink: StreamSink;
  readonly #heldByAll: HeldBytes;
  /** Sequence number of the next byte; undefined until the stream was seen. */
  #next: number | undefined;
  /** Offset in the stream of that byte. */
  #position = 0;
  /** After a hole, in order, without overlap. */
  #held: Segment[] = [];
  #heldBytes = 0;
  /** Stream offset of the end, once a FIN told it. */
  #finAt: number | undefined;
  /** Stream offset up to which the other side has acknowledged. */
  #acknowledged = 0;
  #patience = PATIENCE_PACKETS;
  #conflicted = false;
  #ended = false;

  constructor(sink: StreamSink, heldByAll: HeldBytes) {
    this.#sink = sink;
    this.#heldByAll = heldByAll;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Sequence number of the next byte; undefined while nothing was seen. */
  get next(): number | undefined {
    return this.#next;
  }

  /** Something was seen of this direction. */
  get started(): boolean {
    return this.#next !== undefined;
  }

  /** A SYN: the first byte has the number after `sequence`. */
  synchronize(sequence: number): void {
    this.#next ??= (sequence + 1) >>> 0;
  }

  /** Whether a SYN with this number is the one this stream began with. */
  beganWith(sequence: number): boolean {
    return this.#next !== undefined && (this.#next - this.#position - 1) >>> 0 === sequence;
  }

  /** A packet's payload, not empty; only lent. */
  data(
    sequence: number,
    bytes: Uint8Array,
    fileOffset: number,
    places: readonly Place[] | undefined,
    at: number,
  ): void {
    if (this.#ended) return;
    if (this.#next === undefined) this.#next = sequence;
    const ahead = (sequence - this.#next) | 0;
    if (ahead === 0 && this.#held.length === 0 && (this.#finAt ?? Infinity) >= this.#position + bytes.length) {
      this.#deliver(bytes, fileOffset, places, at);
      this.#finish(at);
      return;
    }
    let segment: Segment = { start: this.#position + ahead, bytes, fileOffset, places };
    if (ahead < 0) {
      const isKeepAlive = ahead === -1 && bytes.length === 1;
      if (!isKeepAlive) this.#compareDelivered(segment, at);
      segment = withoutFirst(segment, -ahead);
    }
    if (this.#finAt !== undefined) segment = onlyFirst(segment, this.#finAt - segment.start);
    if (segment.bytes.length === 0) return;
    this.#hold(segment, at);
    this.#drain(at);
    const isTooMuch =
      this.#heldBytes > MAX_HELD_BYTES ||
      this.#held.length > MAX_HELD_SEGMENTS ||
      this.#heldByAll.total > MAX_HELD_BYTES_OF_ALL;
    if (isTooMuch) this.#giveUp(at);
  }

  /** A FIN after the byte before `sequence`. */
  fin(sequence: number, at: number): void {
    if (this.#ended || this.#finAt !== undefined) return;
    if (this.#next === undefined) this.#next = sequence;
    this.#finAt = Math.max(this.#position, this.#position + ((sequence - this.#next) | 0));
    this.#finish(at);
  }

  /** The other side has received everything before `sequence`. */
  acknowledge(sequence: number): void {
    if (this.#next === undefined) return;
    const acknowledged = this.#position + ((sequence - this.#next) | 0);
    if (acknowledged > this.#acknowledged) this.#acknowledged = acknowledged;
  }

  /** A packet of either direction has passed. */
  passed(at: number): void {
    const isWaiting = this.#held.length > 0 || this.#finAt !== undefined;
    if (!isWaiting || this.#ended || this.#acknowledged <= this.#position) return;
    if (--this.#patience > 0) return;
    this.#giveUp(at);
  }

  /** RST or the end of the capture: nothing more comes. */
  end(at: number): void {
    if (this.#ended) return;
    while (this.#held.length > 0) this.#giveUp(at);
    const until = this.#finAt ?? this.#acknowledged;
    // An acknowledgement of one byte more may be that of a FIN that was not captured.
    if (until > this.#position + (this.#finAt === undefined ? 1 : 0)) this.#skip(until - this.#position, at);
    if (this.#ended) return;
    this.#ended = true;
    this.#sink.end(at);
  }

  #deliver(bytes: Uint8Array, fileOffset: number, places: readonly Place[] | undefined, at: number): void {
    this.#position += bytes.length;
    this.#next = (this.#next! + bytes.length) >>> 0;
    this.#sink.data(bytes, fileOffset, places, at);
  }

  #skip(length: number, at: number): void {
    this.#position += length;
    this.#next = (this.#next! + length) >>> 0;
    this.#sink.gap(length, at);
  }

  /** Calls what is missing before the next known bytes, or before the end, a gap. */
  #giveUp(at: number): void {
    const first = this.#held[0];
    const until = first ? first.start : this.#finAt;
    if (until === undefined) return;
    if (until > this.#position) this.#skip(until - this.#position, at);
    this.#drain(at);
  }

  #drain(at: number): void {
    // shift() moves nothing, as splice() would thousands for each that is taken away.
    for (let first = this.#held[0]; first?.start === this.#position; first = this.#held[0]) {
      this.#held.shift();
      this.#patience = PATIENCE_PACKETS;
      this.#charge(-1, first);
      this.#deliver(first.bytes, first.fileOffset, first.places, at);
    }
    this.#finish(at);
  }

  #finish(at: number): void {
    if (this.#finAt === undefined || this.#position < this.#finAt || this.#ended) return;
    this.#ended = true;
    for (const segment of this.#held) this.#charge(-1, segment);
    this.#held = [];
    this.#sink.end(at);
  }

  #charge(sign: 1 | -1, segment: Segment): void {
    this.#heldBytes += sign * segment.bytes.length;
    this.#heldByAll.total += sign * (segment.bytes.length + SEGMENT_OVERHEAD_BYTES);
  }

  /** Keeps those parts of the segment that are not held yet. */
  #hold(segment: Segment, at: number): void {
    let rest = segment;
    let index = this.#firstHeldAfter(segment.start);
    while (rest.bytes.length > 0) {
      const there = this.#held[index];
      const room = there ? there.start - rest.start : rest.bytes.length;
      if (room > 0) {
        this.#insert(index++, onlyFirst(rest, room));
        rest = withoutFirst(rest, room);
        continue;
      }
      if (!there) return;
      const overlap = Math.min(there.start + there.bytes.length - rest.start, rest.bytes.length);
      this.#compare(there.bytes, rest.start - there.start, rest, overlap, at);
      rest = withoutFirst(rest, overlap);
      index++;
    }
  }

  #insert(index: number, segment: Segment): void {
    // At the stream's own place the bytes are delivered before the packet's buffer is used again.
    const isNext = segment.start === this.#position;
    this.#held.splice(index, 0, isNext ? segment : { ...segment, bytes: segment.bytes.slice() });
    this.#charge(1, segment);
  }

  /** Index of the first held segment that ends after `offset`. */
  #firstHeldAfter(offset: number): number {
    let low = 0;
    let high = this.#held.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const segment = this.#held[middle]!;
      if (segment.start + segment.bytes.length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compareDelivered(segment: Segment, at: number): void {
    if (this.#conflicted || segment.start < 0) return;
    const length = Math.min(segment.bytes.length, this.#position - segment.start);
    this.#compare(this.#sink.delivered(segment.start, length), 0, segment, length, at);
  }

  #compare(earlier: Uint8Array, from: number, segment: Segment, length: number, at: number): void {
    if (this.#conflicted) return;
    for (let i = 0; i < length; i++) {
      if (earlier[from + i] === segment.bytes[i]) continue;
      this.#conflicted = true;
      this.#sink.conflict(segment.start + i, at);
      return;
    }
  }
}

/** Whether bytes with this number would come, at least in part, after all that was seen. */
export function isNew(next: number | undefined, sequence: number, length: number): boolean {
  return next === undefined || ((sequence + length - next) | 0) > 0;
}

function withoutFirst(segment: Segment, length: number): Segment {
  if (length <= 0) return segment;
  return {
    start: segment.start + length,
    bytes: segment.bytes.subarray(length),
    fileOffset: segment.fileOffset + length,
    places: segment.places && placesWithin(segment.places, length, segment.bytes.length),
  };
}

function onlyFirst(segment: Segment, length: number): Segment {
  if (length >= segment.bytes.length) return segment;
  const bytes = segment.bytes.subarray(0, Math.max(0, length));
  return { ...segment, bytes, places: segment.places && placesWithin(segment.places, 0, bytes.length) };
}
