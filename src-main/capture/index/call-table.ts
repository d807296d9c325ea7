// The gRPC calls of a capture: how many messages each side has sent, and when and how a call ended. A few numbers for each
// call, found by the row it began with; which rows belong to it their links say (see views/call-folding.ts).
import { GRPC_ID, GrpcType, statusOf } from '../../core/dissect/grpc/format.ts';
import { Direction, NONE, type RecordDraft } from '../../core/record.ts';
import { SeqSet } from './seq-set.ts';

/** How far a call has come. */
export interface CallProgress {
  clientMessages: number;
  serverMessages: number;
  /** Absent while it goes on: microseconds from its request to its end. */
  durationMicroseconds?: number;
  /** Absent while it goes on, or if it ended without one. */
  status?: number;
}

/** Open calls of one connection that are remembered: as many as HTTP/2 streams are. */
const MAX_OPEN = 10_000;
const FIRST_ROWS = 64;
/** `status` of a call without one; else its code. */
const NO_STATUS = 0xff;

/** A column for each number; all of one length. */
class Columns {
  readonly clientMessages: Uint32Array;
  readonly serverMessages: Uint32Array;
  /** NaN while the call goes on. */
  readonly endedAt: Float64Array;
  readonly status: Uint8Array;

  constructor(rows: number) {
    this.clientMessages = new Uint32Array(rows);
    this.serverMessages = new Uint32Array(rows);
    this.endedAt = new Float64Array(rows).fill(Number.NaN);
    this.status = new Uint8Array(rows).fill(NO_STATUS);
  }

  get rows(): number {
    return this.status.length;
  }

  all(): (Uint32Array | Float64Array | Uint8Array)[] {
    return [this.clientMessages, this.serverMessages, this.endedAt, this.status];
  }
}

export class CallTable {
  /** Rows that calls begin with; a call's place in the columns is its rank. */
  readonly #seqs: SeqSet;
  #columns: Columns;
  /** Connection → stream → place in the columns. */
  readonly #open = new Map<number, Map<number, number>>();
  /** Rises when a call ends without a row that says so. */
  changes = 0;

  constructor(seqs = new SeqSet(), columns = new Columns(FIRST_ROWS)) {
    this.#seqs = seqs;
    this.#columns = columns;
  }

  /** Whether a call begins with this row. */
  has(seq: number): boolean {
    return this.#seqs.has(seq);
  }

  /** undefined: no call begins with this row. `startedAt`: the row's time. */
  progress(seq: number, startedAt: number): CallProgress | undefined {
    if (!this.has(seq)) return undefined;
    const call = this.#seqs.rank(seq);
    const { clientMessages, serverMessages, endedAt, status } = this.#columns;
    const isOver = !Number.isNaN(endedAt[call]);
    return {
      clientMessages: clientMessages[call]!,
      serverMessages: serverMessages[call]!,
      ...(isOver && { durationMicroseconds: endedAt[call]! - startedAt }),
      ...(status[call] !== NO_STATUS && { status: status[call]! }),
    };
  }

  /** A row that is being added. */
  take(seq: number, connection: number, draft: Readonly<RecordDraft>): void {
    if (draft.protocol !== GRPC_ID) return;
    if (draft.type === GrpcType.call) {
      this.#begin(seq, connection, draft.stream);
      return;
    }
    if (draft.link === NONE || !this.has(draft.link)) return;
    const call = this.#seqs.rank(draft.link);
    const { clientMessages, serverMessages, endedAt, status } = this.#columns;
    if (draft.type === GrpcType.message) {
      const messages = draft.direction === Direction.clientToServer ? clientMessages : serverMessages;
      messages[call]!++;
      return;
    }
    if (draft.type === GrpcType.answer) return;
    endedAt[call] = draft.at;
    status[call] = statusOf(draft.flags) ?? NO_STATUS;
    this.#open.get(connection)?.delete(draft.stream);
  }

  /** The connection is over, and with it its calls. */
  connectionEnded(connection: number, at: number): void {
    const open = this.#open.get(connection);
    if (!open) return;
    this.#open.delete(connection);
    for (const call of open.values()) {
      this.#columns.endedAt[call] = at;
      this.changes++;
    }
  }

  #begin(seq: number, connection: number, stream: number): void {
    const call = this.#seqs.total;
    this.#seqs.add(seq);
    if (call === this.#columns.rows) this.#columns = grown(this.#columns, call * 2);
    let open = this.#open.get(connection);
    if (!open) {
      open = new Map();
      this.#open.set(connection, open);
    }
    open.set(stream, call);
    if (open.size > MAX_OPEN) open.delete(open.keys().next().value!);
  }

  /** As bytes, for deserialize(). */
  serialize(): Uint8Array {
    const seqs = this.#seqs.serialize();
    const parts = this.#columns.all().map(({ buffer }) => new Uint8Array(buffer));
    const bytes = new Uint8Array(8 + seqs.length + parts.reduce((length, part) => length + part.length, 0));
    new DataView(bytes.buffer).setUint32(0, seqs.length, true);
    new DataView(bytes.buffer).setUint32(4, this.#columns.rows, true);
    let position = 8;
    for (const part of [seqs, ...parts]) {
      bytes.set(part, position);
      position += part.length;
    }
    return bytes;
  }

  static deserialize(bytes: Uint8Array): CallTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const seqsBytes = view.getUint32(0, true);
    const columns = new Columns(view.getUint32(4, true));
    let position = 8 + seqsBytes;
    for (const { buffer } of columns.all()) {
      const length = buffer.byteLength;
      new Uint8Array(buffer).set(bytes.subarray(position, position + length));
      position += length;
    }
    return new CallTable(SeqSet.deserialize(bytes.subarray(8, 8 + seqsBytes)), columns);
  }
}

function grown(columns: Columns, rows: number): Columns {
  const larger = new Columns(rows);
  larger.clientMessages.set(columns.clientMessages);
  larger.serverMessages.set(columns.serverMessages);
  larger.endedAt.set(columns.endedAt);
  larger.status.set(columns.status);
  return larger;
}
