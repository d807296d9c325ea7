// The rows of a capture: which of them, where they are, and filters over them.
import { z } from 'zod';
import type { Severity } from '../../core/field.ts';
import type { Direction, LevelName } from '../../core/record.ts';
import { MAX_ROWS, rowCount, seq, sessionId } from './inputs.ts';

const filterText = z.string().max(10_000);

/** Which rows: a view of a capture. `events+messages`, `events+frames`, everything. */
const querySchema = z.strictObject({
  level: z.enum(['messages', 'frames', 'everything']),
  /** Filter expression, '' for all. */
  filter: filterText.optional(),
  connection: z.number().int().positive().optional(),
  /** Present: a gRPC call is one row, and only of those calls, named by the seq of their row, the parts follow as rows of their own. */
  unfolded: z.array(seq).max(10_000).optional(),
});
export type Query = z.infer<typeof querySchema>;

export const timelineMethods = {
  'timeline.rows': z.strictObject({ session: sessionId, query: querySchema, from: seq, count: rowCount }),
  /**
   * The next row whose summary or payload contains `text` (case-insensitive), once round, beginning with row `from`
   * itself. A newer find of the session ends this one with code SUPERSEDED.
   */
  'timeline.find': z.strictObject({
    session: sessionId,
    query: querySchema,
    text: z.string().min(1).max(1000),
    from: seq,
    backwards: z.boolean(),
  }),
  /**
   * Where a record stands in a query; the nearest at or after it if it is not part of it. `foldedInto`: the call that has
   * to be unfolded for it to be.
   */
  'timeline.position': z.strictObject({ session: sessionId, query: querySchema, seq }),
  /** The rows `from`…`from+count` as text to copy. */
  'timeline.copy': z.strictObject({
    session: sessionId,
    query: querySchema,
    from: seq,
    count: z.number().int().min(1).max(MAX_ROWS),
    format: z.enum(['text', 'tsv', 'json', 'payload', 'hex']),
  }),
  /** Names a filter may use, for completion. */
  'filter.fields': z.strictObject({}),
  'filter.check': z.strictObject({ filter: filterText }),
} as const;

export interface TimelineOutput {
  'timeline.rows': { total: number; revision: number; rows: Row[]; scanning?: number };
  'timeline.find': { index: number; seq: number } | null;
  'timeline.position': { index: number; exact: boolean; foldedInto?: number };
  'timeline.copy': { text: string };
  'filter.fields': { name: string; label: string; type: string }[];
  'filter.check': { ok: true } | { ok: false; error: string; at: number };
}

/** How far a gRPC call has come, on the row it began with. */
export interface CallSummary {
  /** Messages of each side. */
  clientMessages: number;
  serverMessages: number;
  /** Absent while it goes on: microseconds from its request to its end. */
  durationMicroseconds?: number;
  /** Absent while it goes on, or if it ended without one. */
  status?: number;
}

/** A row as the timeline draws it. */
export interface Row {
  seq: number;
  /** Microseconds since the Unix epoch. */
  at: number;
  connection: number;
  direction: Direction;
  /** Protocol's filter name, `websocket`; `event` for events. */
  protocol: string;
  /** The type's word, `text`. */
  kind: string;
  levels: readonly LevelName[];
  /** Bytes for the application, and on the wire. */
  size: number;
  length: number;
  summary: string;
  /** Severity of the worst note or of the event. */
  severity?: Severity;
  notes: number;
  /** Of the row a gRPC call begins with. */
  call?: CallSummary;
  /** Of a part of a gRPC call: the seq of the call's row. */
  callSeq?: number;
}
