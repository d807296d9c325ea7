// What a person reads about one record: named values with the bytes they were read from, and the remarks of a
// protocol's rules. Names are Wireshark's abbreviations wherever Wireshark has one.

export type Severity = 'info' | 'warning' | 'error';

/** A remark a protocol can make about a record; a record's `notes` bit n stands for the n-th of its protocol. */
export interface NoteDefinition {
  severity: Severity;
  /** One sentence, what is odd and what the rule is. */
  text: string;
  /** Where the rule stands, as `RFC 6455 §5.5`; '' if no document has it. */
  source: string;
}

export type FieldValue = string | number | bigint | boolean | null;

/** A named value and the bytes it was read from. */
export interface Field {
  /** Filter name, as `websocket.opcode`. */
  name: string;
  /** What a person reads, as `Opcode`. */
  label: string;
  value: FieldValue;
  /** The value for a person if it differs, as `1 text`. */
  display?: string;
  /** Index into `Detail.sources` of the bytes below; 0 (the wire) if absent. */
  source?: number;
  /** First byte within that source, and how many. length 0: not read from bytes (computed). */
  start: number;
  length: number;
  /** For values that share bytes with others: the bits, most significant first, as `0x80`. */
  mask?: number;
  children?: Field[];
}

/** Bytes a record can be looked at as: the wire, the unmasked payload, the inflated one, the whole message. */
export interface ByteSource {
  /** As `Wire`, `Unmasked`, `Inflated`, `Message`. */
  label: string;
  bytes: Uint8Array;
  /** How many there are in all when `bytes` was cut to a limit. */
  total: number;
}

/** Everything the inspector shows of a record. Made on demand, never stored. */
export interface Detail {
  fields: Field[];
  /** `sources[0]` is the wire. */
  sources: ByteSource[];
  /** Index into `sources` of what the application receives; absent where there is none (events). */
  payload?: number;
}

/** What a filter, its completion and `wirescope read --fields` may name. */
export interface FieldDefinition {
  name: string;
  label: string;
  type: 'number' | 'string' | 'bytes' | 'boolean';
}
