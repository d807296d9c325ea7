// What can be written at a place of a message's JSON: fields that are not there yet, enum values, true and false, the
// types of an Any; and what a field is, for whoever points at it. Pure: knows no editor.
import type { MessageField } from '../../src-main/core/schema.ts';
import { type JsonNode, type JsonPlace, type JsonTree, nodeAt, placeAt, propertyOf, stringOf } from './json-tree.ts';
import {
  ANY,
  fieldOf,
  isWellKnown,
  keyOf,
  keysOf,
  objectType,
  startValue,
  TYPE_KEY,
  type Types,
  typeAt,
  typeOfUrl,
  typeText,
  type ValueType,
  valueTypeOf,
  wrappedKind,
} from './value-type.ts';

export interface Suggestion {
  label: string;
  kind: 'field' | 'enum' | 'value' | 'type';
  /** JSON to put in; `$0` is where the caret goes, other `$` are escaped with a backslash. */
  snippet: string;
  /** Type, for a person. */
  detail: string;
  comment: string;
  deprecated: boolean;
}

export interface Completion {
  /** What a suggestion replaces. */
  start: number;
  end: number;
  suggestions: Suggestion[];
  /** Further suggestions are the types whose names contain this; see typeSuggestion. */
  typeSearch?: string;
}

/** undefined where nothing can be said. */
export function complete(
  text: string,
  tree: JsonTree,
  offset: number,
  rootType: string,
  types: Types,
): Completion | undefined {
  const place = placeAt(tree, text, offset);
  if (!place) return undefined;
  if (place.at === 'key') return completeKey(text, tree, place, rootType, types);
  const { start, end, path } = place;
  if (path.length === 0 && !place.node) {
    return { start, end, suggestions: [plain('{}', 'value', '{$0}', rootType)] };
  }
  const parent = nodeAt(tree.root, path.slice(0, -1));
  const parentType = typeAt(types, rootType, tree.root, path.slice(0, -1));
  if (path.at(-1) === TYPE_KEY && parentType?.shape === 'message' && parentType.type === ANY) {
    return { start, end, suggestions: [], typeSearch: typeOfUrl(stringOf(propertyOf(parent, TYPE_KEY)?.value) ?? '') };
  }
  const value = typeAt(types, rootType, tree.root, path);
  return value && { start, end, suggestions: valueSuggestions(value, types) };
}

function completeKey(
  text: string,
  tree: JsonTree,
  place: JsonPlace & { at: 'key' },
  rootType: string,
  types: Types,
): Completion | undefined {
  const { object, property, start, end } = place;
  const value = typeAt(types, rootType, tree.root, place.path);
  if (value?.shape !== 'message') return undefined;
  const hasValue = property?.colon !== undefined;
  const comma = !hasValue && text.slice(end).trimStart().startsWith('"') ? ',' : '';
  const suggestions: Suggestion[] = [];
  if (value.type === ANY && !propertyOf(object, TYPE_KEY)) {
    suggestions.push(plain(TYPE_KEY, 'field', `"@type": "$0"${comma}`, 'name of the message’s type'));
  }
  const message = types.message(objectType(value.type, object));
  for (const field of message?.fields ?? []) {
    if (isTaken(object, field, message!.fields, property?.key)) continue;
    const key = JSON.stringify(keyOf(field));
    suggestions.push({
      label: keyOf(field),
      kind: 'field',
      snippet: escaped(key) + (hasValue ? '' : `: ${valueSnippet(valueTypeOf(field), types)}${comma}`),
      detail: typeText(field),
      comment: field.comment,
      deprecated: field.deprecated,
    });
  }
  return { start, end, suggestions };
}

/** Whether the field, or another of its oneof, is there already. `typed`: the key being typed, which does not count. */
function isTaken(
  object: JsonNode & { kind: 'object' },
  field: MessageField,
  siblings: readonly MessageField[],
  typed: string | undefined,
): boolean {
  const there = (each: MessageField) =>
    object.properties.some(({ key }) => key !== typed && keysOf(each).includes(key));
  if (there(field)) return true;
  return field.oneof !== undefined && siblings.some((each) => each.oneof === field.oneof && there(each));
}

function valueSuggestions(value: ValueType, types: Types): Suggestion[] {
  if (value.shape === 'enum') return enumSuggestions(value.type, types);
  if (value.shape === 'scalar' || value.shape === 'message') {
    const kind = value.shape === 'scalar' ? value.kind : wrappedKind(value.type);
    if (kind === 'bool') return ['true', 'false'].map((word) => plain(word, 'value', word, 'bool'));
    if (kind === 'double' || kind === 'float') {
      return ['"NaN"', '"Infinity"', '"-Infinity"'].map((word) => plain(word, 'value', word, kind));
    }
    if (kind) return [];
  }
  const start = startValue(value, types);
  const detail = value.field ? typeText(value.field) : value.shape;
  return [plain(start.replace(/\s+/g, ' '), 'value', valueSnippet(value, types), detail)];
}

function enumSuggestions(type: string, types: Types): Suggestion[] {
  return (types.enumeration(type)?.values ?? []).map(({ name, number, comment }) => ({
    ...plain(name, 'enum', escaped(JSON.stringify(name)), String(number)),
    comment,
  }));
}

/** The value to begin with, the caret inside it. */
function valueSnippet(value: ValueType, types: Types): string {
  const text = escaped(startValue(value, types));
  if (value.shape === 'enum' || text === 'false') return `${text}$0`;
  if (text === '0') return '$0';
  if (text === '"0"') return '"$0"';
  if (value.shape === 'message' && isWellKnown(value.type) && text !== '""' && text !== '[]') return `${text}$0`;
  return /["[{]$|^(""|\[\]|\{\})$/.test(text) ? `${text[0]}$0${text.slice(1)}` : text.replace('""', '"$0"');
}

/** The suggestion of a message type for the @type of an Any. */
export function typeSuggestion(name: string): Suggestion {
  return plain(name, 'type', escaped(JSON.stringify(`type.googleapis.com/${name}`)), 'message');
}

function plain(label: string, kind: Suggestion['kind'], snippet: string, detail: string): Suggestion {
  return { label, kind, snippet, detail, comment: '', deprecated: false };
}

function escaped(text: string): string {
  return text.replace(/[\\$]/g, '\\$&');
}

export interface Hover {
  start: number;
  end: number;
  /** `text`, `string`, 2 … */
  name: string;
  type: string;
  number?: number;
  oneof?: string;
  deprecated: boolean;
  comment: string;
}

/** What the field or the enum value at an offset is. */
export function hover(text: string, tree: JsonTree, offset: number, rootType: string, types: Types): Hover | undefined {
  const place = placeAt(tree, text, offset);
  if (place?.at === 'key' && place.property) {
    const value = typeAt(types, rootType, tree.root, place.path);
    if (value?.shape !== 'message') return undefined;
    const field = fieldOf(types.message(objectType(value.type, place.object)), place.property.key);
    return field && { start: place.start, end: place.end, ...described(field) };
  }
  if (place?.at !== 'value' || !place.node) return undefined;
  const value = typeAt(types, rootType, tree.root, place.path);
  if (value?.shape !== 'enum') return undefined;
  const named = types.enumeration(value.type)?.values.find(({ name }) => name === stringOf(place.node));
  if (!named) return undefined;
  const { name, number, comment } = named;
  return { start: place.start, end: place.end, name, type: value.type, number, deprecated: false, comment };
}

function described(field: MessageField): Omit<Hover, 'start' | 'end'> {
  const { name, number, oneof, deprecated, comment } = field;
  return { name, type: typeText(field), number, ...(oneof === undefined ? {} : { oneof }), deprecated, comment };
}
