// Leaving a workspace ends its sessions. Whoever is about to asks here first; while none of them runs nobody is asked.
import { create } from 'zustand';
import { isRunning, shownSessions, useSessions } from './sessions.ts';

interface Leaving {
  /** What is asked about: names of the sessions that run. null: nothing. */
  running: readonly string[] | null;
  answer(leave: boolean): void;
}

const NOTHING: Leaving = { running: null, answer: () => {} };

export const useLeaving = create<Leaving>(() => NOTHING);

/** Whether the open workspace may be left. Resolves at once while none of its sessions runs. */
export async function mayLeaveWorkspace(): Promise<boolean> {
  const running = shownSessions(useSessions.getState())
    .filter((session) => session.place.in === 'workspace' && isRunning(session))
    .map(({ config }) => config.name);
  if (running.length === 0) return true;
  // A question that is still open is of an order that this one replaces.
  useLeaving.getState().answer(false);
  return await new Promise((resolve) => {
    const answer = (leave: boolean): void => {
      useLeaving.setState(NOTHING);
      resolve(leave);
    };
    useLeaving.setState({ running, answer });
  });
}
