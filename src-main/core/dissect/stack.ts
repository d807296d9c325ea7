// Chooses the dissectors of a connection. `auto` decides by the first bytes, whoever sends them, and gives the chosen
// dissector everything it held back.
import type { DissectAs, Dissector, Framing, RecordSink } from '../protocol.ts';
import type { Direction } from '../record.ts';
import { openHttp } from './http/http.ts';
import { HEADER_BYTES, PREFACE } from './http2/format.ts';
import { openHttp2 } from './http2/http2.ts';
import { isPlausible } from './http2/rules.ts';
import { openTcp } from './tcp.ts';
import type { TlsHost } from './tls/host.ts';
import { beginsTls, openTls } from './tls/tls.ts';
import { openUdp } from './udp.ts';
import { openWebSocket } from './websocket/websocket.ts';

const UNFRAMED: Framing = { kind: 'none' };

/**
 * The dissector of a connection. UDP has datagrams whatever `as` says. `websocket`: frames, with or without the
 * handshake before them. `tls`: what decrypts TLS; without it only its records are shown.
 */
export function openStack(transport: 'tcp' | 'udp', as: DissectAs, sink: RecordSink, tls?: TlsHost): Dissector {
  if (transport === 'udp') return openUdp(sink);
  switch (as.protocol) {
    case 'http':
      return openHttp(sink);
    case 'http2':
      return openHttp2(sink);
    case 'websocket':
      return new ChoosingDissector(sink, openWebSocket, (each) => openTls(each, tls, openWebSocketStack));
    case 'tls':
      return openTls(sink, tls, openPlainStack);
    case 'tcp':
      return openTcp(sink, as.framing);
    case 'auto':
    case 'udp': {
      const openInTls: Opened = (each) => openTls(each, tls, openPlainStack);
      return new ChoosingDissector(sink, openUnframed, openInTls, as.protocol === 'auto' && as.late === true);
    }
  }
}

/** What TLS carries may be anything but TLS again. */
function openPlainStack(sink: RecordSink): Dissector {
  return new ChoosingDissector(sink, openUnframed);
}

function openWebSocketStack(sink: RecordSink): Dissector {
  return new ChoosingDissector(sink, openWebSocket);
}

function openUnframed(sink: RecordSink): Dissector {
  return openTcp(sink, UNFRAMED);
}

const HTTP_STARTS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']
  .map((method) => `${method} `)
  .concat('HTTP/1.');
const LONGEST_START = Math.max(...HTTP_STARTS.map((start) => start.length));
/** Bytes that are enough to tell. */
const TELLING_BYTES = Math.max(LONGEST_START, HEADER_BYTES);
/** Longer frames need leave of their receiver (RFC 9113 §4.2). */
const USUAL_FRAME_BYTES = 16_384;
/** How SETTINGS begin, with which a server of HTTP/2 may be the first to speak; the third byte is their length. */
const SETTINGS_START = '\0\0?\x04\0\0\0\0\0';

type Opened = (sink: RecordSink) => Dissector;

/** The HTTP that `text` begins: `null` for none, undefined if it is too short to tell. */
function opened(text: string): Opened | null | undefined {
  if (HTTP_STARTS.some((start) => text.startsWith(start))) return openHttp;
  if (HTTP_STARTS.some((start) => start.startsWith(text))) return undefined;
  if (!PREFACE.startsWith(text) && !beginsSettings(text)) return null;
  return text.length < LONGEST_START ? undefined : openHttp2;
}

/** Whether `text` begins with the header of a frame, as an open connection of HTTP/2 does; undefined if it is too short. */
function beginsFrame(text: string): boolean | undefined {
  if (text.length < HEADER_BYTES) return text.startsWith('\0') ? undefined : false;
  return isPlausible(
    Uint8Array.from(text, (character) => character.charCodeAt(0)),
    USUAL_FRAME_BYTES,
  );
}

function beginsSettings(text: string): boolean {
  const length = text.length > 2 ? text.charCodeAt(2) : 0;
  return length % 6 === 0 && SETTINGS_START.startsWith(text.length > 2 ? `${text.slice(0, 2)}?${text.slice(3)}` : text);
}

/** Holds a few bytes of each direction until one direction tells what this is. */
class ChoosingDissector implements Dissector {
  readonly #sink: RecordSink;
  readonly #otherwise: Opened;
  readonly #tls: Opened | undefined;
  readonly #late: boolean;
  /** First characters of each direction. */
  readonly #starts = new Map<Direction, string>();
  #held: ((dissector: Dissector) => void)[] = [];
  #chosen: Dissector | undefined;

  /**
   * @param otherwise what the connection is if not HTTP
   * @param tls opens TLS; absent: it is not looked for
   * @param late its beginning was not seen
   */
  constructor(sink: RecordSink, otherwise: Opened, tls?: Opened, late = false) {
    this.#sink = sink;
    this.#otherwise = otherwise;
    this.#tls = tls;
    this.#late = late;
  }

  push(direction: Direction, chunk: Uint8Array, at: number): void {
    if (this.#chosen) {
      this.#chosen.push(direction, chunk, at);
      return;
    }
    if (chunk.length === 0) return;
    const before = this.#starts.get(direction) ?? '';
    const start = before + String.fromCharCode(...chunk.subarray(0, TELLING_BYTES - before.length));
    this.#starts.set(direction, start);
    const choice = this.#opened(start);
    if (choice !== undefined) {
      this.#choose(choice).push(direction, chunk, at);
      return;
    }
    // Undecided means shorter than what is enough to tell, so this copy is a few bytes.
    const copy = chunk.slice();
    this.#held.push((dissector) => dissector.push(direction, copy, at));
  }

  gap(direction: Direction, length: number, at: number): void {
    (this.#chosen ?? this.#choose(null)).gap(direction, length, at);
  }

  end(direction: Direction, at: number): void {
    if (!this.#chosen && !this.#starts.get(direction)) {
      this.#held.push((dissector) => dissector.end(direction, at));
      return;
    }
    (this.#chosen ?? this.#choose(null)).end(direction, at);
  }

  /** As opened(). */
  #opened(start: string): Opened | null | undefined {
    const isTls = this.#tls ? beginsTls(start) : false;
    if (isTls !== false) return isTls && this.#tls;
    const choice = opened(start);
    if (choice !== null || !this.#late) return choice;
    const isFrame = beginsFrame(start);
    return isFrame === false ? null : isFrame && openHttp2;
  }

  #choose(choice: Opened | null): Dissector {
    const chosen = (choice ?? this.#otherwise)(this.#sink);
    this.#chosen = chosen;
    for (const replay of this.#held) replay(chosen);
    this.#held = [];
    return chosen;
  }
}
