// Names with values, one row each, and always an empty row to go on typing: headers, cookies.
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { sameData } from '../stores/same-data.ts';
import { IconButton } from '../ui/button.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { useListKeys } from './list-keys.ts';
import './pairs-table.css';

export type Pairs = { [name: string]: string };

interface Row {
  name: string;
  value: string;
}

export interface PairsTableProps {
  label: string;
  pairs: Pairs | undefined;
  /** undefined when there are none. */
  onChange(pairs: Pairs | undefined): void;
  namePlaceholder: string;
}

/** Rows without a name wait here and are not part of the value; of doubled names the last counts. */
export function PairsTable({ label, pairs, onChange, namePlaceholder }: PairsTableProps) {
  const id = useId();
  const [typed, setTyped] = useState<Row[]>(() => rowsOf(pairs));
  const rows = sameData(pairsOf(typed), pairs) ? typed : rowsOf(pairs);
  const shown = [...rows, { name: '', value: '' }];
  const { keys, remove } = useListKeys(shown.length);
  const names = rows.map((row) => row.name.toLowerCase()).filter(Boolean);
  const write = (next: Row[]) => {
    setTyped(next);
    onChange(pairsOf(next));
  };
  const change = (at: number, patch: Partial<Row>) =>
    write(
      shown
        .map((row, index) => (index === at ? { ...row, ...patch } : row))
        .filter((row, index) => index < rows.length || row.name !== '' || row.value !== ''),
    );
  return (
    <fieldset className="pairs" aria-labelledby={id}>
      <p id={id} className="pairs-label">
        {label}
      </p>
      {shown.map((row, index) => {
        const isDouble = row.name !== '' && names.filter((name) => name === row.name.toLowerCase()).length > 1;
        return (
          <div className="pairs-row" key={keys[index]}>
            <VariableInput
              data
              aria-label={`${label}: name ${index + 1}`}
              placeholder={index === rows.length ? namePlaceholder : 'Name'}
              value={row.name}
              invalid={isDouble}
              title={isDouble ? 'Named twice: the last one counts.' : undefined}
              onChange={(event) => change(index, { name: event.target.value })}
            />
            <VariableInput
              data
              aria-label={`${label}: value ${index + 1}`}
              placeholder="Value"
              value={row.value}
              onChange={(event) => change(index, { value: event.target.value })}
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
    </fieldset>
  );
}

function rowsOf(pairs: Pairs | undefined): Row[] {
  return Object.entries(pairs ?? {}).map(([name, value]) => ({ name, value }));
}

function pairsOf(rows: readonly Row[]): Pairs | undefined {
  const named = rows.filter((row) => row.name.trim() !== '');
  return named.length > 0 ? Object.fromEntries(named.map((row) => [row.name.trim(), row.value])) : undefined;
}
