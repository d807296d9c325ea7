// Menu entries made from commands.
import type { LucideIcon } from 'lucide-react';
import type { MenuEntry } from '../ui/menu.tsx';
import { type CommandId, commandShortcut, commands, isCommandEnabled, runCommand } from './commands.ts';

/** A menu entry that runs a command; greyed out while nobody can carry it out. */
export function commandEntry(id: CommandId, options: { icon?: LucideIcon; text?: string } = {}): MenuEntry {
  return {
    text: options.text ?? commands[id].title,
    ...(options.icon ? { icon: options.icon } : {}),
    shortcut: commandShortcut(id),
    disabled: !isCommandEnabled(id),
    run: () => runCommand(id),
  };
}
