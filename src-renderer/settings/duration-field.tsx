// A span of time as session files write it: 250ms, 2s, 1m, or a number of milliseconds.
import { useState } from 'react';
import type { Duration } from '../../src-main/core/session-config.ts';
import { TextField } from '../ui/field.tsx';

export interface DurationFieldProps {
  label: string;
  value: Duration | undefined;
  onChange(value: Duration | undefined): void;
  placeholder?: string;
}

const PATTERN = /^\d+(\.\d+)?(ms|s|m)?$/;

/** What was typed as a duration; undefined if it is none. */
export function durationOf(text: string): Duration | undefined {
  if (!PATTERN.test(text)) return undefined;
  return /\d$/.test(text) ? Number(text) : text;
}

export function DurationField({ label, value, onChange, placeholder }: DurationFieldProps) {
  const [typed, setTyped] = useState<string>();
  const isBroken = typed !== undefined && typed !== '' && durationOf(typed) === undefined;
  return (
    <TextField
      label={label}
      data
      narrow
      value={isBroken ? typed : value === undefined ? '' : String(value)}
      {...(placeholder ? { placeholder } : {})}
      error={isBroken ? 'A duration such as 250ms, 2s or 1m.' : undefined}
      onChange={(text) => {
        const next = text?.trim() ?? '';
        setTyped(next);
        if (next === '') onChange(undefined);
        else {
          const duration = durationOf(next);
          if (duration !== undefined) onChange(duration);
        }
      }}
    />
  );
}
