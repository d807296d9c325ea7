// WebSocket frames on the hot path (RFC 6455, RFC 7692): cuts both directions into frame and message records. Keeps no
// payload but what a rule needs: control frames, UTF-8 state, inflated messages. What a record means to a person is
// detail.ts.
import type { Dissector, RecordSink } from '../../protocol.ts';
import { Direction, Level, NONE } from '../../record.ts';
import { scanUtf8, UTF8_ACCEPT, UTF8_REJECT, xorCopy } from '../bytes.ts';
import {
  WebSocketFlag as Flag,
  headerLength,
  MAX_CONTROL_BYTES,
  WebSocketNote as Note,
  Opcode,
  RAW,
  WEBSOCKET_ID,
} from './format.ts';
import { closeNotes, inflateNotes } from './rules.ts';
import { Mode, Side, State } from './side.ts';

/** What the handshake agreed on. */
export interface WebSocketAgreement {
  /** permessage-deflate is in force. */
  deflate: { clientNoContextTakeover: boolean; serverNoContextTakeover: boolean } | undefined;
  /** Another extension is in force, which may give any reserved bit a meaning. */
  otherExtension: boolean;
}

/** Raw bytes are cut into records of this size. */
const RAW_RECORD_BYTES = 65_536;
const UNMASK_BYTES = 16_384;

/**
 * Dissects a connection that speaks WebSocket.
 * @param agreement what the handshake agreed on; absent if it was not seen: then compression and, should the masks say
 *   so, swapped directions are inferred
 * @param offsets where the first frames stand in the streams of the two directions
 */
export function openWebSocket(
  sink: RecordSink,
  agreement?: WebSocketAgreement,
  offsets = { clientToServer: 0, serverToClient: 0 },
): Dissector {
  return new WebSocketDissector(sink, agreement, offsets);
}

class WebSocketDissector implements Dissector {
  readonly #sink: RecordSink;
  readonly #client: Side;
  readonly #server: Side;
  readonly #joinedLate: boolean;
  /** Reserved bits that may be set, as they stand in the first byte. */
  #allowedRsv: number;
  #deflate: boolean;
  /** Which direction masks is settled. */
  #oriented: boolean;
  #unmasked: Uint8Array | undefined;

  constructor(
    sink: RecordSink,
    agreement: WebSocketAgreement | undefined,
    offsets: { clientToServer: number; serverToClient: number },
  ) {
    const deflate = agreement?.deflate;
    this.#sink = sink;
    this.#joinedLate = agreement === undefined;
    this.#oriented = agreement !== undefined;
    this.#deflate = deflate !== undefined;
    this.#allowedRsv = agreement?.otherExtension ? 0x70 : deflate ? 0x40 : 0;
    this.#client = new Side(
      Direction.clientToServer,
      offsets.clientToServer,
      !deflate?.clientNoContextTakeover,
      this.#joinedLate,
      sink.inflateBudget,
    );
    this.#server = new Side(
      Direction.serverToClient,
      offsets.serverToClient,
      !deflate?.serverNoContextTakeover,
      this.#joinedLate,
      sink.inflateBudget,
    );
  }

  #side(direction: Direction): Side {
    return direction === Direction.clientToServer ? this.#client : this.#server;
  }

  push(direction: Direction, chunk: Uint8Array, at: number): void {
    const side = this.#side(direction);
    const total = chunk.length;
    if (total === 0) return;
    const view = new DataView(chunk.buffer, chunk.byteOffset, total);
    const base = side.offset;
    let i = 0;
    while (i < total) {
      if (side.state === State.payload) {
        const take = Math.min(side.remaining, total - i);
        if (side.mode !== Mode.skip) this.#payload(side, chunk, view, i, i + take);
        side.remaining -= take;
        i += take;
        if (side.remaining === 0) this.#finishFrame(side, base + i, at);
      } else if (side.state === State.raw) {
        const take = Math.min(side.remaining, total - i);
        side.remaining -= take;
        i += take;
        if (side.remaining === 0) this.#finishRaw(side, at);
      } else if (side.headerHave === 0 && i + 2 <= total && i + headerLength(chunk[i + 1]!) <= total) {
        const start = i;
        i += headerLength(chunk[i + 1]!);
        this.#beginFrame(side, view, start, base + start, at);
      } else {
        if (side.headerHave === 0) side.frameStart = base + i;
        side.header[side.headerHave++] = chunk[i++]!;
        if (side.headerHave >= 2 && side.headerHave === headerLength(side.header[1]!)) {
          side.headerHave = 0;
          this.#beginFrame(side, side.headerView, 0, side.frameStart, at);
        }
      }
    }
    side.offset = base + total;
  }

  gap(direction: Direction, length: number, at: number): void {
    const side = this.#side(direction);
    if (side.state === State.payload && length <= side.remaining) {
      // The frame goes on behind the gap; only its content is unknown.
      side.remaining -= length;
      side.offset += length;
      side.notes |= Note.gap;
      if (side.mode === Mode.inflate) side.inflater.skip();
      else side.mode = Mode.skip;
      if (side.messageMode !== Mode.inflate && side.opcode < Opcode.close) side.messageMode = Mode.skip;
      if (side.remaining === 0) this.#finishFrame(side, side.offset, at);
      return;
    }
    this.#flush(side, at);
    side.offset += length;
    if (side.state === State.raw) side.frameStart = side.offset;
    // Capture gaps are lost segments, and segments mostly begin with a frame: go on as if one did.
    side.pendingNotes |= Note.gap;
  }

  end(direction: Direction, at: number): void {
    const side = this.#side(direction);
    this.#flush(side, at);
    side.inflater.close();
  }

  /** A whole header stands at `p` of `view`; `start` is its offset in the stream. */
  #beginFrame(side: Side, view: DataView, p: number, start: number, at: number): void {
    const first = view.getUint8(p);
    const second = view.getUint8(p + 1);
    const opcode = first & 15;
    let notes = side.pendingNotes;
    let cursor = p + 2;
    let length = second & 0x7f;
    if (length === 126) {
      length = view.getUint16(cursor);
      cursor += 2;
      if (length < 126) notes |= Note.nonMinimalLength;
    } else if (length === 127) {
      const high = view.getUint32(cursor);
      length = high * 0x100000000 + view.getUint32(cursor + 4);
      cursor += 8;
      if (length < 65_536) notes |= Note.nonMinimalLength;
      else if (high > 0x7fffffff) notes |= Note.lengthSignBit;
      else if (high > 0x1fffff) notes |= Note.lengthTooLarge;
    }
    const masked = second > 127;
    // FIN, RSV1–3 (bits 7 to 4 of the byte) and MASK, in the order of WebSocketFlag.
    const flags =
      (first >> 7) | ((first >> 5) & 2) | ((first >> 3) & 4) | ((first >> 1) & 8) | (masked ? Flag.mask : 0);
    if (masked !== side.masks) notes |= this.#maskNote(masked);
    this.#oriented = true;
    if (side.closed) notes |= Note.afterClose;

    side.pendingNotes = 0;
    side.frameStart = start;
    side.mask = masked ? view.getInt32(cursor, true) : 0;
    side.frameHeader = cursor - p + (masked ? 4 : 0);
    side.opcode = opcode;
    side.payloadLength = length;
    side.remaining = length;

    side.flags = flags;
    side.notes = notes;
    if (opcode === Opcode.text || opcode === Opcode.binary) this.#beginData(side, first, at);
    else {
      if ((first & 0x30) !== 0) side.notes |= this.#rsvNote(first & 0x3f);
      if (opcode === Opcode.continuation) this.#beginContinuation(side, first);
      else if (opcode >= Opcode.close) this.#beginControl(side, first);
      else {
        if ((first & 0x40) !== 0) side.notes |= this.#rsvNote(0x40);
        side.notes |= Note.reservedOpcode;
        side.mode = Mode.skip;
      }
    }
    if (this.#deflate) side.flags |= Flag.deflate;
    if ((side.notes & (Note.lengthSignBit | Note.lengthTooLarge)) !== 0) this.#beginRaw(side, at);
    else if (length === 0) this.#finishFrame(side, start + side.frameHeader, at);
    else side.state = State.payload;
  }

  /** A frame of text or binary begins: the whole message if FIN is set. */
  #beginData(side: Side, first: number, at: number): void {
    if (side.message !== 0) {
      this.#abandonMessage(side, side.frameStart, at);
      side.notes |= Note.interleavedMessage;
    }
    let mode: number = side.opcode === Opcode.text ? Mode.validate : Mode.skip;
    if ((first & 0x70) !== 0) {
      side.notes |= this.#rsvNote(first);
      if ((first & 0x40) !== 0) mode = this.#deflate ? Mode.inflate : Mode.skip;
    }
    if (mode === Mode.inflate) side.flags |= Flag.compressed;
    side.mode = mode;
    side.utf8 = UTF8_ACCEPT;
    if (first >= 128) return;
    side.message = side.opcode;
    side.messageStart = side.frameStart;
    side.messageFirst = NONE;
    side.messageSize = 0;
    side.messageNotes = 0;
    side.messageMode = mode;
    side.messageFlags = side.flags & ~Flag.fin;
  }

  #beginContinuation(side: Side, first: number): void {
    if ((first & 0x40) !== 0) side.notes |= this.#deflate ? Note.rsv1OnContinuation : this.#rsvNote(0x40);
    if (side.message === 0) side.notes |= Note.orphanContinuation;
    else if (side.messageMode === Mode.inflate) side.flags |= Flag.compressed;
    side.mode = side.message === 0 ? Mode.skip : side.messageMode;
  }

  #beginControl(side: Side, first: number): void {
    if ((first & 0x40) !== 0) side.notes |= this.#deflate ? Note.rsv1OnControl : this.#rsvNote(0x40);
    if (side.payloadLength > MAX_CONTROL_BYTES) side.notes |= Note.controlTooLong;
    if (first < 128) side.notes |= Note.controlFragmented;
    if (side.opcode > Opcode.pong) side.notes |= Note.reservedOpcode;
    side.mode = Mode.control;
    side.controlHave = 0;
  }

  /** The mask of a frame is not what its direction asks for. */
  #maskNote(masked: boolean): number {
    if (this.#oriented) return masked ? Note.maskUnexpected : Note.maskMissing;
    this.#client.masks = !this.#client.masks;
    this.#server.masks = !this.#server.masks;
    return Note.inferred;
  }

  /** Reserved bits are set in the first byte of a frame. */
  #rsvNote(first: number): number {
    if ((first & 0x70 & ~this.#allowedRsv) === 0) return 0;
    const data = (first & 15) === Opcode.text || (first & 15) === Opcode.binary;
    if (!this.#joinedLate || !data || (first & 0x70) !== 0x40) return Note.rsvSet;
    this.#deflate = true;
    this.#allowedRsv = 0x40;
    return Note.inferred;
  }

  /** `from`…`to` of the chunk belong to the payload of the frame. */
  #payload(side: Side, chunk: Uint8Array, view: DataView, from: number, to: number): void {
    const phase = (side.payloadLength - side.remaining) % 4;
    if (side.mode === Mode.validate) {
      if (side.utf8 !== UTF8_REJECT) side.utf8 = scanUtf8(side.utf8, chunk, view, from, to, side.mask, phase);
    } else if (side.mode === Mode.control) {
      const take = Math.min(to - from, MAX_CONTROL_BYTES - side.controlHave);
      xorCopy(chunk, from, from + take, side.mask, phase, side.control, side.controlHave);
      side.controlHave += take;
    } else if (side.mask === 0) {
      side.inflater.push(chunk.subarray(from, to));
    } else {
      this.#unmasked ??= new Uint8Array(UNMASK_BYTES);
      const scratch = this.#unmasked;
      for (let i = from; i < to; i += UNMASK_BYTES) {
        const stop = Math.min(to, i + UNMASK_BYTES);
        xorCopy(chunk, i, stop, side.mask, phase, scratch, 0);
        side.inflater.push(scratch.subarray(0, stop - i));
      }
    }
  }

  /** The payload of the frame is complete; `end` is the offset behind it. */
  #finishFrame(side: Side, end: number, at: number): void {
    side.state = State.header;
    const opcode = side.opcode;
    if (opcode >= Opcode.close) {
      this.#finishControl(side, at);
    } else if (opcode === Opcode.continuation ? side.message !== 0 : side.message === opcode) {
      this.#finishFragment(side, end, at);
    } else {
      const whole = opcode === Opcode.text || opcode === Opcode.binary;
      if (side.mode === Mode.validate && side.utf8 !== UTF8_ACCEPT) side.notes |= Note.invalidUtf8;
      let size = side.payloadLength;
      if (side.mode === Mode.inflate) {
        const message = this.#inflated(side, opcode);
        size = message.bytes.length;
        side.notes |= message.notes;
      }
      this.#commit(side, opcode, whole ? Level.frame | Level.message : Level.event | Level.frame, size, NONE, at);
    }
  }

  #finishFragment(side: Side, end: number, at: number): void {
    if (side.mode === Mode.validate) {
      const done = (side.flags & Flag.fin) !== 0;
      // The fragment in which the text turned invalid carries the note, and so does the message.
      if ((side.messageNotes & Note.invalidUtf8) === 0 && (side.utf8 === UTF8_REJECT || (done && side.utf8 !== 0))) {
        side.notes |= Note.invalidUtf8;
      }
    }
    side.messageNotes |= side.notes & (Note.invalidUtf8 | Note.gap | Note.rsvSet | Note.inferred);
    side.messageSize += side.payloadLength;
    const fin = (side.flags & Flag.fin) !== 0;
    const seq = this.#commit(side, side.opcode, Level.frame, side.payloadLength, side.messageFirst, at);
    if (side.messageFirst === NONE) side.messageFirst = seq;
    if (fin) this.#commitMessage(side, end, Flag.fin, at);
  }

  #finishControl(side: Side, at: number): void {
    const payload = side.control.subarray(0, side.controlHave);
    const whole = side.controlHave === side.payloadLength;
    let link = NONE;
    if (side.opcode === Opcode.pong && whole) {
      const pinger = side === this.#client ? this.#server : this.#client;
      link = pinger.pings.answer(payload);
      if (link === NONE) side.notes |= Note.unsolicitedPong;
    } else if (side.opcode === Opcode.close) {
      side.notes |= closeNotes(payload, whole);
      side.closed = true;
    }
    const size = side.payloadLength;
    const seq = this.#commit(side, side.opcode, Level.event | Level.frame, size, link, at);
    if (side.opcode === Opcode.ping && whole) side.pings.remember(seq, payload);
  }

  /** The message in progress is over: complete (`flags` has fin) or cut off (truncated). */
  #commitMessage(side: Side, end: number, flags: number, at: number): void {
    const opcode = side.message;
    const draft = this.#sink.draft;
    let size = side.messageSize;
    let notes = side.messageNotes;
    side.message = 0;
    if (side.messageMode === Mode.inflate) {
      if (flags !== Flag.fin) side.inflater.skip();
      const message = this.#inflated(side, opcode);
      size = message.bytes.length;
      notes |= message.notes;
    }
    draft.at = at;
    draft.protocol = WEBSOCKET_ID;
    draft.type = opcode;
    draft.direction = side.direction;
    draft.levels = Level.message;
    draft.start = side.messageStart;
    draft.length = end - side.messageStart;
    draft.size = size;
    draft.flags = side.messageFlags | flags | (this.#deflate ? Flag.deflate : 0);
    draft.notes = notes;
    draft.link = side.messageFirst;
    this.#sink.commit();
  }

  /** Takes the inflated message into the draft, with the notes it deserves. */
  #inflated(side: Side, opcode: number): { bytes: Uint8Array; notes: number } {
    const message = side.inflater.finish();
    let notes = inflateNotes(message);
    if (opcode === Opcode.text && message.outcome === 'complete') {
      const { bytes } = message;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (scanUtf8(UTF8_ACCEPT, bytes, view, 0, bytes.length, 0, 0) !== UTF8_ACCEPT) notes |= Note.invalidUtf8;
    }
    this.#sink.draft.derived = this.#sink.derive(message.bytes);
    return { bytes: message.bytes, notes };
  }

  /** Commits the frame of `side` as a record of all its bytes up to now. */
  #commit(side: Side, type: number, levels: number, size: number, link: number, at: number): number {
    const draft = this.#sink.draft;
    draft.at = at;
    draft.protocol = WEBSOCKET_ID;
    draft.type = type;
    draft.direction = side.direction;
    draft.levels = levels;
    draft.start = side.frameStart;
    draft.length = side.frameHeader + side.payloadLength - side.remaining;
    draft.size = size;
    draft.flags = side.flags;
    draft.notes = side.notes;
    draft.link = link;
    return this.#sink.commit();
  }

  /** The length of the frame is beyond reason: its header is a record, and what follows are raw bytes. */
  #beginRaw(side: Side, at: number): void {
    const length = side.payloadLength;
    side.payloadLength = 0;
    side.remaining = 0;
    side.flags |= Flag.truncated;
    this.#commit(side, side.opcode, Level.event | Level.frame, 0, NONE, at);
    side.payloadLength = length;
    if (side.message !== 0) this.#abandonMessage(side, side.frameStart + side.frameHeader, at);
    side.state = State.raw;
    side.frameStart += side.frameHeader;
    side.frameHeader = 0;
    side.flags = 0;
    side.notes = Note.unreadable;
    side.payloadLength = RAW_RECORD_BYTES;
    side.remaining = RAW_RECORD_BYTES;
  }

  #finishRaw(side: Side, at: number): void {
    const length = side.payloadLength - side.remaining;
    if (length > 0) this.#commit(side, RAW, Level.event | Level.frame, length, NONE, at);
    side.frameStart += length;
    side.remaining = RAW_RECORD_BYTES;
  }

  /** A message will never be completed; `end` is the offset behind its last byte. */
  #abandonMessage(side: Side, end: number, at: number): void {
    side.messageNotes |= Note.unfinishedMessage;
    this.#commitMessage(side, end, Flag.truncated, at);
  }

  /** Nothing more comes: what is incomplete becomes truncated records. */
  #flush(side: Side, at: number): void {
    if (side.state === State.raw) {
      this.#finishRaw(side, at);
      return;
    }
    if (side.state === State.payload) this.#truncatePayload(side, at);
    else if (side.headerHave > 0) this.#truncateHeader(side, at);
    if (side.message !== 0) this.#abandonMessage(side, side.offset, at);
    side.state = State.header;
    side.headerHave = 0;
  }

  #truncatePayload(side: Side, at: number): void {
    const { opcode } = side;
    const data = opcode === Opcode.text || opcode === Opcode.binary;
    const whole = data && side.message === 0;
    side.flags |= Flag.truncated;
    side.notes |= Note.truncated;
    if (side.mode === Mode.validate && side.utf8 === UTF8_REJECT) side.notes |= Note.invalidUtf8;
    let size = side.payloadLength - side.remaining;
    if (side.message !== 0 && opcode < Opcode.close) side.messageSize += size;
    if (whole && side.mode === Mode.inflate) {
      side.inflater.skip();
      size = this.#inflated(side, opcode).bytes.length;
    }
    const fragment = side.message !== 0 && opcode < Opcode.close;
    const levels = whole ? Level.frame | Level.message : fragment ? Level.frame : Level.event | Level.frame;
    const seq = this.#commit(side, opcode, levels, size, fragment ? side.messageFirst : NONE, at);
    if (fragment && side.messageFirst === NONE) side.messageFirst = seq;
  }

  #truncateHeader(side: Side, at: number): void {
    // Too little for any field of a header: what is there is shown as raw bytes.
    side.flags = Flag.truncated;
    side.notes = side.pendingNotes | Note.truncated;
    side.pendingNotes = 0;
    side.frameHeader = side.headerHave;
    side.payloadLength = 0;
    side.remaining = 0;
    this.#commit(side, RAW, Level.event | Level.frame, side.headerHave, NONE, at);
  }
}
