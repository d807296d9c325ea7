// google.rpc.Status, which servers put into grpc-status-details-bin: {1: code, 2: message, 3: google.protobuf.Any …}. Read by
// hand, for it must be shown whatever message types are known.
import { readVarint } from '../../payload/varint.ts';
import { utf8 } from '../bytes.ts';

/** One google.protobuf.Any. */
export interface StatusDetail {
  /** As written: `type.googleapis.com/google.rpc.BadRequest`. */
  typeUrl: string;
  /** The message, and where it begins in the status. */
  value: Uint8Array;
  valueStart: number;
  /** The whole detail within the status. */
  start: number;
  length: number;
}

export interface StatusDetails {
  code: number;
  message: string;
  details: StatusDetail[];
}

/** More details are left out. */
const MAX_DETAILS = 100;

interface WireField {
  number: number;
  /** Of a varint; −1 for any other field. */
  varint: number;
  start: number;
  /** The content of a length-delimited field. */
  from: number;
  to: number;
}

/** A google.rpc.Status, or undefined for bytes that are none. */
export function readStatusDetails(bytes: Uint8Array): StatusDetails | undefined {
  const fields = readFields(bytes, 0, bytes.length);
  if (!fields) return undefined;
  const status: StatusDetails = { code: 0, message: '', details: [] };
  for (const { number, varint, start, from, to } of fields) {
    if (number === 1 && varint >= 0) status.code = varint;
    else if (number === 2 && varint < 0) status.message = utf8(bytes.subarray(from, to));
    else if (number === 3 && varint < 0 && status.details.length < MAX_DETAILS) {
      const detail = readAny(bytes, from, to);
      if (!detail) return undefined;
      status.details.push({ ...detail, start, length: to - start });
    }
  }
  return status;
}

function readAny(
  bytes: Uint8Array,
  start: number,
  end: number,
): Pick<StatusDetail, 'typeUrl' | 'value' | 'valueStart'> | undefined {
  const fields = readFields(bytes, start, end);
  if (!fields) return undefined;
  const any = { typeUrl: '', value: bytes.subarray(end, end), valueStart: end };
  for (const { number, varint, from, to } of fields) {
    if (varint >= 0) continue;
    if (number === 1) any.typeUrl = utf8(bytes.subarray(from, to));
    if (number === 2) Object.assign(any, { value: bytes.subarray(from, to), valueStart: from });
  }
  return any;
}

/** The fields of a message of varints and length-delimited fields; undefined if it is cut or has others. */
function readFields(bytes: Uint8Array, start: number, end: number): WireField[] | undefined {
  const fields: WireField[] = [];
  for (let at = start; at < end; ) {
    const tag = readVarint(bytes, at, end);
    if (typeof tag === 'string') return undefined;
    const content = readVarint(bytes, at + tag.length, end);
    if (typeof content === 'string') return undefined;
    const number = tag.low >>> 3;
    const from = at + tag.length + content.length;
    const wireType = tag.low & 7;
    if (wireType === 0) {
      fields.push({ number, varint: content.low, start: at, from, to: from });
      at = from;
    } else {
      const to = from + content.low;
      if (wireType !== 2 || content.high > 0 || to > end) return undefined;
      fields.push({ number, varint: -1, start: at, from, to });
      at = to;
    }
  }
  return fields;
}
