// The app's end of the bridge over a WebSocket: the browser's own, or Node's. Runs in the renderer: no node: imports.
import type { Channel } from './channel.ts';
import { decodeMessage, encodeMessage } from './codec.ts';

/** Of the standard WebSocket, what the bridge needs. */
export interface StandardSocket {
  binaryType: string;
  readonly readyState: number;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(event: string, listener: (event: { data?: unknown }) => void): void;
}

const CONNECTING = 0;
const OPEN = 1;

/** What is sent while the socket still connects waits for it. */
export function webSocketClientChannel(socket: StandardSocket): Channel {
  const early: Uint8Array<ArrayBuffer>[] = [];
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => {
    for (const bytes of early.splice(0)) socket.send(bytes);
  });
  return {
    send(message) {
      const bytes = encodeMessage(message);
      if (socket.readyState === CONNECTING) early.push(bytes);
      else if (socket.readyState === OPEN) socket.send(bytes);
    },
    onMessage(listener) {
      socket.addEventListener('message', (event) => listener(decodeMessage(event.data as ArrayBuffer)));
    },
    onClose(listener) {
      socket.addEventListener('close', () => listener());
    },
    close: () => socket.close(),
  };
}
