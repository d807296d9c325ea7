// Where the parts of a ClientHello and a ServerHello lie (RFC 8446 §4.1), and what their extensions say. Positions are in
// the message with its header; nothing read here is trusted to be complete.
import { utf8 } from '../bytes.ts';
import { MESSAGE_HEADER_BYTES, Message, Version } from './format.ts';

export const RANDOM_BYTES = 32;

/** The extensions that are looked into, by number (IANA). */
export const Extension = {
  serverName: 0,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  alpn: 16,
  earlyData: 42,
  supportedVersions: 43,
  keyShare: 51,
} as const;

/** A run of bytes. */
export interface Part {
  at: number;
  length: number;
}

/** An extension's data; its number is in the four bytes before. */
export interface ExtensionPart extends Part {
  type: number;
}

export interface Hello {
  /** As on the wire; TLS 1.3 says 0x0303 here. */
  legacyVersion: number;
  random: Part;
  sessionId: Part;
  /** One suite in a ServerHello. */
  suites: Part;
  compression: Part;
  /** Where their length stands; -1 if there are none. */
  extensionsAt: number;
  extensions: ExtensionPart[];
}

/** The parts of a hello, or undefined if it ends before them. */
export function readHello(message: Uint8Array): Hello | undefined {
  const isClient = message[0] === Message.clientHello;
  const reader = new PartReader(message, MESSAGE_HEADER_BYTES);
  const legacyVersion = reader.number(2);
  const random = reader.part(RANDOM_BYTES);
  const sessionId = reader.part(reader.number(1));
  const suites = reader.part(isClient ? reader.number(2) : 2);
  const compression = reader.part(isClient ? reader.number(1) : 1);
  if (reader.overrun) return undefined;
  const extensionsAt = reader.at < message.length ? reader.at : -1;
  const hello = { legacyVersion, random, sessionId, suites, compression, extensionsAt, extensions: [] };
  if (extensionsAt < 0) return hello;
  const extensions = readExtensions(message, extensionsAt);
  return extensions && { ...hello, extensions };
}

/** The extensions whose length stands at `at`, or undefined if they do not fill the message exactly. */
export function readExtensions(message: Uint8Array, at: number, end = message.length): ExtensionPart[] | undefined {
  const reader = new PartReader(message, at, end);
  const extensions: ExtensionPart[] = [];
  if (reader.number(2) !== end - at - 2) return undefined;
  while (reader.at < end && !reader.overrun) {
    const type = reader.number(2);
    extensions.push({ type, ...reader.part(reader.number(2)) });
  }
  return reader.overrun ? undefined : extensions;
}

/** The bytes of one extension, or undefined. */
export function extensionData(message: Uint8Array, hello: Hello, type: number): Uint8Array | undefined {
  const part = hello.extensions.find((extension) => extension.type === type);
  return part && message.subarray(part.at, part.at + part.length);
}

/** The name in a server_name extension (RFC 6066 §3), or ''. */
export function serverName(data: Uint8Array | undefined): string {
  if (!data || data.length < 5) return '';
  return utf8(data.subarray(5, 5 + ((data[3]! << 8) | data[4]!)));
}

/** The protocols in an ALPN extension (RFC 7301 §3.1). */
export function alpnNames(data: Uint8Array | undefined): string[] {
  const names: string[] = [];
  for (let at = 2; data && at < data.length; at += 1 + data[at]!) {
    names.push(utf8(data.subarray(at + 1, at + 1 + data[at]!)));
  }
  return names;
}

/** The newest version that a client offers (RFC 8446 §4.2.1). */
export function newestVersion(message: Uint8Array, hello: Hello): number {
  const data = extensionData(message, hello, Extension.supportedVersions);
  if (!data) return hello.legacyVersion;
  let newest = 0;
  for (let at = 1; at + 1 < data.length; at += 2) {
    const version = (data[at]! << 8) | data[at + 1]!;
    if (version <= Version.tls13) newest = Math.max(newest, version);
  }
  return newest;
}

/** The version a server chose. */
export function chosenVersion(message: Uint8Array, hello: Hello): number {
  const data = extensionData(message, hello, Extension.supportedVersions);
  return data && data.length >= 2 ? (data[0]! << 8) | data[1]! : hello.legacyVersion;
}

/** SHA-256 of `HelloRetryRequest`: the random value that makes a ServerHello one (RFC 8446 §4.1.3). */
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

/** Whether a ServerHello is a HelloRetryRequest. `message`: the one that `hello` was read from. */
export function isRetryRequest(message: Uint8Array, { random }: Hello): boolean {
  for (let i = 0; i < RANDOM_BYTES; i++) {
    if (message[random.at + i] !== Number.parseInt(RETRY_RANDOM.slice(2 * i, 2 * i + 2), 16)) return false;
  }
  return true;
}

/** Reads numbers and parts; once the bytes end it gives zeros and empty parts. */
export class PartReader {
  at: number;
  overrun = false;
  readonly #bytes: Uint8Array;
  readonly #end: number;

  constructor(bytes: Uint8Array, at: number, end = bytes.length) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = Math.min(end, bytes.length);
  }

  /** An unsigned number of so many bytes, at most four. */
  number(length: number): number {
    if (this.at + length > this.#end) {
      this.overrun = true;
      this.at = this.#end;
      return 0;
    }
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 256 + this.#bytes[this.at++]!;
    return value;
  }

  part(length: number): Part {
    if (this.at + length > this.#end) this.overrun = true;
    const part = { at: this.at, length: Math.min(length, this.#end - this.at) };
    this.at += part.length;
    return part;
  }
}
