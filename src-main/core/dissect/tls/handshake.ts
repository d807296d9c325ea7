// What the two sides of a TLS connection agree on in their hellos (RFC 8446 §4.1, RFC 5246 §7.4.1): version, cipher suite, and
// the keys that follow from them. Reads whole messages; commits no records.
import type { LifecycleEvent } from '../../event.ts';
import { Direction, NONE } from '../../record.ts';
import { hex, latin1 } from '../bytes.ts';
import { MESSAGE_HEADER_BYTES, Message, TlsNote as Note, Version, versionName } from './format.ts';
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
} from './hello.ts';
import type { TlsHost, TlsSession } from './host.ts';
import { Epoch } from './opener.ts';
import type { TlsSide } from './side.ts';
import { aeadSuite, isWeakSuite, suiteName } from './suites.ts';

/** What the client offered. */
interface Offer {
  random: Uint8Array;
  serverName: string;
  alpn: string[];
  earlyData: boolean;
  newestVersion: number;
  seq: number;
}

export class TlsHandshake {
  readonly #host: TlsHost | undefined;
  readonly #client: TlsSide;
  readonly #server: TlsSide;
  #offer: Offer | undefined;
  #version = 0;
  #suite = 0;
  #isRetried = false;
  /** Keys of TLS 1.2 that the next change of the cipher spec brings into use. */
  #pending: { readonly [D in 1 | 2]: Epoch } | undefined;
  /** The record in progress holds a hello, and what it leads to is to be told. */
  #helloIn: 'client' | 'server' | undefined;
  #news: LifecycleEvent | undefined;

  constructor(host: TlsHost | undefined, client: TlsSide, server: TlsSide) {
    this.#host = host;
    this.#client = client;
    this.#server = server;
  }

  /** As on the wire; 0 before it is agreed on. */
  get version(): number {
    return this.#version;
  }

  get suite(): number {
    return this.#suite;
  }

  /** The client's hello was seen. */
  get begun(): boolean {
    return this.#offer !== undefined;
  }

  /** The next change of the cipher spec brings keys into use. */
  get hasPendingKeys(): boolean {
    return this.#pending !== undefined;
  }

  /** seq of the record that the one in progress answers. */
  get link(): number {
    return this.#helloIn === 'server' && this.#offer ? this.#offer.seq : NONE;
  }

  /** The record in progress was committed as `seq`. Returns what is to be told about it. */
  recorded(seq: number): LifecycleEvent | undefined {
    if (this.#helloIn === 'client' && this.#offer) this.#offer.seq = seq;
    this.#helloIn = undefined;
    const news = this.#news;
    this.#news = undefined;
    return news;
  }

  /** A whole handshake message. Returns notes. */
  message(side: TlsSide, message: Uint8Array): number {
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

  /** What a side sends from here on is encrypted. */
  changeCipherSpec(side: TlsSide): void {
    side.encrypted = true;
    side.messages.clear();
    const pending = this.#pending?.[side === this.#client ? 1 : 2];
    if (pending) side.opener.begin(pending);
  }

  /** Between the offer of early data and the first record that the handshake's keys open. */
  mayBeEarlyData(side: TlsSide): boolean {
    if (side !== this.#client || !this.#offer?.earlyData) return false;
    return side.opener.epoch === undefined || side.opener.epoch.isHandshake;
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
}
