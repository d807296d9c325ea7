// Bringing back what was deleted: at once from the toast, later by Ctrl+Z in the tree. The engine keeps what was deleted
// and knows what comes back next.
import type { SessionPlace } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { hideToast, showToast } from '../ui/toast.tsx';
import { attempt } from './problem.ts';
import { openWhenThere } from './sessions.ts';
import { loadWorkspace, useWorkspace } from './workspace.ts';

const UNDO = 'undo';

/** With another workspace something else comes back next, or nothing. */
export function forgetUndo(): void {
  hideToast(UNDO);
}

/** Says what was deleted, with its undoing. `tabs`: places of the sessions that were open and shall be again. */
export function offerUndo(name: string, tabs: readonly SessionPlace[]): void {
  showToast({
    text: `Deleted “${name}”.`,
    // What was deleted last comes back first: only that may be offered.
    topic: UNDO,
    action: { label: 'Undo', run: () => void undoDeletion(tabs) },
  });
}

export async function undoDeletion(tabs: readonly SessionPlace[] = []): Promise<void> {
  const label = useWorkspace.getState().state.undo;
  openWhenThere(tabs);
  const isDone = await attempt(async () => (await bridge.call('workspace.undo', {})) === null);
  if (!isDone) return;
  await loadWorkspace();
  if (label && tabs.length === 0) showToast({ text: `Brought back “${label}”.`, topic: UNDO });
}
