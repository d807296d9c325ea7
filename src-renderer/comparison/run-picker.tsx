// Picks the runs to compare: the second for a run of the history, or, asked for by name, both.
import { Command } from 'cmdk';
import { Dialog as Radix } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { Run } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { ResultMark } from '../history/result-mark.tsx';
import { RESULT_LABELS, runCount, runName } from '../history/run-days.ts';
import { useComparisons } from '../stores/comparisons.ts';
import { attempt } from '../stores/problem.ts';
import { openComparison, pickRuns } from './comparison-actions.ts';
import { runShort } from './comparison-text.ts';
import { runChoices, runWhen } from './run-choices.ts';

/** As many as the engine answers at once: the newest. */
const MAX_RUNS = 1000;

export function RunPicker() {
  const picking = useComparisons((state) => state.picking);
  return (
    <Radix.Root open={picking !== null} onOpenChange={(open) => !open && useComparisons.setState({ picking: null })}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="palette" aria-describedby={undefined}>
          <Radix.Title className="visually-hidden">Compare runs</Radix.Title>
          {picking && <RunList key={picking.one?.id ?? ''} one={picking.one} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function RunList({ one }: { one: Run | undefined }) {
  const [runs, setRuns] = useState<readonly Run[]>();
  const [typed, setTyped] = useState('');
  const [now] = useState(() => new Date());
  useEffect(() => {
    void attempt(() => bridge.call('history.list', { from: 0, count: MAX_RUNS })).then((page) => {
      setRuns(page?.runs ?? []);
    });
  }, []);
  const { related, others, isCut } = runChoices(runs ?? [], one, typed, now);
  const pick = (run: Run) => {
    if (one) openComparison(one, run);
    else pickRuns(run);
  };
  const items = (found: readonly Run[]) =>
    found.map((run) => <RunItem key={run.id} run={run} now={now} onPick={pick} />);
  return (
    <Command label="Runs" loop shouldFilter={false}>
      <Command.Input
        className="palette-input"
        autoFocus
        placeholder={one ? `Compare “${runShort(one)}” with` : 'Compare which run?'}
        value={typed}
        onValueChange={setTyped}
      />
      <Command.List className="palette-list">
        <Command.Empty className="palette-empty">{emptyText(runs, one, typed)}</Command.Empty>
        {related.length > 0 && <Command.Group heading="Of the same session">{items(related)}</Command.Group>}
        {others.length > 0 && <Command.Group heading={one ? 'Of others' : 'Runs'}>{items(others)}</Command.Group>}
        {isCut && <p className="palette-empty">Type to find older ones.</p>}
      </Command.List>
    </Command>
  );
}

function emptyText(runs: readonly Run[] | undefined, one: Run | undefined, typed: string): string {
  if (!runs) return 'Loading runs';
  if (typed !== '') return 'No run by these words.';
  return one ? 'There is no other run yet: each start of a session makes one.' : 'No runs yet.';
}

function RunItem({ run, now, onPick }: { run: Run; now: Date; onPick(run: Run): void }) {
  return (
    <Command.Item value={run.id} onSelect={() => onPick(run)}>
      <ResultMark result={run.result} />
      <span className="palette-text">{runName(run)}</span>
      <span className="palette-hint">
        {RESULT_LABELS[run.result]} · {runCount(run)} · {runWhen(run, now)}
      </span>
    </Command.Item>
  );
}
