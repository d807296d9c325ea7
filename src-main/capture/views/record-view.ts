// One record with lazy access to its bytes.
import type { RecordView } from '../../core/protocol.ts';
import type { TimelineRecord } from '../../core/record.ts';
import type { TypeRegistry } from '../../core/schema.ts';
import type { CaptureIndex } from '../index/capture-index.ts';

export class IndexedRecordView implements RecordView {
  readonly record: TimelineRecord;
  readonly types?: TypeRegistry;
  readonly #index: CaptureIndex;

  constructor(index: CaptureIndex, seq: number) {
    this.#index = index;
    this.record = index.state.records.read(seq);
    if (index.types) this.types = index.types;
  }

  bytes(limit?: number): Uint8Array {
    return this.#index.bytes(this.record, limit);
  }

  derived(limit?: number): Uint8Array | undefined {
    return this.#index.derived(this.record, limit);
  }

  at(seq: number): RecordView | undefined {
    const isRecord = Number.isInteger(seq) && seq >= 0 && seq < this.#index.count;
    return isRecord ? new IndexedRecordView(this.#index, seq) : undefined;
  }
}
