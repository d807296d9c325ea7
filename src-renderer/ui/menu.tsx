// Menus from plain data: the same entries hang under a button or open at the pointer.
import type { LucideIcon } from 'lucide-react';
import { ContextMenu as RadixContext, DropdownMenu as RadixDropdown } from 'radix-ui';
import type { ReactNode } from 'react';
import { Kbd } from './kbd.tsx';
import './menu.css';

export type MenuEntry =
  | { type: 'separator' }
  | { type: 'label'; text: string }
  | {
      type?: 'item';
      text: string;
      icon?: LucideIcon;
      /** Right-hand side, faint: an explanation or a count. */
      hint?: string;
      shortcut?: string | undefined;
      disabled?: boolean;
      /** Draws a tick column; for choices. */
      checked?: boolean;
      danger?: boolean;
      run(): void;
    };

/** The parts that the two kinds of menu share in shape. */
type Parts = Pick<typeof RadixDropdown, 'Item' | 'CheckboxItem' | 'Separator' | 'Label' | 'ItemIndicator'>;

function Entries({ entries, parts }: { entries: readonly MenuEntry[]; parts: Parts }) {
  return entries.map((entry, index) => {
    // Entries are static while the menu is open, and separators have no name.
    const key = `${index}${'text' in entry ? entry.text : ''}`;
    if (entry.type === 'separator') return <parts.Separator key={key} className="menu-separator" />;
    if (entry.type === 'label') {
      return (
        <parts.Label key={key} className="menu-label">
          {entry.text}
        </parts.Label>
      );
    }
    const { icon: Icon, checked } = entry;
    const content = (
      <>
        {Icon && <Icon size={14} strokeWidth={1.75} aria-hidden />}
        <span className="menu-text">{entry.text}</span>
        {entry.hint && <span className="menu-hint">{entry.hint}</span>}
        {entry.shortcut && <Kbd keys={entry.shortcut} />}
      </>
    );
    const common = {
      className: entry.danger ? 'menu-item menu-danger' : 'menu-item',
      disabled: entry.disabled ?? false,
      onSelect: () => entry.run(),
    };
    if (checked === undefined) {
      return (
        <parts.Item key={key} {...common}>
          {content}
        </parts.Item>
      );
    }
    return (
      <parts.CheckboxItem key={key} {...common} checked={checked}>
        <span className="menu-tick" aria-hidden>
          {checked ? '✓' : ''}
        </span>
        {content}
      </parts.CheckboxItem>
    );
  });
}

export interface MenuProps {
  entries: readonly MenuEntry[];
  /** One element that takes a ref: the button that opens it. */
  children: ReactNode;
  align?: 'start' | 'end';
  open?: boolean;
  onOpenChange?(open: boolean): void;
}

/** A menu under a button. */
export function Menu({ entries, children, align = 'start', open, onOpenChange }: MenuProps) {
  return (
    <RadixDropdown.Root
      modal={false}
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange ? { onOpenChange } : {})}
    >
      <RadixDropdown.Trigger asChild>{children}</RadixDropdown.Trigger>
      <RadixDropdown.Portal>
        <RadixDropdown.Content className="menu" align={align} sideOffset={4} collisionPadding={8}>
          <Entries entries={entries} parts={RadixDropdown} />
        </RadixDropdown.Content>
      </RadixDropdown.Portal>
    </RadixDropdown.Root>
  );
}

/** A menu at the pointer (or the Menu key) on `children`. */
export function ContextMenu({ entries, children }: { entries: readonly MenuEntry[]; children: ReactNode }) {
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content className="menu" collisionPadding={8}>
          <Entries entries={entries} parts={RadixContext as unknown as Parts} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  );
}
