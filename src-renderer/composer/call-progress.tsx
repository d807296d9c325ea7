// How a call of ours is: how long it goes on, how many messages went each way, what is left of its deadline; or how it
// ended. How long it took in all is the wire's to say: see its row.
import { useEffect, useState } from 'react';
import type { CallState } from '../../src-main/core/grpc-call.ts';
import { formatCount, formatDuration } from '../ui/format.ts';
import { StatusChip } from '../ui/status-chip.tsx';

const TICK_MS = 100;

export interface CallProgressProps {
  call: CallState;
  /** Other calls that go on. */
  others: number;
  /** 0: none. */
  deadlineMs: number;
}

export function CallProgress({ call, others, deadlineMs }: CallProgressProps) {
  const { ended, startedAt, clientMessages, serverMessages } = call;
  const nowUs = useNow(ended === undefined);
  const elapsedUs = Math.max(0, (ended?.at ?? nowUs) - startedAt);
  const leftUs = deadlineMs * 1000 - elapsedUs;
  return (
    <span className="call-progress" role="status" aria-label="Call">
      {ended ? <StatusChip code={ended.code} title={ended.message} /> : <span className="call-open">open</span>}
      {!ended && <span className="data">{formatDuration(elapsedUs)}</span>}
      <span className="data">
        <span className="call-up">↑{formatCount(clientMessages)}</span>{' '}
        <span className="call-down">↓{formatCount(serverMessages)}</span>
      </span>
      {!ended && deadlineMs > 0 && (
        <span className={leftUs < 1_000_000 ? 'call-left call-urgent' : 'call-left'}>
          {leftUs > 0 ? `${formatDuration(leftUs)} left` : 'deadline passed'}
        </span>
      )}
      {others > 0 && <span className="call-left">and {formatCount(others)} more open</span>}
    </span>
  );
}

/** Microseconds since the Unix epoch, moving while somebody waits. */
function useNow(ticking: boolean): number {
  const [nowUs, setNowUs] = useState(() => Date.now() * 1000);
  useEffect(() => {
    if (!ticking) return;
    const timer = setInterval(() => setNowUs(Date.now() * 1000), TICK_MS);
    return () => clearInterval(timer);
  }, [ticking]);
  return nowUs;
}
