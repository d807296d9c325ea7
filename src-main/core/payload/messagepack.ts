// MessagePack → tree (the format's specification of 2017, with the timestamp extension).
import { hex } from '../dissect/bytes.ts';
import { type BinaryReader, decodeItems, floatText, type Place, readEntry } from './binary-reader.ts';
import { type Decoded, MAX_VALUE_CHARS, type PayloadNode } from './payload.ts';
import { shorten } from './preview.ts';

/** Decodes one or more values, one after the other. `total`: bytes of the whole payload. */
export function decodeMessagePack(bytes: Uint8Array, total = bytes.length): Decoded {
  return decodeItems(bytes, total, readValue);
}

const WIDTHS = [1, 2, 4, 8] as const;

function readValue(reader: BinaryReader, place: Place): PayloadNode {
  reader.itemStart = place.start;
  const at = reader.at;
  const format = reader.byte();
  if (format < 0x80) return reader.scalar(place, 'fixint', String(format));
  if (format < 0x90) return readMap(reader, place, format & 15);
  if (format < 0xa0) return readArray(reader, place, format & 15);
  if (format < 0xc0) return reader.text(place, 'string', format & 31);
  if (format >= 0xe0) return reader.scalar(place, 'fixint', String(format - 256));
  switch (format) {
    case 0xc0:
      return reader.scalar(place, 'nil', 'nil');
    case 0xc1:
      return reader.fail('syntax', '0xc1 is never used in MessagePack.', at);
    case 0xc2:
    case 0xc3:
      return reader.scalar(place, 'boolean', String(format === 0xc3));
    case 0xc4:
    case 0xc5:
    case 0xc6:
      return reader.binary(place, 'binary', readLength(reader, format - 0xc4));
    case 0xc7:
    case 0xc8:
    case 0xc9:
      return readExtension(reader, place, readLength(reader, format - 0xc7));
    case 0xca:
      return reader.scalar(place, 'float32', floatText(reader.view.getFloat32(reader.skip(4))));
    case 0xcb:
      return reader.scalar(place, 'float64', floatText(reader.view.getFloat64(reader.skip(8))));
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf: {
      const width = WIDTHS[format - 0xcc]!;
      return reader.scalar(place, `uint${width * 8}`, String(reader.unsigned(width)));
    }
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3: {
      const width = WIDTHS[format - 0xd0]!;
      const value = BigInt.asIntN(width * 8, BigInt(reader.unsigned(width)));
      return reader.scalar(place, `int${width * 8}`, String(value));
    }
    case 0xd9:
    case 0xda:
    case 0xdb:
      return reader.text(place, 'string', readLength(reader, format - 0xd9));
    case 0xdc:
    case 0xdd:
      return readArray(reader, place, readLength(reader, format - 0xdb));
    case 0xde:
    case 0xdf:
      return readMap(reader, place, readLength(reader, format - 0xdd));
    default:
      // 0xd4 … 0xd8: extensions of 1, 2, 4, 8 and 16 bytes.
      return readExtension(reader, place, 2 ** (format - 0xd4));
  }
}

/** A length of 1, 2 or 4 bytes, by the position of its format among its kind. */
function readLength(reader: BinaryReader, position: number): number {
  return Number(reader.unsigned(WIDTHS[position]!));
}

function readArray(reader: BinaryReader, place: Place, length: number): PayloadNode {
  const depth = place.depth + 1;
  return reader.container(place, `array(${length})`, ({ children }) => {
    for (let i = 0; i < length; i++) {
      readValue(reader, { siblings: children, label: `[${i}]`, start: reader.at, depth });
    }
  });
}

function readMap(reader: BinaryReader, place: Place, length: number): PayloadNode {
  return reader.container(place, `map(${length})`, ({ children }) => {
    for (let i = 0; i < length; i++) readEntry(reader, children, place.depth + 1, readValue);
  });
}

function readExtension(reader: BinaryReader, place: Place, length: number): PayloadNode {
  const type = (reader.byte() << 24) >> 24;
  const { bytes, cut } = reader.take(length);
  const time = type === -1 && !cut ? timestamp(bytes) : undefined;
  if (time !== undefined) return reader.scalar(place, 'timestamp', time);
  const value = shorten(hex(bytes.subarray(0, MAX_VALUE_CHARS)), MAX_VALUE_CHARS, cut !== undefined);
  return reader.scalar(place, `extension(${type})`, value, cut);
}

/** The timestamp extension: 4, 8 or 12 bytes; undefined if they are none. */
function timestamp(data: Uint8Array): string | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length === 4) return timeText(BigInt(view.getUint32(0)), 0);
  if (data.length === 8) {
    const value = view.getBigUint64(0);
    return timeText(value & 0x3ffffffffn, Number(value >> 34n));
  }
  return data.length === 12 ? timeText(view.getBigInt64(4), view.getUint32(0)) : undefined;
}

function timeText(seconds: bigint, nanoseconds: number): string | undefined {
  if (nanoseconds > 999_999_999) return undefined;
  const date = new Date(Number(seconds) * 1000);
  const fraction = nanoseconds === 0 ? '' : `.${String(nanoseconds).padStart(9, '0')}`;
  // Beyond what a Date can hold the seconds speak for themselves.
  if (Number.isNaN(date.getTime())) return `${seconds}${fraction} s`;
  return date.toISOString().replace('.000Z', `${fraction}Z`);
}
