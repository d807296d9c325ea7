// The first thing a newcomer sees: an echo server and a client to it, both running, with something to send.
import type { SessionConfig } from '../core/session-config.ts';

/** Listens where nobody else does, for this machine only. */
export const ECHO_SERVER: SessionConfig = {
  wirescope: 1,
  name: 'Echo server',
  role: 'server',
  protocol: 'websocket',
  listen: '127.0.0.1:0',
  server: { behaviour: 'echo' },
};

export const FIRST_MESSAGE = { text: 'Hello, Wirescope!' };

/** `address`: where the echo server listens, as `host:port`. */
export function echoClient(address: string): SessionConfig {
  return {
    wirescope: 1,
    name: 'Echo client',
    role: 'client',
    protocol: 'websocket',
    target: `ws://${address}/`,
    websocket: { compression: true },
    messages: [
      { name: 'Hello', ...FIRST_MESSAGE },
      { name: 'JSON', json: { type: 'greeting', from: 'me', numbers: [1, 2, 3], nested: { ok: true } } },
      { name: 'MessagePack', hex: '82a474797065a470696e67a36e756d2a' },
    ],
  };
}
