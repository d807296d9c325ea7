// A list of words, typed with commas between them.
import { type ReactNode, useState } from 'react';
import { sameData } from '../stores/same-data.ts';
import { TextField } from '../ui/field.tsx';
import { VariableInput } from '../variables/variable-input.tsx';
import { wordsOf } from './words.ts';

export interface WordsFieldProps {
  label: string;
  value: string[] | undefined;
  onChange(value: string[] | undefined): void;
  placeholder?: string;
  hint?: ReactNode;
}

/** Keeps what is typed (a trailing comma, spaces) as long as it means the value. */
export function WordsField({ label, value, onChange, placeholder, hint }: WordsFieldProps) {
  const [typed, setTyped] = useState<string>();
  const shown = typed !== undefined && sameData(wordsOf(typed), value) ? typed : (value ?? []).join(', ');
  return (
    <TextField
      label={label}
      control={VariableInput}
      data
      value={shown}
      {...(placeholder ? { placeholder } : {})}
      hint={hint}
      onChange={(text) => {
        setTyped(text);
        onChange(wordsOf(text));
      }}
    />
  );
}
