// HTTP/1.1 on the hot path (RFC 9112): cuts both directions into heads and bodies, pairs answers with requests, and hands
// both directions to the WebSocket dissector after an upgrade. What a record means to a person is detail.ts.
import type { Dissector, RecordSink } from '../../protocol.ts';
import { Direction, Level, NONE } from '../../record.ts';
import { latin1 } from '../bytes.ts';
import { openWebSocket, type WebSocketAgreement } from '../websocket/websocket.ts';
import { type BodyFraming, bodyFraming } from './body.ts';
import { answerCall, beginCall } from './calls.ts';
import { HttpFlag as Flag, HTTP_ID, HttpNote as Note, HttpType as Type } from './format.ts';
import { type Head, headerNames, parseHead, parseStartLine, type StartLine } from './head.ts';
import { Side } from './side.ts';
import { readAnswer, readOffer } from './upgrade.ts';

/** A head may be so long … */
const MAX_HEAD_BYTES = 262_144;
/** … and its first line, or a piece of what is no HTTP, or all trailers, so long. */
const MAX_LINE_BYTES = 65_536;
const MAX_CHUNK_LINE_BYTES = 8192;
/** A longer body is several records. */
const BODY_RECORD_BYTES = 65_536;
/** Of more unanswered requests the oldest are forgotten. */
const MAX_PENDING = 256;

/** Dissects a connection that begins with HTTP/1.1, in either direction. */
export function openHttp(sink: RecordSink): Dissector {
  return new HttpDissector(sink);
}

class HttpDissector implements Dissector {
  readonly #sink: RecordSink;
  readonly #client = new Side(Direction.clientToServer);
  readonly #server = new Side(Direction.serverToClient);
  /** Takes over after the upgrade. */
  #websocket: Dissector | undefined;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  #side(direction: Direction): Side {
    return direction === Direction.clientToServer ? this.#client : this.#server;
  }

  push(direction: Direction, chunk: Uint8Array, at: number): void {
    if (this.#websocket) {
      this.#websocket.push(direction, chunk, at);
      return;
    }
    const side = this.#side(direction);
    for (let i = 0; i < chunk.length; ) {
      i += this.#consume(side, i === 0 ? chunk : chunk.subarray(i), at);
      if (this.#isUpgraded()) {
        if (i < chunk.length) this.push(direction, chunk.subarray(i), at);
        return;
      }
    }
  }

  #isUpgraded(): boolean {
    return this.#websocket !== undefined;
  }

  gap(direction: Direction, length: number, at: number): void {
    if (this.#websocket) {
      this.#websocket.gap(direction, length, at);
      return;
    }
    const side = this.#side(direction);
    if (side.state === 'body' && length <= side.remaining) {
      this.#commitBody(side, 0, at);
      side.remaining -= length;
      side.call?.lose(direction, at);
      if (side.remaining === 0) this.#endBody(side, at);
    } else {
      this.#flush(side, at);
    }
    side.offset += length;
    side.pendingNotes |= Note.gap;
  }

  end(direction: Direction, at: number): void {
    if (this.#websocket) this.#websocket.end(direction, at);
    else this.#flush(this.#side(direction), at);
  }

  /** Takes bytes from the front of `bytes`, at least one or changing the state; returns how many. */
  #consume(side: Side, bytes: Uint8Array, at: number): number {
    switch (side.state) {
      case 'body':
      case 'chunk-data':
        return this.#consumeBody(side, bytes, at);
      case 'chunk-end':
        return this.#consumeChunkEnd(side, bytes[0]!, at);
      case 'held':
        return this.#hold(side, bytes, at);
      default:
        return this.#consumeLine(side, bytes, at);
    }
  }

  #consumeLine(side: Side, bytes: Uint8Array, at: number): number {
    const { buffer, state } = side;
    const limit = state === 'head' && side.hasStartLine ? MAX_HEAD_BYTES : MAX_LINE_BYTES;
    const room = state === 'chunk-size' ? MAX_CHUNK_LINE_BYTES - buffer.length : limit - buffer.length;
    const lineFeed = bytes.indexOf(0x0a);
    const take = Math.min(lineFeed < 0 ? bytes.length : lineFeed + 1, room);
    buffer.append(bytes.subarray(0, take));
    side.offset += take;
    const ended = lineFeed >= 0 && take === lineFeed + 1;
    if (ended || take === room) {
      const line = buffer.view().subarray(side.lineStart);
      side.lineStart = buffer.length;
      if (state === 'head') this.#headLine(side, line, ended, buffer.length === limit, at);
      else if (state === 'trailers') this.#trailerLine(side, line, buffer.length === limit, at);
      else this.#chunkSizeLine(side, line, ended, at);
    }
    return take;
  }

  /** A line of a head is complete (`ended`), or the head is as long as one may be (`full`). */
  #headLine(side: Side, line: Uint8Array, ended: boolean, full: boolean, at: number): void {
    const empty = ended && isEmpty(line);
    if (side.hasStartLine) {
      if (empty) this.#finishHead(side, 0, at);
      else if (full) this.#finishHead(side, Note.headTooLarge, at);
    } else if (ended && parseStartLine(lineText(line))) {
      side.hasStartLine = true;
    } else if (!empty || full) {
      this.#commitBuffer(side, Type.raw, Note.notHttp, 0, at);
    }
  }

  #finishHead(side: Side, notes: number, at: number): void {
    const head = parseHead(side.buffer.view());
    if (!head || notes !== 0) {
      const type = head?.startLine.kind === 'request' ? Type.request : head ? Type.response : Type.raw;
      this.#commitBuffer(side, type, notes | (head?.notes ?? 0), Flag.truncated, at);
    } else if (head.startLine.kind === 'request') {
      this.#finishRequest(side, head, head.startLine, at);
    } else {
      this.#finishResponse(side, head, Number(head.startLine.status.text), at);
    }
  }

  #finishRequest(side: Side, head: Head, startLine: StartLine & { kind: 'request' }, at: number): void {
    const asked = readOffer(head);
    const { framing, notes } = bodyFraming(head, undefined);
    let all = head.notes | notes | (asked?.notes ?? 0);
    if (side === this.#server) all |= Note.wrongDirection;
    if (startLine.version.text === 'HTTP/1.1' && !head.headers.some((h) => h.name.text.toLowerCase() === 'host')) {
      all |= Note.missingHost;
    }
    const start = side.offset - side.buffer.length;
    side.call = beginCall(this.#sink, head, { start, length: side.offset - start, at });
    const seq = this.#commitBuffer(side, Type.request, all, asked ? Flag.upgrade : 0, at, side.call?.seq);
    if (side.requests.length === MAX_PENDING) side.requests.shift();
    side.requests.push({ seq, method: startLine.method.text, offer: asked?.offer, call: side.call });
    side.afterBody = asked ? 'held' : 'head';
    this.#beginBody(side, framing, at);
  }

  #finishResponse(side: Side, head: Head, status: number, at: number): void {
    const asker = side === this.#client ? this.#server : this.#client;
    const request = asker.requests[0];
    const { framing, notes } = bodyFraming(head, request?.method);
    let all = head.notes | notes;
    if (side === this.#client) all |= Note.wrongDirection;
    if (!request) all |= Note.responseWithoutRequest;
    const interim = status < 200 && status !== 101;
    if (!interim) asker.requests.shift();

    if (status === 101) {
      const websocket = headerNames(head, 'upgrade', 'websocket');
      if (asker.held.length > 0) all |= Note.earlyBytes;
      const answer = websocket ? readAnswer(head, request?.offer) : undefined;
      all |= answer ? answer.notes : Note.otherProtocol;
      if (request && !request.offer && websocket) all |= Note.unaskedUpgrade;
      this.#commitBuffer(side, Type.response, all, websocket ? Flag.upgrade : 0, at, request?.seq);
      if (answer) this.#handOver(side, asker, answer.agreement, at);
      else this.#switchProtocols(side, asker, at);
      return;
    }
    if (!interim && request?.offer) all |= Note.upgradeRefused;
    const start = side.offset - side.buffer.length;
    const seq = this.#commitBuffer(side, Type.response, all, 0, at, request?.seq);
    if (request?.call && !interim) {
      side.call = request.call;
      const place = { start, length: side.offset - start, at };
      answerCall(this.#sink, side.call, head, framing.kind === 'none', place, seq);
    }
    side.afterBody = 'head';
    this.#beginBody(side, framing, at);
    if (!interim && !asker.requests.some((pending) => pending.offer)) {
      asker.afterBody = 'head';
      if (asker.state !== 'held') return;
      asker.state = 'head';
      this.#release(asker, this);
    }
  }

  /** Both directions go on as WebSocket. */
  #handOver(side: Side, asker: Side, agreement: WebSocketAgreement, at: number): void {
    this.#settle(asker, at);
    const start = (of: Side) => of.offset - of.held.length;
    this.#websocket = openWebSocket(this.#sink, agreement, {
      clientToServer: start(this.#client),
      serverToClient: start(this.#server),
    });
    this.#release(asker, this.#websocket);
    this.#release(side, this.#websocket);
  }

  /** Both directions go on as something unknown. */
  #switchProtocols(side: Side, asker: Side, at: number): void {
    this.#settle(asker, at);
    for (const each of [side, asker]) {
      each.bodyType = Type.raw;
      this.#beginBody(each, { kind: 'close' }, at);
    }
    this.#release(asker, this);
  }

  /** What a direction has in progress gives way: collected bytes become held ones, a body ends. */
  #settle(side: Side, at: number): void {
    if (side.recordLength > 0) this.#commitBody(side, Flag.truncated, at);
    if (side.buffer.length > 0) {
      side.held.add(side.buffer.view(), at);
      this.#resetBuffer(side);
    }
  }

  /** Gives the held bytes of a direction to whoever reads on. */
  #release(side: Side, to: Dissector): void {
    side.offset -= side.held.length;
    for (const { at, bytes } of side.held.take()) to.push(side.direction, bytes, at);
  }

  #hold(side: Side, bytes: Uint8Array, at: number): number {
    const take = Math.min(bytes.length, side.held.room);
    side.held.add(bytes.subarray(0, take), at);
    side.offset += take;
    if (side.held.room === 0) this.#commitHeld(side, Note.earlyBytes, 0, at);
    return take;
  }

  #commitHeld(side: Side, notes: number, flags: number, at: number): void {
    const { length } = side.held;
    side.held.take();
    this.#commit(side, Type.raw, length, length, notes, flags, NONE, at);
  }

  #beginBody(side: Side, framing: BodyFraming, at: number): void {
    side.remaining =
      framing.kind === 'length' ? framing.bytes : framing.kind === 'close' ? Number.POSITIVE_INFINITY : 0;
    if (framing.kind === 'chunked') side.state = 'chunk-size';
    else if (side.remaining > 0) side.state = 'body';
    else this.#endBody(side, at);
  }

  /** Nothing more of a body comes. */
  #endBody(side: Side, at: number): void {
    side.state = side.afterBody;
    side.call?.dataEnd(side.direction, side.offset, 0, at);
    side.call = undefined;
  }

  #consumeBody(side: Side, bytes: Uint8Array, at: number): number {
    const take = Math.min(side.remaining, bytes.length, BODY_RECORD_BYTES - side.recordSize);
    side.call?.data(side.direction, bytes, 0, take, side.offset, NONE, at);
    side.remaining -= take;
    side.recordLength += take;
    side.recordSize += take;
    side.offset += take;
    if (side.remaining === 0 && side.state === 'chunk-data') {
      side.state = 'chunk-end';
    } else if (side.remaining === 0 || side.recordSize === BODY_RECORD_BYTES) {
      this.#commitBody(side, 0, at);
      if (side.remaining === 0) this.#endBody(side, at);
    }
    return take;
  }

  /** The body record in progress is complete. */
  #commitBody(side: Side, flags: number, at: number): void {
    const { recordLength, recordSize } = side;
    side.recordLength = 0;
    side.recordSize = 0;
    if (recordLength === 0) return;
    const chunked = side.state === 'chunk-data' || side.state === 'chunk-end';
    const notes = flags === 0 ? 0 : Note.truncated;
    this.#commit(side, chunked ? Type.chunk : side.bodyType, recordLength, recordSize, notes, flags, NONE, at);
  }

  #chunkSizeLine(side: Side, line: Uint8Array, ended: boolean, at: number): void {
    const size = /^0*([0-9a-f]{1,13})[ \t]*(;.*)?$/i.exec(lineText(line));
    if (!ended || !size) {
      this.#commitBuffer(side, Type.raw, Note.badChunk, 0, at);
      side.state = 'head';
      return;
    }
    side.remaining = Number.parseInt(size[1]!, 16);
    if (side.remaining === 0) {
      side.state = 'trailers';
      return;
    }
    side.recordLength = side.buffer.length;
    this.#resetBuffer(side);
    side.state = 'chunk-data';
  }

  /** CRLF, or LF alone, ends a chunk. `recordSize` stays; `lineStart` counts the CR. */
  #consumeChunkEnd(side: Side, byte: number, at: number): number {
    if (byte === 0x0d && side.lineStart === 0) {
      side.lineStart = 1;
      side.recordLength++;
      side.offset++;
      return 1;
    }
    side.lineStart = 0;
    const good = byte === 0x0a;
    if (good) {
      side.recordLength++;
      side.offset++;
    } else {
      side.pendingNotes |= Note.badChunk;
    }
    this.#commitBody(side, 0, at);
    side.state = good ? 'chunk-size' : 'head';
    return good ? 1 : 0;
  }

  #trailerLine(side: Side, line: Uint8Array, full: boolean, at: number): void {
    if (!isEmpty(line) && !full) return;
    this.#commitBuffer(side, Type.trailers, isEmpty(line) ? 0 : Note.headTooLarge, 0, at);
    this.#endBody(side, at);
  }

  /** All collected bytes are one record. Returns its seq. */
  #commitBuffer(side: Side, type: number, notes: number, flags: number, at: number, link = NONE): number {
    const { length } = side.buffer;
    this.#resetBuffer(side);
    return this.#commit(side, type, length, type === Type.raw ? length : 0, notes, flags, link, at);
  }

  #resetBuffer(side: Side): void {
    side.buffer.clear();
    side.lineStart = 0;
    side.hasStartLine = false;
  }

  /** The last `length` bytes of a direction are a record. */
  #commit(
    side: Side,
    type: number,
    length: number,
    size: number,
    notes: number,
    flags: number,
    link: number,
    at: number,
  ): number {
    const draft = this.#sink.draft;
    const body = type === Type.body || type === Type.chunk || type === Type.trailers;
    draft.at = at;
    draft.protocol = HTTP_ID;
    draft.type = type;
    draft.direction = side.direction;
    draft.levels = body ? Level.frame : Level.event | Level.frame;
    draft.start = side.offset - length;
    draft.length = length;
    draft.size = size;
    draft.flags = flags;
    draft.notes = notes | side.pendingNotes;
    draft.link = body && side.call ? side.call.seq : link;
    side.pendingNotes = 0;
    return this.#sink.commit();
  }

  /** Nothing more comes, or what comes is not what is expected: what is incomplete becomes truncated records. */
  #flush(side: Side, at: number): void {
    if (side.held.length > 0) {
      this.#commitHeld(side, Note.earlyBytes, Flag.truncated, at);
    } else if (side.recordLength > 0) {
      // Bytes up to the end of the stream are complete when it ends.
      const open = side.state === 'body' && side.remaining === Number.POSITIVE_INFINITY;
      this.#commitBody(side, open ? 0 : Flag.truncated, at);
      if (open) this.#endBody(side, at);
    } else if (side.buffer.length > 0) {
      const start = side.hasStartLine ? parseHead(side.buffer.view()) : undefined;
      let type: number = Type.raw;
      if (side.state === 'trailers') type = Type.trailers;
      else if (side.state === 'chunk-size') type = Type.chunk;
      else if (start) type = start.startLine.kind === 'request' ? Type.request : Type.response;
      this.#commitBuffer(side, type, Note.truncated | (start?.notes ?? 0), Flag.truncated, at);
    }
    this.#resetBuffer(side);
    side.call?.cut(side.direction, at);
    side.call = undefined;
    if (side.state !== 'held' && side.bodyType !== Type.raw) side.state = 'head';
  }
}

/** Nothing but a line end. */
function isEmpty(line: Uint8Array): boolean {
  return line.length === 1 || (line.length === 2 && line[0] === 0x0d);
}

/** A line as text without its line end. */
function lineText(line: Uint8Array): string {
  let end = line.length;
  if (line[end - 1] === 0x0a) end--;
  if (line[end - 1] === 0x0d) end--;
  return latin1(line, 0, end);
}
