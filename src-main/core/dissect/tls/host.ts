// What the TLS dissector needs of the world around it: keys that open records, and a place for what was in them. The core
// has no cryptography of its own.
import type { LifecycleEvent } from '../../event.ts';
import type { RecordSink } from '../../protocol.ts';
import type { Direction } from '../../record.ts';

/** What both sides agreed on, as far as keys depend on it. */
export interface TlsSession {
  /** 32 bytes each. */
  clientRandom: Uint8Array;
  serverRandom: Uint8Array;
  /** As on the wire: 0x0303 is TLS 1.2. */
  version: number;
  suite: number;
}

/** Of TLS 1.2 there is `application` only: what follows the change of the cipher spec. */
export type TlsEpoch = 'handshake' | 'application';

/** The keys of one direction and epoch. */
export interface RecordKeys {
  /**
   * What a record's body holds (in TLS 1.3 with its content type and padding), or undefined if its tag is wrong.
   * @param sequence number of the record among those under these keys, from 0
   */
  open(sequence: number, header: Uint8Array, body: Uint8Array): Uint8Array | undefined;
  /** TLS 1.3: the keys after a KeyUpdate (RFC 8446 §7.2). */
  next(): RecordKeys | undefined;
}

/** Takes the bytes that TLS carried, and the records that are found in them. */
export interface PlaintextSink extends RecordSink {
  /** The next bytes of a direction. They are copied; returns `TimelineRecord.derived` for the record that carried them. */
  keep(direction: Direction, bytes: Uint8Array): number;
  /** About `length` bytes of a direction could not be decrypted. */
  skip(direction: Direction, length: number): void;
}

export interface TlsHost {
  /** undefined: no secrets of this session are known (yet), or its suite is not supported. */
  keys(session: TlsSession, epoch: TlsEpoch, direction: Direction): RecordKeys | undefined;
  /** Called when there is a first byte of plaintext. */
  openPlaintext(): PlaintextSink;
  /** What the two sides agreed on, for the timeline. */
  event(event: LifecycleEvent, at: number): void;
}
