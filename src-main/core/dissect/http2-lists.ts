// Header blocks → header lists of streams: decodes a block, judges it, and keeps the list for the looking path.
import type { RecordSink } from '../protocol.ts';
import { Direction, NONE } from '../record.ts';
import { type HeaderItem, headerValue } from './hpack.ts';
import { Http2Note as Note } from './http2-format.ts';
import { encodeHeaders } from './http2-kept.ts';
import { hpackNotes, isMalformed, type ListKind, listKind } from './http2-rules.ts';
import type { Side } from './http2-side.ts';
import type { Http2Stream } from './http2-streams.ts';

/** Notes on a block whose headers are not all known. */
const INCOMPLETE = Note.hpackIndex | Note.hpackInteger | Note.hpackString | Note.headerLimit | Note.inferred;
const NOTHING = new Uint8Array(0);

export interface HeaderList {
  items: readonly HeaderItem[];
  kind: ListKind;
  /** A 1xx answer, with the real one to come. */
  isInterim: boolean;
  /** Where the list is kept; NONE if the block could not be read. */
  derived: number;
  /** It put something into the dynamic table. */
  inserts: boolean;
}

/**
 * Reads the header block that ends with the frame in progress, and adds to the frame's notes.
 * @param bytes of the frame
 * @param stream that the list is for; undefined for a promised one, or none
 */
export function readList(sink: RecordSink, side: Side, bytes: Uint8Array, stream: Http2Stream | undefined): HeaderList {
  const { block, hpack, direction } = side;
  const isClient = direction === Direction.clientToServer;
  const half = stream?.half(direction);
  const kindOf = (items: readonly HeaderItem[]): ListKind =>
    stream && half ? listKind(half, isClient, stream.late, items) : 'request';
  if (block.cut) {
    hpack.forget();
    return { items: [], kind: kindOf([]), isInterim: false, derived: NONE, inserts: false };
  }
  const collected = block.view();
  const isWhole = block.frames === 0;
  const decoded = isWhole
    ? hpack.decode(bytes, side.contentFrom, side.contentTo)
    : hpack.decode(collected, 0, collected.length);
  side.notes |= hpackNotes(decoded.faults);
  const { items } = decoded;
  const kind = kindOf(items);
  const lacksEnd = kind === 'trailers' && !block.endsStream;
  if (lacksEnd || isMalformed(items, kind, (side.notes & INCOMPLETE) === 0)) side.notes |= Note.malformedHeaders;
  return {
    items,
    kind,
    isInterim: kind === 'response' && headerValue(items, ':status')?.charAt(0) === '1',
    derived: sink.derive(encodeHeaders(decoded, hpack.table, side.insertedAt, isWhole ? NOTHING : collected)),
    inserts: decoded.inserted > 0,
  };
}
