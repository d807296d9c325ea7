// The laws every dissector keeps, as functions a test calls with its own dissector and input, and a sink that remembers
// what was committed. Each protocol's tests bring their own inputs.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect } from 'vitest';
import { concat } from '../../src-main/core/dissect/bytes.ts';
import { InflateBudget } from '../../src-main/core/dissect/inflated-bytes.ts';
import type { PlaintextSink } from '../../src-main/core/dissect/tls/host.ts';
import type { Field, FieldValue } from '../../src-main/core/field.ts';
import type { Dissector, Protocol, RecordSink, RecordView } from '../../src-main/core/protocol.ts';
import {
  Direction,
  emptyDraft,
  Layer,
  NONE,
  type RecordDraft,
  type TimelineRecord,
} from '../../src-main/core/record.ts';

/** How often a property is tried: WIRESCOPE_FUZZ_RUNS, 2,000 if absent. */
export const FUZZ_RUNS = Number(process.env.WIRESCOPE_FUZZ_RUNS ?? 2000);

/** What a test of so many runs may take, on a slow machine. */
export const FUZZ_TIMEOUT_MS = 30_000 + FUZZ_RUNS * 30;

/** Bytes of one direction that arrived at one time. */
export interface Segment {
  direction: Direction;
  bytes: Uint8Array;
  /** So many bytes of the direction are missing from the capture before these. */
  gapBefore?: number;
}

export type OpenDissector = (sink: MemorySink) => Dissector;

/** Keeps every record and everything derived. */
export class MemorySink implements RecordSink {
  readonly draft: RecordDraft = emptyDraft();
  readonly records: TimelineRecord[] = [];
  readonly derived: Uint8Array[] = [];
  readonly inflateBudget = new InflateBudget();
  /** Plaintext is missing: nobody knows what of. */
  hasPlaintextGaps = false;
  /** What TLS carried, by direction. */
  readonly plaintext = new Map<Direction, number[]>();

  commit(): number {
    const seq = this.records.length;
    this.records.push({ seq, connection: 1, ...this.draft });
    Object.assign(this.draft, emptyDraft());
    return seq;
  }

  derive(bytes: Uint8Array): number {
    return this.derived.push(bytes.slice()) - 1;
  }

  openPlaintext(): PlaintextSink {
    const { draft, inflateBudget } = this;
    return {
      draft,
      inflateBudget,
      commit: () => {
        draft.layer = Layer.plaintext;
        return this.commit();
      },
      derive: (bytes) => this.derive(bytes),
      keep: (direction, bytes) => {
        this.#plain(direction).push(...bytes);
        return this.derive(bytes);
      },
      skip: (direction, length) => {
        this.hasPlaintextGaps = true;
        this.#plain(direction).push(...new Uint8Array(length));
      },
    };
  }

  #plain(direction: Direction): number[] {
    const bytes = this.plaintext.get(direction) ?? [];
    this.plaintext.set(direction, bytes);
    return bytes;
  }
}

/** All bytes of a direction, zeros for those that are missing. */
function stream(segments: readonly Segment[], direction: Direction): Uint8Array {
  const own = segments.filter((segment) => segment.direction === direction);
  return concat(own.flatMap(({ gapBefore = 0, bytes }) => [new Uint8Array(gapBefore), bytes]));
}

/** Looked at millions of times: `expect` is asked only where it has something to say. */
function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual, what).toEqual(expected);
}

function expectTrue(isTrue: boolean, otherwise: string, about: unknown): void {
  if (!isTrue) expect.fail(`${otherwise}: ${JSON.stringify(about)}`);
}

/** What a dissector made of segments, and views of it as a capture would give them. */
export class Dissected {
  readonly segments: readonly Segment[];
  readonly sink: MemorySink;
  readonly #streams = new Map<string, Uint8Array>();

  constructor(segments: readonly Segment[], sink: MemorySink) {
    this.segments = segments;
    this.sink = sink;
  }

  /** All bytes of a direction and layer. */
  stream(direction: Direction, layer: Layer): Uint8Array {
    const key = `${direction} ${layer}`;
    let bytes = this.#streams.get(key);
    if (!bytes) {
      bytes =
        layer === Layer.wire
          ? stream(this.segments, direction)
          : Uint8Array.from(this.sink.plaintext.get(direction) ?? []);
      this.#streams.set(key, bytes);
    }
    return bytes;
  }

  get records(): readonly TimelineRecord[] {
    return this.sink.records;
  }

  view(seq: number): RecordView {
    const record = this.sink.records[seq];
    if (!record) throw new RangeError(`no record ${seq}`);
    return {
      record,
      bytes: (limit = Number.POSITIVE_INFINITY) =>
        this.stream(record.direction, record.layer).slice(record.start, record.start + Math.min(record.length, limit)),
      derived: (limit) => (record.derived === NONE ? undefined : this.sink.derived[record.derived]?.slice(0, limit)),
      at: (other) => (this.sink.records[other] ? this.view(other) : undefined),
    };
  }
}

/** Segment n carries the time 1000·(n+1), however it is cut. */
export function dissect(
  open: OpenDissector,
  segments: readonly Segment[],
  cut: (bytes: Uint8Array) => Uint8Array[] = (bytes) => [bytes],
): Dissected {
  const sink = new MemorySink();
  const dissector = open(sink);
  let at = 0;
  for (const { direction, bytes, gapBefore } of segments) {
    at += 1000;
    if (gapBefore) dissector.gap(direction, gapBefore, at);
    for (const piece of cut(bytes)) {
      const lent = piece.slice();
      dissector.push(direction, lent, at);
      if (!equal(lent, piece)) throw new Error('the dissector changed a chunk that was only lent');
      lent.fill(0xa5);
    }
  }
  dissector.end(Direction.clientToServer, at + 1000);
  dissector.end(Direction.serverToClient, at + 1000);
  return new Dissected(segments, sink);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Every byte a piece of its own. */
export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
}

/** Pieces of these lengths, over and over; a length of 0 makes an empty piece. */
export function piecesOf(lengths: readonly number[]): (bytes: Uint8Array) => Uint8Array[] {
  return (bytes) => {
    const pieces: Uint8Array[] = [];
    const usable = lengths.some((length) => length > 0) ? lengths : [1];
    for (let at = 0, n = 0; at < bytes.length; n++) {
      const length = usable[n % usable.length]!;
      pieces.push(bytes.subarray(at, at + length));
      at += length;
    }
    return pieces;
  };
}

/** Lengths for `piecesOf`. */
export const pieceLengths = fc.array(fc.nat(40), { minLength: 1, maxLength: 8 });

/**
 * The chunking law: whole, byte by byte and cut into `lengths`, the same records and derived bytes.
 * Returns what the whole gave.
 */
export function chunkingLaw(open: OpenDissector, segments: readonly Segment[], lengths: readonly number[]): Dissected {
  const whole = dissect(open, segments);
  for (const cut of [byteByByte, piecesOf(lengths)]) {
    const other = dissect(open, segments, cut);
    expectEqual(other.sink.records, whole.sink.records, 'records');
    expectEqual(other.sink.derived, whole.sink.derived, 'derived bytes');
  }
  return whole;
}

/**
 * Totality: nothing thrown, every byte in some record, every record sane, and the looking path gives an answer for each.
 * `protocolOf` as in the registry.
 */
export function totality(
  open: OpenDissector,
  segments: readonly Segment[],
  protocolOf: (id: number) => Protocol,
): Dissected {
  const dissected = dissect(open, segments);
  for (const direction of [Direction.clientToServer, Direction.serverToClient]) {
    expectCovered(dissected, direction, Layer.wire);
    if (!dissected.sink.hasPlaintextGaps) expectCovered(dissected, direction, Layer.plaintext);
  }
  for (const record of dissected.records) expectSane(dissected, record, protocolOf(record.protocol));
  return dissected;
}

function expectCovered(dissected: Dissected, direction: Direction, layer: Layer): void {
  const ranges = dissected.records
    .filter((record) => record.direction === direction && record.layer === layer)
    .map((record) => [record.start, record.start + record.length] as const)
    .sort((a, b) => a[0] - b[0]);
  let covered = 0;
  for (const [start, end] of ranges) {
    if (start > covered) break;
    covered = Math.max(covered, end);
  }
  const total = dissected.stream(direction, layer).length;
  expectEqual(covered, total, `bytes of direction ${direction}, layer ${layer} in records`);
}

function expectSane(dissected: Dissected, record: TimelineRecord, protocol: Protocol): void {
  const streamLength = dissected.stream(record.direction, record.layer).length;
  expectTrue(protocol.notes.length <= 32, 'more notes than bits', protocol.name);
  expectTrue(protocol.types[record.type] !== undefined, 'a type nobody knows', record);
  expectTrue(record.levels > 0, 'at no level', record);
  expectTrue(record.length >= 0 && record.start + record.length <= streamLength, 'outside its stream', record);
  expectTrue(record.link < record.seq, 'refers to a later one', record);
  expectTrue(record.notes >>> 0 < 2 ** protocol.notes.length, 'a note nobody knows', record);
  expectTrue(record.derived < dissected.sink.derived.length, 'derived bytes that are not there', record);

  const view = dissected.view(record.seq);
  const summary = protocol.summary(view);
  expectTrue(!/[\n\r]/.test(summary) && summary.length <= 400, 'more than a line', summary);
  const limit = 64;
  const detail = protocol.detail(view, limit);
  for (const { bytes, total } of detail.sources) {
    expectTrue(bytes.length <= limit && bytes.length <= total, 'a source that is too long', [bytes.length, total]);
  }
  const { payload: payloadAt } = detail;
  expectTrue(payloadAt === undefined || detail.sources[payloadAt] !== undefined, 'no source is its payload', record);
  const payload = protocol.payload(view, limit);
  if (payload) expectTrue(payload.bytes.length <= Math.min(limit, payload.total), 'a longer payload', record);
  for (const [name, read] of Object.entries(protocol.quick ?? {})) {
    expectEqual(read(record), valueNamed(detail.fields, name), `${name} from the record alone`);
  }
}

function valueNamed(fields: readonly Field[], name: string): FieldValue | undefined {
  for (const field of fields) {
    if (field.name === name) return field.value;
    const inside = field.children && valueNamed(field.children, name);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** Input with some bytes changed, one piece taken out, or cut off: what a mutation fuzzer does. */
export function mutated(segments: fc.Arbitrary<Segment[]>): fc.Arbitrary<Segment[]> {
  const change = fc.record({ segment: fc.nat(), at: fc.nat(), to: fc.nat(255), remove: fc.nat(3) });
  return fc.tuple(segments, fc.array(change, { minLength: 1, maxLength: 6 })).map(([original, changes]) => {
    const result = original.map((segment) => ({ ...segment, bytes: segment.bytes.slice() }));
    for (const { segment, at, to, remove } of changes) {
      const target = result[segment % Math.max(1, result.length)];
      if (!target || target.bytes.length === 0) continue;
      const position = at % target.bytes.length;
      if (remove === 0) target.bytes = target.bytes.slice(0, position);
      else target.bytes[position] = to;
    }
    return result;
  });
}
