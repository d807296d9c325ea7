// Finds the conversation a packet belongs to by its two ends, read in place. The hash is seeded, so a file cannot be made
// to put all its conversations into one bucket. A file may have a million conversations: their ends lie in one array.
import { randomBytes } from 'node:crypto';
import type { OpenFlow } from './open-flows.ts';

/** Two ends that talk, in the order in which they were first seen. An end: the address, then two bytes of port. */
export interface Ends {
  first: Uint8Array;
  second: Uint8Array;
}

export interface Flow<Conversation extends { readonly ended: boolean }> extends OpenFlow {
  readonly addressBytes: number;
  /** Where its ends lie in the table's array. */
  readonly endsAt: number;
  conversation: Conversation | undefined;
  next: Flow<Conversation> | undefined;
}

const PORT_BYTES = 2;

export class FlowTable<Conversation extends { readonly ended: boolean }> {
  /** The packet that was looked up last came from `first`; so does one that is of no flow. */
  fromFirst = true;
  readonly #seed = randomBytes(4).readInt32LE();
  readonly #buckets = new Map<number, Flow<Conversation>>();
  #last: Flow<Conversation> | undefined;
  #ends = new Uint8Array(1024);
  #endsLength = 0;

  /** The flow of a packet, if it is known. `portsAt`: source port, then destination port. */
  find(
    bytes: Uint8Array,
    addressBytes: number,
    sourceAt: number,
    destinationAt: number,
    portsAt: number,
  ): Flow<Conversation> | undefined {
    const last = this.#last;
    if (last?.addressBytes === addressBytes && this.#matches(last, bytes, sourceAt, destinationAt, portsAt)) {
      return last;
    }
    let flow = this.#buckets.get(this.#bucket(bytes, addressBytes, sourceAt, destinationAt, portsAt));
    for (; flow; flow = flow.next) {
      if (flow.addressBytes !== addressBytes) continue;
      if (!this.#matches(flow, bytes, sourceAt, destinationAt, portsAt)) continue;
      this.#last = flow;
      return flow;
    }
    this.fromFirst = true;
    return undefined;
  }

  /** The flow of a packet that is of none yet: its source is `first`. */
  add(
    bytes: Uint8Array,
    addressBytes: number,
    sourceAt: number,
    destinationAt: number,
    portsAt: number,
  ): Flow<Conversation> {
    const bucket = this.#bucket(bytes, addressBytes, sourceAt, destinationAt, portsAt);
    const flow: Flow<Conversation> = {
      addressBytes,
      endsAt: this.#endsLength,
      conversation: undefined,
      lastPacket: 0,
      isListed: false,
      next: this.#buckets.get(bucket),
    };
    this.#append(bytes, sourceAt, addressBytes, portsAt);
    this.#append(bytes, destinationAt, addressBytes, portsAt + PORT_BYTES);
    this.#buckets.set(bucket, flow);
    this.#last = flow;
    this.fromFirst = true;
    return flow;
  }

  /** Valid until the next add(). */
  ends({ endsAt, addressBytes }: Flow<Conversation>): Ends {
    const secondAt = endsAt + addressBytes + PORT_BYTES;
    return {
      first: this.#ends.subarray(endsAt, secondAt),
      second: this.#ends.subarray(secondAt, secondAt + addressBytes + PORT_BYTES),
    };
  }

  #append(bytes: Uint8Array, addressAt: number, addressBytes: number, portAt: number): void {
    const endAt = this.#endsLength;
    this.#endsLength += addressBytes + PORT_BYTES;
    if (this.#endsLength > this.#ends.length) {
      const larger = new Uint8Array(this.#ends.length * 2);
      larger.set(this.#ends);
      this.#ends = larger;
    }
    this.#ends.set(bytes.subarray(addressAt, addressAt + addressBytes), endAt);
    this.#ends.set(bytes.subarray(portAt, portAt + PORT_BYTES), endAt + addressBytes);
  }

  /** Remembers which of the two sent the packet. */
  #matches(
    { endsAt, addressBytes }: Flow<Conversation>,
    bytes: Uint8Array,
    sourceAt: number,
    destinationAt: number,
    portsAt: number,
  ): boolean {
    const secondAt = endsAt + addressBytes + PORT_BYTES;
    const portAt = portsAt + PORT_BYTES;
    this.fromFirst =
      this.#isEnd(endsAt, bytes, addressBytes, sourceAt, portsAt) &&
      this.#isEnd(secondAt, bytes, addressBytes, destinationAt, portAt);
    return (
      this.fromFirst ||
      (this.#isEnd(secondAt, bytes, addressBytes, sourceAt, portsAt) &&
        this.#isEnd(endsAt, bytes, addressBytes, destinationAt, portAt))
    );
  }

  #isEnd(endAt: number, bytes: Uint8Array, addressBytes: number, addressAt: number, portAt: number): boolean {
    const ends = this.#ends;
    const endPortAt = endAt + addressBytes;
    if (ends[endPortAt + 1] !== bytes[portAt + 1] || ends[endPortAt] !== bytes[portAt]) return false;
    for (let i = 0; i < addressBytes; i++) if (ends[endAt + i] !== bytes[addressAt + i]) return false;
    return true;
  }

  /** The same for both directions. */
  #bucket(bytes: Uint8Array, addressBytes: number, sourceAt: number, destinationAt: number, portsAt: number): number {
    const source = this.#hash(bytes, addressBytes, sourceAt, portsAt);
    const destination = this.#hash(bytes, addressBytes, destinationAt, portsAt + PORT_BYTES);
    return (source + destination) & 0x3fff_ffff;
  }

  #hash(bytes: Uint8Array, addressBytes: number, addressAt: number, portAt: number): number {
    let hash = this.#seed ^ ((bytes[portAt]! << 8) | bytes[portAt + 1]!);
    for (let i = 0; i < addressBytes; i++) hash = Math.imul(hash ^ bytes[addressAt + i]!, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
    return hash ^ (hash >>> 13);
  }
}
