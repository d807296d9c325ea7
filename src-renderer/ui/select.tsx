// A choice of one, in the look of the instrument; keyboard and typing as in a native one.
import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import { classNames } from './class-names.ts';
import './select.css';

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
  /** Right-hand side, faint. */
  hint?: string;
}

export interface SelectProps<Value extends string> {
  label: string;
  options: readonly SelectOption<Value>[];
  value: Value;
  onChange(value: Value): void;
  disabled?: boolean;
  id?: string;
  /** Without a border until hovered, for bars. */
  quiet?: boolean;
}

export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, options, value, onChange, disabled, id, quiet } = props;
  return (
    <Radix.Root value={value} onValueChange={(next) => onChange(next as Value)} disabled={disabled ?? false}>
      <Radix.Trigger id={id} className={classNames('select', quiet && 'select-quiet')} aria-label={label}>
        <Radix.Value />
        <Radix.Icon>
          <ChevronDown size={12} strokeWidth={2} aria-hidden />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu select-content" position="popper" sideOffset={4} collisionPadding={8}>
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item key={option.value} value={option.value} className="menu-item">
                <span className="menu-tick">
                  <Radix.ItemIndicator>
                    <Check size={12} strokeWidth={2} aria-hidden />
                  </Radix.ItemIndicator>
                </span>
                <span className="menu-text">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                </span>
                {option.hint && <span className="menu-hint">{option.hint}</span>}
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
