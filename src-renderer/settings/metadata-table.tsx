// Metadata of a call: a name and a value a row, and always an empty row to go on typing.
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import type { MetadataConfig } from '../../src-main/core/session-config.ts';
import { sameData } from '../stores/same-data.ts';
import { IconButton } from '../ui/button.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { useListKeys } from './list-keys.ts';
import { type MetadataRow, metadataOf, metadataRows, rowError } from './metadata-rows.ts';
import './pairs-table.css';

export interface MetadataTableProps {
  label: string;
  metadata: MetadataConfig | undefined;
  onChange(metadata: MetadataConfig | undefined): void;
}

/** Rows that are refused wait here and are not part of the value. */
export function MetadataTable({ label, metadata, onChange }: MetadataTableProps) {
  const id = useId();
  const [typed, setTyped] = useState<MetadataRow[]>(() => metadataRows(metadata));
  const rows = sameData(metadataOf(typed), metadata) ? typed : metadataRows(metadata);
  const shown = [...rows, { name: '', value: '' }];
  const { keys, remove } = useListKeys(shown.length);
  const write = (next: MetadataRow[]) => {
    setTyped(next);
    onChange(metadataOf(next));
  };
  const change = (at: number, patch: Partial<MetadataRow>) =>
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
        const error = rowError(row);
        const isBinary = row.name.trim().toLowerCase().endsWith('-bin');
        return (
          <div key={keys[index]}>
            <div className="pairs-row">
              <VariableInput
                data
                aria-label={`${label}: name ${index + 1}`}
                placeholder={index === rows.length ? 'Add metadata' : 'Name'}
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
            {error && <p className="field-error">{error}</p>}
          </div>
        );
      })}
    </fieldset>
  );
}
