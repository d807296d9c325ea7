// The one door through which endpoints hand over what happens on the wire. The capture stands behind it; endpoints know
// only this.
import type { LifecycleEvent } from './event.ts';
import type { DissectAs } from './protocol.ts';
import type { Direction } from './record.ts';

/** One end of a connection as the system names it. */
export interface Peer {
  /** IPv4 or IPv6 literal. */
  address: string;
  port: number;
}

/** A transport connection as it begins. */
export interface ConnectionInfo {
  transport: 'tcp' | 'udp';
  client: Peer;
  server: Peer;
  /** Bytes handed over are the plaintext of TLS; the capture then keeps them off ports that mean TLS. */
  decrypted: boolean;
  dissectAs: DissectAs;
}

export interface ConnectionRecorder {
  /** Number of the connection in the capture, from 1. */
  readonly connection: number;
  /**
   * Bytes as they were read or written in one go. Called before anybody else may change them (`ws` unmasks in place);
   * they are copied before this returns. UDP: one datagram.
   */
  chunk(direction: Direction, bytes: Uint8Array, at: number): void;
  event(event: LifecycleEvent, at: number): void;
  /** This direction has ended (FIN). */
  end(direction: Direction, at: number): void;
  /** The connection is over; `reset`: it was cut off (RST). Ends both directions. */
  close(at: number, reset?: boolean): void;
}

export interface Recorder {
  connection(info: ConnectionInfo, at: number): ConnectionRecorder;
  /** What happened to the session as a whole, or before there was a connection. */
  event(event: LifecycleEvent, at: number): void;
  /** More is waiting for the disk than should be: stop reading sockets until drained() resolves. */
  readonly congested: boolean;
  drained(): Promise<void>;
  /** Wire time now: monotonic microseconds since the Unix epoch. Pass it as `at`. */
  now(): number;
}
