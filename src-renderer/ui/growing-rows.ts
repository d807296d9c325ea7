// The rows of a table that stands for a value, and always an empty one behind them to go on typing.
import { useState } from 'react';
import { sameData } from '../stores/same-data.ts';
import { useListKeys } from './list-keys.ts';

export interface GrowingRowsOptions<Value, Row> {
  value: Value;
  toRows(value: Value): Row[];
  /** Rows that are refused, or not whole yet, are left out: they wait in the table. */
  toValue(rows: readonly Row[]): Value;
  empty: Row;
  onChange(value: Value): void;
}

export interface GrowingRows<Row> {
  /** The empty one is the last. */
  readonly rows: readonly Row[];
  readonly keys: readonly number[];
  change(at: number, patch: Partial<Row>): void;
  remove(at: number): void;
}

/** What is typed is shown as long as it means the value. */
export function useGrowingRows<Value, Row>(options: GrowingRowsOptions<Value, Row>): GrowingRows<Row> {
  const { value, toRows, toValue, empty, onChange } = options;
  const [typed, setTyped] = useState(() => toRows(value));
  const filled = sameData(toValue(typed), value) ? typed : toRows(value);
  const rows = [...filled, empty];
  const { keys, remove } = useListKeys(rows.length);
  const write = (next: Row[]) => {
    setTyped(next);
    onChange(toValue(next));
  };
  return {
    rows,
    keys,
    change(at, patch) {
      const next = rows.map((row, index) => (index === at ? { ...row, ...patch } : row));
      write(sameData(next.at(-1), empty) ? next.slice(0, -1) : next);
    },
    remove(at) {
      remove(at);
      write(filled.filter((_, index) => index !== at));
    },
  };
}
