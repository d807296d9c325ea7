// TLS on the hot path (RFC 8446 §5, RFC 5246 §6): cuts both directions into records, and finds records again where the
// capture begins late or has gaps. What records do to the connection is connection.ts, what one means to a person is
// detail.ts. The core has no cryptography: keys come from a TlsHost.
import type { Dissector, RecordSink } from '../../protocol.ts';
import { Direction, Level } from '../../record.ts';
import { type OpenInner, TlsConnection } from './connection.ts';
import {
  Content,
  TlsFlag as Flag,
  MAX_BODY_BYTES,
  TlsNote as Note,
  RECORD_HEADER_BYTES,
  recordType,
  TLS_ID,
  TlsType,
} from './format.ts';
import type { TlsHost } from './host.ts';
import { State, TlsSide } from './side.ts';

/** Raw bytes are cut into records of this size. */
const RAW_RECORD_BYTES = 65_536;

/** Whether `start`, the first bytes of a direction as characters, begins like TLS; undefined if it is too short to tell. */
export function beginsTls(start: string): boolean | undefined {
  const header = new Uint8Array(RECORD_HEADER_BYTES);
  // What is missing is taken for what would fit.
  header.set([Content.handshake, 3, 1, 0, 1]);
  for (let i = 0; i < Math.min(start.length, RECORD_HEADER_BYTES); i++) header[i] = start.charCodeAt(i);
  if (start.length === RECORD_HEADER_BYTES - 1 && header[3] !== 0) header[4] = 0;
  if (!isPlausible(header)) return false;
  return start.length < RECORD_HEADER_BYTES ? undefined : true;
}

/** Whether a record may begin with this header. */
function isPlausible(header: Uint8Array): boolean {
  const [type, major, minor] = header as unknown as [number, number, number];
  const length = bodyLengthOf(header);
  const isKnown = type >= Content.changeCipherSpec && type <= Content.applicationData && major === 3 && minor <= 4;
  return isKnown && length > 0 && length <= MAX_BODY_BYTES;
}

function bodyLengthOf(header: Uint8Array): number {
  return (header[3]! << 8) | header[4]!;
}

/** Dissects a connection that speaks TLS, from its start or joined later; `openInner` what is decrypted. Without a host nothing is. */
export function openTls(sink: RecordSink, host: TlsHost | undefined, openInner: OpenInner): Dissector {
  return new TlsDissector(sink, host, openInner);
}

class TlsDissector implements Dissector {
  readonly #sink: RecordSink;
  readonly #client = new TlsSide(Direction.clientToServer);
  readonly #server = new TlsSide(Direction.serverToClient);
  readonly #connection: TlsConnection;

  constructor(sink: RecordSink, host: TlsHost | undefined, openInner: OpenInner) {
    this.#sink = sink;
    this.#connection = new TlsConnection(sink, host, openInner, this.#client, this.#server);
  }

  #side(direction: Direction): TlsSide {
    return direction === Direction.clientToServer ? this.#client : this.#server;
  }

  push(direction: Direction, chunk: Uint8Array, at: number): void {
    const side = this.#side(direction);
    for (let i = 0; i < chunk.length; ) {
      if (side.state === State.header) i = this.#readHeader(side, chunk, i, at);
      else if (side.state === State.search) this.#search(side, chunk[i++]!, at);
      else i = this.#readBody(side, chunk, i, at);
    }
  }

  gap(direction: Direction, length: number, at: number): void {
    const side = this.#side(direction);
    const isInside = side.state === State.body || side.state === State.lost;
    if (isInside && length <= side.remaining) {
      // The record goes on behind the gap; only its content is unknown.
      side.state = State.lost;
      side.body.clear();
      side.remaining -= length;
      side.offset += length;
      side.pendingNotes |= Note.gap;
      if (side.remaining === 0) this.#finish(side, undefined, at);
      return;
    }
    this.#flush(side, at);
    side.offset += length;
    side.pendingNotes |= Note.gap;
    side.state = State.search;
    side.begun = true;
    this.#connection.lost(side, length, at);
  }

  end(direction: Direction, at: number): void {
    const side = this.#side(direction);
    this.#flush(side, at);
    this.#connection.end(side, at);
  }

  #readHeader(side: TlsSide, chunk: Uint8Array, from: number, at: number): number {
    const taken = Math.min(RECORD_HEADER_BYTES - side.headerHave, chunk.length - from);
    side.header.set(chunk.subarray(from, from + taken), side.headerHave);
    side.headerHave += taken;
    side.offset += taken;
    if (side.headerHave === RECORD_HEADER_BYTES) this.#beginRecord(side, at);
    return from + taken;
  }

  #beginRecord(side: TlsSide, at: number): void {
    const [type, major] = side.header as unknown as [number, number];
    if (type < Content.changeCipherSpec || type > Content.heartbeat || major !== 3) {
      // These bytes are raw; a record may begin anywhere behind the first of them.
      side.state = State.search;
      this.#shift(side, at);
      return;
    }
    side.bodyLength = bodyLengthOf(side.header);
    side.remaining = side.bodyLength;
    side.state = this.#connection.wantsBody(side, type) ? State.body : State.lost;
    if (side.remaining === 0) this.#finish(side, new Uint8Array(0), at);
  }

  #readBody(side: TlsSide, chunk: Uint8Array, from: number, at: number): number {
    const taken = Math.min(side.remaining, chunk.length - from);
    const piece = chunk.subarray(from, from + taken);
    side.remaining -= taken;
    side.offset += taken;
    if (side.state === State.body && taken < side.bodyLength) side.body.append(piece);
    if (side.remaining > 0) return from + taken;
    if (side.state === State.lost) this.#finish(side, undefined, at);
    else this.#finish(side, taken === side.bodyLength ? piece : side.body.view(), at);
    return from + taken;
  }

  /** The record in progress is complete. `body`: undefined if it was not read. */
  #finish(side: TlsSide, body: Uint8Array | undefined, at: number): void {
    this.#connection.record(side, side.bodyLength, body, at);
    side.body.clear();
    side.headerHave = 0;
    side.state = State.header;
  }

  /** One more byte of what may be anything: a record begins where five bytes look like its header. */
  #search(side: TlsSide, byte: number, at: number): void {
    side.header[side.headerHave++] = byte;
    side.offset++;
    if (side.headerHave < RECORD_HEADER_BYTES) return;
    if (!isPlausible(side.header)) {
      this.#shift(side, at);
      return;
    }
    this.#commitRaw(side, RECORD_HEADER_BYTES, at);
    this.#beginRecord(side, at);
  }

  /** The first byte of the header is none. */
  #shift(side: TlsSide, at: number): void {
    side.header.copyWithin(0, 1);
    side.headerHave--;
    side.rawLength++;
    if (side.rawLength === RAW_RECORD_BYTES) this.#commitRaw(side, side.headerHave, at);
  }

  /** The raw bytes that end `behind` bytes before the current offset. */
  #commitRaw(side: TlsSide, behind: number, at: number): void {
    if (side.rawLength === 0) return;
    this.#commit(side, TlsType.raw, side.offset - behind - side.rawLength, side.rawLength, Note.unreadable, 0, at);
    side.rawLength = 0;
  }

  /** Nothing more comes, or not what follows: what is incomplete becomes a truncated record. */
  #flush(side: TlsSide, at: number): void {
    if (side.state === State.body || side.state === State.lost) {
      const length = RECORD_HEADER_BYTES + side.bodyLength - side.remaining;
      const type = side.header[0]!;
      this.#commit(side, recordType(type), side.offset - length, length, Note.truncated, type | Flag.truncated, at);
    } else {
      side.rawLength += side.headerHave;
      this.#commitRaw(side, 0, at);
    }
    side.body.clear();
    side.headerHave = 0;
    side.state = State.header;
  }

  /** A record that does nothing to the connection. */
  #commit(side: TlsSide, type: number, start: number, length: number, notes: number, flags: number, at: number): void {
    const { draft } = this.#sink;
    draft.at = at;
    draft.protocol = TLS_ID;
    draft.type = type;
    draft.direction = side.direction;
    draft.levels = Level.frame;
    draft.start = start;
    draft.length = length;
    draft.size = type === TlsType.raw ? length : Math.max(0, length - RECORD_HEADER_BYTES);
    draft.flags = flags;
    draft.notes = notes | side.pendingNotes;
    side.pendingNotes = 0;
    this.#sink.commit();
  }
}
