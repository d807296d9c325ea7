// Puts IP datagrams together from their fragments. Bounded in number and size; where fragments overlap, the first to
// come wins.
import type { IpPacket } from './ip.ts';

/** Where some bytes lie in the file. */
export interface Place {
  fileOffset: number;
  length: number;
}

export interface Datagram {
  bytes: Uint8Array;
  /** In the order of `bytes`. */
  places: Place[];
}

interface Fragment {
  start: number;
  bytes: Uint8Array;
  fileOffset: number;
}

interface Unfinished {
  /** Sorted by start, without overlap. */
  fragments: Fragment[];
  /** Length of the datagram, once its last fragment is there. */
  total: number | undefined;
}

const MAX_UNFINISHED = 256;
const MAX_DATAGRAM_BYTES = 65_535;
/** The smallest links of today cut a datagram into fewer than 120. */
const MAX_FRAGMENTS = 512;

export class IpFragments {
  /** Oldest first. */
  readonly #unfinished = new Map<string, Unfinished>();
  /** Datagrams that were given up because fragments of them did not come. */
  incomplete = 0;

  /** Takes a fragment and returns the datagram's payload if it is now whole. */
  add(bytes: Uint8Array, packet: IpPacket, fileOffset: number): Datagram | undefined {
    const key = keyOf(bytes, packet);
    let datagram = this.#unfinished.get(key);
    if (!datagram) {
      this.#makeRoom();
      datagram = { fragments: [], total: undefined };
      this.#unfinished.set(key, datagram);
    }
    const start = packet.fragmentOffset;
    const payload = bytes.slice(packet.payloadStart, packet.payloadEnd);
    if (start + payload.length > MAX_DATAGRAM_BYTES || datagram.fragments.length >= MAX_FRAGMENTS) return undefined;
    if (!packet.moreFragments) datagram.total ??= start + payload.length;
    insert(datagram.fragments, { start, bytes: payload, fileOffset });
    const whole = assemble(datagram);
    if (whole) this.#unfinished.delete(key);
    return whole;
  }

  /** The capture has ended. */
  end(): void {
    this.incomplete += this.#unfinished.size;
    this.#unfinished.clear();
  }

  #makeRoom(): void {
    if (this.#unfinished.size < MAX_UNFINISHED) return;
    const oldest = this.#unfinished.keys().next();
    if (oldest.done) return;
    this.#unfinished.delete(oldest.value);
    this.incomplete++;
  }
}

/** Adds the parts of a fragment that are not there yet. */
function insert(fragments: Fragment[], fragment: Fragment): void {
  let { start, bytes, fileOffset } = fragment;
  for (let index = 0; index <= fragments.length && bytes.length > 0; index++) {
    const there = fragments[index];
    const room = there ? there.start - start : bytes.length;
    if (room > 0) {
      fragments.splice(index, 0, { start, bytes: bytes.subarray(0, room), fileOffset });
      if (!there || room >= bytes.length) return;
      index++;
    }
    if (!there) return;
    const skip = Math.max(0, there.start + there.bytes.length - start);
    start += skip;
    fileOffset += skip;
    bytes = bytes.subarray(skip);
  }
}

function assemble({ fragments, total }: Unfinished): Datagram | undefined {
  if (total === undefined) return undefined;
  let reached = 0;
  for (const fragment of fragments) {
    if (fragment.start > reached) break;
    reached = fragment.start + fragment.bytes.length;
  }
  if (reached < total) return undefined;
  const bytes = new Uint8Array(reached);
  const places: Place[] = [];
  for (const fragment of fragments) {
    if (fragment.start >= reached) break;
    bytes.set(fragment.bytes, fragment.start);
    places.push({ fileOffset: fragment.fileOffset, length: fragment.bytes.length });
  }
  return { bytes, places };
}

function keyOf(bytes: Uint8Array, packet: IpPacket): string {
  const { addressBytes, sourceAt, destinationAt, protocol, fragmentId } = packet;
  const source = bytes.subarray(sourceAt, sourceAt + addressBytes).join('.');
  const destination = bytes.subarray(destinationAt, destinationAt + addressBytes).join('.');
  return `${source} ${destination} ${protocol} ${fragmentId}`;
}

/** The places of bytes from…to of what lies at `places`. */
export function placesWithin(places: readonly Place[], from: number, to: number): Place[] {
  const within: Place[] = [];
  let offset = 0;
  for (const place of places) {
    const start = Math.max(from, offset);
    const end = Math.min(to, offset + place.length);
    if (end > start) within.push({ fileOffset: place.fileOffset + start - offset, length: end - start });
    offset += place.length;
  }
  return within;
}
