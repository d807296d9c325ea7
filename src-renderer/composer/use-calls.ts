// The gRPC calls of a session as its endpoint counts them: open ones first, then the last that ended.
import { useEffect, useRef, useState } from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import type { CallState } from '../../src-main/core/grpc-call.ts';
import { bridge } from '../bridge/bridge.ts';

/** Calls that are listed; of more than that nobody reads. */
const LISTED = 200;
/** Asked again no more often than this while calls come and go. */
const REFRESH_MS = 100;

export interface Calls {
  total: number;
  calls: readonly CallState[];
}

const NONE: Calls = { total: 0, calls: [] };

/** Refreshed whenever something is told of the session: a call may end after its last record. */
export function useCalls(session: SessionState): Calls {
  const [answer, setAnswer] = useState<Calls>(NONE);
  const last = useRef(0);
  useEffect(() => {
    const { id, phase, config } = session;
    if (config.protocol !== 'grpc' || phase === 'idle') return;
    let stale = false;
    const wait = Math.max(0, last.current + REFRESH_MS - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      bridge.call('sessions.calls', { session: id, from: 0, count: LISTED }).then(
        (found) => !stale && setAnswer(found),
        // Without an answer the list stays as it was.
        () => undefined,
      );
    }, wait);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [session]);
  return answer;
}

/** The call that goes on and began last. */
export function openCall(calls: readonly CallState[]): CallState | undefined {
  return newest(calls.filter((call) => !call.ended));
}

/** The call that began last, over or not. */
export function newest(calls: readonly CallState[]): CallState | undefined {
  return calls.reduce<CallState | undefined>((best, call) => (best && best.call > call.call ? best : call), undefined);
}
