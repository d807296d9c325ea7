// A strip of tabs over panels, and a segmented switch for a few choices in place.
import { Tabs as Radix, ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import './tabs.css';

export interface Tab<Value extends string> {
  value: Value;
  label: ReactNode;
  disabled?: boolean;
}

export interface TabsProps<Value extends string> {
  label: string;
  tabs: readonly Tab<Value>[];
  value: Value;
  onChange(value: Value): void;
  /** At the right end of the strip. */
  actions?: ReactNode;
  /** The panel of the chosen tab. */
  children: ReactNode;
}

/** The strip with the panel of the chosen tab; arrows move between tabs. */
export function Tabs<Value extends string>(props: TabsProps<Value>) {
  const { label, tabs, value, onChange, actions, children } = props;
  return (
    <Radix.Root className="tabs" value={value} onValueChange={(next) => onChange(next as Value)}>
      <div className="tabs-strip">
        <Radix.List className="tabs-list" aria-label={label}>
          {tabs.map((tab) => (
            <Radix.Trigger key={tab.value} className="tab" value={tab.value} disabled={tab.disabled ?? false}>
              {tab.label}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {actions}
      </div>
      <Radix.Content className="tabs-panel" value={value} tabIndex={-1}>
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}

export interface SegmentsProps<Value extends string> {
  label: string;
  options: readonly { value: Value; label: ReactNode; disabled?: boolean }[];
  value: Value;
  onChange(value: Value): void;
}

/** One of a few, side by side. */
export function Segments<Value extends string>({ label, options, value, onChange }: SegmentsProps<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      className="segments"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        if (next) onChange(next as Value);
      }}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          className="segment"
          value={option.value}
          disabled={option.disabled ?? false}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
