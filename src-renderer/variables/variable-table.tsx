// Variables as a table: name, value, whether it is a secret; and always an empty row to go on typing.
import { X } from 'lucide-react';
import type { Ref } from 'react';
import { bridge } from '../bridge/bridge.ts';
import { attempt } from '../stores/problem.ts';
import { sameData } from '../stores/same-data.ts';
import { IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { useListKeys } from '../ui/list-keys.ts';
import { Checkbox } from '../ui/switch.tsx';
import { SecretValue } from './secret-value.tsx';
import { VariableInput } from './variable-input.tsx';
import { type VariableRow, variableError } from './variable-rows.ts';
import './variable-table.css';

const EMPTY_ROW: VariableRow = { name: '', value: '', secret: false };

export interface VariableTableProps {
  label: string;
  rows: readonly VariableRow[];
  /** The session whose own they are; absent: they are the workspace's. */
  session?: string;
  /** Whatever was typed. */
  onEdit(rows: VariableRow[]): void;
  /** What is not to wait: a field was left, a row removed. */
  onSave(rows: VariableRow[]): void;
  ref?: Ref<HTMLFieldSetElement>;
}

export function VariableTable({ label, rows, session, onEdit, onSave, ref }: VariableTableProps) {
  const shown = [...rows, EMPTY_ROW];
  const { keys, remove } = useListKeys(shown.length);
  const save = () => onSave([...rows]);

  const changed = (at: number, patch: Partial<VariableRow>): VariableRow[] => {
    const next = shown.map((row, index) => (index === at ? { ...row, ...patch } : row));
    const isStillEmpty = sameData(next.at(-1), EMPTY_ROW);
    return isStillEmpty ? next.slice(0, -1) : next;
  };

  const editNow = (next: VariableRow[]) => {
    onEdit(next);
    onSave(next);
  };

  /** A value that becomes a secret moves to where secrets are kept, before it leaves the file. */
  const setSecret = async (at: number, secret: boolean) => {
    const { name = '', value = '' } = shown[at] ?? {};
    if (secret && name !== '' && value !== '') {
      const order = { name: name.trim(), value, ...(session === undefined ? {} : { session }) };
      const isKept = await attempt(async () => (await bridge.call('secrets.set', order)) === null);
      if (!isKept) return;
    }
    editNow(changed(at, { secret, value: '' }));
  };

  return (
    <fieldset className="variable-table" aria-label={label} ref={ref} onBlur={save}>
      <div className="variable-row variable-head" aria-hidden>
        <span>Name</span>
        <span>Value</span>
        <span>Secret</span>
      </div>
      {shown.map((row, at) => {
        const error = variableError(shown, at);
        return (
          <div key={keys[at]}>
            <div className="variable-row">
              <Input
                data
                aria-label={`Name ${at + 1}`}
                placeholder={at === rows.length ? 'Add a variable' : 'Name'}
                value={row.name}
                invalid={error !== undefined}
                onChange={(event) => onEdit(changed(at, { name: event.target.value }))}
                onKeyDown={(event) => event.key === 'Enter' && save()}
              />
              {row.secret ? (
                <SecretValue name={row.name.trim()} label={`Value ${at + 1}`} session={session} />
              ) : (
                <VariableInput
                  data
                  aria-label={`Value ${at + 1}`}
                  placeholder="Value"
                  value={row.value}
                  onChange={(event) => onEdit(changed(at, { value: event.target.value }))}
                  onKeyDown={(event) => event.key === 'Enter' && save()}
                />
              )}
              <Checkbox
                isSilent
                label={`Secret ${at + 1}`}
                checked={row.secret}
                onChange={(secret) => void setSecret(at, secret)}
              />
              <IconButton
                label="Remove"
                icon={X}
                disabled={at === rows.length}
                onClick={() => {
                  remove(at);
                  editNow(rows.filter((_, index) => index !== at));
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
