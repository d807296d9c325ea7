// The gateway's end of the bridge over a WebSocket. A client that does not read is cut off: announcements must not pile
// up in memory.
import type { WebSocket } from 'ws';
import type { Channel } from './channel.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import type { Message } from './contract.ts';

/** Unsent bytes after which a client counts as stuck: more than the largest answer, 16 Mi characters of copied text. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

/** RFC 6455 §7.4.1: policy violation, unsupported data. */
const POLICY_VIOLATION = 1008;
const UNSUPPORTED_DATA = 1003;

/** A client with more than `maxUnsentBytes` to be read is cut off. */
export function webSocketChannel(socket: WebSocket, maxUnsentBytes = MAX_UNSENT_BYTES): Channel {
  // A broken socket reports `error` and then `close`; the latter is all the bridge needs.
  socket.on('error', () => {});
  return {
    send(message: Message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > maxUnsentBytes) socket.terminate();
      else socket.send(encodeMessage(message));
    },
    onMessage(listener) {
      socket.on('message', (data, binary) => {
        if (!binary) return socket.close(UNSUPPORTED_DATA, 'binary messages only');
        let message: unknown;
        try {
          message = decodeMessage(data as Buffer);
        } catch {
          return socket.close(POLICY_VIOLATION, 'not MessagePack');
        }
        listener(message);
      });
    },
    onClose(listener) {
      socket.on('close', listener);
    },
    close: () => socket.close(),
  };
}
