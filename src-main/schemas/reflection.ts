// The messages of gRPC server reflection as bytes and back. Both versions of the service, v1 and v1alpha, carry the same
// ones. No sockets here, and no schema: reflection is what brings schemas, so its few messages are read by hand.
import protobuf from 'protobufjs/minimal.js';

const { Reader, Writer } = protobuf;

/** Full method names, newest first: a client asks the first and falls back to the second on UNIMPLEMENTED. */
export const REFLECTION_METHODS = [
  'grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
  'grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
] as const;

/** What a client can ask: one ServerReflectionRequest. */
export type ReflectionRequest = (
  | { ask: 'services' }
  /** The file that defines a service, method, message, enum or extension, by its full name. */
  | { ask: 'symbol'; symbol: string }
  /** A file by the name that others import it with. */
  | { ask: 'file'; file: string }
  /** The file that extends message `type` with field `number`. */
  | { ask: 'extension'; type: string; number: number }
  /** The numbers of all extensions of message `type`. */
  | { ask: 'extension-numbers'; type: string }
) & {
  /** The name the client knows the server by; servers ignore it. */
  host?: string;
};

/** What a server says: one ServerReflectionResponse. */
export type ReflectionResponse =
  /** Full names, as the server spells them (some with a leading dot). */
  | { answer: 'services'; names: string[] }
  /** Encoded google.protobuf.FileDescriptorProto: the file asked for, and any it imports. */
  | { answer: 'files'; files: Uint8Array[] }
  | { answer: 'extension-numbers'; type: string; numbers: number[] }
  /** `code`: a gRPC status code, 5 for what the server does not know. */
  | { answer: 'error'; code: number; message: string }
  /** Nothing that this version of the protocol knows. */
  | { answer: 'none' };

type Reader = protobuf.Reader;

/** A tag of a length-delimited field, as the wire has it. */
const delimited = (field: number) => (field << 3) | 2;
const varint = (field: number) => field << 3;

/** A ServerReflectionRequest; the same bytes in v1 and v1alpha. */
export function encodeReflectionRequest(request: ReflectionRequest): Uint8Array {
  const writer = new Writer();
  if (request.host) writer.uint32(delimited(1)).string(request.host);
  switch (request.ask) {
    case 'file':
      writer.uint32(delimited(3)).string(request.file);
      break;
    case 'symbol':
      writer.uint32(delimited(4)).string(request.symbol);
      break;
    case 'extension':
      writer.uint32(delimited(5)).fork();
      writer.uint32(delimited(1)).string(request.type).uint32(varint(2)).int32(request.number);
      writer.ldelim();
      break;
    case 'extension-numbers':
      writer.uint32(delimited(6)).string(request.type);
      break;
    case 'services':
      writer.uint32(delimited(7)).string('');
      break;
  }
  return writer.finish();
}

/** What a client asks; undefined if it asks nothing known. @throws Error for bytes that are no message */
export function decodeReflectionRequest(bytes: Uint8Array): ReflectionRequest | undefined {
  let host: string | undefined;
  let request: ReflectionRequest | undefined;
  eachField(new Reader(bytes), (tag, reader) => {
    if (tag === delimited(1)) host = reader.string();
    else if (tag === delimited(3)) request = { ask: 'file', file: reader.string() };
    else if (tag === delimited(4)) request = { ask: 'symbol', symbol: reader.string() };
    else if (tag === delimited(5)) request = readExtension(reader.bytes());
    else if (tag === delimited(6)) request = { ask: 'extension-numbers', type: reader.string() };
    else if (tag === delimited(7)) {
      reader.string();
      request = { ask: 'services' };
    } else return false;
    return true;
  });
  return request && host ? { ...request, host } : request;
}

/** @param original the request it answers, as the client sent it: it goes back with the answer */
export function encodeReflectionResponse(response: ReflectionResponse, original?: Uint8Array): Uint8Array {
  const writer = new Writer();
  if (original) writer.uint32(delimited(2)).bytes(original);
  switch (response.answer) {
    case 'files':
      writer.uint32(delimited(4)).fork();
      for (const file of response.files) writer.uint32(delimited(1)).bytes(file);
      writer.ldelim();
      break;
    case 'extension-numbers':
      writer.uint32(delimited(5)).fork().uint32(delimited(1)).string(response.type);
      writer.uint32(delimited(2)).fork();
      for (const number of response.numbers) writer.int32(number);
      writer.ldelim().ldelim();
      break;
    case 'services':
      writer.uint32(delimited(6)).fork();
      for (const name of response.names) writer.uint32(delimited(1)).fork().uint32(delimited(1)).string(name).ldelim();
      writer.ldelim();
      break;
    case 'error':
      writer.uint32(delimited(7)).fork();
      writer.uint32(varint(1)).int32(response.code).uint32(delimited(2)).string(response.message).ldelim();
      break;
    case 'none':
      break;
  }
  return writer.finish();
}

/** @throws Error for bytes that are no message */
export function decodeReflectionResponse(bytes: Uint8Array): ReflectionResponse {
  let response: ReflectionResponse = { answer: 'none' };
  eachField(new Reader(bytes), (tag, reader) => {
    if (tag === delimited(4)) response = { answer: 'files', files: readAllBytes(reader.bytes()) };
    else if (tag === delimited(5)) response = readExtensionNumbers(reader.bytes());
    else if (tag === delimited(6)) {
      response = { answer: 'services', names: readAllBytes(reader.bytes()).map(readName) };
    } else if (tag === delimited(7)) response = readError(reader.bytes());
    else return false;
    return true;
  });
  return response;
}

function readExtension(bytes: Uint8Array): ReflectionRequest {
  const request = { ask: 'extension' as const, type: '', number: 0 };
  eachField(new Reader(bytes), (tag, reader) => {
    if (tag === delimited(1)) request.type = reader.string();
    else if (tag === varint(2)) request.number = reader.int32();
    else return false;
    return true;
  });
  return request;
}

function readExtensionNumbers(bytes: Uint8Array): ReflectionResponse {
  const response = { answer: 'extension-numbers' as const, type: '', numbers: [] as number[] };
  eachField(new Reader(bytes), (tag, reader) => {
    if (tag === delimited(1)) response.type = reader.string();
    else if (tag === varint(2)) response.numbers.push(reader.int32());
    else if (tag === delimited(2)) {
      const end = reader.uint32() + reader.pos;
      while (reader.pos < end) response.numbers.push(reader.int32());
    } else return false;
    return true;
  });
  return response;
}

function readError(bytes: Uint8Array): ReflectionResponse {
  const response = { answer: 'error' as const, code: 0, message: '' };
  eachField(new Reader(bytes), (tag, reader) => {
    if (tag === varint(1)) response.code = reader.int32();
    else if (tag === delimited(2)) response.message = reader.string();
    else return false;
    return true;
  });
  return response;
}

/** Field 1 of a message that is a list of messages or bytes. */
function readAllBytes(bytes: Uint8Array): Uint8Array[] {
  const all: Uint8Array[] = [];
  eachField(new Reader(bytes), (tag, reader) => {
    if (tag !== delimited(1)) return false;
    // A copy: what is kept must not keep the whole answer.
    all.push(reader.bytes().slice());
    return true;
  });
  return all;
}

function readName(bytes: Uint8Array): string {
  let name = '';
  eachField(new Reader(bytes), (tag, reader) => {
    if (tag !== delimited(1)) return false;
    name = reader.string();
    return true;
  });
  return name;
}

/** Calls `read` with the tag of every field; what it does not take (false) is skipped. */
function eachField(reader: Reader, read: (tag: number, reader: Reader) => boolean): void {
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (!read(tag, reader)) reader.skipType(tag & 7, 0, tag >>> 3);
  }
}
