// The streams of one HTTP/2 connection (RFC 9113 §5.1): which are open, how far each side is with them, and which closed
// lately. Bounded whatever a peer opens.
import { Direction, NONE } from '../../record.ts';
import type { GrpcCall } from '../grpc/grpc.ts';
import { StreamState } from './format.ts';

/** Of more open streams the oldest is no longer followed. */
const MAX_STREAMS = 10_000;
/** Closed streams that are remembered, to judge what still comes on them. */
const MAX_CLOSED = 256;
const MAX_WINDOWS_CHECKED = 1000;

/** One side of a stream, as its sender. */
export class StreamHalf {
  /** It sent END_STREAM. */
  ended = false;
  /** It sent RST_STREAM. */
  reset = false;
  /** Header lists it sent, 1xx answers not counted. */
  headerLists = 0;
  /** What its window has more than the initial one. */
  windowChange = 0;
}

export class Http2Stream {
  readonly id: number;
  readonly client = new StreamHalf();
  readonly server = new StreamHalf();
  /** seq of the HEADERS or PUSH_PROMISE that opened it; of a gRPC call, that of the call. */
  opener = NONE;
  /** Promised, and nothing was sent on it yet. */
  reserved = false;
  /** Its beginning was not seen. */
  late: boolean;
  call: GrpcCall | undefined;

  constructor(id: number, late: boolean) {
    this.id = id;
    this.late = late;
  }

  /** A stream the server has promised: the client has nothing to send on it. */
  static reserve(id: number): Http2Stream {
    const stream = new Http2Stream(id, false);
    stream.reserved = true;
    stream.client.ended = true;
    return stream;
  }

  half(direction: Direction): StreamHalf {
    return direction === Direction.clientToServer ? this.client : this.server;
  }

  /** One of StreamState. */
  get state(): number {
    if (this.reserved) return StreamState.reserved;
    if (this.client.reset || this.server.reset) return StreamState.closed;
    if (this.client.ended) return this.server.ended ? StreamState.closed : StreamState.clientDone;
    return this.server.ended ? StreamState.serverDone : StreamState.open;
  }
}

export class StreamTable {
  readonly #open = new Map<number, Http2Stream>();
  readonly #closed = new Map<number, Http2Stream>();
  #last: Http2Stream | undefined;
  #openOdd = 0;
  #highestOdd = 0;
  #highestEven = 0;
  /** Streams up to this number may be open without being known. */
  #unknownUpTo = 0;

  /** Streams of a client that are open, as far as is known. */
  get openOdd(): number {
    return this.#openOdd;
  }

  /** Open streams, oldest first. */
  get open(): IterableIterator<Http2Stream> {
    return this.#open.values();
  }

  /** An earlier part of the connection is missing: any stream may be open. */
  forget(): void {
    this.#unknownUpTo = Number.POSITIVE_INFINITY;
  }

  /** A stream that is open or was closed lately. */
  find(id: number): Http2Stream | undefined {
    if (this.#last?.id === id) return this.#last;
    const stream = this.#open.get(id) ?? this.#closed.get(id);
    if (stream) this.#last = stream;
    return stream;
  }

  /** Whether some open stream (of the first thousand) has a window that was changed to less than this. */
  hasWindowBelow(change: number, direction: Direction): boolean {
    let checked = 0;
    for (const stream of this.#open.values()) {
      if (stream.half(direction).windowChange < change) return true;
      if (++checked === MAX_WINDOWS_CHECKED) break;
    }
    return false;
  }

  /** Whether no stream of this parity was opened with this number or a higher one. */
  isNew(id: number): boolean {
    return id > (id % 2 === 1 ? this.#highestOdd : this.#highestEven);
  }

  /** Whether a stream may be open although it is not in the table. */
  mayBeOpen(id: number): boolean {
    return id <= this.#unknownUpTo;
  }

  /** Puts a stream into the table. Returns the oldest one if it had to make room. */
  add(stream: Http2Stream): Http2Stream | undefined {
    const { id } = stream;
    if (id % 2 === 1) {
      this.#highestOdd = Math.max(this.#highestOdd, id);
      this.#openOdd++;
    } else this.#highestEven = Math.max(this.#highestEven, id);
    this.#open.set(id, stream);
    this.#last = stream;
    if (this.#open.size <= MAX_STREAMS) return undefined;
    const oldest: Http2Stream = this.#open.values().next().value!;
    this.#remove(oldest);
    this.#unknownUpTo = Math.max(this.#unknownUpTo, oldest.id);
    return oldest;
  }

  /** Nothing more belongs on this stream. */
  close(stream: Http2Stream): void {
    if (!this.#remove(stream)) return;
    this.#closed.set(stream.id, stream);
    if (this.#closed.size <= MAX_CLOSED) return;
    const oldest: Http2Stream = this.#closed.values().next().value!;
    this.#closed.delete(oldest.id);
    if (this.#last === oldest) this.#last = undefined;
  }

  #remove({ id }: Http2Stream): boolean {
    if (!this.#open.delete(id)) return false;
    if (id % 2 === 1) this.#openOdd--;
    return true;
  }
}
