// What a capture knows about itself: rows, kept bytes, where the bytes of each connection lie, counts. Live recording and
// loading a file fill it in the same way, so both give the same records.
import { InflateBudget } from '../../core/dissect/inflated-bytes.ts';
import { openStack } from '../../core/dissect/stack.ts';
import type { PlaintextSink, RecordKeys, TlsEpoch, TlsHost, TlsSession } from '../../core/dissect/tls/host.ts';
import { EVENT_TYPES, type LifecycleEvent } from '../../core/event.ts';
import type { Severity } from '../../core/field.ts';
import { oneLine } from '../../core/payload/preview.ts';
import type { Dissector, RecordSink } from '../../core/protocol.ts';
import { Direction, emptyDraft, Layer, Level, NONE, type RecordDraft, type TimelineRecord } from '../../core/record.ts';
import type { ConnectionInfo } from '../../core/recorder.ts';
import type { TypeRegistry } from '../../core/schema.ts';
import { formatPeer } from '../address.ts';
import type { ByteSourceFile, ByteStore } from '../storage/byte-store.ts';
import { KeyLog } from '../tls/key-log.ts';
import { CallTable } from './call-table.ts';
import { DerivedStore } from './derived-store.ts';
import { countNotes } from './note-counts.ts';
import { PlaintextStreams } from './plaintext-streams.ts';
import { RecordTable } from './record-table.ts';
import { SeqSet } from './seq-set.ts';
import { StreamMap } from './stream-map.ts';

export interface CaptureCounts {
  records: number;
  events: number;
  frames: number;
  messages: number;
  notes: number;
  warnings: number;
  errors: number;
}

/** Application messages and wire bytes of one direction. */
export interface CaptureTraffic {
  messages: number;
  bytes: number;
}

export interface CaptureTrafficByDirection {
  clientToServer: CaptureTraffic;
  serverToClient: CaptureTraffic;
}

/** A connection's addresses for a person. */
export interface ConnectionAddresses {
  client: string;
  server: string;
}

/** Where the bytes of a connection lie, by direction. */
export type StreamMaps = readonly [clientToServer: StreamMap, serverToClient: StreamMap];

/** The rows of a level. */
export interface LevelRows {
  all: SeqSet;
  /** Those that are no part of a gRPC call, or begin one. */
  folded: SeqSet;
}

/** Everything in an index that is not in its files' rows: what a sidecar restores. */
export interface IndexState {
  records: RecordTable;
  messages: LevelRows;
  frames: LevelRows;
  calls: CallTable;
  /** Records that are part of a gRPC call, the one it begins with not counted. */
  members: SeqSet;
  counts: CaptureCounts;
  traffic: CaptureTrafficByDirection;
  /** `plaintext`: where the bytes lie in the file of derived bytes that TLS carried, if any could be decrypted. */
  connections: { addresses: ConnectionAddresses; maps: StreamMaps; plaintext?: StreamMaps }[];
}

/** `flags` of an event record is the position of its severity here. */
export const EVENT_SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

/** Bytes that one look at a record may take, unless it says otherwise. */
const MAX_LOOK_BYTES = 64 * 1024 * 1024;

export class CaptureIndex {
  readonly state: IndexState;
  readonly indexFile: ByteStore;
  readonly derivedFile: ByteStore;
  /** Secrets that open what is encrypted in this capture. Not for recordings, which are plaintext. */
  keyLog = new KeyLog();
  /** To name the fields of messages with. */
  types: TypeRegistry | undefined;
  /** The record that is being filled in; shared by all connections, for nothing else runs in between. */
  readonly draft: RecordDraft = emptyDraft();
  readonly inflateBudget = new InflateBudget();
  readonly #capture: ByteSourceFile;
  readonly #derived: DerivedStore;
  #limitReached: 'no' | 'now' | 'told' = 'no';

  constructor(
    capture: ByteSourceFile,
    indexFile: ByteStore,
    derivedFile: ByteStore,
    state = emptyState(indexFile),
    derived = new DerivedStore(derivedFile, capture),
  ) {
    this.#capture = capture;
    this.indexFile = indexFile;
    this.derivedFile = derivedFile;
    this.state = state;
    this.#derived = derived;
  }

  get count(): number {
    return this.state.records.count;
  }

  /** A new connection; numbers count from 1. */
  open(info: ConnectionInfo): IndexedConnection {
    const maps: StreamMaps = [new StreamMap(this.indexFile), new StreamMap(this.indexFile)];
    // What a file calls an address may be anything.
    const addresses = {
      client: oneLine(formatPeer(info.client.address, info.client.port)),
      server: oneLine(formatPeer(info.server.address, info.server.port)),
    };
    const number = this.state.connections.push({ addresses, maps });
    return new IndexedConnection(this, number, info, maps);
  }

  /** Appends the draft as a row and returns its number. */
  commit(connection: number): number {
    const { draft } = this;
    const { records, messages, frames, calls, members, counts, traffic } = this.state;
    const { levels, at, link } = draft;
    const seq = records.append(connection, draft);
    calls.take(seq, connection, draft);
    // A part of a part is one too: an answer's head refers to its request, and that to the call.
    const isMember = link !== NONE && (calls.has(link) || members.has(link));
    if (isMember) members.add(seq);
    counts.records++;
    if ((levels & Level.event) !== 0) counts.events++;
    if ((levels & Level.frame) !== 0) counts.frames++;
    if ((levels & Level.message) !== 0) {
      counts.messages++;
      if (draft.direction === Direction.clientToServer) traffic.clientToServer.messages++;
      else if (draft.direction === Direction.serverToClient) traffic.serverToClient.messages++;
    }
    if ((levels & (Level.event | Level.message)) !== 0) addRow(messages, seq, isMember);
    if ((levels & (Level.event | Level.frame)) !== 0) addRow(frames, seq, isMember);
    if (draft.notes !== 0) countNotes(draft.protocol, draft.notes, counts);
    resetDraft(draft);
    if (this.#limitReached === 'now') this.#tellLimit(at);
    return seq;
  }

  /** Keeps bytes for a record's `derived`, as far as they are in proportion to the capture. */
  derive(bytes: Uint8Array): number {
    const kept = this.#derived.proportionate(bytes);
    // Not at once: a record is being filled in.
    if (kept !== bytes && this.#limitReached === 'no') this.#limitReached = 'now';
    return this.#derived.add(kept);
  }

  /** Keeps the plaintext of a record whole: it is no longer than the record. */
  keep(bytes: Uint8Array): { derived: number; position: number } {
    const derived = this.#derived.add(bytes);
    return { derived, position: this.#derived.positionOf(derived) };
  }

  /** Adds an event row; its flags are the severity's rank. `connection` 0: of the session as a whole. */
  event(connection: number, event: LifecycleEvent, at: number): void {
    const { draft } = this;
    resetDraft(draft);
    draft.at = at;
    draft.type = EVENT_TYPES.indexOf(event.type);
    draft.levels = Level.event;
    draft.flags = EVENT_SEVERITIES.indexOf(event.severity);
    draft.derived = this.#derived.add(new TextEncoder().encode(JSON.stringify(event)));
    this.commit(connection);
    if (event.severity === 'warning') this.state.counts.warnings++;
    if (event.severity === 'error') this.state.counts.errors++;
  }

  /** No more bytes come for a connection: of a million that were closed next to nothing may stay in memory. */
  connectionEnded(number: number, at: number): void {
    const { calls, connections } = this.state;
    calls.connectionEnded(number, at);
    const { maps, plaintext = [] } = connections[number - 1]!;
    for (const map of [...maps, ...plaintext]) map.settle();
  }

  #tellLimit(at: number): void {
    this.#limitReached = 'told';
    const text = 'What compressed messages expand to is out of proportion: from here on only its beginnings are kept.';
    this.event(0, { type: 'limit', severity: 'warning', text }, at);
  }

  /** A record's bytes on the wire, at most `limit` of them. */
  bytes(record: TimelineRecord, limit = MAX_LOOK_BYTES): Uint8Array {
    const connection = this.state.connections[record.connection - 1];
    const isPlaintext = record.layer === Layer.plaintext;
    const maps = isPlaintext ? connection?.plaintext : connection?.maps;
    if (!maps || record.direction === Direction.none) return new Uint8Array(0);
    const bytes = new Uint8Array(Math.max(0, Math.min(record.length, limit, MAX_LOOK_BYTES)));
    const map = maps[record.direction === Direction.serverToClient ? 1 : 0];
    map.read(isPlaintext ? this.derivedFile : this.#capture, record.start, bytes);
    return bytes;
  }

  /** What was kept for a record, at most `limit` bytes of it. */
  derived(record: TimelineRecord, limit = MAX_LOOK_BYTES): Uint8Array | undefined {
    return record.derived < 0 ? undefined : this.#derived.read(record.derived, Math.min(limit, MAX_LOOK_BYTES));
  }
}

/** One connection as it grows: takes its packets' places, feeds its dissector and takes the dissector's records. */
export class IndexedConnection implements RecordSink, TlsHost {
  readonly number: number;
  readonly draft: RecordDraft;
  readonly inflateBudget: InflateBudget;
  readonly #index: CaptureIndex;
  readonly #info: ConnectionInfo;
  readonly #maps: StreamMaps;
  #dissector: Dissector | undefined;
  #ended = { [Direction.clientToServer]: false, [Direction.serverToClient]: false };
  #broken = false;

  constructor(index: CaptureIndex, number: number, info: ConnectionInfo, maps: StreamMaps) {
    this.#index = index;
    this.#info = info;
    this.#maps = maps;
    this.number = number;
    this.draft = index.draft;
    this.inflateBudget = index.inflateBudget;
  }

  get ended(): boolean {
    return this.#ended[Direction.clientToServer] && this.#ended[Direction.serverToClient];
  }

  /** This direction takes no more bytes. */
  hasEnded(direction: Direction): boolean {
    return direction === Direction.none || this.#ended[direction];
  }

  commit(): number {
    return this.#index.commit(this.number);
  }

  derive(bytes: Uint8Array): number {
    return this.#index.derive(bytes);
  }

  keep(bytes: Uint8Array): { derived: number; position: number } {
    return this.#index.keep(bytes);
  }

  keys(session: TlsSession, epoch: TlsEpoch, direction: Direction): RecordKeys | undefined {
    return this.#index.keyLog.keys(session, epoch, direction);
  }

  openPlaintext(): PlaintextSink {
    const maps: StreamMaps = [new StreamMap(this.#index.indexFile), new StreamMap(this.#index.indexFile)];
    this.#index.state.connections[this.number - 1]!.plaintext = maps;
    return new PlaintextStreams(this, maps);
  }

  /** The stream of this direction goes on with `length` bytes that lie at `fileOffset`. */
  stored(direction: Direction, length: number, fileOffset: number): void {
    this.#map(direction).add(length, fileOffset);
    this.#traffic(direction).bytes += length;
  }

  /** The bytes that were just stored. Only lent. */
  push(direction: Direction, bytes: Uint8Array, at: number): void {
    if (this.#broken) return;
    try {
      this.#dissector ??= openStack(this.#info.transport, this.#info.dissectAs, this, this);
      this.#dissector.push(direction, bytes, at);
    } catch (error) {
      this.#break(error, at);
    }
  }

  /** `length` bytes are missing from the capture. */
  gap(direction: Direction, length: number, at: number): void {
    this.#map(direction).skip(length);
    if (this.#broken) return;
    try {
      this.#dissector ??= openStack(this.#info.transport, this.#info.dissectAs, this, this);
      this.#dissector.gap(direction, length, at);
    } catch (error) {
      this.#break(error, at);
    }
  }

  end(direction: Direction, at: number): void {
    if (direction === Direction.none || this.#ended[direction]) return;
    this.#ended[direction] = true;
    try {
      this.#dissector?.end(direction, at);
    } catch (error) {
      this.#break(error, at);
    }
    if (!this.ended) return;
    this.#dissector = undefined;
    this.#index.connectionEnded(this.number, at);
  }

  /** The connection is over: ends the client's direction, then the server's. */
  endBoth(at: number): void {
    this.end(Direction.clientToServer, at);
    this.end(Direction.serverToClient, at);
  }

  /** Bytes of a direction from `start` on, to compare a retransmission with. */
  read(direction: Direction, start: number, length: number): Uint8Array {
    const draft = { ...this.draft, seq: 0, connection: this.number, direction, start, length };
    return this.#index.bytes(draft, length);
  }

  event(event: LifecycleEvent, at: number): void {
    this.#index.event(this.number, event, at);
  }

  #map(direction: Direction): StreamMap {
    return this.#maps[direction === Direction.serverToClient ? 1 : 0];
  }

  #traffic(direction: Direction): CaptureTraffic {
    const { traffic } = this.#index.state;
    return direction === Direction.serverToClient ? traffic.serverToClient : traffic.clientToServer;
  }

  /** A dissector must not throw; if one does, its connection is still recorded and everything else goes on. */
  #break(error: unknown, at: number): void {
    this.#broken = true;
    this.#dissector = undefined;
    this.event(
      {
        type: 'limit',
        severity: 'error',
        text: 'The dissector failed: further bytes of this connection are kept, but not explained.',
        fields: { error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      },
      at,
    );
  }
}

function emptyState(indexFile: ByteStore): IndexState {
  return {
    records: new RecordTable(indexFile),
    messages: { all: new SeqSet(), folded: new SeqSet() },
    frames: { all: new SeqSet(), folded: new SeqSet() },
    calls: new CallTable(),
    members: new SeqSet(),
    counts: { records: 0, events: 0, frames: 0, messages: 0, notes: 0, warnings: 0, errors: 0 },
    traffic: { clientToServer: { messages: 0, bytes: 0 }, serverToClient: { messages: 0, bytes: 0 } },
    connections: [],
  };
}

function addRow({ all, folded }: LevelRows, seq: number, isMember: boolean): void {
  all.add(seq);
  if (!isMember) folded.add(seq);
}

function resetDraft(draft: RecordDraft): void {
  draft.at = 0;
  draft.stream = 0;
  draft.protocol = 0;
  draft.type = 0;
  draft.direction = Direction.none;
  draft.levels = 0;
  draft.layer = Layer.wire;
  draft.start = 0;
  draft.length = 0;
  draft.size = 0;
  draft.flags = 0;
  draft.notes = 0;
  draft.link = -1;
  draft.derived = -1;
}
