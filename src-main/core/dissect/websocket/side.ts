// The state of one direction of a WebSocket connection: the frame and the message in progress. Only data; websocket.ts
// moves it on.
import { Direction, NONE } from '../../record.ts';
import { UTF8_ACCEPT } from '../bytes.ts';
import { type InflateBudget, InflatedBytes } from '../inflated-bytes.ts';
import { MessageInflater } from './deflate.ts';
import { MAX_CONTROL_BYTES, MAX_HEADER_BYTES } from './format.ts';
import { PingMemory } from './pings.ts';

/** What comes next in a direction. */
export const State = { header: 0, payload: 1, raw: 2 } as const;
/** What is done with the payload of the frame. */
export const Mode = { skip: 0, validate: 1, inflate: 2, control: 3 } as const;

/** One direction of a connection. */
export class Side {
  readonly direction: Direction;
  readonly inflater: MessageInflater;
  readonly pings = new PingMemory();
  readonly header = new Uint8Array(MAX_HEADER_BYTES);
  readonly headerView = new DataView(this.header.buffer);
  readonly control = new Uint8Array(MAX_CONTROL_BYTES);
  /** Frames of this direction must be masked. */
  masks: boolean;
  /** Offset of the next byte in the stream of this direction. */
  offset: number;
  state: number = State.header;
  headerHave = 0;
  closed = false;
  /** Notes for the next frame. */
  pendingNotes = 0;

  frameStart = 0;
  frameHeader = 0;
  opcode = 0;
  flags = 0;
  notes = 0;
  payloadLength = 0;
  remaining = 0;
  mode: number = Mode.skip;
  /** The masking key, first byte lowest; 0 without one. */
  mask = 0;
  controlHave = 0;

  /** The message in progress: its opcode, or 0. */
  message = 0;
  messageStart = 0;
  /** seq of its first fragment, NONE until that is complete. */
  messageFirst = NONE;
  messageSize = 0;
  messageNotes = 0;
  messageFlags = 0;
  messageMode: number = Mode.skip;
  utf8 = UTF8_ACCEPT;

  constructor(
    direction: Direction,
    offset: number,
    takeover: boolean,
    joinedLate: boolean,
    inflateBudget: InflateBudget,
  ) {
    this.direction = direction;
    this.offset = offset;
    this.masks = direction === Direction.clientToServer;
    this.inflater = new MessageInflater(new InflatedBytes(inflateBudget), takeover, joinedLate);
  }
}
