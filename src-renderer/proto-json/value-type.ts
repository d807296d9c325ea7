// What may stand at a place of a ProtoJSON text: from the fields of message types and the path to the place. Pure.
import type { FieldKind, MessageField, MessageType, TypeRegistry } from '../../src-main/core/schema.ts';
import { type JsonNode, type JsonPath, nodeAt, propertyOf, stringOf } from './json-tree.ts';

/** Types by name, as far as they are here. */
export type Types = Pick<TypeRegistry, 'message' | 'enumeration'>;

/** `field`: the one whose value this is or is part of. */
export type ValueType = { field?: MessageField } & (
  | { shape: 'scalar'; kind: FieldKind }
  | { shape: 'enum'; type: string }
  | { shape: 'message'; type: string }
  | { shape: 'list' }
  | { shape: 'map'; key: FieldKind }
);

const INTEGERS_64 = new Set<FieldKind>(['int64', 'uint64', 'sint64', 'fixed64', 'sfixed64']);
const INTEGERS_32 = new Set<FieldKind>(['int32', 'uint32', 'sint32', 'fixed32', 'sfixed32']);

export const is64Bit = (kind: FieldKind): boolean => INTEGERS_64.has(kind);
export const isInteger = (kind: FieldKind): boolean => INTEGERS_64.has(kind) || INTEGERS_32.has(kind);
export const isFloat = (kind: FieldKind): boolean => kind === 'double' || kind === 'float';

export const ANY = 'google.protobuf.Any';
/** Key of an Any that names its type. */
export const TYPE_KEY = '@type';

/** Types whose JSON is not an object of their fields. */
const SCALAR_FORMS = new Set(
  [
    'Timestamp',
    'Duration',
    'FieldMask',
    'Struct',
    'Value',
    'ListValue',
    'DoubleValue',
    'FloatValue',
    'Int64Value',
    'UInt64Value',
    'Int32Value',
    'UInt32Value',
    'BoolValue',
    'StringValue',
    'BytesValue',
  ].map((name) => `google.protobuf.${name}`),
);

export function isWellKnown(type: string): boolean {
  return SCALAR_FORMS.has(type);
}

/** The scalar that a wrapper type wraps. */
export function wrappedKind(type: string): FieldKind | undefined {
  const name = /^google\.protobuf\.(\w+)Value$/.exec(type)?.[1]?.toLowerCase();
  const kinds: readonly FieldKind[] = [
    'double',
    'float',
    'int64',
    'uint64',
    'int32',
    'uint32',
    'bool',
    'string',
    'bytes',
  ];
  return kinds.find((kind) => kind === name);
}

/** The field that a key names: by its JSON name, its own, or an extension's. */
export function fieldOf(message: MessageType | undefined, key: string): MessageField | undefined {
  return message?.fields.find((field) => keysOf(field).includes(key));
}

/** Keys that name a field, first the one that is written. */
export function keysOf(field: MessageField): string[] {
  return field.extension === undefined ? [field.jsonName, field.name] : [field.extension];
}

/** As a .proto has it; an extension under the name that tells it from a field. */
export function shownName(field: MessageField): string {
  return field.extension ?? field.name;
}

export function keyOf(field: MessageField): string {
  return keysOf(field)[0]!;
}

/** What stands behind the key of a field. */
export function valueTypeOf(field: MessageField): ValueType {
  if (field.mapKey !== undefined) return { shape: 'map', key: field.mapKey, field };
  return field.repeated ? { shape: 'list', field } : elementTypeOf(field);
}

/** An item of a list, or the value of a map's entry. */
export function elementTypeOf(field: MessageField): ValueType {
  if (field.kind === 'enum') return { shape: 'enum', type: field.type ?? '', field };
  if (field.kind === 'message' || field.kind === 'group') return { shape: 'message', type: field.type ?? '', field };
  return { shape: 'scalar', kind: field.kind, field };
}

/** The message type of an object: its own, or what an Any says it is. '' while that is not said. */
export function objectType(type: string, node: JsonNode | undefined): string {
  if (type !== ANY) return type;
  return typeOfUrl(stringOf(propertyOf(node, TYPE_KEY)?.value) ?? '');
}

/** `type.googleapis.com/chat.Message` → `chat.Message` */
export function typeOfUrl(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** What may stand at a path of a message; undefined where no type says. */
export function typeAt(
  types: Types,
  rootType: string,
  root: JsonNode | undefined,
  path: JsonPath,
): ValueType | undefined {
  let current: ValueType = { shape: 'message', type: rootType };
  for (const [index, step] of path.entries()) {
    const { field, shape } = current;
    if (shape === 'message' && typeof step === 'string') {
      const node = nodeAt(root, path.slice(0, index));
      const found = fieldOf(types.message(objectType(current.type, node)), step);
      if (!found) return undefined;
      current = valueTypeOf(found);
    } else if ((shape === 'list' && typeof step === 'number') || (shape === 'map' && typeof step === 'string')) {
      if (!field) return undefined;
      current = elementTypeOf(field);
    } else return undefined;
  }
  return current;
}

/** A value to begin with, as JSON text. */
export function startValue(value: ValueType, types: Types, now = new Date()): string {
  switch (value.shape) {
    case 'list':
      return '[]';
    case 'map':
      return '{}';
    case 'enum':
      return JSON.stringify(types.enumeration(value.type)?.values[0]?.name ?? '');
    case 'message':
      return startMessage(value.type, now);
    case 'scalar':
      return startScalar(value.kind);
  }
}

function startScalar(kind: FieldKind): string {
  if (kind === 'bool') return 'false';
  if (kind === 'string' || kind === 'bytes') return '""';
  return is64Bit(kind) ? '"0"' : '0';
}

function startMessage(type: string, now: Date): string {
  const wrapped = wrappedKind(type);
  if (wrapped) return startScalar(wrapped);
  switch (type) {
    case 'google.protobuf.Timestamp':
      return JSON.stringify(now.toISOString());
    case 'google.protobuf.Duration':
      return '"0s"';
    case 'google.protobuf.FieldMask':
      return '""';
    case 'google.protobuf.Value':
      return 'null';
    case 'google.protobuf.ListValue':
      return '[]';
    case ANY:
      return `{\n  "${TYPE_KEY}": ""\n}`;
    default:
      return '{}';
  }
}

/** A type in the words of a .proto: `map<string, chat.Room>`, `repeated int32`, `string`. */
export function typeText(field: MessageField): string {
  const element = field.type ?? field.kind;
  if (field.mapKey !== undefined) return `map<${field.mapKey}, ${element}>`;
  return field.repeated ? `repeated ${element}` : element;
}
