// A schema of one service, encoded as JSON text, for tests that are not about Protocol Buffers.
import type { MessageField, MessageType, ServiceType } from '../../src-main/core/schema.ts';
import { type LoadedSchema, SchemaError } from '../../src-main/schemas/loaded-schema.ts';

const TEXT: MessageField = {
  name: 'text',
  jsonName: 'text',
  number: 1,
  kind: 'string',
  repeated: false,
  packed: false,
  required: false,
  presence: false,
  comment: '',
  deprecated: false,
};

const CHAT: ServiceType = {
  name: 'ChatService',
  comment: '',
  source: 'chat.proto',
  methods: [
    method('SendMessage', 'Message', 'Response', false),
    method('StreamMessages', 'Message', 'Response', true),
    method('Count', 'Message', 'Tally', false),
  ],
};

function method(name: string, input: string, output: string, streaming: boolean) {
  const path = `ChatService/${name}`;
  return {
    ...{ name, path, input, output, comment: '', deprecated: false },
    ...{ clientStreaming: streaming, serverStreaming: streaming },
  };
}

/** Types Message, Response and Tally, each with the field `text`; encoded as `TYPE JSON`. */
export function fakeSchema(more: Partial<LoadedSchema> = {}): LoadedSchema {
  const names = ['Message', 'Response', 'Tally'];
  const messages = new Map(
    names.map((name): [string, MessageType] => [name, { name, fields: [TEXT], oneofs: [], comment: '' }]),
  );
  return {
    types: {
      message: (name) => messages.get(name),
      enumeration: () => undefined,
      method: (path) => CHAT.methods.find((candidate) => candidate.path === path.replace(/^\//, '')),
    },
    services: [CHAT],
    problems: [],
    sources: [{ label: 'chat.proto', kind: 'file', services: 1 }],
    files: [],
    encode(type, json) {
      const unknown = Object.keys(json as object).find((key) => key !== 'text' && key !== '@type');
      if (unknown !== undefined) throw new SchemaError('there is no such field', unknown);
      return new TextEncoder().encode(`${type} ${JSON.stringify(json)}`);
    },
    decode(type, bytes) {
      const text = new TextDecoder().decode(bytes);
      if (!text.startsWith(`${type} `)) throw new SchemaError('these are other bytes');
      return JSON.parse(text.slice(type.length + 1));
    },
    example: () => ({ text: 'example' }),
    closure: (wanted) => ({
      messages: wanted.flatMap((name) => messages.get(name) ?? []),
      enums: [],
      truncated: false,
    }),
    search: (text) => names.filter((name) => name.toLowerCase().includes(text.toLowerCase())).sort(),
    descriptors: () => [],
    ...more,
  };
}

/** Of no sources. */
export const NO_SCHEMA: LoadedSchema = fakeSchema({
  types: { message: () => undefined, enumeration: () => undefined, method: () => undefined },
  services: [],
  sources: [],
  search: () => [],
});
