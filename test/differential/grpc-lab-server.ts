// A server of lab.proto made of bare grpc-js, with reflection by a service of its own: nothing of Wirescope is in it but the
// splitting of protoc's descriptor set into files.

import type { ServerUnaryCall, ServerWritableStream, ServiceDefinition, sendUnaryData } from '@grpc/grpc-js';
import { Metadata, Server, ServerCredentials, type ServerDuplexStream, type ServerReadableStream } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { filesInSet } from '../../src-main/schemas/descriptor-codec.ts';

/** Which sides of each method stream. */
const METHODS = {
  Echo: [false, false],
  OldEcho: [false, false],
  Generate: [false, true],
  Collect: [true, false],
  Exchange: [true, true],
  Fail: [false, false],
} as const;

export type ReflectionVersion = 'v1' | 'v1alpha';

type Unary = ServerUnaryCall<Buffer, Buffer>;
type Answer = sendUnaryData<Buffer>;
type Duplex = ServerDuplexStream<Buffer, Buffer>;

/** Starts on a free port of 127.0.0.1. `descriptorSet`: by protoc, with all imports; `protos`: folder of the .proto files. */
export async function labServer(
  protos: string,
  descriptorSet: Uint8Array,
  reflection: ReflectionVersion,
): Promise<{ port: number; stop(): void }> {
  const root = new protobuf.Root();
  root.resolvePath = (_, name) => `${protos}/${name}`;
  const service = `grpc/reflection/${reflection}/reflection.proto`;
  await root.load(['lab.proto', 'google/rpc/status.proto', 'google/protobuf/descriptor.proto', service]);
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  server.addService(definition('lab.Lab', METHODS), labHandlers(root));
  const name = `grpc.reflection.${reflection}.ServerReflection`;
  server.addService(definition(name, { ServerReflectionInfo: [true, true] }), {
    ServerReflectionInfo: reflectionHandler(root, `grpc.reflection.${reflection}`, filesInSet(descriptorSet)),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, stop: () => server.forceShutdown() };
}

function definition(service: string, methods: { [name: string]: readonly [boolean, boolean] }): ServiceDefinition {
  const asIs = (bytes: Buffer) => bytes;
  const codecs = {
    ...{ requestSerialize: asIs, requestDeserialize: asIs },
    ...{ responseSerialize: asIs, responseDeserialize: asIs },
  };
  return Object.fromEntries(
    Object.entries(methods).map(([name, [requestStream, responseStream]]) => [
      name,
      { path: `/${service}/${name}`, requestStream, responseStream, ...codecs },
    ]),
  );
}

function labHandlers(root: protobuf.Root) {
  const encode = (type: string, value: object) => Buffer.from(root.lookupType(type).encode(value).finish());
  return {
    Echo(call: Unary, answer: Answer) {
      const metadata = new Metadata();
      metadata.set('x-served-by', 'node');
      metadata.set('x-bytes-bin', Buffer.from(Array.from({ length: 256 }, (_, i) => i)));
      call.sendMetadata(metadata);
      const trailers = new Metadata();
      for (const name of ['x-user', 'x-trace-bin']) {
        for (const value of call.metadata.get(name)) trailers.add(name, value);
      }
      answer(null, call.request, trailers);
    },
    OldEcho() {
      // Never answers.
    },
    Generate(call: ServerWritableStream<Buffer, Buffer>) {
      const { count } = root.lookupType('lab.GenerateRequest').decode(call.request) as unknown as { count: number };
      for (let i = 0; i < count; i++) call.write(encode('lab.Sample', { int32Value: i, tags: ['generated'] }));
      call.end();
    },
    Collect(call: ServerReadableStream<Buffer, Buffer>, answer: Answer) {
      const sizes: number[] = [];
      call.on('data', ({ length }: Buffer) => sizes.push(length));
      call.on('end', () => {
        const sizeBytes = sizes.reduce((sum, size) => sum + size, 0);
        answer(null, encode('lab.Summary', { count: sizes.length, sizeBytes }));
      });
    },
    Exchange(call: Duplex) {
      call.on('data', (bytes: Buffer) => call.write(bytes));
      call.on('end', () => call.end());
      call.on('error', () => {});
    },
    Fail(call: Unary, answer: Answer) {
      const request = root.lookupType('lab.FailRequest').decode(call.request) as unknown as {
        code: number;
        message: string;
        details: object[];
      };
      const { code, message, details } = request;
      const metadata = new Metadata();
      metadata.set('grpc-status-details-bin', encode('google.rpc.Status', { code, message, details }));
      answer({ code, details: message, metadata });
    },
  };
}

function reflectionHandler(root: protobuf.Root, namespace: string, files: readonly Uint8Array[]) {
  const request = root.lookupType(`${namespace}.ServerReflectionRequest`);
  const response = root.lookupType(`${namespace}.ServerReflectionResponse`);
  const descriptor = root.lookupType('google.protobuf.FileDescriptorProto');
  const named = files.map((bytes) => {
    const { name, package: of, messageType, service } = descriptor.decode(bytes).toJSON();
    const items: { name: string }[] = [...(messageType ?? []), ...(service ?? [])];
    return { name, bytes, symbols: items.map((item) => (of ? `${of}.${item.name}` : item.name)) };
  });
  return (call: Duplex) => {
    call.on('data', (bytes: Buffer) => {
      const { listServices, fileContainingSymbol, fileByFilename } = request.decode(bytes).toJSON();
      const wanted = named.find(
        ({ name, symbols }) => name === fileByFilename || symbols.includes(fileContainingSymbol),
      );
      const answer =
        listServices === undefined
          ? wanted
            ? { fileDescriptorResponse: { fileDescriptorProto: [wanted.bytes] } }
            : { errorResponse: { errorCode: 5, errorMessage: 'not found' } }
          : { listServicesResponse: { service: [{ name: 'lab.Lab' }] } };
      call.write(Buffer.from(response.encode(answer).finish()));
    });
    call.on('end', () => call.end());
    call.on('error', () => {});
  };
}
