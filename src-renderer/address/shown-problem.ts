// Which problem stands under a session's address.
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { Problem } from '../../src-main/core/event.ts';

export interface ShownProblem {
  problem: Problem;
  /** Starting the session again may help. */
  canRetry: boolean;
}

/**
 * `running`: it goes on; `edit`: why the last edit was refused; `start`: why the last start was. What is wrong beside a session that goes on, such
 * as a file that cannot be written, is shown as well.
 */
export function shownProblem(
  session: SessionState,
  running: boolean,
  edit: Problem | undefined,
  start: Problem | undefined,
): ShownProblem | undefined {
  if (edit) return { problem: edit, canRetry: false };
  const failed = running ? undefined : ((session.phase === 'failed' ? session.problem : undefined) ?? start);
  if (failed) return { problem: failed, canRetry: session.config.role !== 'capture' };
  return session.problem && { problem: session.problem, canRetry: false };
}
