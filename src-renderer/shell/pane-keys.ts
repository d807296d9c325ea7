// Keys that count in one place only, for the sheet of shortcuts. Who hears them is the place itself.
import { isMac } from '../bridge/host.ts';
import { shownShortcut } from './shortcuts.ts';

export interface PaneKeys {
  pane: string;
  keys: readonly (readonly [keys: string, does: string])[];
}

const shown = (shortcut: string) => shownShortcut(shortcut, isMac);

export const PANE_KEYS: readonly PaneKeys[] = [
  {
    pane: 'In the rows',
    keys: [
      ['↑ ↓', 'Go to a row; with Shift, select several'],
      ['Home, End', 'First row; last row, and follow'],
      ['→ ←', 'Unfold or fold a call'],
      ['M', 'Mark, to measure Δ from'],
      ['Enter', 'Go to the inspector'],
      [shown('Mod+C'), 'Copy'],
    ],
  },
  {
    pane: 'In the sidebar',
    keys: [
      ['↑ ↓ → ←', 'Go to a session or a folder, open and close it'],
      ['Enter', 'Open'],
      [`${shown('Mod+X')}, ${shown('Mod+V')}`, 'Move'],
      ['Del', 'Delete'],
    ],
  },
  {
    pane: 'In saved messages and tabs',
    keys: [
      [`${shown('Alt+↑')}, ${shown('Alt+↓')}`, 'Move a message'],
      ['Del', 'Delete the message, close the tab'],
    ],
  },
  {
    pane: 'Anywhere',
    keys: [
      ['Esc', 'Leave a field, a menu, a dialog'],
      ['Shift+F10', 'Menu of what is chosen'],
    ],
  },
];
