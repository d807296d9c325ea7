// Variables that get their values from a message: a name and a place in its JSON, a row each.
import { X } from 'lucide-react';
import { IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { useGrowingRows } from '../ui/growing-rows.ts';
import { captureError } from './step-edit.ts';

export interface CaptureTableProps {
  capture: { [name: string]: string };
  onChange(capture: { [name: string]: string }): void;
}

interface Row {
  name: string;
  path: string;
}

const EMPTY_ROW: Row = { name: '', path: '' };

/** Rows that are not whole yet wait here and are not part of the value. */
export function CaptureTable({ capture, onChange }: CaptureTableProps) {
  const { rows, keys, change, remove } = useGrowingRows({
    value: capture,
    toRows: rowsOf,
    toValue: captureOf,
    empty: EMPTY_ROW,
    onChange,
  });
  return (
    <div className="capture-table">
      {rows.map((row, index) => {
        const error = captureError(row.name, row.path);
        return (
          <div className="pairs-row" key={keys[index]}>
            <Input
              data
              aria-label={`Variable ${index + 1}`}
              placeholder="token"
              value={row.name}
              invalid={error !== undefined && row.name !== ''}
              title={error}
              onChange={(event) => change(index, { name: event.target.value })}
            />
            <Input
              data
              aria-label={`Place of variable ${index + 1}`}
              placeholder="$.auth.token"
              value={row.path}
              invalid={error !== undefined && row.path !== ''}
              title={error}
              onChange={(event) => change(index, { path: event.target.value })}
            />
            <IconButton label="Remove" icon={X} disabled={index === rows.length - 1} onClick={() => remove(index)} />
          </div>
        );
      })}
    </div>
  );
}

function rowsOf(capture: CaptureTableProps['capture']): Row[] {
  return Object.entries(capture).map(([name, path]) => ({ name, path }));
}

function captureOf(rows: readonly Row[]): CaptureTableProps['capture'] {
  const whole = rows.filter(({ name, path }) => path !== '' && captureError(name, path) === undefined);
  return Object.fromEntries(whole.map(({ name, path }) => [name, path]));
}
