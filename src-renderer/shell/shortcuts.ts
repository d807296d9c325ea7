// Shortcuts written as `Mod+Shift+K`: how they are matched against a key press and how they are shown. `Mod` is Command
// on a Mac and Control elsewhere.

export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const SYMBOLS: { [key: string]: string } = { Enter: '⏎', Escape: 'Esc', ',': ',' };

/** Whether a key press is the shortcut, with exactly its modifiers. */
export function matchesShortcut(shortcut: string, press: KeyPress, mac: boolean): boolean {
  const parts = shortcut.split('+');
  const key = parts.pop() ?? '';
  const has = (name: string) => parts.includes(name);
  const wantsControl = has('Ctrl') || (has('Mod') && !mac);
  const wantsMeta = has('Mod') && mac;
  if (press.ctrlKey !== wantsControl || press.metaKey !== wantsMeta) return false;
  if (press.altKey !== has('Alt') || press.shiftKey !== has('Shift')) return false;
  // With Alt a Mac types other characters: the physical key counts.
  if (has('Alt') && /^[A-Z]$/.test(key)) return press.code === `Key${key}`;
  return press.key.toLowerCase() === key.toLowerCase();
}

/** The shortcut as the platform writes it: `⌘K`, `Ctrl+K`. */
export function shownShortcut(shortcut: string, mac: boolean): string {
  const parts = shortcut.split('+');
  const key = parts.pop() ?? '';
  const shownKey = SYMBOLS[key] ?? key;
  if (!mac) return [...parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)), shownKey].join('+');
  const symbols: { [name: string]: string } = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' };
  return `${parts.map((part) => symbols[part] ?? part).join('')}${shownKey}`;
}
