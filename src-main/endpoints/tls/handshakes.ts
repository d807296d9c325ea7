// TLS handshakes of a server that are under way: which record a secured or failed TLS socket belongs to. Node tells of
// the TCP socket when it comes and of the TLS socket only when it is secured or has failed.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Problem } from '../../core/event.ts';
import type { ConnectionRecorder } from '../../core/recorder.ts';
import { errorCode } from '../../core/system-error.ts';
import { formatAddress } from '../address.ts';
import type { EndpointHost } from '../endpoint.ts';
import { failedEvent } from '../failed-event.ts';
import { problemOf } from '../problems.ts';
import { verificationFailure } from './refusals.ts';

interface Handshake {
  socket: Socket;
  connection: ConnectionRecorder;
  peer: string;
}

export class Handshakes {
  readonly #host: EndpointHost;
  /** By the peer's `address:port`. */
  readonly #pending = new Map<string, Handshake>();

  constructor(host: EndpointHost) {
    this.#host = host;
  }

  get count(): number {
    return this.#pending.size;
  }

  begin(socket: Socket, connection: ConnectionRecorder): void {
    const peer = peerOf(socket);
    this.#pending.set(peer, { socket, connection, peer });
    socket.once('close', () => {
      // The reason comes in the same turn, before or after.
      setImmediate(() => {
        const handshake = this.#pending.get(peer);
        if (handshake?.socket === socket) this.#finish(handshake, gaveUp(peer));
      });
    });
  }

  /** The record of a connection whose handshake is done. */
  succeed(socket: TLSSocket): ConnectionRecorder | undefined {
    const handshake = this.#pending.get(peerOf(socket));
    if (handshake) this.#pending.delete(handshake.peer);
    return handshake?.connection;
  }

  fail(socket: TLSSocket, error: Error): void {
    // A socket that was reset has forgotten its peer; then it is one of those that are gone.
    const handshake =
      this.#pending.get(peerOf(socket)) ?? [...this.#pending.values()].find((candidate) => candidate.socket.destroyed);
    if (handshake) this.#finish(handshake, handshakeProblem(socket, error, handshake.peer));
  }

  /** Cuts all that are not done yet. */
  abandon(): void {
    for (const handshake of this.#pending.values()) {
      handshake.socket.destroy();
      handshake.connection.close(this.#host.recorder.now(), true);
    }
    this.#pending.clear();
  }

  #finish({ connection, peer }: Handshake, problem: Problem): void {
    this.#pending.delete(peer);
    const at = this.#host.recorder.now();
    connection.event(failedEvent(problem), at);
    connection.close(at, true);
  }
}

function peerOf(socket: Socket): string {
  return socket.remoteAddress === undefined ? '' : formatAddress(socket.remoteAddress, socket.remotePort ?? 0);
}

function handshakeProblem(socket: TLSSocket, error: Error, peer: string): Problem {
  // Node types it as an Error; it is a code.
  const verification: unknown = socket.authorizationError;
  if (typeof verification === 'string') {
    return {
      what: `The certificate of ${peer} was not accepted: ${verificationFailure(verification)}.`,
      why: 'This server asks for client certificates and verifies them.',
      next: 'Name the authority of the client’s certificate as CA file, or turn verification off.',
      code: verification,
      details: error.message,
    };
  }
  if (errorCode(error) === 'ECONNRESET') return { ...gaveUp(peer), details: error.message };
  return problemOf(error, { step: 'accept', address: peer });
}

function gaveUp(peer: string): Problem {
  return {
    what: `${peer} left during the TLS handshake.`,
    why: 'It may not trust this server’s certificate, or not speak TLS.',
    next: 'Look at the client’s own message. A throw-away certificate must be trusted, or verification turned off there.',
  };
}
