// A JSON value as text: kept as typed while it is none, and said so.
import { useId, useState } from 'react';
import { jsonFault } from '../proto-json/json-fault.ts';
import { sameData } from '../stores/same-data.ts';
import { Field } from '../ui/field.tsx';
import { VariableArea } from '../variables/variable-input.tsx';

export interface JsonFieldProps {
  label: string;
  value: unknown;
  /** undefined when emptied. */
  onChange(value: unknown): void;
  placeholder?: string;
  hint?: string;
  rows?: number;
}

export function JsonField({ label, value, onChange, placeholder, hint, rows = 3 }: JsonFieldProps) {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const reading = typed === undefined ? undefined : readJson(typed);
  const isStale = reading?.ok === true && !sameData(reading.value, value);
  const shown = typed === undefined || isStale ? jsonText(value) : typed;
  const error = reading && !reading.ok ? reading.error : undefined;
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <VariableArea
          {...ids}
          key={id}
          invalid={error !== undefined}
          rows={rows}
          placeholder={placeholder}
          value={shown}
          onChange={(event) => {
            const text = event.target.value;
            setTyped(text);
            const next = readJson(text);
            if (next.ok) onChange(next.value);
          }}
        />
      )}
    </Field>
  );
}

function jsonText(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value, undefined, 2);
}

function readJson(text: string): { ok: true; value: unknown } | { ok: false; error: string } {
  if (text.trim() === '') return { ok: true, value: undefined };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, error: jsonFault(text, error) };
  }
}
