// What a timeline is made of. A record is a handful of numbers, so that a million of them fit into fixed-width
// columns; everything a person reads about it (fields, hex, text) is made when somebody looks, from the bytes in
// the capture.

/** Who sent the bytes, whoever we are. */
export const Direction = { none: 0, clientToServer: 1, serverToClient: 2 } as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

export type DirectionName = 'client→server' | 'server→client';

/** The other way round; `none` stays `none`. */
export function opposite(direction: Direction): Direction {
  if (direction === Direction.none) return Direction.none;
  return direction === Direction.clientToServer ? Direction.serverToClient : Direction.clientToServer;
}

/** The word for a direction as files, filters and the interface spell it; '' for a record without one. */
export function directionName(direction: Direction): DirectionName | '' {
  if (direction === Direction.none) return '';
  return direction === Direction.clientToServer ? 'client→server' : 'server→client';
}

/** Which bytes of a direction a record is about: those on the wire, or those that TLS carried in them. */
export const Layer = { wire: 0, plaintext: 1 } as const;
export type Layer = (typeof Layer)[keyof typeof Layer];

/**
 * The levels a record is shown at, as bits. A WebSocket frame that is a whole message carries `frame | message` in one
 * row; a fragmented message has a `frame` row for each fragment and one `message` row when it is complete.
 */
export const Level = { event: 1, frame: 2, message: 4 } as const;
export type LevelName = keyof typeof Level;

/** `link` and `derived` of a record that has none. */
export const NONE = -1;

/** The number of a record as people, filters and Wireshark count: from 1. */
export function recordNumber(seq: number): number {
  return seq + 1;
}

/** A row of the timeline, as the index stores it. */
export interface TimelineRecord {
  /** Position in the capture, from 0, never reused. */
  seq: number;
  /** Wire time in microseconds since the Unix epoch; the fraction holds nanoseconds as far as a double can. */
  at: number;
  /** Number of the connection, from 1; 0 for what belongs to the session as a whole. */
  connection: number;
  /** Stream inside the connection (HTTP/2 stream id); 0 where the protocol has none. */
  stream: number;
  /** `Protocol.id`. */
  protocol: number;
  /** Index into `Protocol.types`. */
  type: number;
  direction: Direction;
  /** Bits of `Level`. */
  levels: number;
  layer: Layer;
  /** First byte, as an offset into the connection's byte stream of this direction and layer. */
  start: number;
  /** Bytes on the wire from `start`; fewer than announced if the capture ends inside. */
  length: number;
  /** Bytes for the application: a WebSocket payload (inflated if it was compressed), a TCP message without its prefix. */
  size: number;
  /** Bits whose meaning the protocol defines. */
  flags: number;
  /** Bit set: bit n is `Protocol.notes[n]`. */
  notes: number;
  /** The record this one is made from, answers or is part of (first fragment of a message, ping of a pong, call of a frame), or NONE. */
  link: number;
  /** Where bytes that cannot be recomputed are kept (see RecordSink.derive), or NONE. */
  derived: number;
}

/** A record being filled in by a dissector. */
export type RecordDraft = Omit<TimelineRecord, 'seq' | 'connection'>;

/** A draft with every field at rest. */
export function emptyDraft(): RecordDraft {
  return {
    at: 0,
    stream: 0,
    protocol: 0,
    type: 0,
    direction: Direction.none,
    levels: 0,
    layer: Layer.wire,
    start: 0,
    length: 0,
    size: 0,
    flags: 0,
    notes: 0,
    link: NONE,
    derived: NONE,
  };
}
