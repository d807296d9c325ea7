// The test a query puts to each record: level, connection, filter, the cheapest first.
import { protocolById, protocols } from '../../core/dissect/registry.ts';
import { parseFilter, ViewSubject } from '../../core/filter/filter.ts';
import { CaptureError } from '../capture-error.ts';
import type { CaptureIndex } from '../index/capture-index.ts';
import { IndexedRecordView } from './record-view.ts';

export interface RecordCriteria {
  /** Bits of `Level`, one of which a record must have. */
  levels: number;
  connection: number | undefined;
  /** Filter expression, '' for none. */
  filter: string;
}

/** Throws a CaptureError for a filter that is none. */
export function recordTest(index: CaptureIndex, criteria: RecordCriteria): (seq: number) => boolean {
  const { levels, connection, filter } = criteria;
  const { records } = index.state;
  const passes = filter.trim() === '' ? undefined : filterTest(index, filter);
  return (seq) => {
    if ((records.levels(seq) & levels) === 0) return false;
    if (connection !== undefined && records.connection(seq) !== connection) return false;
    return passes === undefined || passes(seq);
  };
}

function filterTest(index: CaptureIndex, text: string): (seq: number) => boolean {
  const parsed = parseFilter(text, protocols);
  if (!parsed.ok) {
    throw new CaptureError({ what: parsed.error, why: '', next: '', code: 'FILTER' });
  }
  const { filter } = parsed;
  const subject = new ViewSubject();
  return (seq) => {
    const view = new IndexedRecordView(index, seq);
    const protocol = protocolById(view.record.protocol);
    return protocol !== undefined && filter.matches(subject.set(view, protocol));
  };
}
