// A capture: a pcapng file (or anybody's capture file) with the timeline read out of it. Live or opened, it answers the
// same questions.
import type { Problem } from '../core/event.ts';
import type { Detail } from '../core/field.ts';
import type { Payload, RecordView } from '../core/protocol.ts';
import type { TimelineRecord } from '../core/record.ts';
import type { Recorder } from '../core/recorder.ts';
import type { TypeRegistry } from '../core/schema.ts';
import type { CallProgress } from './index/call-table.ts';
import type { CaptureCounts, CaptureTrafficByDirection, ConnectionAddresses } from './index/capture-index.ts';
import type { View } from './views/timeline-view.ts';

export { CaptureError } from './capture-error.ts';
export { createCapture } from './live-capture.ts';
export { type OpenOptions, openCapture } from './opened-capture.ts';
export type { CallProgress, CaptureCounts, View };

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
