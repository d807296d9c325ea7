// The gRPC service of the benchmarks: raw bytes, the same for both sides.
import type { ServiceMethod } from '../../src-main/core/schema.ts';
import type { LoadedSchema } from '../../src-main/schemas/loaded-schema.ts';

/** Methods, and whether the client and the server stream. */
export const GRPC_METHODS = { Send: [false, false], Watch: [false, true], Talk: [true, true] } as const;

const same = (bytes: Buffer) => bytes;

/** A method as grpc-js wants it defined. */
export function rawMethod(name: string, requestStream: boolean, responseStream: boolean) {
  return {
    path: `/bench.Bench/${name}`,
    originalName: name.toLowerCase(),
    requestStream,
    responseStream,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

const methods = new Map<string, ServiceMethod>(
  Object.entries(GRPC_METHODS).map(([name, [clientStreaming, serverStreaming]]) => {
    const path = `bench.Bench/${name}`;
    return [
      path,
      { name, path, input: '', output: '', clientStreaming, serverStreaming, comment: '', deprecated: false },
    ];
  }),
);

/** What a schema says of the benchmarks' methods. */
export const benchSchema: LoadedSchema = {
  types: {
    message: () => undefined,
    enumeration: () => undefined,
    method: (path) => methods.get(path),
  },
  services: [{ name: 'bench.Bench', methods: [], comment: '', source: '' }],
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
