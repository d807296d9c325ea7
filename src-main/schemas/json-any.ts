// google.protobuf.Any: `@type` and the fields of the message inside, or its JSON under `value` if it is of a well-known
// type. A message of a type that the schema lacks is base64 under `@value`, both ways.
import protobuf from 'protobufjs/minimal.js';
import type { JsonDecoder } from './json-decoder.ts';
import type { JsonEncoder } from './json-encoder.ts';
import { base64, bytesOf, type Reader, type Writer } from './json-scalar.ts';
import { type JsonObject, Misfit, objectOf, shown, within } from './misfit.ts';

const URL_TAG = 10;
const VALUE_TAG = 18;

const UNKNOWN_VALUE = '@value';

/** The fields of an Any, without its length. Throws a Misfit. */
export function writeAny(encoder: JsonEncoder, json: unknown, writer: Writer, depth: number): void {
  const { '@type': url, ...content } = objectOf(json, 'an object with @type');
  if (url === undefined && Object.keys(content).length === 0) return;
  if (typeof url !== 'string')
    throw new Misfit('expected a type such as "type.googleapis.com/chat.Message"').within('@type');
  writer.uint32(URL_TAG).string(url.includes('/') ? url : `type.googleapis.com/${url}`);
  if (Object.hasOwn(content, UNKNOWN_VALUE)) {
    writer.uint32(VALUE_TAG).bytes(bytesOf(content[UNKNOWN_VALUE]));
    return;
  }
  const plan = encoder.plans.message(typeIn(url));
  if (!plan) throw new Misfit(`the type ${shown(typeIn(url))} is not in the schema`).within('@type');
  writer.uint32(VALUE_TAG).fork();
  if (!encoder.isWellKnown(plan)) encoder.message(plan, content, writer, depth + 1);
  else {
    const other = Object.keys(content).find((key) => key !== 'value');
    if (other !== undefined) throw new Misfit(`${plan.type.name} in an Any stands under "value" alone`).within(other);
    try {
      encoder.message(plan, content.value ?? null, writer, depth + 1);
    } catch (thrown) {
      throw within(thrown, 'value');
    }
  }
  writer.ldelim();
}

/** The inverse of writeAny, of the bytes up to `end`. */
export function readAny(decoder: JsonDecoder, reader: Reader, end: number, depth: number): JsonObject {
  let url = '';
  let bytes: Uint8Array = new Uint8Array(0);
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === URL_TAG) url = reader.string();
    else if (tag === VALUE_TAG) bytes = reader.bytes();
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  if (url === '' && bytes.length === 0) return {};
  const plan = decoder.plans.message(typeIn(url));
  if (!plan) return { '@type': url, [UNKNOWN_VALUE]: base64(bytes) };
  const content = decoder.message(plan, new protobuf.Reader(bytes), bytes.length, depth + 1);
  return decoder.isWellKnown(plan) ? { '@type': url, value: content } : { '@type': url, ...(content as JsonObject) };
}

/** Full name of the type that a URL ends in. */
function typeIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
