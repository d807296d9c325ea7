// One record in full, as the inspector shows it: its fields, its bytes, its payload.
import { z } from 'zod';
import type { Problem } from '../../core/event.ts';
import type { Field, NoteDefinition } from '../../core/field.ts';
import { PAYLOAD_VIEWS, type PayloadView } from '../../core/payload/payload.ts';
import { seq, sessionId } from './inputs.ts';
import type { Row } from './timeline.ts';

/** Bytes of a byte source in one answer: bounds the work of one call. */
export const MAX_SOURCE_BYTES = 65_536;

export const recordMethods = {
  'record.detail': z.strictObject({ session: sessionId, seq }),
  'record.bytes': z.strictObject({
    session: sessionId,
    seq,
    source: z.number().int().nonnegative(),
    from: seq,
    count: z.number().int().min(0).max(MAX_SOURCE_BYTES),
  }),
  'record.payload': z.strictObject({
    session: sessionId,
    seq,
    view: z.union([z.literal('auto'), z.enum(PAYLOAD_VIEWS)]),
  }),
} as const;

export interface RecordOutput {
  'record.detail': RecordDetail;
  'record.bytes': { bytes: Uint8Array };
  'record.payload': PayloadView;
}

export interface RecordDetail {
  row: Row;
  fields: Field[];
  sources: { label: string; bytes: Uint8Array; total: number }[];
  payload?: number;
  notes: NoteDefinition[];
  problem?: Problem;
  /** The record this one answers or is made from. */
  link?: number;
  /** Of a DATA frame of a gRPC call: the message it carries, the first of several. */
  message?: number;
}
