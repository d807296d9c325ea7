// Fields for texts whose variables are those of the session around them: of one line, and of many.
import type { Ref, TextareaHTMLAttributes } from 'react';
import { classNames } from '../ui/class-names.ts';
import { Input, type InputProps } from '../ui/field.tsx';
import { VariableText } from './variable-text.tsx';

/** In place of an Input whose value is a string. */
export function VariableInput({ ref, onChange, onKeyDown, onBlur, ...rest }: InputProps) {
  return (
    <VariableText
      text={String(rest.value ?? '')}
      className={classNames('input', rest.data && 'data')}
      describedBy={rest['aria-describedby']}
      fieldRef={ref as Ref<HTMLInputElement | HTMLTextAreaElement>}
      onChange={(event) => onChange?.(event as Parameters<typeof onChange>[0])}
      onKeyDown={(event) => onKeyDown?.(event as Parameters<typeof onKeyDown>[0])}
      onBlur={(event) => onBlur?.(event as Parameters<typeof onBlur>[0])}
    >
      {(field) => <Input {...rest} {...field} />}
    </VariableText>
  );
}

export interface VariableAreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'value'> {
  value: string;
  invalid?: boolean;
}

/** In place of a textarea. */
export function VariableArea({ invalid, onChange, onKeyDown, onBlur, ...rest }: VariableAreaProps) {
  return (
    <VariableText
      text={rest.value}
      multiline
      className="input data"
      describedBy={rest['aria-describedby']}
      onChange={(event) => onChange?.(event as Parameters<typeof onChange>[0])}
      onKeyDown={(event) => onKeyDown?.(event as Parameters<typeof onKeyDown>[0])}
      onBlur={(event) => onBlur?.(event as Parameters<typeof onBlur>[0])}
    >
      {(field) => (
        <textarea
          className="input data"
          aria-invalid={invalid || undefined}
          autoComplete="off"
          spellCheck={false}
          {...rest}
          {...field}
        />
      )}
    </VariableText>
  );
}
