// A capture: a pcapng file (or anybody's capture file) with the timeline read out of it. Live or opened, it answers the
// same questions. The recorder writes sidecars beside its own file; an opened file gets nothing put next to it.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { protocolById } from '../core/dissect/registry.ts';
import type { Problem } from '../core/event.ts';
import type { Detail } from '../core/field.ts';
import type { DissectAs, Payload, RecordView } from '../core/protocol.ts';
import { Level, NONE, type TimelineRecord } from '../core/record.ts';
import type { Recorder } from '../core/recorder.ts';
import type { TypeRegistry } from '../core/schema.ts';
import { CaptureError, fileProblem } from './capture-error.ts';
import { loadFile, recognise } from './file-loader.ts';
import { writeFileHeader } from './formats/pcapng-writer.ts';
import type { CallProgress } from './index/call-table.ts';
import {
  type CaptureCounts,
  CaptureIndex,
  type CaptureTrafficByDirection,
  type ConnectionAddresses,
} from './index/capture-index.ts';
import { makeIndexFolder } from './index/index-folder.ts';
import { SeqSet } from './index/seq-set.ts';
import { beginSidecar, closeSidecar, openSidecar, sidecarPaths } from './index/sidecar.ts';
import { LiveRecorder } from './live-recorder.ts';
import { AppendFile } from './storage/append-file.ts';
import { type ByteSourceFile, StaticFile } from './storage/byte-store.ts';
import { copyCapture } from './storage/file-copy.ts';
import { FileGuard, lookAtFile, lookAtRecording } from './storage/file-guard.ts';
import { KeyLog, readKeyLog } from './tls/key-log.ts';
import { callOf, foldingTest, memberTest } from './views/call-folding.ts';
import { carriedMessage } from './views/carried-message.ts';
import { MergedView } from './views/merged-view.ts';
import { recordTest } from './views/record-test.ts';
import { IndexedRecordView } from './views/record-view.ts';
import { ScannedView, SetView, type View, WholeView } from './views/timeline-view.ts';

export { CaptureError } from './capture-error.ts';
export type { CallProgress } from './index/call-table.ts';
export type { CaptureCounts } from './index/capture-index.ts';
export type { View } from './views/timeline-view.ts';

/** Which records: `events+messages`, `events+frames`, everything; of those, what a filter lets through. */
export interface CaptureQuery {
  level: 'messages' | 'frames' | 'everything';
  filter?: string;
  connection?: number;
  /**
   * Folds gRPC calls: a call is one row, there if it or any part of it passes the filter; what else passes of the calls
   * with these rows follows as rows of its own.
   */
  unfolded?: readonly number[];
}

export interface Capture {
  readonly path: string;
  readonly sizeBytes: number;
  /** Number of records. */
  readonly count: number;
  /** Rises whenever count does, a call ends, or records are explained with other types. */
  readonly revision: number;
  readonly counts: CaptureCounts;
  readonly traffic: CaptureTrafficByDirection;
  /** What is wrong with its file, as far as somebody should know: it is full, removed, or not what it was. */
  readonly problem: Problem | undefined;
  /** Live captures only. */
  readonly recorder: Recorder;
  record(seq: number): TimelineRecord;
  view(seq: number): RecordView;
  summary(seq: number): string;
  /** How far a gRPC call has come; undefined if none begins with this record. */
  call(seq: number): CallProgress | undefined;
  /** The record of the gRPC call that this one is part of; undefined if it is part of none. */
  callOf(seq: number): number | undefined;
  /** The first message that a DATA frame of a gRPC call carries; undefined for what carries none, or none that is near. */
  carriedMessage(seq: number): number | undefined;
  /** Names the fields of messages with these types from now on. */
  explainWith(types: TypeRegistry): void;
  detail(seq: number, limitBytes: number): Detail;
  payload(seq: number, limitBytes: number): Payload | undefined;
  /** Called after records were added or a view has scanned on; coalescing is the caller's. Returns its undoing. */
  onGrowth(listener: () => void): () => void;
  /** Throws a CaptureError for a filter that is none. */
  query(query: CaptureQuery): View;
  /** The call that has to be unfolded for a query to have a row for this record; undefined if that would not help. */
  foldedInto(query: CaptureQuery, seq: number): number | undefined;
  /** Addresses of a connection. */
  connection(number: number): ConnectionAddresses | undefined;
  /** Everything written reaches the file (not necessarily the platter). */
  flush(): Promise<void>;
  /** Puts a copy of all there is at a path. Resolves with its size; rejects with a CaptureError. */
  copyTo(path: string): Promise<number>;
  /** Live: finishes the file; then it stays readable until dispose(). */
  finish(): Promise<void>;
  dispose(): Promise<void>;
}

export interface OpenOptions {
  /** Server port → what its bytes are taken for. */
  decodeAs?: ReadonlyMap<number, DissectAs>;
  /** Path of a TLS key log (SSLKEYLOGFILE) that decrypts what is TLS, besides secrets in the file itself. */
  keylog?: string;
  /** 0 … 1, while the file is read. */
  onProgress?: (fraction: number) => void;
  /**
   * The file was recorded here and nobody else could put anything beside it: then the index that lies there is believed.
   * An index that came along with a stranger's capture could hide records and show others.
   */
  recordedHere?: boolean;
  /** Folder for the index of a file that was not recorded here; it is emptied again. The system's temporary one if absent. */
  cacheFolder?: string;
}

/** What is true of a capture whether it is recorded or read. */
abstract class IndexedCapture implements Capture {
  abstract readonly recorder: Recorder;
  abstract readonly problem: Problem | undefined;
  readonly #file: ByteSourceFile;
  readonly #index: CaptureIndex;
  readonly #listeners = new Set<() => void>();
  readonly #scanned = new Set<ScannedView>();
  /** How often types were given. */
  #explanations = 0;

  constructor(file: ByteSourceFile, index: CaptureIndex) {
    this.#file = file;
    this.#index = index;
  }

  abstract flush(): Promise<void>;
  abstract finish(): Promise<void>;

  get path(): string {
    return this.#file.path;
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes;
  }

  get count(): number {
    return this.#index.count;
  }

  get revision(): number {
    return this.#index.count + this.#index.state.calls.changes + this.#explanations;
  }

  get counts(): CaptureCounts {
    return this.#index.state.counts;
  }

  get traffic(): CaptureTrafficByDirection {
    return this.#index.state.traffic;
  }

  record(seq: number): TimelineRecord {
    return this.#index.state.records.read(seq);
  }

  view(seq: number): RecordView {
    return new IndexedRecordView(this.#index, seq);
  }

  /** A dissector must not throw; if one does, its row is still there, among all others. */
  summary(seq: number): string {
    const view = this.view(seq);
    try {
      return protocolById(view.record.protocol)?.summary(view) ?? '';
    } catch (error) {
      return `The dissector failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  call(seq: number): CallProgress | undefined {
    const { records, calls } = this.#index.state;
    return calls.has(seq) ? calls.progress(seq, records.read(seq).at) : undefined;
  }

  callOf(seq: number): number | undefined {
    const call = callOf(this.#index, seq);
    return call === NONE ? undefined : call;
  }

  carriedMessage(seq: number): number | undefined {
    const message = carriedMessage(this.#index, seq);
    return message === NONE ? undefined : message;
  }

  explainWith(types: TypeRegistry): void {
    this.#index.types = types;
    this.#explanations += 1;
    this.#tell();
  }

  detail(seq: number, limitBytes: number): Detail {
    const view = this.view(seq);
    return protocolById(view.record.protocol)?.detail(view, limitBytes) ?? { fields: [], sources: [] };
  }

  payload(seq: number, limitBytes: number): Payload | undefined {
    const view = this.view(seq);
    return protocolById(view.record.protocol)?.payload(view, limitBytes);
  }

  onGrowth(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  query(query: CaptureQuery): View {
    const { level, filter = '', connection, unfolded } = query;
    const test = this.#test(query);
    if (filter.trim() === '' && connection === undefined) {
      if (level === 'everything' && !unfolded) return new WholeView(this.#index);
      if (level !== 'everything') {
        const { all, folded } = this.#index.state[level];
        return unfolded ? this.#withMembers(new SetView(folded), unfolded, test) : new SetView(all);
      }
    }
    const matching = new SeqSet();
    return this.#scan(matching, unfolded ? foldingTest(this.#index, unfolded, test, matching) : test);
  }

  foldedInto(query: CaptureQuery, seq: number): number | undefined {
    const { unfolded } = query;
    const call = this.callOf(seq);
    if (call === undefined || !unfolded || unfolded.includes(call)) return undefined;
    return this.#test(query)(seq) ? call : undefined;
  }

  /** Whether a record passes a query, calls not folded. */
  #test({ level, filter = '', connection }: CaptureQuery): (seq: number) => boolean {
    const levels = level === 'everything' ? 0xff : Level.event | (level === 'messages' ? Level.message : Level.frame);
    return recordTest(this.#index, { levels, connection, filter });
  }

  /** What belongs to these calls, between the rows of a view without it. */
  #withMembers(view: View, unfolded: readonly number[], test: (seq: number) => boolean): View {
    if (unfolded.length === 0) return view;
    const first = unfolded.reduce((least, seq) => Math.min(least, seq));
    return new MergedView(view, this.#scan(new SeqSet(), memberTest(this.#index, unfolded, test), first));
  }

  #scan(matching: SeqSet, test: (seq: number) => boolean, from = 0): ScannedView {
    const view = new ScannedView({
      matching,
      records: this.#index,
      test,
      from,
      onProgress: this.#tell,
      onDispose: (gone) => this.#scanned.delete(gone),
    });
    this.#scanned.add(view);
    return view;
  }

  copyTo(path: string): Promise<number> {
    return copyCapture(this.#file, path);
  }

  connection(number: number): ConnectionAddresses | undefined {
    return this.#index.state.connections[number - 1]?.addresses;
  }

  async dispose(): Promise<void> {
    for (const view of this.#scanned) view.dispose();
    this.#listeners.clear();
    await Promise.all([this.#file.close(), this.#index.indexFile.close(), this.#index.derivedFile.close()]);
  }

  /** There are new records. */
  protected grown(): void {
    for (const view of this.#scanned) view.grown();
    this.#tell();
  }

  #tell = (): void => {
    for (const listener of this.#listeners) listener();
  };
}

class LiveCapture extends IndexedCapture {
  readonly recorder: LiveRecorder;
  readonly #file: AppendFile;
  readonly #indexFile: AppendFile;
  readonly #derivedFile: AppendFile;
  readonly #index: CaptureIndex;
  readonly #guard: FileGuard;
  #finished: Promise<void> | undefined;

  /** Throws what the system throws. */
  constructor(path: string) {
    const onFailure = (error: Error): void => this.recorder.fail(error);
    const sidecars = sidecarPaths(path);
    const file = new AppendFile(path, { onFailure });
    const indexFile = new AppendFile(sidecars.index, { ...INDEX_FILE, onFailure });
    const derivedFile = new AppendFile(sidecars.derived, { ...INDEX_FILE, onFailure });
    const index = new CaptureIndex(file, indexFile, derivedFile);
    super(file, index);
    this.#file = file;
    this.#indexFile = indexFile;
    this.#derivedFile = derivedFile;
    this.#index = index;
    this.recorder = new LiveRecorder(file, [indexFile, derivedFile], index, () => this.grown());
    writeFileHeader(file, APPLICATION);
    beginSidecar(indexFile);
    const { identity } = file;
    const firstBytes = new Uint8Array(FIRST_BYTES);
    file.read(0, firstBytes);
    const look = async (): Promise<Problem | undefined> => {
      await file.flush();
      return await lookAtRecording(path, identity, firstBytes);
    };
    this.#guard = new FileGuard(look, (found) => this.recorder.lose(found));
  }

  get problem(): Problem | undefined {
    return this.recorder.problem;
  }

  flush(): Promise<void> {
    return this.#file.flush();
  }

  finish(): Promise<void> {
    this.#finished ??= this.#finish();
    return this.#finished;
  }

  override async dispose(): Promise<void> {
    await this.finish();
    await super.dispose();
  }

  async #finish(): Promise<void> {
    this.#guard.stop();
    this.recorder.finish();
    await this.#file.flush();
    if (!this.#file.failed) await closeSidecar(this.#index, this.#indexFile, this.#derivedFile, this.path);
  }
}

class OpenedCapture extends IndexedCapture {
  /** Resolves when all was read (or the capture disposed). */
  readonly loaded: Promise<void>;
  readonly #cleanUp: () => Promise<void>;
  readonly #guard: FileGuard;
  #problem: Problem | undefined;
  #cancelled = false;

  /** `load`: fills the index, telling when it has grown and asking whether to go on. */
  constructor(
    file: StaticFile,
    index: CaptureIndex,
    load: (onGrowth: () => void, isCancelled: () => boolean) => Promise<void>,
    cleanUp: () => Promise<void>,
  ) {
    super(file, index);
    this.#cleanUp = cleanUp;
    const { path, identity, sizeBytes, modifiedMs } = file;
    this.#guard = new FileGuard(
      () => lookAtFile(path, identity, sizeBytes, modifiedMs),
      (found) => {
        this.#problem = found;
        this.grown();
      },
    );
    this.loaded = load(
      () => this.grown(),
      () => this.#cancelled,
    );
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  get recorder(): never {
    throw new Error(`${this.path} was opened for reading.`);
  }

  async flush(): Promise<void> {}

  async finish(): Promise<void> {}

  override async dispose(): Promise<void> {
    this.#cancelled = true;
    this.#guard.stop();
    await this.loaded;
    await super.dispose();
    await this.#cleanUp();
  }
}

const APPLICATION = 'Wirescope';
/** Of a file's header: enough to see that somebody else has written it. */
const FIRST_BYTES = 12;
const INDEX_FILE = { bufferBytes: 256 * 1024 };

/** A new, growing capture file (one of that name is overwritten) with its sidecar index. Throws a CaptureError. */
export function createCapture(path: string): Capture {
  try {
    return new LiveCapture(path);
  } catch (error) {
    throw new CaptureError(fileProblem(`The capture file ${path} cannot be created.`, error), { cause: error });
  }
}

/**
 * An existing capture file of anybody. Resolves when the header was read; `loaded` when all was, and it never rejects.
 * Rejects with a CaptureError for what is no capture file, or a key log that cannot be read.
 */
export async function openCapture(
  path: string,
  options: OpenOptions = {},
): Promise<Capture & { readonly loaded: Promise<void> }> {
  const { decodeAs = new Map<number, DissectAs>(), keylog, onProgress = () => {}, recordedHere = false } = options;
  const file = openFile(path);
  try {
    const firstBytes = new Uint8Array(4);
    const reader = recognise(path, firstBytes.subarray(0, file.read(0, firstBytes)), file.sizeBytes);
    // An index was made without these settings.
    const isPlain = decodeAs.size === 0 && keylog === undefined;
    const known = recordedHere && isPlain ? await openSidecar(file) : undefined;
    if (known) {
      onProgress(1);
      return new OpenedCapture(file, known, noWork, noWork);
    }
    const keyLog = new KeyLog();
    if (keylog !== undefined) await readKeyLog(keylog, keyLog);
    const folder = await makeIndexFolder(options.cacheFolder);
    let failure: Error | undefined;
    const onFailure = (error: Error): void => {
      failure = error;
    };
    const indexFile = new AppendFile(join(folder, 'index'), { ...INDEX_FILE, onFailure });
    const derivedFile = new AppendFile(join(folder, 'derived'), { ...INDEX_FILE, onFailure });
    const index = new CaptureIndex(file, indexFile, derivedFile);
    index.keyLog = keyLog;
    const load = (onGrowth: () => void, isCancelled: () => boolean): Promise<void> =>
      loadFile({
        path,
        reader,
        index,
        decodeAs,
        isCancelled,
        failure: () => failure,
        catchUp: () => Promise.all([indexFile.drained(), derivedFile.drained()]),
        onProgress: (fraction) => {
          onGrowth();
          onProgress(fraction);
        },
      });
    return new OpenedCapture(file, index, load, () => rm(folder, { recursive: true, force: true }));
  } catch (error) {
    await file.close();
    if (error instanceof CaptureError) throw error;
    throw new CaptureError(fileProblem(`${path} cannot be opened.`, error), { cause: error });
  }
}

async function noWork(): Promise<void> {}

function openFile(path: string): StaticFile {
  try {
    return new StaticFile(path);
  } catch (error) {
    throw new CaptureError(fileProblem(`${path} cannot be opened.`, error), { cause: error });
  }
}
