// Which sessions are at work. Pure: imports no electron.
import type { SessionState } from '../bridge/contract.ts';

/** Whether a session holds a connection or a port, or is about to. */
export function isLive({ phase }: Pick<SessionState, 'phase'>): boolean {
  return phase === 'connecting' || phase === 'waiting' || phase === 'open' || phase === 'closing';
}
