// The places where grpc-js is reached behind its public face, all of them for the mock server: to answer methods nobody
// registered, to see the headers of a call before it drops some, to hear of every status it sends by itself (deadline, a
// message too large), to reset a stream, and to mark answers as compressed, which it cannot make itself. The version is
// pinned exactly; test/endpoints/grpc-server-internals.test.ts tells when an update moves one of them.
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { Metadata, type Server, type ServerInterceptingCallInterface } from '@grpc/grpc-js';

/** On the stream of a call, what its client takes: grpc-js forgets it. A map of streams would cost each call more. */
const ACCEPTED = Symbol('grpc-accept-encoding');

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
  _verifyContentType(stream: CallStream, headers: IncomingHttpHeaders): boolean;
}

type CallStream = ServerHttp2Stream & { [ACCEPTED]?: string | string[] | undefined };

interface CallInternals {
  readonly stream: CallStream;
  /** The message behind its prefix of five bytes (flag, length). */
  serializeMessage(message: Uint8Array): Buffer;
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

/**
 * Remembers of each call which encodings its client takes; and turns gRPC-Web away with 415, as grpc-js does with all that
 * is no gRPC, but not with that. `onWeb` is told of it.
 */
export function heedHeaders(server: Server, onWeb: () => void): void {
  const internals = server as unknown as ServerInternals;
  const verify = internals._verifyContentType;
  internals._verifyContentType = (stream, headers) => {
    stream[ACCEPTED] = headers['grpc-accept-encoding'];
    if (!headers['content-type']?.startsWith('application/grpc-web')) return verify.call(server, stream, headers);
    stream.respond({ ':status': constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE }, { endStream: true });
    onWeb();
    return false;
  };
}

/** Whether the client of a call takes messages in an encoding; of servers that heed headers. */
export function acceptsEncoding(call: ServerInterceptingCallInterface, encoding: string): boolean {
  const { stream } = call as unknown as CallInternals;
  return String(stream[ACCEPTED] ?? '')
    .split(',')
    .some((accepted) => accepted.trim() === encoding);
}

/** Says with the initial metadata and with each message that messages are compressed: whoever sends them has to do it. */
export function markCompressed(call: ServerInterceptingCallInterface, encoding: string): void {
  const internals = call as unknown as CallInternals;
  const { serializeMessage } = internals;
  internals.serializeMessage = (message) => {
    const framed = serializeMessage.call(internals, message);
    framed[0] = 1;
    return framed;
  };
  const send = call.sendMetadata;
  call.sendMetadata = (metadata) => {
    const marked = metadata?.clone() ?? new Metadata();
    marked.set('grpc-encoding', encoding);
    send.call(call, marked);
  };
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
