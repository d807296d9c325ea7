// google.protobuf.Struct, Value and ListValue: JSON itself as messages.
import type { JsonDecoder } from './json-decoder.ts';
import type { JsonEncoder } from './json-encoder.ts';
import type { Reader, Writer } from './json-scalar.ts';
import { type JsonObject, Misfit, objectOf, setKey, shown, within } from './misfit.ts';

/** Tags of google.protobuf.Value. */
const ValueTag = { null: 8, number: 17, string: 26, bool: 32, struct: 42, list: 50 } as const;
/** Field 1 of Struct (its entries) and of ListValue (its values). */
const ITEM_TAG = 10;
const KEY_TAG = 10;
const VALUE_TAG = 18;

/** As deep as messages may be nested; a value takes two of them. */
const MAX_DEPTH = 100;

/** The fields of a Value, without its length; likewise the two below. Throws a Misfit. */
export function writeValue(encoder: JsonEncoder, json: unknown, writer: Writer, depth: number): void {
  if (depth > MAX_DEPTH) throw new Misfit(`nested deeper than ${MAX_DEPTH} messages`);
  switch (typeof json) {
    case 'number':
      if (!Number.isFinite(json)) throw new Misfit(`JSON has no ${json}`);
      writer.uint32(ValueTag.number).double(json);
      break;
    case 'string':
      writer.uint32(ValueTag.string).string(json);
      break;
    case 'boolean':
      writer.uint32(ValueTag.bool).bool(json);
      break;
    case 'object':
      if (json === null) writer.uint32(ValueTag.null).int32(0);
      else if (Array.isArray(json)) {
        writer.uint32(ValueTag.list).fork();
        writeList(encoder, json, writer, depth + 1);
        writer.ldelim();
      } else {
        writer.uint32(ValueTag.struct).fork();
        writeStruct(encoder, json, writer, depth + 1);
        writer.ldelim();
      }
      break;
    default:
      throw new Misfit(`expected JSON, not ${shown(json)}`);
  }
}

export function writeStruct(encoder: JsonEncoder, json: unknown, writer: Writer, depth: number): void {
  for (const [key, value] of Object.entries(objectOf(json, 'an object'))) {
    writer.uint32(ITEM_TAG).fork().uint32(KEY_TAG).string(key).uint32(VALUE_TAG).fork();
    try {
      writeValue(encoder, value, writer, depth + 1);
    } catch (thrown) {
      throw within(thrown, key);
    }
    writer.ldelim().ldelim();
  }
}

export function writeList(encoder: JsonEncoder, json: unknown, writer: Writer, depth: number): void {
  if (!Array.isArray(json)) throw new Misfit(`expected an array, not ${shown(json)}`);
  for (const [index, value] of json.entries()) {
    writer.uint32(ITEM_TAG).fork();
    try {
      writeValue(encoder, value, writer, depth + 1);
    } catch (thrown) {
      throw within(thrown, `[${index}]`);
    }
    writer.ldelim();
  }
}

/** The inverse of writeValue, of the bytes up to `end`; likewise the two below. Throws on bytes that are none. */
export function readValue(decoder: JsonDecoder, reader: Reader, end: number, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new Error(`they are nested deeper than ${MAX_DEPTH} messages`);
  let value: unknown = null;
  eachField(reader, end, (tag) => {
    if (tag === ValueTag.null) {
      reader.int32();
      value = null;
    } else if (tag === ValueTag.number) {
      const number = reader.double();
      value = Number.isFinite(number) ? number : String(number);
    } else if (tag === ValueTag.string) value = reader.string();
    else if (tag === ValueTag.bool) value = reader.bool();
    else if (tag === ValueTag.struct) value = readStruct(decoder, reader, endOf(reader), depth + 1);
    else if (tag === ValueTag.list) value = readList(decoder, reader, endOf(reader), depth + 1);
    else return false;
    return true;
  });
  return value;
}

export function readStruct(decoder: JsonDecoder, reader: Reader, end: number, depth: number): JsonObject {
  const struct: JsonObject = {};
  eachField(reader, end, (tag) => {
    if (tag !== ITEM_TAG) return false;
    let key = '';
    let value: unknown = null;
    eachField(reader, endOf(reader), (part) => {
      if (part === KEY_TAG) key = reader.string();
      else if (part === VALUE_TAG) value = readValue(decoder, reader, endOf(reader), depth + 1);
      else return false;
      return true;
    });
    setKey(struct, key, value);
    return true;
  });
  return struct;
}

export function readList(decoder: JsonDecoder, reader: Reader, end: number, depth: number): unknown[] {
  const list: unknown[] = [];
  eachField(reader, end, (tag) => {
    if (tag !== ITEM_TAG) return false;
    list.push(readValue(decoder, reader, endOf(reader), depth + 1));
    return true;
  });
  return list;
}

/** Calls `read` with each tag up to `end`; what it does not take is skipped. */
function eachField(reader: Reader, end: number, read: (tag: number) => boolean): void {
  while (reader.pos < end) {
    const tag = reader.tag();
    if (!read(tag)) reader.skipType(tag & 7, 0, tag >>> 3);
    if (reader.pos > end) throw new Error('a field goes on past the end of its message');
  }
}

function endOf(reader: Reader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new Error(`a field of ${length} bytes has only ${reader.len - reader.pos}`);
  return end;
}
