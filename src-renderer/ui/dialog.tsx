// What floats over everything and takes the keyboard: a dialog in the middle, or a drawer along the right edge.
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';
import { classNames } from './class-names.ts';
import './dialog.css';
import { useFocusReturn } from './focus-home.ts';

export interface DialogProps {
  title: string;
  /** One sentence under the title. */
  description?: ReactNode;
  open: boolean;
  onClose(): void;
  variant?: 'dialog' | 'drawer';
  className?: string;
  children: ReactNode;
}

export function Dialog(props: DialogProps) {
  const { title, description, open, onClose, variant = 'dialog', className, children } = props;
  const { remember, giveBack } = useFocusReturn();
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className={classNames(variant, className)}
          onOpenAutoFocus={(event) => {
            remember();
            focusEntry(event);
          }}
          onCloseAutoFocus={giveBack}
          onInteractOutside={(event) => {
            // Toasts lie over dialogs. One that was clicked may be gone from their list by now.
            if ((event.target as Element).closest('.toast')) event.preventDefault();
          }}
          onKeyDown={(event) => {
            // A tooltip has taken the key: one Esc closes both.
            const isTaken = event.key === 'Escape' && event.defaultPrevented;
            if (isTaken && event.currentTarget.contains(event.target as Node)) onClose();
          }}
          {...(description ? {} : { 'aria-describedby': '' })}
        >
          <header className="dialog-header">
            <Radix.Title className="dialog-title">{title}</Radix.Title>
            <IconButton label="Close" icon={X} shortcut="Esc" onClick={onClose} />
          </header>
          {description && <Radix.Description className="dialog-description">{description}</Radix.Description>}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The focus goes to what is to be typed or chosen first, never to the closing cross: its tooltip would take the first Esc. */
function focusEntry(event: Event): void {
  const content = event.currentTarget as HTMLElement;
  const entry = content.querySelector<HTMLElement>('[data-dialog-entry], .dialog-body input, .dialog-body button');
  event.preventDefault();
  (entry ?? content).focus();
}

/** The row of buttons that ends a dialog. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="dialog-actions">{children}</div>;
}
