// gRPC servers made with bare grpc-js, of raw bytes: what our client talks to in tests.
import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerOptions,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import type { ServiceMethod } from '../../src-main/core/schema.ts';
import type { LoadedSchema } from '../../src-main/schemas/loaded-schema.ts';
import { afterwards } from './loopback.ts';

const SERVICE = 'test.Chat';

/** The methods of the service and which sides stream. */
const METHODS = {
  Send: [false, false],
  Fail: [false, false],
  Slow: [false, false],
  Watch: [false, true],
  Collect: [true, false],
  Talk: [true, true],
} as const;

export type MethodName = keyof typeof METHODS;

/** `test.Chat/Send`. */
export const path = (method: MethodName) => `${SERVICE}/${method}`;

export interface PeerHandlers {
  /** Echoes the request if absent. */
  send?: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => void;
}

export interface Peer {
  port: number;
  server: Server;
  /** Metadata of every call, in the order they came. */
  metadata: Metadata[];
  /** Calls that were cancelled by the client. */
  cancelled: string[];
}

/**
 * Send echoes; Fail ends with NOT_FOUND and details; Slow never answers; Watch sends as many messages as its request has
 * bytes; Collect answers with the joined requests; Talk echoes each. Ends after the test.
 */
export async function grpcPeer(
  handlers: PeerHandlers = {},
  {
    address = '127.0.0.1:0',
    tls,
    options,
  }: { address?: string; tls?: ServerCredentials; options?: ServerOptions } = {},
): Promise<Peer> {
  const server = new Server(options);
  const peer: Peer = { port: 0, server, metadata: [], cancelled: [] };
  const heard = (
    name: MethodName,
    call: { metadata: Metadata; on(event: 'cancelled', heard: () => void): unknown },
  ) => {
    peer.metadata.push(call.metadata);
    call.on('cancelled', () => peer.cancelled.push(name));
  };
  const definition = Object.fromEntries(
    Object.entries(METHODS).map(([name, [requestStream, responseStream]]) => [
      name,
      {
        path: `/${SERVICE}/${name}`,
        originalName: name.toLowerCase(),
        requestStream,
        responseStream,
        requestSerialize: (bytes: Buffer) => bytes,
        requestDeserialize: (bytes: Buffer) => bytes,
        responseSerialize: (bytes: Buffer) => bytes,
        responseDeserialize: (bytes: Buffer) => bytes,
      },
    ]),
  );
  server.addService(definition, {
    send: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      heard('Send', call);
      if (handlers.send) handlers.send(call, answer);
      else answer(null, call.request);
    },
    fail: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      heard('Fail', call);
      const metadata = call.metadata.clone();
      metadata.set('grpc-status-details-bin', Buffer.from('0805120666616c736521', 'hex'));
      answer({ code: 5, details: 'no such user: José %', metadata });
    },
    slow: (call: ServerUnaryCall<Buffer, Buffer>) => heard('Slow', call),
    watch: (call: ServerWritableStream<Buffer, Buffer>) => {
      heard('Watch', call);
      for (let i = 0; i < call.request.length; i++) call.write(Buffer.of(i));
      call.end();
    },
    collect: (call: ServerReadableStream<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      heard('Collect', call);
      const parts: Buffer[] = [];
      call.on('data', (part: Buffer) => parts.push(part));
      call.on('end', () => answer(null, Buffer.concat(parts)));
      call.on('error', () => {});
    },
    talk: (call: ServerDuplexStream<Buffer, Buffer>) => {
      heard('Talk', call);
      call.on('data', (part: Buffer) => call.write(part));
      call.on('end', () => call.end());
      call.on('error', () => {});
    },
  });
  peer.port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, tls ?? ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
  afterwards(() => server.forceShutdown());
  return peer;
}

/** What a schema of that service says of its methods, and nothing else. */
export async function peerSchema(): Promise<LoadedSchema> {
  const method = (wanted: string): ServiceMethod | undefined => {
    const name = wanted.replace(/^\/?test\.Chat\//, '');
    const [clientStreaming, serverStreaming] = METHODS[name as MethodName] ?? [];
    if (clientStreaming === undefined || serverStreaming === undefined) return undefined;
    return {
      name,
      path: `${SERVICE}/${name}`,
      input: 'test.Bytes',
      output: 'test.Bytes',
      clientStreaming,
      serverStreaming,
      comment: '',
      deprecated: false,
    };
  };
  const none = () => undefined;
  return {
    types: { message: none, enumeration: none, method },
    services: [],
    problems: [],
    sources: [],
    files: [],
    encode: () => new Uint8Array(0),
    decode: () => undefined,
    example: () => undefined,
    closure: () => ({ messages: [], enums: [], truncated: false }),
    search: () => [],
    descriptors: () => [],
  };
}
