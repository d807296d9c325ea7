// Where the sidebar is: beside the sessions, over them where the window is too narrow for both, or hidden. Over them it
// comes when it is called and goes when something is opened; only whether it is wanted beside them is remembered.
import { create } from 'zustand';
import { usePreferences } from './preferences.ts';

export type SidebarPlace = 'beside' | 'over' | 'hidden';

/** Windows in which the bars of a session beside the sidebar would not have the room they need, as at 200 % zoom. */
const NARROW = '(max-width: 759.98px)';

const useNarrowWindow = create(() => ({ isNarrow: false, isCalled: false }));

/** Keeps in step with the width of the window. Call once. */
export function followWindowWidth(): void {
  const narrow = window.matchMedia(NARROW);
  const apply = () => useNarrowWindow.setState({ isNarrow: narrow.matches, isCalled: false });
  apply();
  // After the panels have measured the window: a sidebar that came before would get its share of the narrow one.
  narrow.addEventListener('change', () => setTimeout(apply));
}

function placeOf(isWanted: boolean, { isNarrow, isCalled } = useNarrowWindow.getState()): SidebarPlace {
  if (isNarrow) return isCalled ? 'over' : 'hidden';
  return isWanted ? 'beside' : 'hidden';
}

export function useSidebarPlace(): SidebarPlace {
  const isWanted = usePreferences((state) => state.sidebar);
  return placeOf(isWanted, useNarrowWindow());
}

export function showSidebar(): void {
  if (useNarrowWindow.getState().isNarrow) useNarrowWindow.setState({ isCalled: true });
  else usePreferences.setState({ sidebar: true });
}

export function toggleSidebar(): void {
  const isShown = placeOf(usePreferences.getState().sidebar) !== 'hidden';
  if (!isShown) showSidebar();
  else if (useNarrowWindow.getState().isNarrow) uncoverSessions();
  else usePreferences.setState({ sidebar: false });
}

/** Takes away a sidebar that lies over the sessions; one beside them stays. */
export function uncoverSessions(): void {
  useNarrowWindow.setState({ isCalled: false });
}
