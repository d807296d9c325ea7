// The path of a file on the engine's machine: typed, chosen on the desktop, uploaded from a browser.
import { FolderOpen } from 'lucide-react';
import { type ReactNode, use } from 'react';
import { reportProblem } from '../stores/problem.ts';
import { pickSessionPaths } from '../stores/session-files.ts';
import { IconButton } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { VariableSession } from '../variables/variable-session.ts';

export interface FileFieldProps {
  label: string;
  value: string | undefined;
  onChange(value: string | undefined): void;
  extensions: string[];
  placeholder?: string;
  hint?: ReactNode;
}

export function FileField({ label, value, onChange, extensions, placeholder, hint }: FileFieldProps) {
  const session = use(VariableSession);
  const choose = async () => {
    try {
      const [path] = await pickSessionPaths(session, label, extensions);
      if (path) onChange(path);
    } catch (error) {
      reportProblem(error);
    }
  };
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <div className="file-field">
          <VariableInput
            {...ids}
            data
            value={value ?? ''}
            placeholder={placeholder}
            onChange={(event) => onChange(event.target.value || undefined)}
          />
          <IconButton label={`Choose file: ${label}`} icon={FolderOpen} onClick={choose} />
        </div>
      )}
    </Field>
  );
}
