// What a MessagePack message announces is held against what it brings, before anything is allocated for it: a few bytes
// may announce arrays of billions of items, or nest without end. Only walks; decoding is the codec's.

/** Deeper than anything the contract carries: a session's JSON may have 64 levels, and lies within some others. */
const MAX_DEPTH = 100;

/** Throws a RangeError for a message that is cut off, or nested deeper than MAX_DEPTH. */
export function requireBounded(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Values that are still to come, of each array or map that is open. */
  const open: number[] = [1];
  /** The same, of all together: each takes a byte at least. */
  let pending = 1;
  let at = 0;
  while (pending > 0) {
    while (open[open.length - 1] === 0) open.pop();
    open[open.length - 1]! -= 1;
    pending -= 1;
    const { headBytes, bodyBytes, values } = announced(view, at);
    at += headBytes + bodyBytes;
    pending += values;
    if (at + pending > bytes.length) throw new RangeError('The message announces more than it brings.');
    if (values === 0) continue;
    open.push(values);
    if (open.length > MAX_DEPTH + 1) throw new RangeError(`The message is nested deeper than ${MAX_DEPTH} levels.`);
  }
}

interface Announced {
  /** The type byte and the lengths behind it. */
  headBytes: number;
  /** Bytes of a string, a number, an extension. */
  bodyBytes: number;
  /** Items of an array; keys and values of a map. */
  values: number;
}

const scalar = (headBytes: number, bodyBytes: number): Announced => ({ headBytes, bodyBytes, values: 0 });
const container = (headBytes: number, values: number): Announced => ({ headBytes, bodyBytes: 0, values });

/** Of the value at `at`. A DataView throws a RangeError past the end. */
function announced(view: DataView, at: number): Announced {
  const type = view.getUint8(at);
  if (type < 0x80 || type >= 0xe0) return scalar(1, 0);
  if (type < 0x90) return container(1, 2 * (type & 0x0f));
  if (type < 0xa0) return container(1, type & 0x0f);
  if (type < 0xc0) return scalar(1, type & 0x1f);
  switch (type) {
    case 0xc4:
    case 0xd9:
      return scalar(2, view.getUint8(at + 1));
    case 0xc5:
    case 0xda:
      return scalar(3, view.getUint16(at + 1));
    case 0xc6:
    case 0xdb:
      return scalar(5, view.getUint32(at + 1));
    case 0xc7:
      return scalar(2, view.getUint8(at + 1) + 1);
    case 0xc8:
      return scalar(3, view.getUint16(at + 1) + 1);
    case 0xc9:
      return scalar(5, view.getUint32(at + 1) + 1);
    case 0xcc:
    case 0xd0:
      return scalar(1, 1);
    case 0xcd:
    case 0xd1:
      return scalar(1, 2);
    case 0xca:
    case 0xce:
    case 0xd2:
      return scalar(1, 4);
    case 0xcb:
    case 0xcf:
    case 0xd3:
      return scalar(1, 8);
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return scalar(1, 1 + 2 ** (type - 0xd4));
    case 0xdc:
      return container(3, view.getUint16(at + 1));
    case 0xdd:
      return container(5, view.getUint32(at + 1));
    case 0xde:
      return container(3, 2 * view.getUint16(at + 1));
    case 0xdf:
      return container(5, 2 * view.getUint32(at + 1));
    default:
      return scalar(1, 0);
  }
}
