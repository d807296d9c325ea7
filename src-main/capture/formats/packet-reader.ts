// What the readers of the two capture file formats have in common: they are fed a window of the file and hand over the
// packets in it, in place.

/** A packet as it lies in the reader's window. The same object every time. */
export interface CapturedPacket {
  linkType: number;
  bytes: Uint8Array;
  /** The packet is bytes[start…end). */
  start: number;
  end: number;
  /** Offset in the file of `start`. */
  fileOffset: number;
  /** Microseconds since the epoch. */
  at: number;
  /** Bytes it had on the wire; more than are here if it was captured cut. */
  originalBytes: number;
  /** The first comment, or ''. */
  comment: string;
}

export interface PacketSink {
  packet(packet: CapturedPacket): void;
  /** Something in the file that is wrong but can be stepped over. `kind` tells the same things apart. */
  skipped(kind: string, fileOffset: number, text: string): void;
  /** Lines of a TLS key log. Only lent. */
  secrets(keyLog: Uint8Array): void;
}

/** The file cannot be understood from here on. */
export interface Damage {
  fileOffset: number;
  text: string;
}

export interface PacketReader {
  /** Reads the whole units in bytes[from…to), which lie at `fileOffset` in the file, and returns where it stopped. */
  read(bytes: Uint8Array, from: number, to: number, fileOffset: number): number;
  /** Bytes the next unit has in all, as far as known: the window must hold that many. */
  readonly neededBytes: number;
  /** Bytes from where read() stopped that are of no interest and may be jumped over. */
  readonly skipBytes: number;
  readonly damage: Damage | undefined;
}

/** Packets and blocks beyond this are not read into memory: no capture program writes such. */
export const MAX_UNIT_BYTES = 16 * 1024 * 1024;

/** For a reader to fill, again and again. */
export function emptyPacket(): CapturedPacket {
  return {
    linkType: 0,
    bytes: new Uint8Array(0),
    start: 0,
    end: 0,
    fileOffset: 0,
    at: 0,
    originalBytes: 0,
    comment: '',
  };
}
