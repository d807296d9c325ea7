// What gRPC-Web has beyond gRPC: bodies in base64, and trailers in a frame of their own at the end of the body.
import { latin1 } from '../bytes.ts';
import { type HeaderItem, Representation } from '../http2/hpack.ts';

/** How messages stand in a body: as they are, or in base64. */
export type WebForm = 'binary' | 'text';

/** The form that a content-type of gRPC-Web announces, or undefined for another content-type. */
export function webForm(contentType: string | undefined): WebForm | undefined {
  const parts = /^application\/grpc-web(-text)?(?:$|[+;])/i.exec(contentType ?? '');
  if (!parts) return undefined;
  return parts[1] ? 'text' : 'binary';
}

/** The flag of a frame that holds trailers. */
export const TRAILERS_FLAG = 0x80;
/** Longer trailers are read in part. */
const MAX_TRAILERS_BYTES = 65_536;

/** What characters outside the alphabet are. */
const PADDING = -1;
const SPACE = -2;
const FOREIGN = -3;
const VALUES = new Int8Array(256).fill(FOREIGN);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  VALUES[character.charCodeAt(0)] = value;
}
VALUES[0x3d] = PADDING;
for (const space of [0x09, 0x0a, 0x0d, 0x20]) VALUES[space] = SPACE;

/** Decodes base64 that comes cut anywhere. Its sender may have padded pieces of it: padding begins a new group. */
export class Base64Stream {
  /** Something was no base64, and left out. */
  broken = false;
  #bits = 0;
  #count = 0;

  /** The byte that is complete with this character, or −1. */
  push(character: number): number {
    const value = VALUES[character]!;
    if (value < 0) {
      if (value === PADDING) this.#count = 0;
      if (value === FOREIGN) this.broken = true;
      return -1;
    }
    this.#bits = ((this.#bits << 6) | value) & 0xffff;
    this.#count += 6;
    if (this.#count < 8) return -1;
    this.#count -= 8;
    return (this.#bits >> this.#count) & 0xff;
  }
}

/** The header list in a frame of trailers: lines of `name: value`. */
export function readTrailers(bytes: Uint8Array): HeaderItem[] {
  const items: HeaderItem[] = [];
  let start = 0;
  for (const line of latin1(bytes.subarray(0, MAX_TRAILERS_BYTES)).split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      const name = line.slice(0, colon).toLowerCase();
      items.push(headerItem(name, line.slice(colon + 1).trim(), start, line.length + 2));
    }
    start += line.length + 2;
  }
  return items;
}

/** A header that was not written in HPACK. */
export function headerItem(name: string, value: string, start = 0, length = 0): HeaderItem {
  return { representation: Representation.withoutIndexing, name, value, index: 0, start, length, unknown: false };
}
