// The places where grpc-js is reached behind its public face, all of them for the mock server: to answer methods nobody
// registered, to hear of every status it sends by itself (deadline, a message too large), and to reset a stream. The
// version is pinned exactly; test/endpoints/grpc-server-internals.test.ts tells when an update moves one of them.
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Server, ServerInterceptingCallInterface } from '@grpc/grpc-js';

/** What grpc-js looks a method up for. */
interface Handler {
  func(): void;
  serialize(message: Uint8Array): Buffer;
  deserialize(message: Buffer): Buffer;
  type: 'bidi';
  path: string;
}

interface ServerInternals {
  _retrieveHandler(path: string): Handler | null;
}

interface CallInternals {
  readonly stream: ServerHttp2Stream;
}

/** Calls of every method reach the server's interceptors, messages as their bytes. What answers them is not here. */
export function admitEveryMethod(server: Server): void {
  const internals = server as unknown as ServerInternals;
  internals._retrieveHandler = (path) => ({
    func() {},
    serialize: bufferOf,
    deserialize: (message) => message,
    type: 'bidi',
    path,
  });
}

/** Tells `listener` of the status that ends the call, whoever ends it, before it is sent. */
export function watchStatus(
  call: ServerInterceptingCallInterface,
  listener: (code: number, message: string) => void,
): void {
  const send = call.sendStatus;
  call.sendStatus = (status) => {
    listener(status.code, status.details);
    send.call(call, status);
  };
}

/** Ends a call without a status: RST_STREAM with CANCEL. */
export function resetStream(call: ServerInterceptingCallInterface): void {
  (call as unknown as CallInternals).stream.close(constants.NGHTTP2_CANCEL);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
