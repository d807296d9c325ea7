// The first thing a newcomer sees: an echo server and a client to it, both running, with something to send.
import type { SessionConfig } from '../core/session-config.ts';
import type { Session } from './session/session.ts';

export interface TryItHost {
  /** The session that an earlier try made of this config, or a new one. */
  reuse(config: SessionConfig): Session;
  configure(session: Session, config: SessionConfig): void;
}

/** Listens where nobody else does, for this machine only. */
const ECHO_SERVER = {
  wirescope: 1,
  name: 'Echo server',
  role: 'server',
  protocol: 'websocket',
  listen: '127.0.0.1:0',
  server: { behaviour: 'echo' },
} as const satisfies SessionConfig;

const FIRST_MESSAGE = { text: 'Hello, Wirescope!' };

/** Starts both and sends a first message. Sessions that were made for it before are used again. Resolves with the client. */
export async function tryIt(host: TryItHost): Promise<Session> {
  const server = host.reuse(ECHO_SERVER);
  if (server.state().phase !== 'open') {
    host.configure(server, { ...server.config, listen: ECHO_SERVER.listen });
    await server.start();
  }
  const address = server.state().status;
  // Its port is free no more: kept, so that server and client find each other the next time too.
  host.configure(server, { ...server.config, listen: address });
  const target = `ws://${address}/`;
  const client = host.reuse(echoClient(target));
  if (client.state().phase !== 'open' || client.config.target !== target) {
    host.configure(client, { ...client.config, target });
    await client.start();
  }
  await client.send({ content: FIRST_MESSAGE, to: 'all' });
  return client;
}

function echoClient(target: string): SessionConfig {
  return {
    wirescope: 1,
    name: 'Echo client',
    role: 'client',
    protocol: 'websocket',
    target,
    websocket: { compression: true },
    messages: [
      { name: 'Hello', ...FIRST_MESSAGE },
      { name: 'JSON', json: { type: 'greeting', from: 'me', numbers: [1, 2, 3], nested: { ok: true } } },
      { name: 'MessagePack', hex: '82a474797065a470696e67a36e756d2a' },
    ],
  };
}
