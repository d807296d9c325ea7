// HTTP/2 frames, header blocks and gRPC messages for tests, right or wrong as asked.
import { Frame, FrameFlag, PREFACE } from '../../../src-main/core/dissect/http2/format.ts';
import { Direction } from '../../../src-main/core/record.ts';
import type { Segment } from '../../fuzz/laws.ts';

export type Bytes = Uint8Array | readonly number[] | string;

export function bytesOf(...parts: readonly Bytes[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : [...part])),
  );
}

/** A frame; `length` only if it is to lie. */
export function frame(type: number, flags: number, stream: number, payload: Bytes = [], length?: number): Uint8Array {
  const body = bytesOf(payload);
  const announced = length ?? body.length;
  return bytesOf(
    [announced >> 16, (announced >> 8) & 255, announced & 255, type, flags],
    [(stream >>> 24) & 255, (stream >> 16) & 255, (stream >> 8) & 255, stream & 255],
    body,
  );
}

export const preface = bytesOf(PREFACE);

export function settings(entries: readonly (readonly [id: number, value: number])[] = []): Uint8Array {
  return frame(
    Frame.settings,
    0,
    0,
    entries.flatMap(([id, value]) => [id >> 8, id & 255, ...uint32(value)]),
  );
}

export const settingsAck = frame(Frame.settings, FrameFlag.ack, 0);

export function uint32(value: number): number[] {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

/** An integer of HPACK behind the bits `top` of its first byte. */
export function integer(value: number, prefixBits: number, top = 0): number[] {
  const most = 2 ** prefixBits - 1;
  if (value < most) return [top | value];
  const bytes = [top | most];
  let rest = value - most;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** Headers as literals with new names; `indexing`: 0x40 to enter the dynamic table, 0 not to. */
export function block(headers: { readonly [name: string]: string }, indexing = 0): Uint8Array {
  return bytesOf(...Object.entries(headers).map(([name, value]) => literal(name, value, indexing)));
}

export function literal(name: string, value: string, indexing = 0): Uint8Array {
  const [first, second] = [latin1Bytes(name), latin1Bytes(value)];
  return bytesOf([indexing], integer(first.length, 7), first, integer(second.length, 7), second);
}

function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function headers(
  stream: number,
  list: { readonly [name: string]: string },
  flags: number = FrameFlag.endHeaders,
): Uint8Array {
  return frame(Frame.headers, flags, stream, block(list, 0x40));
}

export const ENDS = FrameFlag.endHeaders | FrameFlag.endStream;

export const GET = { ':method': 'GET', ':scheme': 'http', ':authority': 'a', ':path': '/' };
export const CALL = {
  ':method': 'POST',
  ':scheme': 'http',
  ':path': '/chat.ChatService/SendMessage',
  ':authority': 'a',
  te: 'trailers',
  'content-type': 'application/grpc',
};
export const ANSWER = { ':status': '200', 'content-type': 'application/grpc' };

export function data(stream: number, payload: Bytes, flags = 0): Uint8Array {
  return frame(Frame.data, flags, stream, payload);
}

/** A length-prefixed message of gRPC. */
export function message(content: Bytes, flag = 0, length?: number): Uint8Array {
  const body = bytesOf(content);
  return bytesOf([flag], uint32(length ?? body.length), body);
}

export function fromClient(...parts: readonly Bytes[]): Segment {
  return { direction: Direction.clientToServer, bytes: bytesOf(...parts) };
}

export function fromServer(...parts: readonly Bytes[]): Segment {
  return { direction: Direction.serverToClient, bytes: bytesOf(...parts) };
}

/** How every connection begins. */
export const START: readonly Segment[] = [
  fromClient(preface, settings()),
  fromServer(settings(), settingsAck),
  fromClient(settingsAck),
];
