// Saved messages as the rows of a list, each with the wait before it.
import { Plus, X } from 'lucide-react';
import type { SavedMessage } from '../../src-main/core/session-config.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { useListKeys } from '../ui/list-keys.ts';
import { Select } from '../ui/select.tsx';
import type { ListRow } from './list-plan.ts';

export interface ListRowsProps {
  rows: readonly ListRow[];
  saved: readonly SavedMessage[];
  /** Stands where no wait is typed. */
  pauseMs: number;
  onChange(rows: readonly ListRow[]): void;
}

export function ListRows({ rows, saved, pauseMs, onChange }: ListRowsProps) {
  const { keys, remove } = useListKeys(rows.length);
  const change = (at: number, patch: Partial<ListRow>) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, ...patch } : row)));
  return (
    <>
      {rows.length > 0 && (
        <div className="list-row list-heads" aria-hidden>
          <span>Wait before</span>
          <span>Message</span>
        </div>
      )}
      <ol className="list-rows" aria-label="Messages in order">
        {rows.map((row, index) => (
          <li key={keys[index]} className="list-row">
            <Input
              data
              aria-label={`Wait before message ${index + 1}`}
              placeholder={index === 0 ? '0ms' : `${pauseMs}ms`}
              value={row.wait}
              onChange={(event) => change(index, { wait: event.target.value })}
            />
            <Select
              label={`Message ${index + 1}`}
              options={optionsOf(saved, row.name)}
              value={row.name}
              onChange={(name) => change(index, { name })}
            />
            <IconButton
              label={`Remove message ${index + 1}`}
              icon={X}
              onClick={() => {
                remove(index);
                onChange(rows.filter((_, at) => at !== index));
              }}
            />
          </li>
        ))}
      </ol>
      <div>
        <Button
          variant="ghost"
          icon={Plus}
          disabled={saved.length === 0}
          onClick={() => onChange([...rows, { name: rows.at(-1)?.name ?? saved[0]?.name ?? '', wait: '' }])}
        >
          Add message
        </Button>
      </div>
    </>
  );
}

function optionsOf(saved: readonly SavedMessage[], chosen: string) {
  const names = saved.map(({ name }) => ({ value: name, label: name }));
  const isMissing = saved.every(({ name }) => name !== chosen);
  return isMissing ? [{ value: chosen, label: chosen, hint: 'missing' }, ...names] : names;
}
