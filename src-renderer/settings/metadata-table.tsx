// Metadata of a call: a name and a value a row, and always an empty row to go on typing.
import { X } from 'lucide-react';
import { useId } from 'react';
import type { MetadataConfig } from '../../src-main/core/session-config.ts';
import { IconButton } from '../ui/button.tsx';
import { useGrowingRows } from '../ui/growing-rows.ts';
import { VariableInput } from '../variables/variable-input.tsx';
import { type MetadataRow, metadataOf, metadataRows, rowError } from './metadata-rows.ts';
import './pairs-table.css';

const EMPTY_ROW: MetadataRow = { name: '', value: '' };

export interface MetadataTableProps {
  label: string;
  metadata: MetadataConfig | undefined;
  onChange(metadata: MetadataConfig | undefined): void;
}

/** Rows that are refused wait here and are not part of the value. */
export function MetadataTable({ label, metadata, onChange }: MetadataTableProps) {
  const id = useId();
  const { rows, keys, change, remove } = useGrowingRows({
    value: metadata,
    toRows: metadataRows,
    toValue: metadataOf,
    empty: EMPTY_ROW,
    onChange,
  });
  return (
    <fieldset className="pairs" aria-labelledby={id}>
      <p id={id} className="pairs-label">
        {label}
      </p>
      {rows.map((row, index) => {
        const isEmpty = index === rows.length - 1;
        const error = rowError(row);
        const isBinary = row.name.trim().toLowerCase().endsWith('-bin');
        return (
          <div key={keys[index]}>
            <div className="pairs-row">
              <VariableInput
                data
                aria-label={`${label}: name ${index + 1}`}
                placeholder={isEmpty ? 'Add metadata' : 'Name'}
                value={row.name}
                invalid={error !== undefined}
                onChange={(event) => change(index, { name: event.target.value })}
              />
              <VariableInput
                data
                aria-label={`${label}: value ${index + 1}`}
                placeholder={isBinary ? 'Base64, as SGVsbG8=' : 'Value'}
                value={row.value}
                invalid={error !== undefined}
                onChange={(event) => change(index, { value: event.target.value })}
              />
              <IconButton label="Remove" icon={X} disabled={isEmpty} onClick={() => remove(index)} />
            </div>
            {error && <p className="field-error">{error}</p>}
          </div>
        );
      })}
    </fieldset>
  );
}
