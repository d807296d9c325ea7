// What the inspector shows of one record. Keeps the last detail it made, because byte sources are read in pieces.
import type { Output, PayloadViewName, RecordDetail } from '../../bridge/contract.ts';
import { MAX_SOURCE_BYTES } from '../../bridge/contract.ts';
import type { Capture } from '../../capture/capture.ts';
import { EVENT_ID, readEvent } from '../../core/dissect/event.ts';
import type { Problem } from '../../core/event.ts';
import type { Detail } from '../../core/field.ts';
import { decodePayload } from '../../core/payload/decode.ts';
import { NONE, type TimelineRecord } from '../../core/record.ts';
import { problem } from '../problem.ts';
import { notesOf, recordAt, rowOf } from './rows.ts';

/** Payload bytes that are decoded into a view. */
const MAX_VIEW_BYTES = 1024 * 1024;

export class Inspection {
  readonly #capture: Capture;
  #last: { seq: number; limitBytes: number; detail: Detail } | undefined;

  constructor(capture: Capture) {
    this.#capture = capture;
  }

  detail(seq: number): RecordDetail {
    const record = recordAt(this.#capture, seq);
    const { fields, sources, payload } = this.#make(seq, MAX_SOURCE_BYTES);
    const problem = this.#problem(record);
    const message = this.#capture.carriedMessage(seq);
    return {
      row: rowOf(this.#capture, seq),
      fields,
      sources: sources.map(({ label, bytes, total }) => ({ label, total, bytes: compact(bytes, MAX_SOURCE_BYTES) })),
      notes: notesOf(record),
      ...(payload !== undefined && { payload }),
      ...(record.link !== NONE && { link: record.link }),
      ...(message !== undefined && { message }),
      ...(problem && { problem }),
    };
  }

  /** What an event says went wrong. It comes from a file, so it may be anything. */
  #problem(record: TimelineRecord): Problem | undefined {
    if (record.protocol !== EVENT_ID) return undefined;
    const found: Partial<Problem> | null | undefined = readEvent(this.#capture.view(record.seq))?.problem;
    if (typeof found?.what !== 'string') return undefined;
    const { what, why, next, code, details } = found;
    return {
      what,
      why: String(why ?? ''),
      next: String(next ?? ''),
      ...(code !== undefined && { code: String(code) }),
      ...(details !== undefined && { details: String(details) }),
    };
  }

  bytes(seq: number, source: number, from: number, count: number): Output['record.bytes'] {
    recordAt(this.#capture, seq);
    const found = this.#holding(seq, from + count).sources[source];
    if (!found) throw problem(`Record ${seq} has no byte source ${source}.`, { code: 'NO_SOURCE' });
    return { bytes: compact(found.bytes.subarray(from), count) };
  }

  payload(seq: number, view: PayloadViewName | 'auto'): Output['record.payload'] {
    recordAt(this.#capture, seq);
    const payload = this.#capture.payload(seq, MAX_VIEW_BYTES);
    if (!payload) throw problem('This record has no payload.', { code: 'NO_PAYLOAD' });
    return decodePayload(payload, view);
  }

  /** A detail whose sources hold at least `limitBytes`. Who reads on gets ever larger ones made. */
  #holding(seq: number, limitBytes: number): Detail {
    const last = this.#last;
    if (last?.seq !== seq) return this.#make(seq, limitBytes);
    return last.limitBytes >= limitBytes ? last.detail : this.#make(seq, Math.max(limitBytes, last.limitBytes * 2));
  }

  #make(seq: number, limitBytes: number): Detail {
    const detail = this.#capture.detail(seq, limitBytes);
    this.#last = { seq, limitBytes, detail };
    return detail;
  }
}

/** A copy of the first `count` bytes with a buffer of their own: a port would clone the whole buffer behind a view. */
function compact(bytes: Uint8Array, count: number): Uint8Array {
  return new Uint8Array(bytes.subarray(0, count));
}
