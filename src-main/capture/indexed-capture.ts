// What is true of a capture whether it is recorded or read: its index answers, its views grow with it, and whoever listens
// is told.
import { protocolById } from '../core/dissect/registry.ts';
import type { Problem } from '../core/event.ts';
import type { Detail } from '../core/field.ts';
import type { Payload, RecordView } from '../core/protocol.ts';
import { Level, NONE, type TimelineRecord } from '../core/record.ts';
import type { Recorder } from '../core/recorder.ts';
import type { TypeRegistry } from '../core/schema.ts';
import type { Capture, CaptureQuery } from './capture.ts';
import type { CallProgress } from './index/call-table.ts';
import type {
  CaptureCounts,
  CaptureIndex,
  CaptureTrafficByDirection,
  ConnectionAddresses,
} from './index/capture-index.ts';
import { SeqSet } from './index/seq-set.ts';
import type { ByteSourceFile } from './storage/byte-store.ts';
import { copyCapture } from './storage/file-copy.ts';
import { callOf, foldingTest, memberTest } from './views/call-folding.ts';
import { carriedMessage } from './views/carried-message.ts';
import { MergedView } from './views/merged-view.ts';
import { recordTest } from './views/record-test.ts';
import { IndexedRecordView } from './views/record-view.ts';
import { ScannedView, SetView, type View, WholeView } from './views/timeline-view.ts';

/** How the files of an index are written. */
export const INDEX_FILE = { bufferBytes: 256 * 1024 };

export abstract class IndexedCapture implements Capture {
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
