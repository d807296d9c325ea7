// The window's title: what it shows, so that windows and browser tabs can be told apart.
import { activeSession, configOf, useSessions } from '../stores/sessions.ts';

/** Follows the chosen tab for the window's whole life. Call once. */
export function followTitle(): void {
  useSessions.subscribe((state) => {
    const session = activeSession(state);
    const name = session && configOf(state, session.id)?.name;
    const title = name ? `${name} – Wirescope` : 'Wirescope';
    if (document.title !== title) document.title = title;
  });
}
