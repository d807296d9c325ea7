// Names with values, one row each, and always an empty row to go on typing: headers, cookies.
import { X } from 'lucide-react';
import { useId } from 'react';
import { IconButton } from '../ui/button.tsx';
import { useGrowingRows } from '../ui/growing-rows.ts';
import { VariableInput } from '../variables/variable-input.tsx';
import './pairs-table.css';

export type Pairs = { [name: string]: string };

interface Row {
  name: string;
  value: string;
}

const EMPTY_ROW: Row = { name: '', value: '' };

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
  const { rows, keys, change, remove } = useGrowingRows({
    value: pairs,
    toRows: rowsOf,
    toValue: pairsOf,
    empty: EMPTY_ROW,
    onChange,
  });
  const names = rows.map((row) => row.name.toLowerCase()).filter(Boolean);
  return (
    <fieldset className="pairs" aria-labelledby={id}>
      <p id={id} className="pairs-label">
        {label}
      </p>
      {rows.map((row, index) => {
        const isEmpty = index === rows.length - 1;
        const isDouble = row.name !== '' && names.filter((name) => name === row.name.toLowerCase()).length > 1;
        return (
          <div className="pairs-row" key={keys[index]}>
            <VariableInput
              data
              aria-label={`${label}: name ${index + 1}`}
              placeholder={isEmpty ? namePlaceholder : 'Name'}
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
            <IconButton label="Remove" icon={X} disabled={isEmpty} onClick={() => remove(index)} />
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
