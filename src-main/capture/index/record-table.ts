// The timeline's rows as fixed-width numbers: 64 bytes a record, one cache line. The newest segment is in memory, full
// ones are in the index file and are read back by pages, so memory does not depend on how many records there are.
import { type Direction, type Layer, NONE, type RecordDraft, type TimelineRecord } from '../../core/record.ts';
import type { ByteStore } from '../storage/byte-store.ts';

const ROW_BYTES = 64;
const SEGMENT_ROWS = 16_384;
const SEGMENT_SHIFT = 14;
const NO_LINK = 0xffff_ffff;

// Row: f64 at, start, length, size, derived · u32 connection, stream, flags, notes, link · u8 protocol, type, direction
// and (from bit 4) layer, levels.
const F64 = { at: 0, start: 1, length: 2, size: 3, derived: 4 } as const;
const U32 = { connection: 10, stream: 11, flags: 12, notes: 13, link: 14 } as const;
const LAYER_SHIFT = 4;
const DIRECTION_MASK = 0x0f;
const U8 = { protocol: 60, type: 61, direction: 62, levels: 63 } as const;

class Rows {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly f64: Float64Array;
  readonly u32: Uint32Array;

  constructor(rows: number) {
    const buffer = new ArrayBuffer(rows * ROW_BYTES);
    this.bytes = new Uint8Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.u32 = new Uint32Array(buffer);
  }
}

export class RecordTable {
  readonly #store: ByteStore;
  /** Where each full segment begins in the store. */
  readonly #segments: number[];
  readonly #row = new Rows(1);
  #tail = new Rows(256);
  #tailStart = 0;
  #count = 0;

  /** With `segments` and `count`: a closed table, whose rows are all in the store. */
  constructor(store: ByteStore, segments: number[] = [], count = 0) {
    this.#store = store;
    this.#segments = segments;
    this.#count = count;
    this.#tailStart = count;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a row and returns its number. */
  append(connection: number, draft: RecordDraft): number {
    const seq = this.#count++;
    const index = seq - this.#tailStart;
    let tail = this.#tail;
    if (index * ROW_BYTES === tail.bytes.length) tail = this.#grow();
    const f64 = tail.f64;
    const u32 = tail.u32;
    const f = index * 8;
    const u = index * 16;
    f64[f + F64.at] = draft.at;
    f64[f + F64.start] = draft.start;
    f64[f + F64.length] = draft.length;
    f64[f + F64.size] = draft.size;
    f64[f + F64.derived] = draft.derived;
    u32[u + U32.connection] = connection;
    u32[u + U32.stream] = draft.stream;
    u32[u + U32.flags] = draft.flags;
    u32[u + U32.notes] = draft.notes;
    u32[u + U32.link] = draft.link;
    const direction = draft.direction | (draft.layer << LAYER_SHIFT);
    u32[u + 15] = draft.protocol | (draft.type << 8) | (direction << 16) | (draft.levels << 24);
    if (index === SEGMENT_ROWS - 1) this.#seal();
    return seq;
  }

  /** The row `seq`; numbers that are no record give an empty row. */
  read(seq: number): TimelineRecord {
    const { rows, index } = this.#find(seq);
    const f = index * 8;
    const u = index * 16;
    const b = index * ROW_BYTES;
    return {
      seq,
      at: rows.f64[f + F64.at]!,
      connection: rows.u32[u + U32.connection]!,
      stream: rows.u32[u + U32.stream]!,
      protocol: rows.bytes[b + U8.protocol]!,
      type: rows.bytes[b + U8.type]!,
      direction: (rows.bytes[b + U8.direction]! & DIRECTION_MASK) as Direction,
      levels: rows.bytes[b + U8.levels]!,
      layer: (rows.bytes[b + U8.direction]! >>> LAYER_SHIFT) as Layer,
      start: rows.f64[f + F64.start]!,
      length: rows.f64[f + F64.length]!,
      size: rows.f64[f + F64.size]!,
      flags: rows.u32[u + U32.flags]!,
      notes: rows.u32[u + U32.notes]!,
      link: linkOf(rows.u32[u + U32.link]!),
      derived: rows.f64[f + F64.derived]!,
    };
  }

  /** Level bits, connection and link of a row, without making an object of it. */
  levels(seq: number): number {
    const { rows, index } = this.#find(seq);
    return rows.bytes[index * ROW_BYTES + U8.levels]!;
  }

  connection(seq: number): number {
    const { rows, index } = this.#find(seq);
    return rows.u32[index * 16 + U32.connection]!;
  }

  link(seq: number): number {
    const { rows, index } = this.#find(seq);
    return linkOf(rows.u32[index * 16 + U32.link]!);
  }

  /** Puts the partial segment into the store; the table is then complete. Returns where the segments begin. */
  close(): readonly number[] {
    const rows = this.#count - this.#tailStart;
    if (rows > 0) this.#segments.push(this.#store.append(this.#tail.bytes.subarray(0, rows * ROW_BYTES)));
    this.#tailStart = this.#count;
    return this.#segments;
  }

  #found = { rows: this.#row, index: 0 };

  #find(seq: number): { rows: Rows; index: number } {
    const found = this.#found;
    if (seq >= this.#tailStart && seq < this.#count) {
      found.rows = this.#tail;
      found.index = seq - this.#tailStart;
      return found;
    }
    found.rows = this.#row;
    found.index = 0;
    const segment = this.#segments[seq >>> SEGMENT_SHIFT];
    const got =
      segment === undefined || seq >= this.#count
        ? 0
        : this.#store.read(segment + (seq & (SEGMENT_ROWS - 1)) * ROW_BYTES, this.#row.bytes);
    if (got < ROW_BYTES) this.#row.bytes.fill(0);
    return found;
  }

  #grow(): Rows {
    const rows = new Rows((this.#tail.bytes.length / ROW_BYTES) * 4);
    rows.bytes.set(this.#tail.bytes);
    this.#tail = rows;
    return rows;
  }

  #seal(): void {
    this.#segments.push(this.#store.append(this.#tail.bytes));
    this.#tailStart = this.#count;
  }
}

/** A link as it is stored, as records have it. */
function linkOf(stored: number): number {
  return stored === NO_LINK ? NONE : stored;
}
