// A finished index on disk, so that a capture need not be read again. It is a cache: it is believed only if its header
// proves that it was made from this very file, finished, by this version, and is as it was written to the last bit;
// otherwise the capture is read anew. The proof is against mistakes, not against malice: only an index that nobody else
// could have written may be opened.
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { AppendFile } from '../storage/append-file.ts';
import { type ByteSourceFile, type ByteStore, StaticFile } from '../storage/byte-store.ts';
import { CallTable } from './call-table.ts';
import { CaptureIndex, type IndexState } from './capture-index.ts';
import { RecordTable } from './record-table.ts';
import { SeqSet } from './seq-set.ts';
import { type Extent, StreamMap } from './stream-map.ts';

/** Raise it when rows, files or what dissectors write into records change. */
const INDEX_VERSION = 7;
const HEADER_BYTES = 512;
/** Bytes at each end of the capture that the proof covers; its size and time of change cover the rest. */
const EDGE_BYTES = 4096;
/** So much is read and hashed between two turns of the event loop. */
const PIECE_BYTES = 1024 * 1024;
/** Extents of all connections in one array: connection·2 + direction, stream start, position, rows. */
const EXTENT_NUMBERS = 4;

const proofSchema = z.object({
  version: z.literal(INDEX_VERSION),
  captureBytes: z.number(),
  captureModifiedMs: z.number(),
  captureEdges: z.string(),
});
type Proof = z.infer<typeof proofSchema>;

const headerSchema = proofSchema.extend({
  wirescope: z.literal('index'),
  derivedBytes: z.number(),
  footer: z.object({ offset: z.number().nonnegative(), length: z.number().int().nonnegative() }),
  /** Of both files, but for this header. */
  contentsHash: z.string(),
});
type Header = z.infer<typeof headerSchema>;

const trafficSchema = z.object({ messages: z.number(), bytes: z.number() });

const footerSchema = z.object({
  counts: z.object({
    records: z.number().int().nonnegative(),
    events: z.number(),
    frames: z.number(),
    messages: z.number(),
    notes: z.number(),
    warnings: z.number(),
    errors: z.number(),
  }),
  traffic: z.object({ clientToServer: trafficSchema, serverToClient: trafficSchema }),
  segments: z.array(z.number()),
  addresses: z.array(z.object({ client: z.string(), server: z.string() })),
  /** Lengths of what follows: the sets, the calls, the extents. */
  partsBytes: z.array(z.number().int().nonnegative()),
});

/** The names of a capture's sidecar files. */
export function sidecarPaths(path: string): { index: string; derived: string } {
  return { index: `${path}.index`, derived: `${path}.derived` };
}

/** Reserves the place of the header; without closeSidecar it proves nothing. */
export function beginSidecar(indexFile: AppendFile): void {
  indexFile.append(new Uint8Array(HEADER_BYTES));
}

/** Writes what is still in memory and, last, the proof. Everything must have reached the capture file. */
export async function closeSidecar(
  index: CaptureIndex,
  indexFile: AppendFile,
  derivedFile: AppendFile,
  path: string,
): Promise<void> {
  const bytes = encodeFooter(index.state);
  const footer = { offset: indexFile.append(bytes), length: bytes.length };
  await Promise.all([indexFile.flush(), derivedFile.flush()]);
  if (indexFile.failed || derivedFile.failed) return;
  const contentsHash = await hashOfContents(indexFile, derivedFile);
  const proof = await proofOf(path);
  if (!proof) return;
  const header: Header = { wirescope: 'index', ...proof, derivedBytes: derivedFile.sizeBytes, footer, contentsHash };
  const line = `${JSON.stringify(header).padEnd(HEADER_BYTES - 1)}\n`;
  indexFile.patch(0, new TextEncoder().encode(line));
}

/** What tells a capture file from any other; undefined if it was moved away meanwhile. */
async function proofOf(path: string): Promise<Proof | undefined> {
  try {
    const capture = new StaticFile(path);
    const proof = readProof(capture);
    await capture.close();
    return proof;
  } catch {
    return undefined;
  }
}

function readProof(capture: StaticFile): Proof {
  return {
    version: INDEX_VERSION,
    captureBytes: capture.sizeBytes,
    captureModifiedMs: capture.modifiedMs,
    captureEdges: edges(capture),
  };
}

/** The index that lies beside a capture file, if it proves to belong to it. */
export async function openSidecar(capture: StaticFile): Promise<CaptureIndex | undefined> {
  const paths = sidecarPaths(capture.path);
  const files: StaticFile[] = [];
  try {
    const indexFile = new StaticFile(paths.index);
    files.push(indexFile);
    const derivedFile = new StaticFile(paths.derived);
    files.push(derivedFile);
    const state = await readState(capture, indexFile, derivedFile);
    if (state) return new CaptureIndex(capture, indexFile, derivedFile, state);
  } catch {
    // Missing, unreadable or garbled: as good as none.
  }
  await Promise.all(files.map((file) => file.close()));
  return undefined;
}

async function readState(
  capture: StaticFile,
  indexFile: StaticFile,
  derivedFile: StaticFile,
): Promise<IndexState | undefined> {
  const header = headerSchema.parse(JSON.parse(new TextDecoder().decode(readBytes(indexFile, 0, HEADER_BYTES))));
  const actual = readProof(capture);
  const proven =
    header.captureBytes === actual.captureBytes &&
    header.captureModifiedMs === actual.captureModifiedMs &&
    header.captureEdges === actual.captureEdges &&
    header.derivedBytes === derivedFile.sizeBytes &&
    header.footer.offset + header.footer.length === indexFile.sizeBytes;
  if (!proven || (await hashOfContents(indexFile, derivedFile)) !== header.contentsHash) return undefined;
  return decodeFooter(readBytes(indexFile, header.footer.offset, header.footer.length), indexFile);
}

/** Whatever a disk or a copy has spoilt would be shown as if it had been captured. */
async function hashOfContents(indexFile: ByteSourceFile, derivedFile: ByteSourceFile): Promise<string> {
  const whole = createHash('sha256');
  const piece = new Uint8Array(PIECE_BYTES);
  for (const [file, start] of [
    [indexFile, HEADER_BYTES],
    [derivedFile, 0],
  ] as const) {
    for (let at = start; at < file.sizeBytes; at += PIECE_BYTES) {
      whole.update(piece.subarray(0, file.read(at, piece)));
      await setImmediate();
    }
  }
  return whole.digest('hex');
}

function encodeFooter(state: IndexState): Uint8Array {
  const segments = state.records.close();
  const numbers = state.connections.flatMap(({ maps }, connection) =>
    maps.flatMap((map, direction) =>
      map
        .close()
        .flatMap(({ streamStart, position, rows }) => [connection * 2 + direction, streamStart, position, rows]),
    ),
  );
  const { messages, frames, members, calls, counts, traffic } = state;
  const sets = [messages.all, messages.folded, frames.all, frames.folded, members];
  const parts = [
    ...sets.map((set) => set.serialize()),
    calls.serialize(),
    new Uint8Array(Float64Array.from(numbers).buffer),
  ];
  const addresses = state.connections.map((connection) => connection.addresses);
  const partsBytes = parts.map((part) => part.length);
  const json = new TextEncoder().encode(JSON.stringify({ counts, traffic, segments, addresses, partsBytes }));
  const length = new Uint8Array(Uint32Array.of(json.length).buffer);
  return concat([length, json, ...parts]);
}

function decodeFooter(footer: Uint8Array, indexFile: ByteStore): IndexState {
  let position = 0;
  const take = (length: number): Uint8Array => {
    position += length;
    return footer.slice(position - length, position);
  };
  const jsonBytes = new DataView(take(4).buffer).getUint32(0, true);
  const json = footerSchema.parse(JSON.parse(new TextDecoder().decode(take(jsonBytes))));
  const lengths = json.partsBytes.values();
  const part = (): Uint8Array => take(lengths.next().value ?? 0);
  const set = (): SeqSet => SeqSet.deserialize(part());
  const messages = { all: set(), folded: set() };
  const frames = { all: set(), folded: set() };
  const members = set();
  const calls = CallTable.deserialize(part());
  const numbers = new Float64Array(part().buffer);
  const extents = json.addresses.map((): [Extent[], Extent[]] => [[], []]);
  for (let i = 0; i < numbers.length; i += EXTENT_NUMBERS) {
    const stream = numbers[i]!;
    const extent = { streamStart: numbers[i + 1]!, position: numbers[i + 2]!, rows: numbers[i + 3]! };
    extents[Math.floor(stream / 2)]?.[stream % 2 === 0 ? 0 : 1].push(extent);
  }
  return {
    records: new RecordTable(indexFile, json.segments, json.counts.records),
    messages,
    frames,
    calls,
    members,
    counts: json.counts,
    traffic: json.traffic,
    connections: json.addresses.map((addresses, i) => ({
      addresses,
      maps: [new StreamMap(indexFile, extents[i]![0]), new StreamMap(indexFile, extents[i]![1])],
    })),
  };
}

function edges(capture: ByteSourceFile): string {
  const tailStart = Math.max(0, capture.sizeBytes - EDGE_BYTES);
  return hash(concat([readBytes(capture, 0, EDGE_BYTES), readBytes(capture, tailStart, EDGE_BYTES)]));
}

function readBytes(file: ByteSourceFile, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, Math.min(length, file.sizeBytes - offset)));
  return bytes.subarray(0, file.read(offset, bytes));
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
