// What whole TLS records do to a connection: the handshake and the keys it leads to, opening what is encrypted, and handing
// on what the application sent. Commits one record of the index for each.
import type { LifecycleEvent } from '../event.ts';
import type { Dissector, RecordSink } from '../protocol.ts';
import { Direction, Level, NONE } from '../record.ts';
import { hex, latin1 } from './bytes.ts';
import { KeptWriter } from './kept-bytes.ts';
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
  versionName,
} from './tls-format.ts';
import {
  alpnNames,
  chosenVersion,
  Extension,
  extensionData,
  type Hello,
  isRetryRequest,
  newestVersion,
  readHello,
  serverName,
} from './tls-hello.ts';
import type { PlaintextSink, TlsHost, TlsSession } from './tls-host.ts';
import { messageLength } from './tls-messages.ts';
import { Epoch } from './tls-opener.ts';
import type { TlsSide } from './tls-side.ts';
import { aeadSuite, isWeakSuite, suiteName } from './tls-suites.ts';

/** Opens the dissector of what TLS carries. */
export type OpenInner = (sink: RecordSink) => Dissector;

const NOTHING = new Uint8Array(0);
/** Of TLS 1.2: what stands before the ciphertext of AES, in the open (RFC 5288 §3, RFC 6655 §3). */
const EXPLICIT_NONCE_BYTES = 8;
/** Far beyond any handshake message, and small enough to tell ciphertext from one. */
const PLAUSIBLE_BYTES = 0x7_ffff;

/** What the client offered. */
interface Offer {
  random: Uint8Array;
  serverName: string;
  alpn: string[];
  earlyData: boolean;
  newestVersion: number;
  seq: number;
}

export class TlsConnection {
  readonly #sink: RecordSink;
  readonly #host: TlsHost | undefined;
  readonly #openInner: OpenInner;
  readonly #client: TlsSide;
  readonly #server: TlsSide;
  readonly #writer = new KeptWriter();
  #offer: Offer | undefined;
  #version = 0;
  #suite = 0;
  #isRetried = false;
  /** Keys of TLS 1.2 that the next change of the cipher spec brings into use. */
  #pending: { readonly [D in 1 | 2]: Epoch } | undefined;
  /** The next record to commit holds a message worth remembering, or one to tell about. */
  #helloIn: 'client' | 'server' | undefined;
  #news: LifecycleEvent | undefined;
  #plaintext: PlaintextSink | undefined;
  #inner: Dissector | undefined;

  constructor(sink: RecordSink, host: TlsHost | undefined, openInner: OpenInner, client: TlsSide, server: TlsSide) {
    this.#sink = sink;
    this.#host = host;
    this.#openInner = openInner;
    this.#client = client;
    this.#server = server;
  }

  /** Whether anybody will look into a body of this content type: others need not be kept until they are whole. */
  wantsBody(side: TlsSide, wireType: number): boolean {
    return wireType !== Content.applicationData || side.opener.hasKeys || this.#pending !== undefined;
  }

  /** A whole record. `body`: undefined if nobody wanted it, or if bytes of it are missing. */
  record(side: TlsSide, bodyLength: number, body: Uint8Array | undefined, at: number): void {
    const wireType = side.header[0]!;
    let found = 0;
    if (side.closed && wireType !== Content.alert) found |= Note.afterClose;
    if (bodyLength === 0 && wireType !== Content.applicationData) found |= Note.emptyRecord;
    if (bodyLength > (this.#version === Version.tls13 ? MAX_BODY_BYTES_13 : MAX_BODY_BYTES))
      found |= Note.recordTooLong;
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
    if (this.#version === Version.tls13 || wireType > Content.heartbeat) return false;
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
    if (wireType === Content.changeCipherSpec && this.#version !== Version.tls13) this.#changeCipherSpec(side);
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
    if (!side.encrypted && this.#pending && this.#version !== Version.tls13) {
      this.#changeCipherSpec(side);
      side.opener.gap();
    }
    const isEarly = this.#mayBeEarlyData(side);
    const sealed = Flag.encrypted | (this.#version === Version.tls13 ? Flag.opaque : 0);
    const opened = body && side.opener.open(side.header, body, isEarly);
    if (!body && !isEarly) side.opener.passed();
    if (!opened) {
      let found = notes;
      // What is missing may have been a part of any message.
      side.messages.clear();
      if (isEarly && (side.opener.epoch === undefined || side.opener.hasKeys)) found |= Note.earlyData;
      else if (body && side.opener.hasKeys) found |= Note.undecryptable;
      else if (!this.#offer && !side.begun) found |= Note.joinedLate;
      this.#commit(side, wireType, recordType(wireType), bodyLength, bodyLength, found, sealed, NONE, at);
      if (wireType === Content.applicationData) this.#innerGap(side, this.#contentLength(bodyLength), at);
      return;
    }
    const flags = sealed | Flag.decrypted;
    if (this.#version !== Version.tls13) {
      this.#content(side, wireType, wireType, opened, bodyLength, notes, flags, at);
      if (wireType === Content.changeCipherSpec) this.#changeCipherSpec(side);
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
      if (isHandshake) found |= side.messages.push(content, (message) => this.#message(side, message));
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
    side.pendingNotes = 0;
    if (this.#helloIn === 'server' && this.#offer) draft.link = this.#offer.seq;
    const seq = this.#sink.commit();
    if (this.#helloIn === 'client' && this.#offer) this.#offer.seq = seq;
    this.#helloIn = undefined;
    const news = this.#news;
    this.#news = undefined;
    if (news) this.#host?.event(news, at);
  }

  /** A whole handshake message. Returns notes. */
  #message(side: TlsSide, message: Uint8Array): number {
    const isClient = side === this.#client;
    switch (message[0]) {
      case Message.clientHello:
        return isClient ? this.#clientHello(message) : 0;
      case Message.serverHello:
        return isClient ? 0 : this.#serverHello(message);
      case Message.finished:
        if (side.opener.epoch?.isHandshake) side.opener.advance();
        return 0;
      case Message.keyUpdate:
        if (side.opener.epoch?.isHandshake === false) side.opener.advance();
        return message.length === MESSAGE_HEADER_BYTES + 1 ? 0 : Note.malformedMessage;
      default:
        return 0;
    }
  }

  #clientHello(message: Uint8Array): number {
    const hello = readHello(message);
    if (!hello) return Note.malformedMessage;
    this.#helloIn = 'client';
    this.#offer = {
      random: message.slice(hello.random.at, hello.random.at + hello.random.length),
      serverName: serverName(extensionData(message, hello, Extension.serverName)),
      alpn: alpnNames(extensionData(message, hello, Extension.alpn)),
      // After a HelloRetryRequest there is none any more (RFC 8446 §4.1.2).
      earlyData: !this.#isRetried && extensionData(message, hello, Extension.earlyData) !== undefined,
      newestVersion: newestVersion(message, hello),
      seq: NONE,
    };
    return 0;
  }

  #serverHello(message: Uint8Array): number {
    const hello = readHello(message);
    if (!hello) return Note.malformedMessage;
    this.#version = chosenVersion(message, hello);
    if (isRetryRequest(message, hello)) {
      this.#isRetried = true;
      return 0;
    }
    this.#helloIn = 'server';
    this.#suite = (message[hello.suites.at]! << 8) | message[hello.suites.at + 1]!;
    const offer = this.#offer;
    if (offer) {
      const serverRandom = message.slice(hello.random.at, hello.random.at + hello.random.length);
      const session = { clientRandom: offer.random, serverRandom, version: this.#version, suite: this.#suite };
      this.#prepare(session);
      this.#news = this.#negotiated(offer, message, hello);
    }
    let notes = this.#version < Version.tls12 ? Note.oldVersion : 0;
    if (isWeakSuite(this.#suite)) notes |= Note.weakSuite;
    else if (!aeadSuite(this.#suite)) notes |= Note.unsupportedSuite;
    const isSentinel = latin1(message, hello.random.at + 24, hello.random.at + 31) === 'DOWNGRD';
    return isSentinel && offer && offer.newestVersion > this.#version ? notes | Note.downgrade : notes;
  }

  #prepare(session: TlsSession): void {
    const epoch = (direction: Direction): Epoch => {
      const application = new Epoch(() => this.#host?.keys(session, 'application', direction));
      if (session.version !== Version.tls13) return application;
      return new Epoch(() => this.#host?.keys(session, 'handshake', direction), application);
    };
    const epochs = { 1: epoch(Direction.clientToServer), 2: epoch(Direction.serverToClient) };
    if (session.version !== Version.tls13) {
      this.#pending = epochs;
      return;
    }
    this.#client.opener.begin(epochs[1]);
    this.#server.opener.begin(epochs[2]);
  }

  #changeCipherSpec(side: TlsSide): void {
    side.encrypted = true;
    side.messages.clear();
    const pending = this.#pending?.[side === this.#client ? 1 : 2];
    if (pending) side.opener.begin(pending);
  }

  #negotiated(offer: Offer, message: Uint8Array, hello: Hello): LifecycleEvent {
    const version = versionName(this.#version);
    const suite = suiteName(this.#suite);
    const [alpn = ''] = alpnNames(extensionData(message, hello, Extension.alpn));
    const epoch = this.#pending?.[1] ?? this.#client.opener.epoch;
    const isKnown = epoch !== undefined && (epoch.keys ?? epoch.next.keys) !== undefined;
    let outcome = 'decrypted with its key log';
    if (!aeadSuite(this.#suite)) outcome = 'not decrypted: the cipher suite is not supported';
    else if (!isKnown) outcome = 'not decrypted: a key log (SSLKEYLOGFILE) of this session is needed';
    return {
      type: 'tls',
      severity: 'info',
      text: [version, offer.serverName, alpn, suite, outcome].filter(Boolean).join(' · '),
      fields: {
        version,
        'cipher suite': suite,
        ...(offer.serverName && { 'server name': offer.serverName }),
        ...(offer.alpn.length > 0 && { 'ALPN offered': offer.alpn.join(', ') }),
        ...(alpn && { ALPN: alpn }),
        'client random': hex(offer.random),
        decrypted: isKnown,
      },
    };
  }

  /** Between the offer of early data and the first record that the handshake's keys open. */
  #mayBeEarlyData(side: TlsSide): boolean {
    if (side !== this.#client || !this.#offer?.earlyData) return false;
    return side.opener.epoch === undefined || side.opener.epoch.isHandshake;
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
    const suite = aeadSuite(this.#suite);
    const hasNonce = this.#version !== Version.tls13 && suite?.cipher !== 'chacha20-poly1305';
    const front = this.#version === Version.tls13 ? 1 : hasNonce ? EXPLICIT_NONCE_BYTES : 0;
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
