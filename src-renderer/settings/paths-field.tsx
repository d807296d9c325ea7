// Paths on the engine's machine, one a row: typed, or chosen.
import { FolderOpen, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { VariableInput } from '../variables/variable-input.tsx';

export interface PathsFieldProps {
  label: string;
  paths: readonly string[];
  placeholder: string;
  hint?: string;
  onChange(paths: string[] | undefined): void;
  /** Has a person choose some; absent where they can only be typed. */
  choose?: { label: string; run(): void };
}

export function PathsField({ label, paths, placeholder, hint, onChange, choose }: PathsFieldProps) {
  const [typed, setTyped] = useState('');
  const write = (next: string[]) => onChange(next.length > 0 ? next : undefined);
  const add = () => {
    const path = typed.trim();
    if (path === '') return;
    setTyped('');
    if (!paths.includes(path)) write([...paths, path]);
  };
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <div className="paths-field">
          {paths.map((path) => (
            <div className="file-field" key={path}>
              <span className="input data paths-path selectable" title={path}>
                {path}
              </span>
              <IconButton
                label={`Remove ${path}`}
                icon={X}
                onClick={() => write(paths.filter((each) => each !== path))}
              />
            </div>
          ))}
          <div className="file-field">
            <VariableInput
              {...ids}
              data
              value={typed}
              placeholder={placeholder}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                add();
              }}
            />
            <IconButton label={`Add: ${label}`} icon={Plus} disabled={typed.trim() === ''} onClick={add} />
          </div>
          {choose && (
            <Button icon={FolderOpen} onClick={choose.run}>
              {choose.label}
            </Button>
          )}
        </div>
      )}
    </Field>
  );
}
