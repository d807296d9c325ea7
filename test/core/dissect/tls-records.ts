// TLS records and handshake messages for tests, right or wrong as asked.
import { Direction } from '../../../src-main/core/record.ts';
import type { Segment } from '../../fuzz/laws.ts';
import { type Bytes, bytesOf } from './http2-frames.ts';

export { bytesOf } from './http2-frames.ts';

const u16 = (value: number): number[] => [value >> 8, value & 255];
const u24 = (value: number): number[] => [(value >> 16) & 255, ...u16(value & 0xffff)];

/** `length` only if it is to lie. */
export function record(type: number, body: Bytes, version = 0x0303, length?: number): Uint8Array {
  const bytes = bytesOf(body);
  return bytesOf([type], u16(version), u16(length ?? bytes.length), bytes);
}

export function message(type: number, body: Bytes, length?: number): Uint8Array {
  const bytes = bytesOf(body);
  return bytesOf([type], u24(length ?? bytes.length), bytes);
}

export function vector(lengthBytes: 1 | 2 | 3, ...parts: Bytes[]): Uint8Array {
  const bytes = bytesOf(...parts);
  const length = [bytes.length >> 16, (bytes.length >> 8) & 255, bytes.length & 255].slice(3 - lengthBytes);
  return bytesOf(length, bytes);
}

function extension(type: number, data: Bytes): Uint8Array {
  return bytesOf(u16(type), vector(2, data));
}

export const serverName = (name: string) => extension(0, vector(2, [0], vector(2, name)));
export const alpn = (...names: string[]) => extension(16, vector(2, ...names.map((name) => vector(1, name))));
export const offeredVersions = (...versions: number[]) => extension(43, vector(1, versions.flatMap(u16)));
export const chosenVersion = (version: number) => extension(43, u16(version));

const CLIENT_RANDOM = Uint8Array.from({ length: 32 }, (_, i) => i);
const SERVER_RANDOM = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i);

export function clientHello(extensions: Bytes = [], suites: number[] = [0x1301, 0xc02b], version = 0x0303): Uint8Array {
  const body = bytesOf(u16(version), CLIENT_RANDOM, vector(1, []), vector(2, suites.flatMap(u16)), vector(1, [0]));
  return message(1, bytesOf(body, vector(2, extensions)));
}

export function serverHello(
  suite = 0x1301,
  extensions: Bytes = chosenVersion(0x0304),
  random: Bytes = SERVER_RANDOM,
): Uint8Array {
  return message(2, bytesOf(u16(0x0303), random, vector(1, [1, 2, 3]), u16(suite), [0], vector(2, extensions)));
}

export const changeCipherSpec = record(20, [1]);

export const client = (...parts: Bytes[]): Segment => ({
  direction: Direction.clientToServer,
  bytes: bytesOf(...parts),
});
export const server = (...parts: Bytes[]): Segment => ({
  direction: Direction.serverToClient,
  bytes: bytesOf(...parts),
});
