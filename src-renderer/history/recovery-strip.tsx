// Said once after a start: captures that a crash cut off are intact and can be opened.
import { History, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Run } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { openRun, showHistory } from './history-actions.ts';
import { useHistoryView } from './history-view.ts';
import { crashedSince } from './run-days.ts';
import './recovery-strip.css';

/** Among so many of the newest runs a crash is looked for. */
const RUNS_LOOKED_AT = 200;
/** More are not opened at once: the history lists them. */
const MAX_OPENED = 5;

export function RecoveryStrip() {
  const seenAt = useHistoryView((view) => view.crashSeenAt);
  const [runs, setRuns] = useState<readonly Run[]>([]);
  useEffect(
    () =>
      bridge.onState((engine) => {
        if (engine !== 'open') return;
        void bridge.call('history.list', { from: 0, count: RUNS_LOOKED_AT }).then(
          (page) => setRuns(page.runs),
          // Without a history there is nothing to offer.
          () => undefined,
        );
      }),
    [],
  );
  const crashed = crashedSince(runs, seenAt);
  const [newest] = crashed;
  if (!newest) return null;
  const settle = () => useHistoryView.setState({ crashSeenAt: newest.startedAt });
  const openAll = async () => {
    settle();
    // The newest last, so that its tab is the chosen one.
    for (const run of [...crashed].reverse()) await openRun(run);
  };
  return (
    <div className="recovery-strip" role="status">
      <History size={14} strokeWidth={1.75} aria-hidden />
      <p>
        {crashed.length === 1
          ? `A capture of “${newest.name}” from a crash can be opened.`
          : `${crashed.length} captures from a crash can be opened.`}
      </p>
      {crashed.length <= MAX_OPENED && (
        <Button variant="ghost" onClick={openAll}>
          Open
        </Button>
      )}
      <Button
        variant="ghost"
        onClick={() => {
          settle();
          showHistory();
        }}
      >
        Show history
      </Button>
      <IconButton label="Dismiss" icon={X} onClick={settle} />
    </div>
  );
}
