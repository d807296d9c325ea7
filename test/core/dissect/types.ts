// A few message types, written down as a schema would give them, for tests of what names fields.
import type { EnumType, FieldKind, MessageField, MessageType, TypeRegistry } from '../../../src-main/core/schema.ts';

function field(name: string, number: number, kind: FieldKind, more: Partial<MessageField> = {}): MessageField {
  return {
    name,
    jsonName: name,
    number,
    kind,
    repeated: false,
    packed: false,
    required: false,
    presence: false,
    comment: '',
    deprecated: false,
    ...more,
  };
}

function message(name: string, fields: MessageField[]): MessageType {
  return { name, fields, oneofs: [], comment: '' };
}

const messages: readonly MessageType[] = [
  message('chat.Message', [
    field('user', 1, 'string'),
    field('text', 2, 'string'),
    field('n', 3, 'int32'),
    field('list', 4, 'int32', { repeated: true, packed: true }),
    field('inner', 5, 'message', { type: 'chat.Message', presence: true }),
    field('d', 6, 'double'),
    field('b', 7, 'bytes'),
    field('m', 8, 'int32', { mapKey: 'string' }),
    field('s', 9, 'sint64'),
    field('c', 10, 'enum', { type: 'chat.Color' }),
    field('f', 11, 'bool'),
    field('x', 12, 'fixed32'),
    field('names', 13, 'string', { repeated: true }),
    field('fl', 14, 'float'),
    field('u', 15, 'uint64'),
  ]),
  message('chat.Response', [field('status', 1, 'string'), field('message', 2, 'string')]),
];

const colors: EnumType = {
  name: 'chat.Color',
  values: [
    { name: 'RED', number: 0, comment: '' },
    { name: 'BLUE', number: 1, comment: '' },
  ],
  comment: '',
  open: true,
};

/** chat.ChatService/SendMessage: chat.Message → chat.Response. */
export const CHAT_TYPES: TypeRegistry = {
  message: (name) => messages.find((type) => type.name === name),
  enumeration: (name) => (name === colors.name ? colors : undefined),
  method: (path) =>
    path.replace(/^\//, '') === 'chat.ChatService/SendMessage'
      ? {
          name: 'SendMessage',
          path: 'chat.ChatService/SendMessage',
          input: 'chat.Message',
          output: 'chat.Response',
          clientStreaming: false,
          serverStreaming: false,
          comment: '',
          deprecated: false,
        }
      : undefined,
};
