// What is kept of HTTP/2 frames that cannot be read from their own bytes: header lists with the state of the dynamic table,
// and flow-control windows.
import { NONE } from '../../record.ts';
import { KeptReader, KeptWriter } from '../kept-bytes.ts';
import { type HeaderBlock, type HeaderItem, Representation } from './hpack.ts';
import { DynamicTable } from './hpack-table.ts';

/** A decoded header block as it is looked at. */
export interface KeptHeaders {
  items: HeaderItem[];
  /** Headers that were left out. */
  omitted: number;
  /** The dynamic table behind the block. */
  tableCount: number;
  tableBytes: number;
  tableMaximumBytes: number;
  /** The block of this direction that last put something into the table before this one, by seq, or NONE. */
  insertedBefore: number;
  /** The block put together from several frames; empty if one frame has it all. */
  block: Uint8Array;
}

/** A list is never longer: 256 KiB of headers and their numbers, 1 MiB of block. */
export const MAX_KEPT_BYTES = 2_097_152;
const UNKNOWN = 8;

const writer = new KeptWriter();

/** @param block the bytes of a block of several frames, else empty */
export function encodeHeaders(
  { items, omitted }: HeaderBlock,
  table: DynamicTable,
  insertedBefore: number,
  block: Uint8Array,
): Uint8Array {
  writer.start();
  writer.number(table.count);
  writer.number(table.sizeBytes);
  writer.number(table.maximumBytes);
  writer.number(insertedBefore - NONE);
  writer.number(omitted);
  writer.bytes(block);
  writer.number(items.length);
  for (const item of items) {
    writer.number(item.representation | (item.unknown ? UNKNOWN : 0));
    writer.number(item.index);
    writer.number(item.length);
    if (item.representation === Representation.sizeUpdate) continue;
    writer.text(item.name);
    writer.text(item.value);
  }
  return writer.take();
}

/** A header list that did not travel in HPACK. */
export function encodeList(items: HeaderItem[]): Uint8Array {
  return encodeHeaders({ items, omitted: 0, faults: 0, inserted: 0 }, new DynamicTable(0), NONE, new Uint8Array(0));
}

/** The inverse of encodeHeaders; of damaged bytes, what can be read. */
export function decodeHeaders(bytes: Uint8Array): KeptHeaders {
  const reader = new KeptReader(bytes);
  const kept: KeptHeaders = {
    items: [],
    tableCount: reader.number(),
    tableBytes: reader.number(),
    tableMaximumBytes: reader.number(),
    insertedBefore: reader.number() + NONE,
    omitted: reader.number(),
    block: reader.bytes(),
  };
  let start = 0;
  for (let left = reader.number(); left > 0 && !reader.ended; left--) {
    const kind = reader.number();
    const representation = kind & 7;
    const index = reader.number();
    const length = reader.number();
    const isHeader = representation !== Representation.sizeUpdate;
    const name = isHeader ? reader.text() : '';
    const value = isHeader ? reader.text() : '';
    kept.items.push({ representation, name, value, index, start, length, unknown: (kind & UNKNOWN) !== 0 });
    start += length;
  }
  return kept;
}

/** Windows of a sender before a frame. */
export interface Windows {
  connectionBytes: number;
  /** undefined for a frame of the connection. */
  streamBytes: number | undefined;
}

const WINDOWS_BYTES = 8;
const NO_STREAM = -0x8000_0000;
/** A sender that does not care is not followed further down. */
const LEAST_WINDOW_BYTES = -0x7fff_ffff;
const windows = new DataView(new ArrayBuffer(WINDOWS_BYTES));
const windowsBytes = new Uint8Array(windows.buffer);

/** Eight bytes, the same every time: whoever keeps them copies them. */
export function encodeWindows({ connectionBytes, streamBytes }: Windows): Uint8Array {
  windows.setInt32(0, Math.max(connectionBytes, LEAST_WINDOW_BYTES));
  windows.setInt32(4, streamBytes === undefined ? NO_STREAM : Math.max(streamBytes, LEAST_WINDOW_BYTES));
  return windowsBytes;
}

/** The inverse of encodeWindows; undefined for bytes that are none. */
export function decodeWindows(bytes: Uint8Array | undefined): Windows | undefined {
  if (bytes?.length !== WINDOWS_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, WINDOWS_BYTES);
  const streamBytes = view.getInt32(4);
  return { connectionBytes: view.getInt32(0), streamBytes: streamBytes === NO_STREAM ? undefined : streamBytes };
}
