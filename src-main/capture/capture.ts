// SIGNATURE ONLY for the others until the capture is built; replaced by the real thing.

import type { Detail } from '../core/field.ts';
import type { DissectAs, Payload, RecordView } from '../core/protocol.ts';
import type { TimelineRecord } from '../core/record.ts';
import type { Recorder } from '../core/recorder.ts';

export interface CaptureCounts {
  records: number;
  events: number;
  frames: number;
  messages: number;
  notes: number;
  warnings: number;
  errors: number;
}
export interface CaptureTraffic {
  messages: number;
  bytes: number;
}

export interface View {
  /** Matching records so far; grows with the capture. */
  readonly total: number;
  /** 0…1 while a filter is still scanning what is there. */
  readonly scanning: number;
  /** seqs of rows from…from+count. */
  seqs(from: number, count: number): number[];
  /** index of the first row with seq >= seq (binary search). */
  position(seq: number): number;
  dispose(): void;
}

export interface Capture {
  readonly path: string;
  readonly sizeBytes: number;
  /** Number of records. */
  readonly count: number;
  /** Changes whenever count does. */
  readonly revision: number;
  readonly counts: CaptureCounts;
  readonly traffic: { clientToServer: CaptureTraffic; serverToClient: CaptureTraffic };
  /** Live captures only. */
  readonly recorder: Recorder;
  record(seq: number): TimelineRecord;
  view(seq: number): RecordView;
  summary(seq: number): string;
  detail(seq: number, limitBytes: number): Detail;
  payload(seq: number, limitBytes: number): Payload | undefined;
  /** Called after records were added; coalescing is the caller's. Returns its undoing. */
  onGrowth(listener: () => void): () => void;
  query(query: { level: 'messages' | 'frames' | 'everything'; filter?: string; connection?: number }): View;
  /** Addresses of a connection. */
  connection(number: number): { client: string; server: string } | undefined;
  /** Everything written reaches the file (not necessarily the platter). */
  flush(): Promise<void>;
  /** Live: finishes the file; then it stays readable until dispose(). */
  finish(): Promise<void>;
  dispose(): Promise<void>;
}
/** A new, growing capture file; also writes its sidecar index. */
export declare function createCapture(path: string): Capture;
/** An existing capture file of anybody. Resolves when the header was read; `loaded` when all was. */
export declare function openCapture(
  path: string,
  options?: { decodeAs?: ReadonlyMap<number, DissectAs>; onProgress?: (fraction: number) => void },
): Promise<Capture & { loaded: Promise<void> }>;
