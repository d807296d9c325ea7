// Conversations found in a capture file: TCP connections and UDP exchanges. They decide who is the client, put the bytes
// in order and hand them to the index; connections that were not recorded here get events made from SYN, FIN and RST.
import type { LifecycleEvent } from '../../core/event.ts';
import type { DissectAs } from '../../core/protocol.ts';
import { Direction } from '../../core/record.ts';
import type { ConnectionInfo, Peer } from '../../core/recorder.ts';
import { formatAddress, formatPeer } from '../address.ts';
import type { CaptureIndex, IndexedConnection } from '../index/capture-index.ts';
import type { Ends } from './flow-table.ts';
import type { Place } from './ip-fragments.ts';
import { Tcp } from './synthesis.ts';
import { type HeldBytes, isNew, type StreamSink, TcpStream } from './tcp-stream.ts';

/** What conversations of one file share. */
export interface ConversationHost {
  readonly index: CaptureIndex;
  /** Server port → what its bytes are taken for. */
  readonly decodeAs: ReadonlyMap<number, DissectAs>;
  readonly held: HeldBytes;
}

/** A transport payload as it lies in the reader's window. */
export interface TransportPayload {
  bytes: Uint8Array;
  fileOffset: number;
  places: readonly Place[] | undefined;
  at: number;
}

export class TcpConversation {
  readonly connection: IndexedConnection;
  readonly #info: ConnectionInfo;
  readonly #clientIsFirst: boolean;
  /** Recorded by us: its events are in the file. */
  readonly #recorded: boolean;
  readonly #client: TcpStream;
  readonly #server: TcpStream;
  #established = false;
  #announced = false;

  /** `recorded`: what our own recording remembers of it. */
  constructor(host: ConversationHost, ends: Ends, fromFirst: boolean, flags: number, recorded?: ConnectionInfo) {
    this.#clientIsFirst = clientIsFirst(ends, fromFirst, flags, host.decodeAs);
    this.#recorded = recorded !== undefined;
    const late = (flags & Tcp.syn) === 0;
    this.#info = connectionInfo(host, 'tcp', ends, this.#clientIsFirst, recorded, late);
    this.connection = host.index.open(this.#info);
    this.#client = new TcpStream(new IndexedStream(this.connection, Direction.clientToServer), host.held);
    this.#server = new TcpStream(new IndexedStream(this.connection, Direction.serverToClient), host.held);
  }

  get ended(): boolean {
    return this.connection.ended;
  }

  /** Whether a packet is the beginning of another connection between the same two ends. */
  isSuccessor(fromFirst: boolean, flags: number, sequence: number, length: number): boolean {
    if (this.ended) return this.closed().isSuccessor(fromFirst, flags, sequence, length);
    const stream = this.#stream(fromFirst);
    return isOpening(flags) && stream.started && !stream.beganWith(sequence);
  }

  packet(fromFirst: boolean, flags: number, sequence: number, acknowledged: number, payload: TransportPayload): void {
    if (this.ended) return;
    const { at } = payload;
    const stream = this.#stream(fromFirst);
    const other = this.#stream(!fromFirst);
    let start = sequence;
    if ((flags & Tcp.syn) !== 0) {
      stream.synchronize(sequence);
      start = (sequence + 1) >>> 0;
      if ((flags & Tcp.ack) !== 0) this.#establish('', at);
    } else if (!this.#announced && (flags & Tcp.rst) === 0 && !this.#client.started) {
      this.#establish(' (open before the capture began)', at);
    }
    if ((flags & Tcp.ack) !== 0) other.acknowledge(acknowledged);
    if (payload.bytes.length > 0) {
      this.#establish('', at);
      stream.data(start, payload.bytes, payload.fileOffset, payload.places, at);
    }
    if ((flags & Tcp.rst) !== 0) {
      this.#reset(fromFirst, at);
      return;
    }
    if ((flags & Tcp.fin) !== 0) stream.fin((start + payload.bytes.length) >>> 0, at);
    stream.passed(at);
    other.passed(at);
    if (this.ended) this.#say({ type: 'closed', severity: 'info', text: 'Closed by both sides.' }, at);
  }

  /** What must be known of it once it has ended. */
  closed(): ClosedTcp {
    return new ClosedTcp(this.#stream(true).next, this.#stream(false).next);
  }

  /** The capture has ended. */
  end(at: number): void {
    if (this.ended) return;
    const isUnanswered = !this.#established && this.#client.started;
    if (isUnanswered)
      this.#say({ type: 'failed', severity: 'warning', text: `${this.#info.server.address} did not answer.` }, at);
    this.#client.end(at);
    this.#server.end(at);
  }

  #establish(remark: string, at: number): void {
    this.#established = true;
    if (this.#announced) return;
    this.#announced = true;
    const { client, server } = this.#info;
    const from = formatPeer(client.address, client.port);
    const to = formatPeer(server.address, server.port);
    const fields = { client: from, server: to, source: 'capture file' };
    this.#say({ type: 'connected', severity: 'info', text: `TCP ${from} → ${to}${remark}`, fields }, at);
  }

  #reset(fromFirst: boolean, at: number): void {
    const sender = fromFirst === this.#clientIsFirst ? 'client' : 'server';
    const isRefusal = !this.#established && sender === 'server';
    const text = isRefusal ? 'The server refused the connection.' : `Reset by the ${sender}.`;
    this.#client.end(at);
    this.#server.end(at);
    this.#say({ type: isRefusal ? 'failed' : 'closed', severity: 'warning', text }, at);
  }

  #say(event: LifecycleEvent, at: number): void {
    if (!this.#recorded) this.connection.event(event, at);
  }

  #stream(fromFirst: boolean): TcpStream {
    return fromFirst === this.#clientIsFirst ? this.#client : this.#server;
  }
}

/** A connection that has ended: as little as tells packets of it from those of its successor. */
export class ClosedTcp {
  readonly ended = true;
  /** The sequence numbers that would have been next. */
  readonly #first: number | undefined;
  readonly #second: number | undefined;

  constructor(first: number | undefined, second: number | undefined) {
    this.#first = first;
    this.#second = second;
  }

  /** As that of a conversation. */
  isSuccessor(fromFirst: boolean, flags: number, sequence: number, length: number): boolean {
    return isOpening(flags) || (length > 0 && isNew(fromFirst ? this.#first : this.#second, sequence, length));
  }

  end(): void {}
}

export class UdpConversation {
  readonly connection: IndexedConnection;
  readonly #clientIsFirst: boolean;

  constructor(host: ConversationHost, ends: Ends, fromFirst: boolean, recorded?: ConnectionInfo) {
    this.#clientIsFirst = recorded ? fromFirst : firstTalkerIsClient(ends, fromFirst) === fromFirst;
    this.connection = host.index.open(connectionInfo(host, 'udp', ends, this.#clientIsFirst, recorded));
  }

  get ended(): boolean {
    return this.connection.ended;
  }

  datagram(fromFirst: boolean, payload: TransportPayload): void {
    const direction = fromFirst === this.#clientIsFirst ? Direction.clientToServer : Direction.serverToClient;
    store(this.connection, direction, payload.bytes, payload.fileOffset, payload.places);
    this.connection.push(direction, payload.bytes, payload.at);
  }

  end(at: number): void {
    this.connection.endBoth(at);
  }
}

function isOpening(flags: number): boolean {
  return (flags & (Tcp.syn | Tcp.ack)) === Tcp.syn;
}

/** One direction of an indexed connection as the place where ordered bytes go. */
class IndexedStream implements StreamSink {
  readonly #connection: IndexedConnection;
  readonly #direction: Direction;

  constructor(connection: IndexedConnection, direction: Direction) {
    this.#connection = connection;
    this.#direction = direction;
  }

  data(bytes: Uint8Array, fileOffset: number, places: readonly Place[] | undefined, at: number): void {
    store(this.#connection, this.#direction, bytes, fileOffset, places);
    this.#connection.push(this.#direction, bytes, at);
  }

  gap(length: number, at: number): void {
    this.#connection.gap(this.#direction, length, at);
  }

  end(at: number): void {
    this.#connection.end(this.#direction, at);
  }

  conflict(streamOffset: number, at: number): void {
    const sender = this.#direction === Direction.clientToServer ? 'client' : 'server';
    const text = `The ${sender} sent other bytes at offset ${streamOffset} of its stream than before; the first ones are shown.`;
    this.#connection.event({ type: 'info', severity: 'warning', text }, at);
  }

  delivered(streamOffset: number, length: number): Uint8Array {
    return this.#connection.read(this.#direction, streamOffset, length);
  }
}

function store(
  connection: IndexedConnection,
  direction: Direction,
  bytes: Uint8Array,
  fileOffset: number,
  places: readonly Place[] | undefined,
): void {
  if (!places) connection.stored(direction, bytes.length, fileOffset);
  else for (const place of places) connection.stored(direction, place.length, place.fileOffset);
}

const AUTO: DissectAs = { protocol: 'auto' };
const LATE: DissectAs = { protocol: 'auto', late: true };

/** `late`: the connection was open before the capture began. */
function connectionInfo(
  host: ConversationHost,
  transport: 'tcp' | 'udp',
  ends: Ends,
  clientFirst: boolean,
  recorded: ConnectionInfo | undefined,
  late = false,
): ConnectionInfo {
  const client = peer(clientFirst ? ends.first : ends.second);
  const server = peer(clientFirst ? ends.second : ends.first);
  if (transport === 'udp') {
    return recorded ?? { transport, client, server, decrypted: false, dissectAs: { protocol: 'udp' } };
  }
  const chosen = host.decodeAs.get(recorded?.server.port ?? server.port);
  if (recorded) return chosen ? { ...recorded, dissectAs: chosen } : recorded;
  return { transport, client, server, decrypted: false, dissectAs: chosen ?? (late ? LATE : AUTO) };
}

/** By the SYN; else by a port whose meaning was given; else the lower port is the server's; else who talks first asks. */
function clientIsFirst(
  ends: Ends,
  fromFirst: boolean,
  flags: number,
  decodeAs: ReadonlyMap<number, DissectAs>,
): boolean {
  if ((flags & Tcp.syn) !== 0) return ((flags & Tcp.ack) === 0) === fromFirst;
  const first = port(ends.first);
  const second = port(ends.second);
  if (decodeAs.has(first) !== decodeAs.has(second)) return decodeAs.has(second);
  return first === second ? fromFirst : first > second;
}

/** Who talks first asks, unless only the other way round makes sense: from a well-known port to one that is not. */
function firstTalkerIsClient(ends: Ends, fromFirst: boolean): boolean {
  const source = port(fromFirst ? ends.first : ends.second);
  const destination = port(fromFirst ? ends.second : ends.first);
  return !(source < 1024 && destination >= 1024);
}

function peer(end: Uint8Array): Peer {
  return { address: formatAddress(end.subarray(0, -2)), port: port(end) };
}

function port(end: Uint8Array): number {
  return (end[end.length - 2]! << 8) | end[end.length - 1]!;
}
