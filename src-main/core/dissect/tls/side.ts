// The state of one direction of a TLS connection. Only data; tls.ts and connection.ts move it on.
import type { Direction } from '../../record.ts';
import { GrowingBytes } from '../bytes.ts';
import { RECORD_HEADER_BYTES } from './format.ts';
import { MessageReader } from './messages.ts';
import { RecordOpener } from './opener.ts';

/** What comes next in a direction. `lost`: a body of which bytes are missing; `search`: a record may begin anywhere. */
export const State = { header: 0, body: 1, lost: 2, search: 3 } as const;

export class TlsSide {
  readonly direction: Direction;
  state: number = State.header;
  /** Offset of the next byte in the stream of this direction. */
  offset = 0;
  /** Notes for the next record. */
  pendingNotes = 0;

  readonly header = new Uint8Array(RECORD_HEADER_BYTES);
  headerHave = 0;
  /** Bytes before `header` that are no records. */
  rawLength = 0;
  readonly body = new GrowingBytes();
  bodyLength = 0;
  remaining = 0;

  /** Some record was read. */
  begun = false;
  /** What follows is encrypted: the cipher spec was changed, or the capture begins after that. */
  encrypted = false;
  /** The sender said close_notify. */
  closed = false;
  readonly messages = new MessageReader();
  readonly opener = new RecordOpener();

  constructor(direction: Direction) {
    this.direction = direction;
  }
}
