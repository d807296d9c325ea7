// The history at the foot of the sidebar: runs by day, newest first; of all sessions or of the chosen one. Arrows move,
// Enter opens, C compares, F2 labels, K keeps, Delete deletes after a question in the row's place.
import { ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type UIEvent, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Run } from '../../src-main/bridge/contract.ts';
import { pickRuns } from '../comparison/comparison-actions.ts';
import { activeSession, useSessions } from '../stores/sessions.ts';
import { formatCount } from '../ui/format.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { focusHistory, keepRun, labelRun, openRun, removeRun } from './history-actions.ts';
import { useHistoryView } from './history-view.ts';
import { runsByDay } from './run-days.ts';
import { type RunDoing, type RunOrders, RunRow } from './run-row.tsx';
import { type Runs, useRuns } from './use-runs.ts';
import './history.css';

export function HistorySection() {
  const open = useHistoryView((view) => view.open);
  return (
    <section className="history" aria-label="History" data-open={open}>
      <button
        type="button"
        className="history-heading"
        aria-expanded={open}
        onClick={() => {
          // Open it lies in another place: the keyboard goes with it.
          flushSync(() => useHistoryView.setState({ open: !open }));
          focusHistory();
        }}
      >
        <ChevronRight size={12} strokeWidth={2} aria-hidden />
        History
      </button>
      {open && <HistoryPane />}
    </section>
  );
}

function HistoryPane() {
  const session = useSessions((state) => activeSession(state)?.id);
  const only = useHistoryView((view) => view.onlySession);
  const isCapture = useSessions((state) => activeSession(state)?.config.role === 'capture');
  const narrowed = only && session !== undefined && !isCapture;
  const runs = useRuns(narrowed ? session : undefined);
  return (
    <>
      <label className="checkbox history-only">
        <input
          type="checkbox"
          checked={only}
          onChange={(event) => useHistoryView.setState({ onlySession: event.target.checked })}
        />
        Only this session
        {runs.runs && <span className="history-total">{formatCount(runs.total)}</span>}
      </label>
      <RunList key={narrowed ? session : ''} runs={runs} narrowed={narrowed} />
    </>
  );
}

/** How near the end, in pixels, more runs are asked for. */
const NEAR_END_PX = 600;

function RunList({ runs: { runs, total, problem, more, refresh, put }, narrowed }: { runs: Runs; narrowed: boolean }) {
  const [doing, setDoing] = useState<{ id: string; doing: RunDoing }>();
  const list = useRef<HTMLDivElement>(null);
  const days = useMemo(() => runsByDay(runs ?? [], new Date()), [runs]);
  const latest = useRef({ refresh, put });
  latest.current = { refresh, put };

  const orders = useMemo((): RunOrders => {
    const take = (run: Run | undefined) => run && latest.current.put(run);
    const focus = (id: string) =>
      setTimeout(() => list.current?.querySelector<HTMLElement>(`[data-run="${CSS.escape(id)}"]`)?.focus());
    return {
      open: (run) => void openRun(run),
      compare: pickRuns,
      keep: (run, kept) => void keepRun(run, kept).then(take),
      label: (run, typed) => {
        setDoing(undefined);
        focus(run.id);
        void labelRun(run, typed).then(take);
      },
      remove: async (run) => {
        if (await removeRun(run)) latest.current.refresh();
        setDoing(undefined);
      },
      begin: (run, begun) => {
        setDoing(begun && { id: run.id, doing: begun });
        if (!begun) focus(run.id);
      },
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: { [key: string]: number } = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('.run-row') ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    if (step === undefined || at < 0) return;
    rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  const onScroll = ({ currentTarget }: UIEvent<HTMLElement>) => {
    if (currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < NEAR_END_PX) more();
  };

  if (problem && !runs) return <ProblemView problem={problem} />;
  if (!runs) return <p className="history-none">Loading runs</p>;
  if (total === 0) {
    return (
      <p className="history-none">
        {narrowed
          ? 'This session has not run yet. Each time it connects or listens, its capture is kept here.'
          : 'No runs yet. Each time a session connects or listens, its capture is kept here.'}
      </p>
    );
  }
  return (
    <div
      ref={list}
      className="history-list"
      data-own-keys="F2"
      role="listbox"
      aria-label="Runs"
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      {days.map((day, dayIndex) => (
        <div key={day.key} role="group" aria-label={day.label}>
          <div className="history-day" aria-hidden>
            {day.label}
          </div>
          {day.runs.map((run, index) => (
            <RunRow
              key={run.id}
              run={run}
              doing={doing?.id === run.id ? doing.doing : undefined}
              isEntry={dayIndex === 0 && index === 0}
              orders={orders}
            />
          ))}
        </div>
      ))}
      {runs.length < total && <p className="history-none">Loading older runs</p>}
    </div>
  );
}
