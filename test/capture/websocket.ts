// Bytes of a WebSocket dialogue for capture tests.
import { bytesOf, concat, u16, u32 } from './packets.ts';

export const REQUEST = bytesOf(
  'GET /chat HTTP/1.1\r\nHost: example.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
);
export const ANSWER = bytesOf(
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
);

/** An unmasked frame, as a server sends it. */
export function frame(opcode: number, payload: string | Uint8Array, fin = true): Uint8Array {
  const data = bytesOf(payload);
  const first = (fin ? 0x80 : 0) | opcode;
  if (data.length < 126) return concat([first, data.length], data);
  if (data.length < 65_536) return concat([first, 126], u16(data.length), data);
  const bytes = new Uint8Array(10 + data.length);
  bytes.set([first, 127, 0, 0, 0, 0, ...u32(data.length)]);
  bytes.set(data, 10);
  return bytes;
}
