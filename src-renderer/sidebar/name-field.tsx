// A name being typed in the tree. Enter or leaving takes it, Escape leaves things as they were.
import { type FocusEvent, useRef, useState } from 'react';
import { Input } from '../ui/field.tsx';

export interface NameFieldProps {
  label: string;
  name: string;
  level: number;
  /** What is wrong with a name. */
  check(name: string): string | undefined;
  /** undefined: given up. */
  onEnd(name: string | undefined, byKey: boolean): void;
}

export function NameField({ label, name, level, check, onEnd }: NameFieldProps) {
  const [error, setError] = useState<string>();
  const ended = useRef(false);
  const end = (value: string | undefined, byKey: boolean) => {
    if (ended.current) return;
    ended.current = true;
    onEnd(value, byKey);
  };
  return (
    <div className="tree-name" style={{ paddingLeft: `${8 + (level - 1) * 14}px` }}>
      <Input
        aria-label={label}
        autoFocus
        defaultValue={name}
        invalid={error !== undefined}
        title={error}
        onFocus={(event: FocusEvent<HTMLInputElement>) => event.target.select()}
        onChange={(event) => setError(check(event.target.value))}
        onBlur={(event) => end(check(event.target.value) ? undefined : event.target.value, false)}
        onKeyDown={(event) => {
          event.stopPropagation();
          const { value } = event.currentTarget;
          if (event.key === 'Escape') end(undefined, true);
          else if (event.key === 'Enter') {
            const problem = check(value);
            setError(problem);
            if (!problem) end(value, true);
          }
        }}
      />
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
