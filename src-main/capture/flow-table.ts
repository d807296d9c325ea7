// Finds the conversation a packet belongs to by its two ends, read in place. The hash is seeded, so a file cannot be made
// to put all its conversations into one bucket.
import { randomBytes } from 'node:crypto';

/** Two ends that talk, in the order in which they were first seen. An end: the address, then two bytes of port. */
export interface Flow<Conversation> {
  readonly protocol: number;
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  conversation: Conversation | undefined;
  next: Flow<Conversation> | undefined;
}

export class FlowTable<Conversation> {
  /** The packet that was looked up last came from `first`. */
  fromFirst = true;
  readonly #seed = randomBytes(4).readInt32LE();
  readonly #buckets = new Map<number, Flow<Conversation>>();
  #last: Flow<Conversation> | undefined;

  /** The flow of a packet; a new one if it is the first. `portsAt`: source port, then destination port. */
  find(
    protocol: number,
    bytes: Uint8Array,
    addressBytes: number,
    sourceAt: number,
    destinationAt: number,
    portsAt: number,
  ): Flow<Conversation> {
    const last = this.#last;
    if (last && last.protocol === protocol && last.first.length === addressBytes + 2) {
      if (this.#matches(last, bytes, addressBytes, sourceAt, destinationAt, portsAt)) return last;
    }
    const source = this.#hash(bytes, addressBytes, sourceAt, portsAt);
    const destination = this.#hash(bytes, addressBytes, destinationAt, portsAt + 2);
    const bucket = (source + destination + protocol) & 0x3fff_ffff;
    let flow = this.#buckets.get(bucket);
    for (; flow; flow = flow.next) {
      if (flow.protocol !== protocol || flow.first.length !== addressBytes + 2) continue;
      if (this.#matches(flow, bytes, addressBytes, sourceAt, destinationAt, portsAt)) break;
    }
    if (!flow) {
      const first = end(bytes, addressBytes, sourceAt, portsAt);
      const second = end(bytes, addressBytes, destinationAt, portsAt + 2);
      flow = { protocol, first, second, conversation: undefined, next: this.#buckets.get(bucket) };
      this.#buckets.set(bucket, flow);
      this.fromFirst = true;
    }
    this.#last = flow;
    return flow;
  }

  #matches(
    flow: Flow<Conversation>,
    bytes: Uint8Array,
    addressBytes: number,
    sourceAt: number,
    destinationAt: number,
    portsAt: number,
  ): boolean {
    if (
      isEnd(flow.first, bytes, addressBytes, sourceAt, portsAt) &&
      isEnd(flow.second, bytes, addressBytes, destinationAt, portsAt + 2)
    ) {
      this.fromFirst = true;
      return true;
    }
    if (
      isEnd(flow.second, bytes, addressBytes, sourceAt, portsAt) &&
      isEnd(flow.first, bytes, addressBytes, destinationAt, portsAt + 2)
    ) {
      this.fromFirst = false;
      return true;
    }
    return false;
  }

  #hash(bytes: Uint8Array, addressBytes: number, addressAt: number, portAt: number): number {
    let hash = this.#seed ^ ((bytes[portAt]! << 8) | bytes[portAt + 1]!);
    for (let i = 0; i < addressBytes; i++) hash = Math.imul(hash ^ bytes[addressAt + i]!, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
    return hash ^ (hash >>> 13);
  }
}

function isEnd(end: Uint8Array, bytes: Uint8Array, addressBytes: number, addressAt: number, portAt: number): boolean {
  if (end[addressBytes + 1] !== bytes[portAt + 1] || end[addressBytes] !== bytes[portAt]) return false;
  for (let i = 0; i < addressBytes; i++) if (end[i] !== bytes[addressAt + i]) return false;
  return true;
}

function end(bytes: Uint8Array, addressBytes: number, addressAt: number, portAt: number): Uint8Array {
  const copy = new Uint8Array(addressBytes + 2);
  copy.set(bytes.subarray(addressAt, addressAt + addressBytes));
  copy.set(bytes.subarray(portAt, portAt + 2), addressBytes);
  return copy;
}
