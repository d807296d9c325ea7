// The state of one direction of an HTTP/1.1 connection: the head, line or body in progress, the requests that wait for
// answers, and the bytes that wait for one. Only data; http.ts moves it on.
import type { Direction } from '../../record.ts';
import { GrowingBytes } from '../bytes.ts';
import type { GrpcCall } from '../grpc/grpc.ts';
import { HttpType as Type } from './format.ts';
import type { UpgradeOffer } from './upgrade.ts';

/** Bytes of a client that does not wait for the answer to its upgrade. */
const MAX_HELD_BYTES = 262_144;

/** What comes next in a direction. */
type State = 'head' | 'body' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailers' | 'held';

interface PendingRequest {
  seq: number;
  method: string;
  offer: UpgradeOffer | undefined;
  call: GrpcCall | undefined;
}

/** One direction of a connection. */
export class Side {
  readonly direction: Direction;
  state: State = 'head';
  /** Offset of the next byte in the stream of this direction. */
  offset = 0;
  /** Notes for the next record. */
  pendingNotes = 0;
  /** The bytes of the head, line or trailers in progress. */
  readonly buffer = new GrowingBytes();
  /** Where in `buffer` the line in progress begins. */
  lineStart = 0;
  hasStartLine = false;
  /** Bytes of the body or chunk that are still to come. */
  remaining = 0;
  /** Of the body record in progress: its bytes, and those that are content. */
  recordLength = 0;
  recordSize = 0;
  /** Type of the body records: Type.raw after a switch to an unknown protocol. */
  bodyType: number = Type.body;
  /** What comes after the body. */
  afterBody: State = 'head';
  /** The call of gRPC-Web whose body is in progress. */
  call: GrpcCall | undefined;
  /** Unanswered requests of this direction, oldest first. */
  readonly requests: PendingRequest[] = [];
  /** Bytes behind a request to upgrade, until it is answered. */
  readonly held = new HeldBytes();

  constructor(direction: Direction) {
    this.direction = direction;
  }
}

/** Bytes of which nobody knows yet who reads them, with the times at which they came. */
class HeldBytes {
  #pieces: { at: number; bytes: GrowingBytes }[] = [];
  length = 0;

  /** No more than this may be added. */
  get room(): number {
    return MAX_HELD_BYTES - this.length;
  }

  add(bytes: Uint8Array, at: number): void {
    let last = this.#pieces.at(-1);
    if (last?.at !== at) {
      last = { at, bytes: new GrowingBytes() };
      this.#pieces.push(last);
    }
    last.bytes.append(bytes);
    this.length += bytes.length;
  }

  /** Hands them out as they came; there are none then. */
  take(): { at: number; bytes: Uint8Array }[] {
    const pieces = this.#pieces.map(({ at, bytes }) => ({ at, bytes: bytes.view() }));
    this.#pieces = [];
    this.length = 0;
    return pieces;
  }
}
