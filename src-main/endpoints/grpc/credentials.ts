// How grpc-js comes to use connections that are ours: resolved, tunnelled, secured and tapped here. It lets credentials
// exchange the socket it made for another, which is where its own TLS begins. Ours throw its socket away, which only reached
// a listener of ours on loopback, and give the connection that was handed over. The members with an underscore are private
// to grpc-js: its version is pinned, and a contract test watches their shape.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { CallCredentials, ChannelCredentials } from '@grpc/grpc-js';

type SecureConnector = ReturnType<ChannelCredentials['_createSecureConnector']>;
type SecureConnectResult = Awaited<ReturnType<SecureConnector['connect']>>;

export class HandedCredentials extends ChannelCredentials {
  readonly #secure: boolean;
  #handed: Duplex | undefined;
  #ask: { resolve(socket: Duplex): void; reject(error: Error): void } | undefined;

  /** `secure`: the connections are encrypted, so `:scheme` is https. */
  constructor(secure: boolean) {
    super();
    this.#secure = secure;
  }

  /** The connection to use next; grpc-js asks when it wants one. Another that was not asked for yet is forgotten. */
  hand(socket: Duplex): void {
    if (this.#ask) {
      this.#ask.resolve(socket);
      this.#ask = undefined;
    } else this.#handed = socket;
  }

  override _isSecure(): boolean {
    return this.#secure;
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(): SecureConnector {
    const callCredentials = CallCredentials.createEmpty();
    return {
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => callCredentials,
      connect: async (socket) => {
        socket.destroy();
        const handed = await this.#next();
        return { socket: handed as unknown as SecureConnectResult['socket'], secure: this.#secure };
      },
      destroy: () => {
        this.#ask?.reject(new Error('The channel is closed.'));
        this.#ask = undefined;
      },
    };
  }

  #next(): Promise<Duplex> {
    const handed = this.#handed;
    this.#handed = undefined;
    if (handed && !handed.destroyed) return Promise.resolve(handed);
    return new Promise((resolve, reject) => {
      this.#ask = { resolve, reject };
    });
  }
}

/**
 * A listener on loopback that hangs up on everybody: grpc-js makes a TCP connection of its own before it asks for the one
 * to use, and must have something to reach.
 */
export async function openDecoy(): Promise<{ port: number; server: Server }> {
  const server = createServer((socket) => socket.destroy());
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return { port: (server.address() as AddressInfo).port, server };
}
