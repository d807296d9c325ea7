// Buttons: one look, three weights. An icon-only button must say its label.
import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, Ref } from 'react';
import './button.css';
import { classNames } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** primary: the one next action; default: bordered; ghost: no border until hovered; danger: destroys. */
  variant?: 'primary' | 'default' | 'ghost' | 'danger';
  icon?: LucideIcon;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = 'default', icon: Icon, className, children, type, ...rest }: ButtonProps) {
  return (
    <button type={type ?? 'button'} className={classNames('button', `button-${variant}`, className)} {...rest}>
      {Icon && <Icon size={14} strokeWidth={1.75} aria-hidden />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Accessible name and tooltip. */
  label: string;
  icon: LucideIcon;
  /** Shown in the tooltip, as `⌘K`. */
  shortcut?: string | undefined;
  /** Drawn pressed; makes it a toggle for assistive technology. */
  pressed?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, icon: Icon, shortcut, pressed, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={classNames('icon-button', className)}
        {...rest}
      >
        <Icon size={14} strokeWidth={1.75} aria-hidden />
      </button>
    </Tooltip>
  );
}
