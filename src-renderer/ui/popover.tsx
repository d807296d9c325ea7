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
  /** Where it opens if there is room: above for what stands at the lower edge. */
  side?: 'top' | 'bottom';
  open: boolean;
  onOpenChange(open: boolean): void;
  /** For two columns. */
  wide?: boolean;
  children: ReactNode;
}

export function Popover(props: PopoverProps) {
  const { label, trigger, align = 'end', side = 'bottom', open, onOpenChange, wide, children } = props;
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={classNames('popover', wide && 'popover-wide')}
          aria-label={label}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
