// Buttons that run a command of the registry: name and shortcut come from there.
import type { LucideIcon } from 'lucide-react';
import { IconButton } from '../ui/button.tsx';
import { type CommandId, commandShortcut, commands, runCommand } from './commands.ts';

export interface CommandIconButtonProps {
  command: CommandId;
  icon: LucideIcon;
  disabled?: boolean;
  pressed?: boolean;
}

export function CommandIconButton({ command, icon, disabled, pressed }: CommandIconButtonProps) {
  return (
    <IconButton
      label={commands[command].title}
      shortcut={commandShortcut(command)}
      icon={icon}
      disabled={disabled}
      {...(pressed === undefined ? {} : { pressed })}
      onClick={() => runCommand(command)}
    />
  );
}
