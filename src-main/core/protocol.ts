// The dissector interface. Dissectors are sans-IO and pure: no sockets, no timers, no clock of their own. They never
// throw, never change or keep a chunk, and every byte ends up in some record. What cannot be parsed becomes a note.
import type { InflateBudget } from './dissect/inflated-bytes.ts';
import type { Detail, FieldDefinition, FieldValue, NoteDefinition } from './field.ts';
import type { Direction, RecordDraft, TimelineRecord } from './record.ts';
import type { TypeRegistry } from './schema.ts';

/** Where a dissector puts what it found. One per connection. */
export interface RecordSink {
  /** The next record. Fill it, then commit(). The same object every time: the hot path allocates nothing. */
  readonly draft: RecordDraft;
  /** Appends the draft as a record, resets the draft, and returns the record's seq. */
  commit(): number;
  /** Keeps bytes that cannot be recomputed from the record's own (an inflated message). Returns `TimelineRecord.derived`. */
  derive(bytes: Uint8Array): number;
  /** Memory for inflating; the same for all connections of a capture. */
  readonly inflateBudget: InflateBudget;
}

/** The hot path: one per connection, sees both directions. */
export interface Dissector {
  /** The next bytes of a direction. `at`: microseconds since the Unix epoch. The chunk is only lent. */
  push(direction: Direction, chunk: Uint8Array, at: number): void;
  /** `length` bytes of a direction are missing from the capture (a gap in an imported file). */
  gap(direction: Direction, length: number, at: number): void;
  /** The direction has ended (FIN, RST, end of the capture): what is incomplete becomes a truncated record. */
  end(direction: Direction, at: number): void;
}

/** What somebody looks at: a record and lazy access to the bytes it came from. */
export interface RecordView {
  readonly record: TimelineRecord;
  /** The record's wire bytes, at most `limit` of them. */
  bytes(limit?: number): Uint8Array;
  /** What was kept with RecordSink.derive, or undefined. */
  derived(limit?: number): Uint8Array | undefined;
  /** Another record of the same capture (the ping of a pong), or undefined. */
  at(seq: number): RecordView | undefined;
  /** Message types that are known, to name the fields of protobuf messages with. */
  readonly types?: TypeRegistry;
}

/** The application's bytes of a record. */
export interface Payload {
  bytes: Uint8Array;
  /** How many there are in all when `bytes` was cut to the limit. */
  total: number;
  /** The protocol says these bytes are text. */
  text: boolean;
  /** Full name of the protobuf message the bytes are, if the record tells and the type is known: then `types` has it. */
  messageType?: string;
  types?: TypeRegistry;
}

/** The looking path: what a record means, in words and fields. Pure functions of a RecordView. */
export interface Protocol {
  /** Stored in the index; fixed for ever. 0 event, 1 http, 2 websocket, 3 tcp, 4 udp, 5 tls, 6 http2, 7 grpc. */
  readonly id: number;
  /** Wireshark's filter name: `websocket`. */
  readonly name: string;
  /** For a person: `WebSocket`. */
  readonly label: string;
  /** The word for each `TimelineRecord.type`: `text`, `ping`. */
  readonly types: readonly string[];
  /** At most 32. */
  readonly notes: readonly NoteDefinition[];
  readonly fields: readonly FieldDefinition[];
  /**
   * Those of `fields` that the record's numbers alone can tell, so that a filter over them reads no bytes. undefined:
   * the record has no such field. Must agree with detail().
   */
  readonly quick?: { readonly [field: string]: (record: TimelineRecord) => FieldValue | undefined };
  /** One line for the timeline, from a bounded read; at most about 200 characters, no line breaks. */
  summary(view: RecordView): string;
  /** Field tree and byte sources. `limit`: bytes a source may hold. */
  detail(view: RecordView, limit: number): Detail;
  /** What the application receives, or undefined (a control frame without data, an event). */
  payload(view: RecordView, limit: number): Payload | undefined;
}

/** How a TCP byte stream without a protocol of its own is cut into messages. */
export type Framing =
  | { kind: 'none' }
  | { kind: 'lines' }
  | { kind: 'delimiter'; delimiter: Uint8Array }
  | { kind: 'length-prefix'; bytes: 1 | 2 | 4 | 8; littleEndian: boolean; includesItself: boolean }
  | { kind: 'fixed'; length: number };

/**
 * What a connection's bytes are taken for. `auto` looks at the first bytes: an HTTP head, the preface of HTTP/2 or its
 * server's SETTINGS, a record of TLS (and then at the first bytes inside), else plain TCP. `late`: the connection was open
 * before the first bytes that were seen, so that any frame of HTTP/2 may be first.
 */
export type DissectAs =
  | { protocol: 'auto'; late?: true }
  | { protocol: 'http' }
  | { protocol: 'http2' }
  | { protocol: 'websocket' }
  | { protocol: 'tls' }
  | { protocol: 'tcp'; framing: Framing }
  | { protocol: 'udp' };
