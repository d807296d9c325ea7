// Turns key presses anywhere in the window into commands.
import { isMac } from '../bridge/host.ts';
import { commandIds, commands, isCommandEnabled, runCommand } from './commands.ts';
import { matchesShortcut } from './shortcuts.ts';

/** Listens for the window's whole life, before anybody else gets the key. Call once. */
export function listenForShortcuts(): void {
  window.addEventListener('keydown', onKeyDown, { capture: true });
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.isComposing) return;
  const id = commandIds.find((each) =>
    commands[each].shortcuts?.some((shortcut) => matchesShortcut(shortcut, event, isMac)),
  );
  if (!id || (commands[id].notWhileEditing && isEditor(event.target))) return;
  if (keepsKey(event)) return;
  // A dialog keeps the keyboard to itself; only the palette may be closed by its own key.
  if (id !== 'palette.open' && document.querySelector('[role="dialog"][data-state="open"].dialog, .drawer')) return;
  if (!isCommandEnabled(id)) return;
  event.preventDefault();
  if (commands[id].opensMenu) {
    setTimeout(() => runCommand(id));
    return;
  }
  event.stopPropagation();
  runCommand(id);
}

/** An element keeps keys to itself and what is in it by naming them: `data-own-keys="F2 Delete"`. */
function keepsKey({ target, key }: KeyboardEvent): boolean {
  const owner = target instanceof Element ? target.closest<HTMLElement>('[data-own-keys]') : null;
  return owner?.dataset.ownKeys?.split(' ').includes(key) ?? false;
}

function isEditor(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.monaco-editor') !== null;
}
