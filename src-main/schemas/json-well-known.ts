// Well-known types, whose JSON is not that of their fields: times as text, wrappers as bare values, Struct as JSON itself,
// Any with the fields of what is inside. Times and spans that the text cannot say are { seconds, nanos }, both ways.
import { wireTypeOf } from '../core/payload/protobuf-scalar.ts';
import { durationText, timestampText } from '../core/payload/protobuf-text.ts';
import type { FieldKind } from '../core/schema.ts';
import { jsonNameOf } from './descriptor.ts';
import { readAny, writeAny } from './json-any.ts';
import type { JsonDecoder } from './json-decoder.ts';
import type { JsonEncoder } from './json-encoder.ts';
import { defaultJson, isDefault, type Reader, readScalar, textOf, type Writer, writeScalar } from './json-scalar.ts';
import { readList, readStruct, readValue, writeList, writeStruct, writeValue } from './json-struct.ts';
import { type JsonObject, Misfit, shown } from './misfit.ts';

/** Writes the fields of a message of a well-known type. */
export type WellKnownWriter = (encoder: JsonEncoder, json: unknown, writer: Writer, depth: number) => void;

/** Reads a message of a well-known type up to `end`. */
export type WellKnownReader = (decoder: JsonDecoder, reader: Reader, end: number, depth: number) => unknown;

const WRAPPED: readonly [string, FieldKind][] = [
  ['Double', 'double'],
  ['Float', 'float'],
  ['Int64', 'int64'],
  ['UInt64', 'uint64'],
  ['Int32', 'int32'],
  ['UInt32', 'uint32'],
  ['Bool', 'bool'],
  ['String', 'string'],
  ['Bytes', 'bytes'],
];

export const WELL_KNOWN_WRITERS: ReadonlyMap<string, WellKnownWriter> = new Map([
  ['google.protobuf.Any', writeAny],
  ['google.protobuf.Struct', writeStruct],
  ['google.protobuf.Value', writeValue],
  ['google.protobuf.ListValue', writeList],
  ['google.protobuf.FieldMask', writeMask],
  ['google.protobuf.Timestamp', timeWriter('google.protobuf.Timestamp', secondsOfTimestamp)],
  ['google.protobuf.Duration', timeWriter('google.protobuf.Duration', secondsOfDuration)],
  ...WRAPPED.map(([name, kind]): [string, WellKnownWriter] => [`google.protobuf.${name}Value`, wrapperWriter(kind)]),
]);

export const WELL_KNOWN_READERS: ReadonlyMap<string, WellKnownReader> = new Map([
  ['google.protobuf.Any', readAny],
  ['google.protobuf.Struct', readStruct],
  ['google.protobuf.Value', readValue],
  ['google.protobuf.ListValue', readList],
  ['google.protobuf.FieldMask', readMask],
  ['google.protobuf.Timestamp', timeReader(timestampText)],
  ['google.protobuf.Duration', timeReader(durationText)],
  ...WRAPPED.map(([name, kind]): [string, WellKnownReader] => [`google.protobuf.${name}Value`, wrapperReader(kind)]),
]);

/** A point or span of time as on the wire. */
interface Time {
  seconds: number;
  nanos: number;
}

const SECONDS_TAG = 8;
const NANOS_TAG = 16;

function timeWriter(name: string, timeOf: (json: string) => Time): WellKnownWriter {
  return (encoder, json, writer, depth) => {
    if (typeof json !== 'string') {
      if (typeof json !== 'object' || json === null) throw new Misfit(`expected ${name} as text, not ${shown(json)}`);
      encoder.fields(encoder.planOf(name), json as JsonObject, writer, depth);
      return;
    }
    const { seconds, nanos } = timeOf(json);
    if (seconds !== 0) writer.uint32(SECONDS_TAG).int64(seconds);
    if (nanos !== 0) writer.uint32(NANOS_TAG).int32(nanos);
  };
}

function timeReader(text: (seconds: number, nanos: number) => string | undefined): WellKnownReader {
  return (_, reader, end) => {
    let seconds = '0';
    let nanos = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === SECONDS_TAG) seconds = String(readScalar('int64', reader));
      else if (tag === NANOS_TAG) nanos = reader.int32();
      else reader.skipType(tag & 7, 0, tag >>> 3);
    }
    return text(Number(seconds), nanos) ?? { seconds, nanos };
  };
}

const TIMESTAMP = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i;

function secondsOfTimestamp(json: string): Time {
  const [, day, hour, minute, second, fraction = '', zone = 'Z'] = TIMESTAMP.exec(json) ?? [];
  const midnight = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  // What is no day of its month is another one after reading.
  const exists = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day!);
  if (!exists) throw new Misfit(`expected a time such as "2024-02-29T12:00:00Z", not ${shown(json)}`);
  const local = midnight / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const seconds = local - zoneSeconds(zone);
  const nanos = nanosOf(fraction);
  if (timestampText(seconds, nanos) === undefined) throw new Misfit(`${json} is outside the years 1 to 9999`);
  return { seconds, nanos };
}

/** Seconds east of UTC of `+02:00`. */
function zoneSeconds(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4)) * 60;
  return zone.startsWith('-') ? -seconds : seconds;
}

function secondsOfDuration(json: string): Time {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d{1,9}))?s$/.exec(json) ?? [];
  if (whole === '') throw new Misfit(`expected a duration such as "1.5s", not ${shown(json)}`);
  const factor = sign === '-' ? -1 : 1;
  // `+ 0`: no minus zero.
  const time = { seconds: factor * Number(whole) + 0, nanos: factor * nanosOf(fraction) + 0 };
  if (durationText(time.seconds, time.nanos) === undefined) throw new Misfit(`${json} is longer than 10,000 years`);
  return time;
}

function nanosOf(fraction: string): number {
  return Number(fraction.padEnd(9, '0'));
}

const PATH_TAG = 10;

function writeMask(_: JsonEncoder, json: unknown, writer: Writer): void {
  const text = textOf(json);
  for (const path of text === '' ? [] : text.split(',')) {
    writer.uint32(PATH_TAG).string(path.trim().replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  }
}

function readMask(_: JsonDecoder, reader: Reader, end: number): string {
  const paths: string[] = [];
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === PATH_TAG) paths.push(reader.string().split('.').map(jsonNameOf).join('.'));
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return paths.join(',');
}

function wrapperWriter(kind: FieldKind): WellKnownWriter {
  return (_, json, writer) => {
    if (isDefault(kind, json)) return;
    writer.uint32(8 + wireTypeOf(kind));
    writeScalar(kind, json, writer);
  };
}

function wrapperReader(kind: FieldKind): WellKnownReader {
  return (_, reader, end) => {
    let value = defaultJson(kind);
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 8 + wireTypeOf(kind)) value = readScalar(kind, reader);
      else reader.skipType(tag & 7, 0, tag >>> 3);
    }
    return value;
  };
}
