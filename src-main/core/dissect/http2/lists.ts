// Header blocks → header lists of streams: decodes a block, judges it, and keeps the list for the looking path. Calls of one
// kind send the same few blocks over and over: those are decoded and kept once, as long as the dynamic table stays as it is.
import type { RecordSink } from '../../protocol.ts';
import { Direction, NONE } from '../../record.ts';
import { type CallHeaders, readCallHeaders } from '../grpc/rules.ts';
import { Http2Note as Note } from './format.ts';
import { type HeaderBlock, type HeaderItem, headerValue } from './hpack.ts';
import { encodeHeaders } from './kept.ts';
import { hpackNotes, isMalformed, type ListKind, listKind } from './rules.ts';
import type { Side } from './side.ts';
import type { Http2Stream, StreamHalf } from './streams.ts';

/** Notes on a block whose headers are not all known. */
const INCOMPLETE = Note.hpackIndex | Note.hpackInteger | Note.hpackString | Note.limit | Note.inferred;
const NOTHING = new Uint8Array(0);

export interface HeaderList {
  items: readonly HeaderItem[];
  kind: ListKind;
  /** A 1xx answer, with the real one to come. */
  isInterim: boolean;
  /** Notes on the block and on the list. */
  notes: number;
  /** Where the list is kept; NONE if the block could not be read. */
  derived: number;
  /** It put something into the dynamic table. */
  inserts: boolean;
  /** What it says to gRPC, once somebody has asked. */
  call: CallHeaders | undefined;
}

/** What a list says to gRPC. */
export function callHeaders(list: HeaderList): CallHeaders {
  list.call ??= readCallHeaders(list.items);
  return list.call;
}

/** Longer blocks are not remembered, nor are more of them. */
const MAX_REMEMBERED_BYTES = 512;
const MAX_REMEMBERED = 64;

/** Lists of one direction by their blocks, as long as these mean the same. */
export class ListMemory {
  readonly #lists = new Map<number, { bytes: Uint8Array; list: HeaderList }>();
  #version: number | undefined;

  /** The list of the block `from`…`to`, if it was remembered with this version of the table (HpackDecoder.version). */
  find(bytes: Uint8Array, from: number, to: number, version: number | undefined): HeaderList | undefined {
    if (version === undefined || version !== this.#version) return undefined;
    const known = this.#lists.get(hashOf(bytes, from, to));
    return known && isSame(known.bytes, bytes, from, to) ? known.list : undefined;
  }

  /** Remembers a list that has left the table as it was. */
  remember(bytes: Uint8Array, from: number, to: number, version: number, list: HeaderList): void {
    if (to - from > MAX_REMEMBERED_BYTES) return;
    if (version !== this.#version || this.#lists.size === MAX_REMEMBERED) this.#lists.clear();
    this.#version = version;
    this.#lists.set(hashOf(bytes, from, to), { bytes: bytes.slice(from, to), list });
  }
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  if (to - from > MAX_REMEMBERED_BYTES) return 0;
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash;
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}

/**
 * Reads the header block that ends with the frame in progress.
 * @param bytes of the frame
 * @param stream that the list is for; undefined for a promised one, or none
 */
export function readList(sink: RecordSink, side: Side, bytes: Uint8Array, stream: Http2Stream | undefined): HeaderList {
  const { block, hpack, lists } = side;
  if (block.cut) {
    hpack.forget();
    return brokenList(kindOf(side, stream, []));
  }
  if (block.frames > 0) {
    const collected = block.view();
    return newList(sink, side, hpack.decode(collected, 0, collected.length), collected, stream);
  }
  const { contentFrom: from, contentTo: to } = side;
  const { version } = hpack;
  const known = lists.find(bytes, from, to, version);
  if (known && known.kind === kindOf(side, stream, known.items)) return known;
  const list = newList(sink, side, hpack.decode(bytes, from, to), NOTHING, stream);
  if (version !== undefined && version === hpack.version) lists.remember(bytes, from, to, version, list);
  return list;
}

function kindOf(side: Side, stream: Http2Stream | undefined, items: readonly HeaderItem[]): ListKind {
  if (!stream) return 'request';
  const half: StreamHalf = stream.half(side.direction);
  return listKind(half, side.direction === Direction.clientToServer, stream.late, items);
}

function brokenList(kind: ListKind): HeaderList {
  return { items: [], kind, isInterim: false, notes: 0, derived: NONE, inserts: false, call: undefined };
}

/** @param collected the bytes of a block of several frames, else empty */
function newList(
  sink: RecordSink,
  side: Side,
  decoded: HeaderBlock,
  collected: Uint8Array,
  stream: Http2Stream | undefined,
): HeaderList {
  const { items, faults, inserted } = decoded;
  const kind = kindOf(side, stream, items);
  let notes = hpackNotes(faults);
  if (isMalformed(items, kind, (notes & INCOMPLETE) === 0)) notes |= Note.malformedHeaders;
  return {
    items,
    kind,
    isInterim: kind === 'response' && headerValue(items, ':status')?.charAt(0) === '1',
    notes,
    derived: sink.derive(encodeHeaders(decoded, side.hpack.table, side.insertedAt, collected)),
    inserts: inserted > 0,
    call: undefined,
  };
}
