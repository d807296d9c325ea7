// The test a query puts to each record: level, connection, filter, the cheapest first.
import type { CaptureIndex } from './capture-index.ts';

export interface RecordCriteria {
  /** Bits of `Level`, one of which a record must have. */
  levels: number;
  connection: number | undefined;
  /** Filter expression, '' for none. */
  filter: string;
}

/** Throws a FilterError if the filter is none. */
export function recordTest(index: CaptureIndex, criteria: RecordCriteria): (seq: number) => boolean {
  const { levels, connection } = criteria;
  const { records } = index.state;
  return (seq) => {
    if ((records.levels(seq) & levels) === 0) return false;
    return connection === undefined || records.connection(seq) === connection;
  };
}
