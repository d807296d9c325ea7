// Resolves the chosen theme to light or dark, writes it to <html data-theme>, and tells who draws by themselves: editors,
// and the desktop.
import { create } from 'zustand';
import { desktop } from '../bridge/host.ts';
import { type ThemeChoice, usePreferences } from './preferences.ts';

export type Theme = 'light' | 'dark';

/** The theme that is shown. */
export const useTheme = create<{ theme: Theme }>(() => ({ theme: 'light' }));

/** Keeps <html data-theme> in step with the choice and the system. Call once. */
export function followTheme(): void {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const apply = (choice: ThemeChoice) => {
    const theme = choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice;
    document.documentElement.dataset.theme = theme;
    useTheme.setState({ theme });
    void desktop?.setTheme(choice);
  };
  apply(usePreferences.getState().theme);
  usePreferences.subscribe(({ theme }, before) => {
    if (theme !== before.theme) apply(theme);
  });
  dark.addEventListener('change', () => apply(usePreferences.getState().theme));
}
