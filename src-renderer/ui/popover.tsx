// A small panel under a button.
import { Popover as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import './popover.css';

export interface PopoverProps {
  label: string;
  /** One element that takes a ref: the button that opens it. */
  trigger: ReactNode;
  align?: 'start' | 'end';
  open: boolean;
  onOpenChange(open: boolean): void;
  /** For two columns. */
  wide?: boolean;
  children: ReactNode;
}

export function Popover({ label, trigger, align = 'end', open, onOpenChange, wide, children }: PopoverProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={classNames('popover', wide && 'popover-wide')}
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
