// CBOR → tree (RFC 8949), sequences of items included (RFC 8742).
import { type BinaryReader, decodeItems, floatText, type Place, readEntry } from './binary-reader.ts';
import type { Decoded, PayloadNode } from './payload.ts';

/** Decodes one or more items, one after the other. `total`: bytes of the whole payload. */
export function decodeCbor(bytes: Uint8Array, total = bytes.length): Decoded {
  return decodeItems(bytes, total, readItem);
}

const Major = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;
const INDEFINITE = 31;
const BREAK = 0xff;

/** Tags with a name of their own (RFC 8949 §3.4). */
const TAG_NAMES: { readonly [tag: string]: string } = {
  0: 'date and time',
  1: 'seconds since 1970',
  2: 'bignum',
  3: 'negative bignum',
  4: 'decimal fraction',
  5: 'bigfloat',
  21: 'to base64url',
  22: 'to base64',
  23: 'to base16',
  24: 'encoded CBOR',
  32: 'URI',
  33: 'base64url',
  34: 'base64',
  36: 'MIME message',
  55799: 'self-described CBOR',
};

/** Longest bignum that is shown in decimal. */
const MAX_BIGNUM_BYTES = 128;

function readItem(reader: BinaryReader, place: Place): PayloadNode {
  reader.itemStart = place.start;
  const at = reader.at;
  const initial = reader.byte();
  const major = initial >> 5;
  const info = initial & 31;
  if (major === Major.simple) return readSimple(reader, place, info);
  const argument = readArgument(reader, info, at);
  switch (major) {
    case Major.text:
    case Major.bytes:
      return readString(reader, place, major, argument);
    case Major.array:
      return readArray(reader, place, argument);
    case Major.map:
      return readMap(reader, place, argument);
  }
  if (argument === undefined) reader.fail('syntax', 'Numbers and tags have no indefinite length.', at);
  if (major === Major.unsigned) return reader.scalar(place, 'unsigned', String(argument));
  if (major === Major.negative) return reader.scalar(place, 'negative', String(-1n - BigInt(argument)));
  return readTag(reader, place, argument);
}

/** The argument of an item's head; undefined for an indefinite length (RFC 8949 §3). */
function readArgument(reader: BinaryReader, info: number, at: number): number | bigint | undefined {
  if (info < 24) return info;
  if (info === 24) return reader.unsigned(1);
  if (info === 25) return reader.unsigned(2);
  if (info === 26) return reader.unsigned(4);
  if (info === 27) return reader.unsigned(8);
  if (info === INDEFINITE) return undefined;
  return reader.fail('syntax', `Additional information ${info} is reserved (RFC 8949 §3).`, at);
}

function readString(
  reader: BinaryReader,
  place: Place,
  major: number,
  length: number | bigint | undefined,
): PayloadNode {
  const type = major === Major.text ? 'text' : 'bytes';
  if (length !== undefined) {
    return type === 'text' ? reader.text(place, type, length) : reader.binary(place, type, length);
  }
  return reader.container(place, `${type} in chunks`, ({ children }) => {
    while (!atBreak(reader)) {
      const chunk = reader.bytes[reader.at];
      if (chunk !== undefined && (chunk >> 5 !== major || (chunk & 31) === INDEFINITE)) {
        reader.fail('syntax', `A chunk of ${type} must be ${type} of definite length (RFC 8949 §3.2.3).`, reader.at);
      }
      const label = `chunk ${children.length + 1}`;
      readItem(reader, { siblings: children, label, start: reader.at, depth: place.depth + 1 });
    }
  });
}

function readArray(reader: BinaryReader, place: Place, length: number | bigint | undefined): PayloadNode {
  return reader.container(place, `array(${length ?? '…'})`, (node) => {
    const siblings = node.children;
    let count = 0;
    for (; length === undefined ? !atBreak(reader) : count < length; count++) {
      readItem(reader, { siblings, label: `[${count}]`, start: reader.at, depth: place.depth + 1 });
    }
    node.type = `array(${count})`;
  });
}

function readMap(reader: BinaryReader, place: Place, length: number | bigint | undefined): PayloadNode {
  return reader.container(place, `map(${length ?? '…'})`, (node) => {
    let count = 0;
    for (; length === undefined ? !atBreak(reader) : count < length; count++) {
      readEntry(reader, node.children, place.depth + 1, readItem);
    }
    node.type = `map(${count})`;
  });
}

function readTag(reader: BinaryReader, place: Place, tag: number | bigint): PayloadNode {
  const name = TAG_NAMES[String(tag)];
  return reader.container(place, name ? `tag(${tag}) ${name}` : `tag(${tag})`, (node) => {
    const start = reader.at;
    const content = readItem(reader, { siblings: node.children, label: 'content', start, depth: place.depth + 1 });
    node.value = taggedValue(tag, content);
  });
}

/** What a tag makes of its content, for a person; '' where the content says it. */
function taggedValue(tag: number | bigint, content: PayloadNode): string {
  if (content.children) return '';
  if (tag === 1) {
    const date = new Date(Number(content.value) * 1000);
    return Number.isNaN(date.getTime()) ? '' : date.toISOString();
  }
  if ((tag === 2 || tag === 3) && content.type.startsWith('bytes(') && content.length <= MAX_BIGNUM_BYTES) {
    const magnitude = BigInt(`0x0${content.value}`);
    return String(tag === 2 ? magnitude : -1n - magnitude);
  }
  return '';
}

function readSimple(reader: BinaryReader, place: Place, info: number): PayloadNode {
  const at = reader.at - 1;
  if (info < 20) return reader.scalar(place, `simple(${info})`, String(info));
  switch (info) {
    case 20:
    case 21:
      return reader.scalar(place, 'boolean', String(info === 21));
    case 22:
      return reader.scalar(place, 'null', 'null');
    case 23:
      return reader.scalar(place, 'undefined', 'undefined');
    case 24: {
      const value = reader.byte();
      if (value >= 32) return reader.scalar(place, `simple(${value})`, String(value));
      return reader.fail('syntax', 'Simple values below 32 have no second byte (RFC 8949 §3.3).', at);
    }
    case 25:
      return reader.scalar(place, 'float16', floatText(halfFloat(reader.view.getUint16(reader.skip(2)))));
    case 26:
      return reader.scalar(place, 'float32', floatText(reader.view.getFloat32(reader.skip(4))));
    case 27:
      return reader.scalar(place, 'float64', floatText(reader.view.getFloat64(reader.skip(8))));
    case INDEFINITE:
      return reader.fail('syntax', 'A break without an item of indefinite length (RFC 8949 §3.2.1).', at);
    default:
      return reader.fail('syntax', `Additional information ${info} is reserved (RFC 8949 §3).`, at);
  }
}

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function atBreak(reader: BinaryReader): boolean {
  if (reader.bytes[reader.at] !== BREAK) return false;
  reader.at++;
  return true;
}
