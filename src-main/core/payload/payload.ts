// What a payload decoder hands back: the words shared by all views. Decoders are pure, never throw, and bound what they
// build whatever they are given; what they could read before a fault is always part of the answer.

/** `protobuf` is by the message's type where that is known, and then `protobuf-wire` is what the bytes say without it. */
export const PAYLOAD_VIEWS = ['text', 'json', 'hex', 'messagepack', 'cbor', 'protobuf', 'protobuf-wire'] as const;
export type PayloadViewName = (typeof PAYLOAD_VIEWS)[number];

/** A value in a structured payload with its bytes, so that tree and hex light each other up. */
export interface PayloadNode {
  label: string;
  /** For a person; '' for containers. */
  value: string;
  /** `varint`, `string`, `map(3)` … */
  type: string;
  start: number;
  length: number;
  /** The payload was cut inside this value. */
  cut?: CutValue;
  /** Protobuf: other readings of the same bytes. */
  alternatives?: { type: string; value: string }[];
  children?: PayloadNode[];
}

/** How much there is of a value. */
export interface CutValue {
  shownBytes: number;
  /** Absent if only the end of the value would tell: JSON. */
  totalBytes?: number;
}

/** Something odd that does not keep a view from fitting: a duplicate key, a byte that is not UTF-8. */
export interface PayloadRemark {
  text: string;
  /** Offset of the byte it is about. */
  at: number;
}

/** A decoded payload. `tree` for structured ones, `text` for textual ones; `error` says why the view does not fit. */
export interface PayloadView {
  view: PayloadViewName;
  /** Views that also make sense of these bytes, best first. */
  alternatives: PayloadViewName[];
  text?: string;
  tree?: PayloadNode[];
  /** Full name of the message type that a `protobuf` view is by. */
  messageType?: string;
  error?: string;
  /** Offset of the byte where the error is. */
  errorAt?: number;
  remarks?: PayloadRemark[];
  /** Shown bytes and all bytes: differ when it was cut. */
  shown: number;
  total: number;
}

/** Why a decoder stopped. */
export type DecodeErrorCode =
  /** The bytes end inside a value, and there are no more. */
  | 'truncated'
  /** Nested deeper than MAX_DEPTH. */
  | 'too-deep'
  /** A byte or character that cannot stand there. */
  | 'syntax'
  /** A value is complete and bytes are left over. */
  | 'trailing'
  /** Protobuf: a varint of more than ten bytes. */
  | 'varint-too-long'
  /** Protobuf: field 0 or beyond 2²⁹−1. */
  | 'field-number'
  /** Protobuf: wire type 6 or 7. */
  | 'wire-type'
  /** Protobuf: an end of group without its start, or of another field. */
  | 'unmatched-group'
  /** Protobuf: a length that leads past the end of the enclosing message. */
  | 'length-past-end';

export interface DecodeError {
  code: DecodeErrorCode;
  /** One sentence without the position. */
  message: string;
  at: number;
}

/** What one decoder made of the bytes. */
export interface Decoded {
  tree?: PayloadNode[];
  text?: string;
  error?: DecodeError;
  remarks: PayloadRemark[];
  /** Bytes from the start that the answer covers; fewer than given when a bound of the output was reached. */
  shown: number;
}

/** Containers inside containers beyond this are not opened. */
export const MAX_DEPTH = 100;
/** Nodes in one tree. */
export const MAX_NODES = 20_000;
/** Characters of one view's text. */
export const MAX_TEXT_CHARS = 1_048_576;
/** Characters of one node's value. */
export const MAX_VALUE_CHARS = 1_000;
/** Remarks in one answer; more of the same would help nobody. */
export const MAX_REMARKS = 100;
