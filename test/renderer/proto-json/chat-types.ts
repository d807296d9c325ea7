// Message types for tests: what chat.proto and a few fields of every shape come to.
import type { EnumType, FieldKind, MessageField, MessageType } from '../../../src-main/core/schema.ts';
import type { Types } from '../../../src-renderer/proto-json/value-type.ts';

function field(number: number, name: string, kind: FieldKind, more: Partial<MessageField> = {}): MessageField {
  return {
    name,
    jsonName: name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
    number,
    kind,
    repeated: false,
    packed: false,
    required: false,
    presence: kind === 'message',
    comment: '',
    deprecated: false,
    ...more,
  };
}

const message = (name: string, oneofs: string[], fields: MessageField[]): MessageType => ({
  name,
  oneofs,
  fields,
  comment: '',
});

const MESSAGES = [
  message(
    'lab.Everything',
    ['choice'],
    [
      field(1, 'user_name', 'string', { comment: 'Who it is.' }),
      field(2, 'count', 'int32'),
      field(3, 'big', 'int64'),
      field(4, 'on', 'bool'),
      field(5, 'color', 'enum', { type: 'lab.Color' }),
      field(6, 'tags', 'string', { repeated: true }),
      field(7, 'rooms', 'message', { type: 'lab.Room', mapKey: 'string' }),
      field(8, 'text', 'string', { oneof: 'choice', presence: true }),
      field(9, 'number', 'int32', { oneof: 'choice', presence: true }),
      field(10, 'at', 'message', { type: 'google.protobuf.Timestamp' }),
      field(11, 'detail', 'message', { type: 'google.protobuf.Any' }),
      field(12, 'self', 'message', { type: 'lab.Everything' }),
      field(13, 'ratio', 'double'),
      field(14, 'limit', 'message', { type: 'google.protobuf.Int64Value' }),
      field(100, 'note', 'string', { extension: '[lab.note]', presence: true }),
    ],
  ),
  message('lab.Room', [], [field(1, 'name', 'string'), field(2, 'people', 'int32', { deprecated: true })]),
];

const ENUMS: EnumType[] = [
  {
    name: 'lab.Color',
    values: [
      { name: 'COLOR_NONE', number: 0, comment: '' },
      { name: 'RED', number: 1, comment: 'As blood.' },
    ],
    comment: '',
    open: true,
  },
];

export const types: Types = {
  message: (name) => MESSAGES.find((each) => each.name === name),
  enumeration: (name) => ENUMS.find((each) => each.name === name),
};
export const ROOT = 'lab.Everything';
