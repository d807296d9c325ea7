// Form fields: label, control, hint or error, tied together for assistive technology.
import { type ComponentType, type InputHTMLAttributes, type ReactNode, type Ref, useId, useState } from 'react';
import { classNames } from './class-names.ts';
import './field.css';

export interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** Gets the ids that tie it to label and hint. */
  children(ids: { id: string; 'aria-describedby': string | undefined }): ReactNode;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <div className="field-control">
        {children({ id, 'aria-describedby': note ? noteId : undefined })}
        {note && (
          <p id={noteId} className={error ? 'field-error' : 'field-hint'}>
            {note}
          </p>
        )}
      </div>
    </div>
  );
}

export interface InputProps extends InputHTMLAttributes<HTMLInputElement> {
  /** Monospaced, for addresses, paths and values. */
  data?: boolean;
  invalid?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function Input({ data, invalid, className, ...rest }: InputProps) {
  return (
    <input
      className={classNames('input', data && 'data', className)}
      aria-invalid={invalid || undefined}
      autoComplete="off"
      autoCorrect="off"
      autoCapitalize="off"
      spellCheck={false}
      {...rest}
    />
  );
}

export interface TextFieldProps {
  label: string;
  value: string | undefined;
  /** undefined when emptied. */
  onChange(value: string | undefined): void;
  placeholder?: string;
  hint?: ReactNode;
  error?: string | undefined;
  data?: boolean;
  /** As wide as a number. */
  narrow?: boolean;
  type?: 'text' | 'password';
  /** What takes the text, in place of a plain Input. */
  control?: ComponentType<InputProps>;
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, placeholder, hint, error, data, narrow, type = 'text' } = props;
  const { control: Control = Input } = props;
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <Control
          {...ids}
          type={type}
          data={data ?? false}
          className={narrow ? 'input-number' : undefined}
          invalid={Boolean(error)}
          value={value ?? ''}
          placeholder={placeholder}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      )}
    </Field>
  );
}

export interface NumberFieldProps {
  label: string;
  value: number | undefined;
  /** undefined when emptied: the default holds. */
  onChange(value: number | undefined): void;
  min: number;
  max: number;
  /** Only whole numbers. */
  whole?: boolean;
  unit?: string;
  placeholder?: string;
  hint?: ReactNode;
}

/** Keeps what is typed until it is a number in range, and says so while it is not. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, onChange, min, max, whole = true, unit, placeholder, hint } = props;
  const [typed, setTyped] = useState<string>();
  const error = typed === undefined ? undefined : numberError(typed, min, max, whole);
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <div className="field-with-unit">
          <Input
            {...ids}
            className="input-number"
            data
            inputMode="decimal"
            invalid={Boolean(error)}
            value={typed ?? value ?? ''}
            placeholder={placeholder}
            onChange={(event) => {
              const text = event.target.value.trim();
              setTyped(text);
              if (text === '') onChange(undefined);
              else if (!numberError(text, min, max, whole)) onChange(Number(text));
            }}
            onBlur={() => setTyped(undefined)}
          />
          {unit && <span className="field-unit">{unit}</span>}
        </div>
      )}
    </Field>
  );
}

function numberError(text: string, min: number, max: number, whole: boolean): string | undefined {
  if (text === '') return undefined;
  const number = Number(text);
  if (!Number.isFinite(number)) return 'A number is needed.';
  if (whole && !Number.isInteger(number)) return 'A whole number is needed.';
  if (number < min || number > max) return `Between ${min} and ${max}.`;
  return undefined;
}
