// Files that the desktop opened, by menu, drop, command line or the system: shows the session that each became.
import { desktop } from '../bridge/host.ts';
import { openTab, useSessions } from '../stores/sessions.ts';

/** Listens for the window's whole life. Call once. */
export function showOpenedFiles(): void {
  desktop?.onShowSession(showWhenLoaded);
}

/** Loading the list chooses tabs of its own: what was opened comes after. */
function showWhenLoaded(session: string): void {
  if (useSessions.getState().loading === 'loaded') {
    openTab(session);
    return;
  }
  const undo = useSessions.subscribe(({ loading }) => {
    if (loading !== 'loaded') return;
    undo();
    openTab(session);
  });
}
