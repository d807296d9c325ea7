// Variables that get their values from a message: a name and a place in its JSON, a row each.
import { X } from 'lucide-react';
import { useState } from 'react';
import { useListKeys } from '../settings/list-keys.ts';
import { sameData } from '../stores/same-data.ts';
import { IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { captureError } from './step-edit.ts';

export interface CaptureTableProps {
  capture: { [name: string]: string };
  onChange(capture: { [name: string]: string }): void;
}

interface Row {
  name: string;
  path: string;
}

/** Rows that are not whole yet wait here and are not part of the value. */
export function CaptureTable({ capture, onChange }: CaptureTableProps) {
  const [typed, setTyped] = useState<Row[]>(() => rowsOf(capture));
  const rows = sameData(captureOf(typed), capture) ? typed : rowsOf(capture);
  const shown = [...rows, { name: '', path: '' }];
  const { keys, remove } = useListKeys(shown.length);
  const write = (next: Row[]) => {
    setTyped(next);
    onChange(captureOf(next));
  };
  const change = (at: number, patch: Partial<Row>) =>
    write(
      shown
        .map((row, index) => (index === at ? { ...row, ...patch } : row))
        .filter((row, index) => index < rows.length || row.name !== '' || row.path !== ''),
    );
  return (
    <div className="capture-table">
      {shown.map((row, index) => {
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
            <IconButton
              label="Remove"
              icon={X}
              disabled={index === rows.length}
              onClick={() => {
                remove(index);
                write(rows.filter((_, at) => at !== index));
              }}
            />
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
