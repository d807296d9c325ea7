// The gRPC service of the benchmarks: raw bytes, the same for both sides.

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
