// Orders to the engine about runs that are over.
import type { Run } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { attempt } from '../stores/problem.ts';
import { openTab, putSession, useSessions } from '../stores/sessions.ts';
import { showSidebar } from '../stores/sidebar.ts';
import { useHistoryView } from './history-view.ts';

/** Opens a run's capture as a tab; of a run that goes on, the session itself. */
export async function openRun(run: Run): Promise<void> {
  if (run.result === 'running' && run.session !== null && useSessions.getState().byId[run.session]) {
    openTab(run.session);
    return;
  }
  await openRunById(run.id);
}

export async function openRunById(id: string): Promise<void> {
  const session = await attempt(() => bridge.call('history.open', { id }));
  if (!session) return;
  putSession(session);
  openTab(session.id);
}

/** '' shows the session's name again. The changed run, or undefined if that failed. */
export function labelRun(run: Run, typed: string): Promise<Run | undefined> {
  const text = typed.trim();
  const label = text === '' || text === run.name ? null : text;
  if (label === run.label) return Promise.resolve(run);
  return attempt(() => bridge.call('history.rename', { id: run.id, label }));
}

export function keepRun(run: Run, kept: boolean): Promise<Run | undefined> {
  return attempt(() => bridge.call('history.keep', { id: run.id, kept }));
}

/** Deletes its capture for good. True when that is done. */
export async function removeRun(run: Run): Promise<boolean> {
  return (await attempt(async () => (await bridge.call('history.remove', { id: run.id })) === null)) === true;
}

/** Shows the sidebar with the history open, and gives it the focus. */
export function showHistory(): void {
  showSidebar();
  useHistoryView.setState({ open: true });
  // After it was drawn.
  setTimeout(focusHistory);
}

export function focusHistory(): void {
  document.querySelector<HTMLElement>('.history-heading')?.focus();
}
