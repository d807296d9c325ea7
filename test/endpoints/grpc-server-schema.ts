// A schema for tests of the gRPC server, made by protobufjs alone: what is tested is the server, not the loader.
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import type { FieldKind, MessageType, ServiceType } from '../../src-main/core/schema.ts';
import { type LoadedSchema, SchemaError } from '../../src-main/schemas/loaded-schema.ts';

const GREETER = `
syntax = "proto3";
service Greeter { rpc SayHello(HelloRequest) returns (HelloReply); }
message HelloRequest { string name = 1; }
message HelloReply { string message = 1; }`;

const CHAT = `
syntax = "proto3";
package chat;
service ChatService {
  rpc SendMessage(Message) returns (Response);
  rpc StreamMessages(stream Message) returns (stream Response);
  rpc Watch(Message) returns (stream Message);
  rpc Upload(stream Message) returns (Message);
  rpc Mirror(Message) returns (Message);
  rpc Chat(stream Message) returns (stream Message);
  rpc Shorten(Message) returns (Short);
}
message Message { string user = 1; string text = 2; }
message Response { string status = 1; string message = 2; }
message Short { string text = 1; int32 count = 2; }
message Any { string type_url = 1; bytes value = 2; }`;

/** `Greeter` without a package, and `chat.ChatService` with every shape of method. */
export function testSchema(): LoadedSchema {
  const files = [
    { file: 'greeter.proto', root: parse(GREETER), imports: [] },
    { file: 'chat.proto', root: parse(CHAT), imports: ['greeter.proto'] },
  ];
  const services = files.flatMap(({ file, root }) => servicesOf(root, file));
  const typeOf = (name: string): protobuf.Type => {
    for (const { root } of files) {
      const found = root.lookup(name.split('.'));
      if (found instanceof protobuf.Type) return found;
    }
    throw new SchemaError(`There is no type ${name}.`);
  };
  const methods = new Map(services.flatMap((service) => service.methods.map((method) => [method.path, method])));
  return {
    types: {
      message: (name) => messageType(typeOf(name)),
      enumeration: () => undefined,
      method: (path) => methods.get(path.replace(/^\//, '')),
    },
    services,
    problems: [],
    sources: [],
    files: [],
    encode(name, json) {
      const type = typeOf(name);
      const object = json as { [name: string]: unknown };
      const unknown = Object.keys(object).find((key) => !type.fields[key]);
      if (unknown !== undefined) throw new SchemaError(`${name} has no such field.`, unknown);
      const fault = type.verify(object);
      if (fault) throw new SchemaError(fault);
      return type.encode(type.fromObject(object)).finish();
    },
    decode(name, bytes) {
      try {
        const type = typeOf(name);
        return type.toObject(type.decode(bytes), { json: true });
      } catch (error) {
        throw new SchemaError(`These bytes are no ${name}: ${String(error)}`);
      }
    },
    example(name) {
      const fields = typeOf(name).fieldsArray;
      return Object.fromEntries(fields.map((field) => [field.name, field.type === 'string' ? field.name : 1]));
    },
    closure: () => ({ messages: [], enums: [], truncated: false }),
    search: () => [],
    descriptors: () =>
      files.map(({ file, root, imports }) => {
        const made = { ...root.toDescriptor('proto3').file[0], name: file, dependency: imports };
        return { file, bytes: descriptor.FileDescriptorProto.encode(made).finish() };
      }),
  };
}

function parse(text: string): protobuf.Root {
  const root = new protobuf.Root();
  protobuf.parse(text, root, { keepCase: true });
  root.resolveAll();
  return root;
}

function servicesOf(space: protobuf.NamespaceBase, source: string): ServiceType[] {
  return space.nestedArray.flatMap((nested) => {
    if (nested instanceof protobuf.Service) return [serviceType(nested, source)];
    return nested instanceof protobuf.Namespace ? servicesOf(nested, source) : [];
  });
}

function serviceType(service: protobuf.Service, source: string): ServiceType {
  const name = service.fullName.slice(1);
  return {
    name,
    comment: '',
    source,
    methods: service.methodsArray.map((method) => ({
      name: method.name,
      path: `${name}/${method.name}`,
      input: method.resolvedRequestType?.fullName.slice(1) ?? '',
      output: method.resolvedResponseType?.fullName.slice(1) ?? '',
      clientStreaming: method.requestStream === true,
      serverStreaming: method.responseStream === true,
      comment: '',
      deprecated: false,
    })),
  };
}

function messageType(type: protobuf.Type): MessageType {
  return {
    name: type.fullName.slice(1),
    oneofs: [],
    comment: '',
    fields: type.fieldsArray.map((field) => ({
      name: field.name,
      jsonName: field.name,
      number: field.id,
      kind: field.type as FieldKind,
      repeated: field.repeated,
      packed: false,
      required: false,
      presence: false,
      comment: '',
      deprecated: false,
    })),
  };
}
