// On or off, with its name and, where it matters, what that means.
import { Switch as Radix } from 'radix-ui';
import { type ReactNode, useId } from 'react';
import './switch.css';

export interface SwitchFieldProps {
  label: string;
  checked: boolean;
  onChange(checked: boolean): void;
  hint?: ReactNode;
  disabled?: boolean;
}

export function SwitchField({ label, checked, onChange, hint, disabled }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className="switch-field">
      <Radix.Root
        id={id}
        className="switch"
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled ?? false}
        aria-describedby={hint ? `${id}-hint` : undefined}
      >
        <Radix.Thumb className="switch-thumb" />
      </Radix.Root>
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <p id={`${id}-hint`} className="field-hint">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

export interface CheckboxProps {
  label: string;
  /** The label is only for assistive technology: a column's heading tells it. */
  isSilent?: boolean;
  checked: boolean;
  onChange(checked: boolean): void;
}

/** A small box to tick, for rows of flags. */
export function Checkbox({ label, isSilent, checked, onChange }: CheckboxProps) {
  return (
    <label className="checkbox">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {isSilent ? <span className="visually-hidden">{label}</span> : label}
    </label>
  );
}
