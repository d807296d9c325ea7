// A run in the history: how it ended, what it was, when; its menu; its label being typed; its deletion being confirmed.
import { Bookmark, Columns2, FolderOpen, Pencil, Trash2 } from 'lucide-react';
import { type FocusEvent, type KeyboardEvent, memo } from 'react';
import type { Run } from '../../src-main/bridge/contract.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { formatBytes, formatTime } from '../ui/format.ts';
import { ContextMenu, type MenuEntry } from '../ui/menu.tsx';
import { MiddleCut } from '../ui/middle-cut.tsx';
import { ResultMark } from './result-mark.tsx';
import { RESULT_LABELS, runCount, runName, runTitle } from './run-days.ts';

/** What is being done to a row in its place. */
export type RunDoing = 'labelling' | 'deleting';

export interface RunOrders {
  open(run: Run): void;
  /** Asks with which. */
  compare(run: Run): void;
  label(run: Run, typed: string): void;
  keep(run: Run, kept: boolean): void;
  remove(run: Run): void;
  /** undefined: nothing any more. */
  begin(run: Run, doing: RunDoing | undefined): void;
}

export interface RunRowProps {
  run: Run;
  doing: RunDoing | undefined;
  /** Takes the focus when one tabs into the list. */
  isEntry: boolean;
  orders: RunOrders;
}

export const RunRow = memo(function RunRow({ run, doing, isEntry, orders }: RunRowProps) {
  if (doing === 'labelling') return <LabelField run={run} orders={orders} />;
  if (doing === 'deleting') return <Deletion run={run} orders={orders} />;
  const clock = formatTime(run.startedAt).slice(0, 8);
  const facts = [runCount(run), formatBytes(run.sizeBytes), run.peer].filter(Boolean).join(' · ');
  return (
    <ContextMenu entries={entriesOf(run, orders)}>
      <div
        className="run-row"
        role="option"
        aria-selected={false}
        aria-label={`${runName(run)}, ${RESULT_LABELS[run.result]}, ${clock}, ${facts}${run.kept ? ', kept' : ''}`}
        tabIndex={isEntry ? 0 : -1}
        data-run={run.id}
        title={runTitle(run)}
        onClick={() => orders.open(run)}
        onKeyDown={(event) => onKeyDown(event, run, orders)}
      >
        <ResultMark result={run.result} />
        <MiddleCut name={runName(run)} {...(run.label !== null && { className: 'run-labelled' })} />
        {run.kept && <Bookmark className="run-kept" size={11} strokeWidth={2} aria-hidden />}
        <span className="run-clock">{clock}</span>
        <span className="run-facts">
          <span className={`run-result run-${run.result}`}>{RESULT_LABELS[run.result]}</span> · {facts}
        </span>
      </div>
    </ContextMenu>
  );
});

function onKeyDown(event: KeyboardEvent<HTMLElement>, run: Run, orders: RunOrders): void {
  if (event.key === 'Enter' || event.key === ' ') orders.open(run);
  else if (event.key === 'F2') orders.begin(run, 'labelling');
  else if (event.key === 'Delete' && run.result !== 'running') orders.begin(run, 'deleting');
  else if (event.key === 'c' && !event.ctrlKey && !event.metaKey) orders.compare(run);
  else if (event.key === 'k' && !event.ctrlKey && !event.metaKey) orders.keep(run, !run.kept);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function entriesOf(run: Run, orders: RunOrders): MenuEntry[] {
  return [
    {
      text: run.result === 'running' ? 'Go to the session' : 'Open the capture',
      icon: FolderOpen,
      shortcut: '⏎',
      run: () => orders.open(run),
    },
    {
      text: 'Compare with…',
      icon: Columns2,
      shortcut: 'C',
      // After the menu has given the focus back.
      run: () => setTimeout(() => orders.compare(run)),
    },
    {
      text: 'Label…',
      icon: Pencil,
      shortcut: 'F2',
      run: () => setTimeout(() => orders.begin(run, 'labelling')),
    },
    {
      text: run.kept ? 'Keep no longer' : 'Keep',
      icon: Bookmark,
      shortcut: 'K',
      run: () => orders.keep(run, !run.kept),
    },
    { type: 'separator' },
    {
      text: 'Delete…',
      icon: Trash2,
      shortcut: 'Del',
      danger: true,
      disabled: run.result === 'running',
      run: () => setTimeout(() => orders.begin(run, 'deleting')),
    },
  ];
}

/** Enter or leaving takes the label, Escape leaves it as it was. */
function LabelField({ run, orders }: { run: Run; orders: RunOrders }) {
  return (
    <div className="run-doing">
      <Input
        aria-label="Label of the run"
        placeholder={run.name}
        maxLength={200}
        autoFocus
        defaultValue={runName(run)}
        onFocus={(event: FocusEvent<HTMLInputElement>) => event.target.select()}
        onBlur={(event) => orders.label(run, event.target.value)}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Escape') event.currentTarget.value = runName(run);
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
        }}
      />
    </div>
  );
}

function Deletion({ run, orders }: { run: Run; orders: RunOrders }) {
  const cancel = () => orders.begin(run, undefined);
  return (
    <div
      className="run-doing run-deletion"
      role="alertdialog"
      aria-label={`Delete the capture of ${runName(run)}`}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') cancel();
      }}
    >
      <span className="run-question" title={runTitle(run)}>
        Delete?
      </span>
      <Button variant="danger" onClick={() => orders.remove(run)}>
        Delete
      </Button>
      <Button variant="ghost" autoFocus onClick={cancel}>
        Cancel
      </Button>
    </div>
  );
}
