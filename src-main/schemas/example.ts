// A plausible message of any type, as ProtoJSON: what "generate example" and a mock server without scripts say. The same
// type always gives the same message.
import type { FieldKind, MessageField, MessageType, TypeRegistry } from '../core/schema.ts';

/** Messages inside messages; a type inside itself is cut before. */
const MAX_DEPTH = 6;
/** Fields in one example: types of hundreds of fields, nested, would fill the screen and the wire. */
const MAX_FIELDS = 2000;

const TIME = '2024-02-29T12:00:00Z';

/** ProtoJSON. `registry`: where the types of its fields are found. */
export function exampleOf(type: MessageType, registry: TypeRegistry): unknown {
  return new Examples(registry).message(type, '', []);
}

class Examples {
  readonly #registry: TypeRegistry;
  #fields = 0;

  constructor(registry: TypeRegistry) {
    this.#registry = registry;
  }

  /** @param fieldName the field it is for; @param around types it is inside of */
  message(type: MessageType, fieldName: string, around: readonly string[]): unknown {
    const wellKnown = wellKnownExample(type.name, fieldName);
    if (wellKnown !== undefined) return wellKnown;
    const example: { [key: string]: unknown } = {};
    const chosen = new Set<string>();
    for (const field of type.fields) {
      if (field.oneof !== undefined && chosen.has(field.oneof)) continue;
      if (field.extension || (field.deprecated && !field.required)) continue;
      const value = this.#field(field, [...around, type.name]);
      if (value === undefined) continue;
      if (field.oneof !== undefined) chosen.add(field.oneof);
      // A computed key: a field called __proto__ is a key like any other.
      Object.defineProperty(example, field.jsonName, { value, enumerable: true, configurable: true, writable: true });
    }
    return example;
  }

  #field(field: MessageField, around: readonly string[]): unknown {
    if (++this.#fields > MAX_FIELDS && !field.required) return undefined;
    const value = this.#value(field, around);
    if (value === undefined) return undefined;
    if (field.mapKey) return { [keyExample(field.mapKey)]: value };
    return field.repeated ? [value] : value;
  }

  /** undefined where the type would be inside itself, or is not known. */
  #value(field: MessageField, around: readonly string[]): unknown {
    const { kind, type = '', name } = field;
    if (kind === 'enum') return this.#enum(type);
    if (kind !== 'message' && kind !== 'group') return scalarExample(kind, name);
    const message = this.#registry.message(type);
    const tooDeep = around.includes(type) || around.length > MAX_DEPTH;
    return message && (!tooDeep || field.required) && around.length < 2 * MAX_DEPTH
      ? this.message(message, name, around)
      : undefined;
  }

  /** The first value that is not zero: the zero of an enum mostly says that nobody said. None where null is all there is. */
  #enum(type: string): unknown {
    if (type === 'google.protobuf.NullValue') return undefined;
    const values = this.#registry.enumeration(type)?.values ?? [];
    return (values.find(({ number }) => number !== 0) ?? values[0])?.name ?? 0;
  }
}

function wellKnownExample(type: string, fieldName: string): unknown {
  switch (type) {
    case 'google.protobuf.Timestamp':
      return TIME;
    case 'google.protobuf.Duration':
      return '1.500s';
    case 'google.protobuf.FieldMask':
      return 'name,description';
    case 'google.protobuf.Struct':
      return { key: 'value' };
    case 'google.protobuf.Value':
      return 'value';
    case 'google.protobuf.ListValue':
      return ['value'];
    case 'google.protobuf.Any':
      return { '@type': 'type.googleapis.com/google.protobuf.StringValue', value: 'value' };
  }
  const wrapped = /^google\.protobuf\.(Double|Float|U?Int(?:32|64)|Bool|String|Bytes)Value$/.exec(type)?.[1];
  return wrapped && scalarExample(wrapped.toLowerCase() as FieldKind, fieldName);
}

function keyExample(kind: FieldKind): string {
  if (kind === 'string') return 'key';
  return kind === 'bool' ? 'true' : '1';
}

function scalarExample(kind: FieldKind, name: string): unknown {
  switch (kind) {
    case 'string':
      return textExample(name);
    case 'bytes':
      return 'AQID';
    case 'bool':
      return true;
    case 'double':
    case 'float':
      return numberExample(name, 1.5);
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64':
      return String(wholeExample(name));
    default:
      return wholeExample(name);
  }
}

/** Texts by what a field's name has in it; the first that fits counts. */
const TEXTS: readonly [RegExp, string][] = [
  [/e_?mail/, 'ada@example.com'],
  [/ur[il]\b|^(?:link|href|website)/, 'https://example.com/path'],
  [/uuid|guid/, '123e4567-e89b-42d3-a456-426614174000'],
  [/phone|mobile/, '+41 44 668 18 00'],
  [/first_?name|given_?name/, 'Ada'],
  [/last_?name|family_?name|surname/, 'Lovelace'],
  [/user_?name|login|^user$|author|sender/, 'ada'],
  [/file_?name|^file$|path/, 'folder/file.txt'],
  [/host|domain/, 'example.com'],
  [/\bip\b|ip_?addr/, '192.0.2.1'],
  [/address|street/, '1 Example Street'],
  [/city|town/, 'Zurich'],
  [/country/, 'CH'],
  [/zip|postal/, '8001'],
  [/language|locale/, 'en-GB'],
  [/currency/, 'EUR'],
  [/colou?r/, '#336699'],
  [/version/, '1.0.0'],
  [/token|secret|password|api_?key/, 'not-a-real-secret'],
  [/date$|_at$|time/, TIME],
  [/status|state/, 'ok'],
  [/title|subject/, 'A title'],
  [/description|comment|note/, 'A description'],
  [/text|message|body|content/, 'Hello, world'],
  [/(?:^|_)id$/, 'id-1'],
  [/(?:^|_)name$/, 'Ada Lovelace'],
];

/** `userName` and `user_name` are the same to the table. */
function words(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

function textExample(name: string): string {
  const said = words(name);
  return TEXTS.find(([pattern]) => pattern.test(said))?.[1] ?? said.replaceAll('_', ' ').trim();
}

const NUMBERS: readonly [RegExp, number][] = [
  [/latitude|^lat$/, 47.3769],
  [/longitude|^(?:lng|lon|long)$/, 8.5417],
  [/price|amount|cost|total/, 19.99],
  [/percent|ratio|rate/, 0.5],
  [/temperature/, 21.5],
];

function numberExample(name: string, otherwise: number): number {
  const said = words(name);
  return NUMBERS.find(([pattern]) => pattern.test(said))?.[1] ?? otherwise;
}

const WHOLES: readonly [RegExp, number][] = [
  [/port/, 8080],
  [/year/, 2024],
  [/month/, 2],
  [/day/, 29],
  [/(?:_ms|millis)/, 1500],
  [/timestamp|_at$|epoch/, 1_709_208_000],
  [/page_?size|limit/, 20],
  [/age$/, 36],
  [/size|bytes|length/, 1024],
  [/count|quantity|number|total/, 3],
];

function wholeExample(name: string): number {
  const said = words(name);
  return WHOLES.find(([pattern]) => pattern.test(said))?.[1] ?? 1;
}
