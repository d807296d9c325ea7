// What a script expects of metadata: of the headers that one side has sent for a call, initial ones and trailers.
import type { Capture } from '../../capture/capture.ts';
import { HTTP2_ID } from '../../core/dissect/http2/format.ts';
import { headersOf, headerText } from '../../core/dissect/http2/header-fields.ts';
import type { TimelineRecord } from '../../core/record.ts';
import type { MetadataConfig } from '../../core/session-config.ts';

/** Whether a record carries a header list. */
export function hasHeaders(capture: Capture, record: TimelineRecord): boolean {
  return record.protocol === HTTP2_ID && headersOf(capture.view(record.seq)) !== undefined;
}

/** What keeps headers from being the expected ones, as a sentence; undefined if all are there. */
export function metadataDifference(
  capture: Capture,
  wanted: MetadataConfig,
  seqs: Iterable<number>,
): string | undefined {
  const found = new Map<string, string[]>();
  for (const seq of seqs) {
    for (const { name, value } of headersOf(capture.view(seq))?.items ?? []) {
      const values = found.get(name) ?? [];
      values.push(...valuesOf(name, headerText(value)));
      found.set(name, values);
    }
  }
  for (const [key, value] of Object.entries(wanted)) {
    const name = key.toLowerCase();
    const got = found.get(name) ?? [];
    for (const one of [value].flat()) {
      if (valuesOf(name, one).every((part) => got.includes(part))) continue;
      return `Expected ${name} to be “${one}”, got ${got.length > 0 ? `“${got.join(', ')}”` : 'none'}.`;
    }
  }
  return undefined;
}

/** Records of headers that the sender of `last` has sent on its stream, up to it. */
export function* streamHeaders(capture: Capture, last: TimelineRecord): Generator<number> {
  const { connection, stream, direction } = last;
  for (let seq = last.seq; seq >= 0; seq -= 1) {
    const record = capture.record(seq);
    if (record.connection !== connection || record.stream !== stream) continue;
    if (capture.call(seq)) return;
    if (record.direction === direction && hasHeaders(capture, record)) yield seq;
  }
}

/** Records of headers that a side of a connection has sent in a span of time, in microseconds. */
export function* headersBetween(
  capture: Capture,
  { connection, direction }: Pick<TimelineRecord, 'connection' | 'direction'>,
  from: number,
  to: number,
): Generator<number> {
  for (let seq = capture.count - 1; seq >= 0; seq -= 1) {
    const record = capture.record(seq);
    if (record.at < from) return;
    if (record.at > to || record.connection !== connection || record.direction !== direction) continue;
    if (hasHeaders(capture, record)) yield seq;
  }
}

/** Binary values may be joined by commas, and padded or not. */
function valuesOf(name: string, value: string): string[] {
  if (!name.endsWith('-bin')) return [value];
  return value.split(',').map((part) => part.trim().replace(/=+$/, ''));
}
