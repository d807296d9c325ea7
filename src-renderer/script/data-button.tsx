// The data file of a script: which it is, what it holds, choosing another.
import { FolderOpen, Table2 } from 'lucide-react';
import { useId, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { pickPath } from '../bridge/file-picker.ts';
import { reportProblem } from '../stores/problem.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { formatPlural } from '../ui/format.ts';
import { Popover } from '../ui/popover.tsx';
import { editData, takeDataFile } from './script-actions.ts';
import { type DataFile, useDataFile } from './use-data-file.ts';
import './data-button.css';

const EXTENSIONS = ['csv', 'json'];

export function DataButton({ session, config }: { session: SessionState; config: SessionConfig }) {
  const { id } = session;
  const { data } = config;
  const inputId = useId();
  const [open, setOpen] = useState(false);
  const found = useDataFile(id, data, open);
  const choose = async () => {
    try {
      const path = await pickPath('Data file', EXTENSIONS);
      if (path) await takeDataFile(id, path);
    } catch (error) {
      reportProblem(error);
    }
  };
  return (
    <Popover
      label="Data file"
      align="start"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant="ghost" icon={Table2} title="Run the script for each row of a file" className="data-button">
          <span>{data === undefined ? 'Data' : data.replace(/^.*[\\/]/, '')}</span>
        </Button>
      }
    >
      <div className="data-file">
        <label className="data-file-label" htmlFor={inputId}>
          Data file
        </label>
        <Input
          id={inputId}
          data
          placeholder="people.csv"
          value={data ?? ''}
          invalid={found?.ok === false}
          onChange={(event) => editData(id, event.target.value || undefined)}
        />
        <p className={found?.ok === false ? 'data-file-error' : 'data-file-note'} role="status">
          {noteOf(data, found)}
        </p>
        <div className="data-file-actions">
          {data !== undefined && (
            <Button variant="ghost" onClick={() => editData(id, undefined)}>
              Use none
            </Button>
          )}
          <Button icon={FolderOpen} onClick={choose}>
            Choose file…
          </Button>
        </div>
      </div>
    </Popover>
  );
}

function noteOf(data: string | undefined, found: DataFile | undefined): string {
  if (data === undefined)
    return 'CSV with a line of names, or a JSON list of objects. The script runs once for each row, with a connection of its own; {{name}} takes the row’s value.';
  if (!found) return 'Reading it';
  if (!found.ok) return found.error;
  return `${formatPlural(found.rows, 'row')} of ${found.names.join(', ')}`;
}
