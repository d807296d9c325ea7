// HPACK (RFC 7541): the header blocks of one direction of a connection → header lists. Bounded in what it keeps and hands
// out, and never stuck: what a block refers to but was not seen becomes a placeholder, the rest is still resolved.
import { latin1 } from '../bytes.ts';
import { decodeHuffman } from './hpack-huffman.ts';
import { DynamicTable, ENTRY_OVERHEAD_BYTES, STATIC_TABLE, type TableEntry } from './hpack-table.ts';

/** How a header stands in its block (RFC 7541 §6). `sizeUpdate` is no header: it changes the dynamic table. */
export const Representation = {
  indexed: 0,
  incremental: 1,
  withoutIndexing: 2,
  neverIndexed: 3,
  sizeUpdate: 4,
} as const;

/** One header of a block, or one size update. */
export interface HeaderItem {
  /** One of `Representation`. */
  representation: number;
  /** As one character for each byte; UNKNOWN_TEXT where it cannot be known; '' for a size update. */
  name: string;
  value: string;
  /** The index that names it, 0 for a new name; the new size for a size update. */
  index: number;
  /** Bytes within the block. */
  start: number;
  length: number;
  /** The name, or of an indexed header the value too, could not be resolved. */
  unknown: boolean;
}

/** What can be wrong with a block, as bits of `HeaderBlock.faults`. */
export const HpackFault = {
  /** Index 0, or one beyond both tables (RFC 7541 §2.3.3, §6.1). */
  index: 1,
  /** An integer above 32 bits or cut off (§5.1). */
  integer: 2,
  /** A string that is cut off, or whose Huffman code or padding is broken (§5.2). */
  string: 4,
  /** A size update above the limit, behind a header, or missing (§4.2, §6.3). */
  tableSize: 8,
  /** The list or the table is beyond our own limits. */
  limit: 16,
  /** A reference to what was not seen. No fault of the sender. */
  unseen: 32,
} as const;

/** A decoded header block. */
export interface HeaderBlock {
  items: HeaderItem[];
  /** Headers left out of `items` because the list is beyond MAX_LIST_BYTES. */
  omitted: number;
  /** Bits of HpackFault. */
  faults: number;
  /** Headers that were to enter the dynamic table. */
  inserted: number;
}

/** Stands for names and values that were not seen. */
export const UNKNOWN_TEXT = '<unknown>';

/** What a decoder allows before any SETTINGS (RFC 9113 §6.5.2). */
const DEFAULT_TABLE_BYTES = 4096;
/** A header list may take so many bytes, counted as in RFC 9113 §6.5.2. */
export const MAX_LIST_BYTES = 262_144;
/** A larger dynamic table is kept only in part. */
const MAX_TABLE_BYTES = 1_048_576;
/** A table whose true size is not known keeps more than it might have to: entries that are gone are never referred to. */
const LATE_TABLE_BYTES = 65_536;
/** An integer needs at most so many bytes after its first (RFC 7541 §5.1); more are only leading zeros. */
const MAX_INTEGER_BYTES = 5;
/** What an integer that cannot be read stands as. */
const BROKEN = -1;

const PLACEHOLDER: TableEntry = { name: UNKNOWN_TEXT, value: UNKNOWN_TEXT, unknown: true };

export class HpackDecoder {
  readonly table = new DynamicTable(DEFAULT_TABLE_BYTES);
  /** Entries from before what was seen may be referred to. */
  #late = false;
  #limitBytes = DEFAULT_TABLE_BYTES;
  /** The limit went below the table's size: the next block must begin with a size update (RFC 7541 §4.2). */
  #updateDue = false;

  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #faults = 0;

  /** The encoder has acknowledged the receiver's SETTINGS_HEADER_TABLE_SIZE; infinite if that was not seen. */
  limit(sizeBytes: number): void {
    this.#limitBytes = sizeBytes;
    if (!this.#late && sizeBytes < this.table.maximumBytes) this.#updateDue = true;
  }

  /**
   * A number that changes whenever the same bytes may come to mean something else: while it stays the same, a block need
   * not be decoded again. undefined: the next block has to be decoded in any case.
   */
  get version(): number | undefined {
    return this.#updateDue ? undefined : this.table.version;
  }

  /** Blocks were missed: entries that are not in the table may be referred to, and those that are cannot be found. */
  forget(): void {
    this.table.clear();
    this.table.resize(Math.max(this.table.maximumBytes, LATE_TABLE_BYTES));
    this.#late = true;
    this.#updateDue = false;
  }

  /** Decodes the block `from`…`to` of `bytes`, which are only lent. */
  decode(bytes: Uint8Array, from: number, to: number): HeaderBlock {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
    this.#faults = 0;
    const block: HeaderBlock = { items: [], omitted: 0, faults: 0, inserted: 0 };
    let listBytes = 0;
    let headers = 0;
    while (this.#at < to) {
      const start = this.#at;
      const item = this.#item(headers > 0);
      if (!item) {
        // Where the next header begins is lost, and with it what would have entered the table.
        this.forget();
        break;
      }
      if (item.representation !== Representation.sizeUpdate) headers++;
      if (item.representation === Representation.incremental) block.inserted++;
      item.start = start - from;
      item.length = this.#at - start;
      listBytes += item.name.length + item.value.length + ENTRY_OVERHEAD_BYTES;
      if (listBytes <= MAX_LIST_BYTES) block.items.push(item);
      else block.omitted++;
    }
    if (block.omitted > 0) this.#faults |= HpackFault.limit;
    block.faults = this.#faults;
    this.#bytes = bytes.subarray(0, 0);
    return block;
  }

  /** The next header or size update; undefined if it cannot be read to its end. */
  #item(behindHeader: boolean): HeaderItem | undefined {
    const first = this.#bytes[this.#at]!;
    if ((first & 0x80) !== 0) return this.#indexed();
    if ((first & 0xe0) === 0x20) return this.#sizeUpdate(behindHeader);
    this.#missUpdate();
    if ((first & 0x40) !== 0) return this.#literal(Representation.incremental, 0x3f);
    return this.#literal((first & 0x10) !== 0 ? Representation.neverIndexed : Representation.withoutIndexing, 0x0f);
  }

  #indexed(): HeaderItem | undefined {
    this.#missUpdate();
    const index = this.#integer(0x7f);
    if (index === BROKEN) return undefined;
    const { name, value, unknown } = this.#entry(index);
    return { representation: Representation.indexed, name, value, index, start: 0, length: 0, unknown };
  }

  #literal(representation: number, prefix: number): HeaderItem | undefined {
    const index = this.#integer(prefix);
    if (index === BROKEN) return undefined;
    const referred = index === 0 ? undefined : this.#entry(index);
    const name = referred ? referred.name : this.#string();
    if (name === undefined) return undefined;
    const value = this.#string();
    if (value === undefined) return undefined;
    const unknown = referred?.unknown ?? false;
    if (representation === Representation.incremental) this.table.insert({ name, value, unknown });
    return { representation, name, value, index, start: 0, length: 0, unknown };
  }

  #sizeUpdate(behindHeader: boolean): HeaderItem | undefined {
    const sizeBytes = this.#integer(0x1f);
    if (sizeBytes === BROKEN) return undefined;
    if (behindHeader || sizeBytes > this.#limitBytes) this.#faults |= HpackFault.tableSize;
    this.#updateDue = false;
    // An emptied table is known again, whatever was in it.
    if (sizeBytes === 0) this.#late = false;
    if (sizeBytes > MAX_TABLE_BYTES) {
      this.#faults |= HpackFault.limit;
      this.#late = true;
    }
    this.table.resize(Math.min(sizeBytes, MAX_TABLE_BYTES));
    const representation = Representation.sizeUpdate;
    return { representation, name: '', value: '', index: sizeBytes, start: 0, length: 0, unknown: false };
  }

  /** A header stands where a size update was due. */
  #missUpdate(): void {
    if (!this.#updateDue) return;
    this.#faults |= HpackFault.tableSize;
    this.#updateDue = false;
  }

  /** What an index refers to (RFC 7541 §2.3.3), or a placeholder. */
  #entry(index: number): TableEntry {
    if (index > 0) {
      const entry = STATIC_TABLE[index - 1] ?? this.table.entry(index - 1 - STATIC_TABLE.length);
      if (entry?.unknown) this.#faults |= HpackFault.unseen;
      if (entry) return entry;
    }
    this.#faults |= index > 0 && this.#late ? HpackFault.unseen : HpackFault.index;
    return PLACEHOLDER;
  }

  /** An integer whose first byte has the bits of `prefix` for it (RFC 7541 §5.1), or BROKEN. */
  #integer(prefix: number): number {
    const bytes = this.#bytes;
    let value = bytes[this.#at++]! & prefix;
    if (value < prefix) return value;
    let factor = 1;
    for (let count = 0; this.#at < this.#end && count <= MAX_INTEGER_BYTES; count++) {
      const byte = bytes[this.#at++]!;
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (value > 0xffff_ffff) break;
      if (byte < 0x80) return value;
    }
    this.#faults |= HpackFault.integer;
    return BROKEN;
  }

  /** A string (RFC 7541 §5.2), or undefined if it is cut off. */
  #string(): string | undefined {
    if (this.#at >= this.#end) {
      this.#faults |= HpackFault.string;
      return undefined;
    }
    const isHuffman = this.#bytes[this.#at]! >= 0x80;
    const length = this.#integer(0x7f);
    if (length === BROKEN) return undefined;
    const from = this.#at;
    if (length > this.#end - from) {
      this.#faults |= HpackFault.string;
      return undefined;
    }
    this.#at = from + length;
    if (!isHuffman) return latin1(this.#bytes, from, this.#at);
    const { text, valid } = decodeHuffman(this.#bytes, from, this.#at);
    if (!valid) this.#faults |= HpackFault.string;
    return text;
  }
}

/** The value of the first header of this name, or undefined if there is none or it is not known. */
export function headerValue(headers: readonly HeaderItem[], name: string): string | undefined {
  for (const item of headers) if (item.name === name && !item.unknown) return item.value;
  return undefined;
}
