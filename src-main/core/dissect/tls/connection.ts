// What whole TLS records do to a connection: opening what is encrypted, putting the handshake's messages together, and
// handing on what the application sent. Commits one record of the index for each.
import type { Dissector, RecordSink } from '../../protocol.ts';
import { Level, NONE } from '../../record.ts';
import { KeptWriter } from '../kept-bytes.ts';
import {
  ALERT_FATAL,
  CLOSE_NOTIFY,
  Content,
  TlsFlag as Flag,
  isKnownMessage,
  MAX_BODY_BYTES,
  MAX_BODY_BYTES_13,
  MESSAGE_HEADER_BYTES,
  Message,
  TlsNote as Note,
  RECORD_HEADER_BYTES,
  recordType,
  TLS_ID,
  Version,
} from './format.ts';
import { TlsHandshake } from './handshake.ts';
import type { PlaintextSink, TlsHost } from './host.ts';
import { messageLength } from './messages.ts';
import type { TlsSide } from './side.ts';
import { aeadSuite } from './suites.ts';

/** Opens the dissector of what TLS carries. */
export type OpenInner = (sink: RecordSink) => Dissector;

const NOTHING = new Uint8Array(0);
/** Of TLS 1.2: what stands before the ciphertext of AES, in the open (RFC 5288 §3, RFC 6655 §3). */
const EXPLICIT_NONCE_BYTES = 8;
/** Far beyond any handshake message, and small enough to tell ciphertext from one. */
const PLAUSIBLE_BYTES = 0x7_ffff;

export class TlsConnection {
  readonly #sink: RecordSink;
  readonly #host: TlsHost | undefined;
  readonly #openInner: OpenInner;
  readonly #handshake: TlsHandshake;
  readonly #writer = new KeptWriter();
  #plaintext: PlaintextSink | undefined;
  #inner: Dissector | undefined;

  constructor(sink: RecordSink, host: TlsHost | undefined, openInner: OpenInner, client: TlsSide, server: TlsSide) {
    this.#sink = sink;
    this.#host = host;
    this.#openInner = openInner;
    this.#handshake = new TlsHandshake(host, client, server);
  }

  get #isTls13(): boolean {
    return this.#handshake.version === Version.tls13;
  }

  /** Whether anybody will look into a body of this content type: others need not be kept until they are whole. */
  wantsBody(side: TlsSide, wireType: number): boolean {
    return wireType !== Content.applicationData || side.opener.hasKeys || this.#handshake.hasPendingKeys;
  }

  /** A whole record. `body`: undefined if nobody wanted it, or if bytes of it are missing. */
  record(side: TlsSide, bodyLength: number, body: Uint8Array | undefined, at: number): void {
    const wireType = side.header[0]!;
    let found = 0;
    if (side.closed && wireType !== Content.alert) found |= Note.afterClose;
    if (bodyLength === 0 && wireType !== Content.applicationData) found |= Note.emptyRecord;
    if (bodyLength > (this.#isTls13 ? MAX_BODY_BYTES_13 : MAX_BODY_BYTES)) found |= Note.recordTooLong;
    if (this.#isEncrypted(side, wireType, body)) this.#encrypted(side, wireType, bodyLength, body, found, at);
    else this.#plain(side, wireType, bodyLength, body, found, at);
    side.begun = true;
  }

  /** Bytes of a direction are missing; at least one record is not whole. `length`: how many bytes. */
  lost(side: TlsSide, length: number, at: number): void {
    side.opener.gap();
    side.messages.clear();
    this.#innerGap(side, length, at);
  }

  end(side: TlsSide, at: number): void {
    if (!side.closed) this.#inner?.end(side.direction, at);
  }

  #isEncrypted(side: TlsSide, wireType: number, body: Uint8Array | undefined): boolean {
    if (wireType === Content.applicationData) return true;
    if (this.#isTls13 || wireType > Content.heartbeat) return false;
    if (side.encrypted) return true;
    // A capture that begins after the change of the cipher spec: ciphertext does not look like a message.
    const isStrange = !side.begun && wireType === Content.handshake && body !== undefined && !beginsMessage(body);
    if (isStrange) side.encrypted = true;
    return isStrange;
  }

  #plain(
    side: TlsSide,
    wireType: number,
    bodyLength: number,
    body: Uint8Array | undefined,
    notes: number,
    at: number,
  ): void {
    this.#content(side, wireType, wireType, body, bodyLength, notes, 0, at);
    if (wireType === Content.changeCipherSpec && !this.#isTls13) this.#handshake.changeCipherSpec(side);
  }

  #encrypted(
    side: TlsSide,
    wireType: number,
    bodyLength: number,
    body: Uint8Array | undefined,
    notes: number,
    at: number,
  ): void {
    // The change of the cipher spec was lost.
    if (!side.encrypted && this.#handshake.hasPendingKeys && !this.#isTls13) {
      this.#handshake.changeCipherSpec(side);
      side.opener.gap();
    }
    const isEarly = this.#handshake.mayBeEarlyData(side);
    const sealed = Flag.encrypted | (this.#isTls13 ? Flag.opaque : 0);
    const opened = body && side.opener.open(side.header, body, isEarly);
    if (!body && !isEarly) side.opener.passed();
    if (!opened) {
      let found = notes;
      // What is missing may have been a part of any message.
      side.messages.clear();
      if (isEarly && (side.opener.epoch === undefined || side.opener.hasKeys)) found |= Note.earlyData;
      else if (body && side.opener.hasKeys) found |= Note.undecryptable;
      else if (!this.#handshake.begun && !side.begun) found |= Note.joinedLate;
      this.#commit(side, wireType, recordType(wireType), bodyLength, bodyLength, found, sealed, NONE, at);
      if (wireType === Content.applicationData) this.#innerGap(side, this.#contentLength(bodyLength), at);
      return;
    }
    const flags = sealed | Flag.decrypted;
    if (!this.#isTls13) {
      this.#content(side, wireType, wireType, opened, bodyLength, notes, flags, at);
      if (wireType === Content.changeCipherSpec) this.#handshake.changeCipherSpec(side);
      return;
    }
    let end = opened.length;
    while (end > 0 && opened[end - 1] === 0) end--;
    const type = end > 0 ? opened[end - 1]! : Content.applicationData;
    const found = end > 0 ? notes : notes | Note.noContentType;
    this.#content(side, wireType, type, opened.subarray(0, Math.max(0, end - 1)), bodyLength, found, flags, at);
  }

  /** Commits a record whose content is known, and lets it do what it does. `content`: undefined if bytes are missing. */
  #content(
    side: TlsSide,
    wireType: number,
    type: number,
    content: Uint8Array | undefined,
    bodyLength: number,
    notes: number,
    flags: number,
    at: number,
  ): void {
    let found = notes;
    let derived = NONE;
    if (!content) side.messages.clear();
    if (type !== Content.handshake && side.messages.pending > 0) found |= Note.interleaved;
    const isOpened = (flags & Flag.decrypted) !== 0;
    if (type === Content.applicationData && content) {
      if (content.length > 0) {
        this.#plaintext ??= this.#host?.openPlaintext();
        derived = this.#plaintext?.keep(side.direction, content) ?? NONE;
      }
    } else if (content) {
      const isHandshake = type === Content.handshake;
      if (isOpened || (isHandshake && side.messages.pending > 0))
        derived = this.#keep(side, content, isHandshake, isOpened);
      if (isHandshake) found |= side.messages.push(content, (message) => this.#handshake.message(side, message));
      else found |= contentNotes(type, content);
    }
    this.#commit(side, wireType, recordType(type), bodyLength, content?.length ?? 0, found, flags, derived, at);
    if (!content) return;
    if (type === Content.applicationData && content.length > 0) this.#push(side, content, at);
    if (type === Content.alert && content.length === 2 && content[1] === CLOSE_NOTIFY) this.#close(side, at);
  }

  #keep(side: TlsSide, content: Uint8Array, isHandshake: boolean, isOpened: boolean): number {
    const writer = this.#writer;
    writer.start();
    if (isHandshake) {
      side.messages.keep(content, writer);
    } else {
      writer.number(0);
      writer.bytes(NOTHING);
    }
    if (isOpened) writer.raw(content);
    return this.#sink.derive(writer.take());
  }

  #commit(
    side: TlsSide,
    wireType: number,
    type: number,
    bodyLength: number,
    size: number,
    notes: number,
    flags: number,
    derived: number,
    at: number,
  ): void {
    const { draft } = this.#sink;
    draft.at = at;
    draft.protocol = TLS_ID;
    draft.type = type;
    draft.direction = side.direction;
    draft.levels = Level.frame;
    draft.length = RECORD_HEADER_BYTES + bodyLength;
    draft.start = side.offset - draft.length;
    draft.size = size;
    draft.flags = wireType | flags;
    draft.notes = notes | side.pendingNotes;
    draft.derived = derived;
    draft.link = this.#handshake.link;
    side.pendingNotes = 0;
    const news = this.#handshake.recorded(this.#sink.commit());
    if (news) this.#host?.event(news, at);
  }

  #push(side: TlsSide, content: Uint8Array, at: number): void {
    if (!this.#plaintext) return;
    this.#inner ??= this.#openInner(this.#plaintext);
    this.#inner.push(side.direction, content, at);
  }

  #innerGap(side: TlsSide, length: number, at: number): void {
    if (!this.#inner || length === 0 || side.closed) return;
    this.#plaintext?.skip(side.direction, length);
    this.#inner.gap(side.direction, length, at);
  }

  #close(side: TlsSide, at: number): void {
    if (side.closed) return;
    side.closed = true;
    this.#inner?.end(side.direction, at);
  }

  /** About how much content a record has that could not be opened. */
  #contentLength(bodyLength: number): number {
    const suite = aeadSuite(this.#handshake.suite);
    const hasNonce = !this.#isTls13 && suite?.cipher !== 'chacha20-poly1305';
    const front = this.#isTls13 ? 1 : hasNonce ? EXPLICIT_NONCE_BYTES : 0;
    return Math.max(0, bodyLength - front - (suite?.tagBytes ?? 0));
  }
}

/** Whether these bytes may be the beginning of a handshake message: of a known type, and not absurdly long. */
function beginsMessage(body: Uint8Array): boolean {
  const isKnown = body.length > 0 && isKnownMessage(body[0]!);
  if (!isKnown || body.length < MESSAGE_HEADER_BYTES) return isKnown;
  return body[0] === Message.helloRequest
    ? body.length === MESSAGE_HEADER_BYTES
    : messageLength(body) <= PLAUSIBLE_BYTES;
}

function contentNotes(type: number, content: Uint8Array): number {
  switch (type) {
    case Content.changeCipherSpec:
      return content.length === 1 && content[0] === 1 ? 0 : Note.badChangeCipherSpec;
    case Content.alert:
      if (content.length !== 2) return Note.badAlert;
      return content[0] === ALERT_FATAL ? Note.fatalAlert : 0;
    case Content.heartbeat:
      return content.length < 3 || 3 + ((content[1]! << 8) | content[2]!) > content.length ? Note.heartbeatOverread : 0;
    case Content.applicationData:
      return 0;
    default:
      return Note.unknownType;
  }
}
