// Two runs beside each other: whose they are and how they ended, their messages row by row, the texts of the chosen row.
import { Check, ChevronDown, ChevronUp, EqualNot, RotateCw } from 'lucide-react';
import { useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Group, Panel } from 'react-resizable-panels';
import type { RunComparison } from '../../src-main/bridge/contract.ts';
import { commandShortcut, useCommand } from '../shell/commands.ts';
import { EDITOR_INPUT } from '../shell/panes.ts';
import { useRememberedLayout } from '../shell/remembered-layout.ts';
import { Splitter } from '../shell/splitter.tsx';
import type { OpenComparison } from '../stores/comparisons.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { formatCount, formatPlural } from '../ui/format.ts';
import { ProblemView } from '../ui/problem-view.tsx';
import { Segments } from '../ui/tabs.tsx';
import { ComparedRuns } from './compared-runs.tsx';
import { ComparisonGrid } from './comparison-grid.tsx';
import { isSameEnding, leftOutText } from './comparison-text.ts';
import { differenceOf, ListedRows, stepDifference } from './differences.ts';
import { RowTexts } from './row-texts.tsx';
import { type LoadedComparison, useComparison } from './use-comparison.ts';
import './comparison.css';

export function ComparisonView({ comparison: pair }: { comparison: OpenComparison }) {
  const { loaded, problem, reload } = useComparison(pair);
  return (
    <section className="comparison" aria-label="Comparison">
      {problem ? (
        <ProblemView problem={problem} />
      ) : loaded ? (
        <Compared key={loadedKey(loaded)} pair={pair} loaded={loaded} onReload={reload} />
      ) : (
        <EmptyState title="Comparing" />
      )}
    </section>
  );
}

/** Another answer is looked through from its beginning, unless it is the same. */
function loadedKey({ comparison: { rows, counts } }: LoadedComparison): string {
  return JSON.stringify([rows, counts]);
}

interface ComparedProps {
  pair: OpenComparison;
  loaded: LoadedComparison;
  onReload(): void;
}

type List = 'all' | 'differences';

const LISTS: readonly { value: List; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'differences', label: 'Differences' },
];

function Compared({ pair, loaded, onReload }: ComparedProps) {
  const { comparison, pages } = loaded;
  const { rows, differences } = comparison;
  useSyncExternalStore(pages.subscribe, () => pages.version);
  const [current, setCurrent] = useState(differences[0]?.from ?? 0);
  const [list, setList] = useState<List>('all');
  const texts = useRef<HTMLElement>(null);
  const layout = useRememberedLayout('comparison', ['comparison-rows', 'comparison-texts']);
  const listed = useMemo(
    () => new ListedRows(rows, list === 'differences' ? differences : undefined),
    [rows, differences, list],
  );
  const step = (by: 1 | -1) => {
    const row = stepDifference(differences, current, by);
    if (row !== undefined) setCurrent(row);
  };
  const canStep = differences.length > 0;
  useCommand('comparison.next', () => step(1), canStep);
  useCommand('comparison.previous', () => step(-1), canStep);
  useCommand('comparison.onlyDifferences', () => setList(list === 'all' ? 'differences' : 'all'));

  const left = leftOutText(comparison);
  const isRunning = [comparison.one, comparison.other].some(({ run }) => run.result === 'running');
  return (
    <>
      <ComparedRuns comparison={comparison} />
      <div className="comparison-bar" role="toolbar" aria-label="Comparison">
        <Summary comparison={comparison} />
        {isRunning && <IconButton label="Compare again: a run has gone on" icon={RotateCw} onClick={onReload} />}
        <Segments<List> label="Rows" options={LISTS} value={list} onChange={setList} />
        <span className="comparison-at data" role="status">
          {placeText(comparison, current)}
        </span>
        <IconButton
          label="Previous difference"
          icon={ChevronUp}
          shortcut={commandShortcut('comparison.previous')}
          disabled={!canStep}
          onClick={() => step(-1)}
        />
        <IconButton
          label="Next difference"
          icon={ChevronDown}
          shortcut={commandShortcut('comparison.next')}
          disabled={!canStep}
          onClick={() => step(1)}
        />
      </div>
      {left && <p className="comparison-note">{left}</p>}
      {listed.total === 0 ? (
        <NoRows comparison={comparison} onAll={() => setList('all')} />
      ) : (
        <Group className="comparison-panels" orientation="vertical" {...layout}>
          <Panel id="comparison-rows" minSize="120px">
            <div className="comparison-pane" data-pane="comparison">
              <ComparisonGrid
                id={pair.id}
                loaded={loaded}
                listed={listed}
                current={current}
                onCurrent={setCurrent}
                onEnter={() => texts.current?.querySelector<HTMLElement>(`textarea, ${EDITOR_INPUT}`)?.focus()}
              />
            </div>
          </Panel>
          <Splitter label="Height of the texts" />
          <Panel id="comparison-texts" defaultSize="38%" minSize="90px">
            <section ref={texts} className="comparison-pane" data-pane="comparison-texts" aria-label="Texts">
              <RowTexts pair={pair} at={current} row={pages.at(current)} />
            </section>
          </Panel>
        </Group>
      )}
    </>
  );
}

/** `Difference 2 of 5`, or how many there are. */
function placeText({ differences }: RunComparison, current: number): string {
  const at = differenceOf(differences, current);
  if (differences.length === 0) return '';
  if (at === undefined) return formatPlural(differences.length, 'difference');
  return `${formatCount(at + 1)} of ${formatPlural(differences.length, 'difference')}`;
}

function Summary({ comparison }: { comparison: RunComparison }) {
  const { counts, differences, rows } = comparison;
  if (rows === 0) return <span className="comparison-summary-line" />;
  if (differences.length === 0) {
    return (
      <span className="comparison-summary-line comparison-none">
        <Check size={14} strokeWidth={2} aria-hidden />
        <strong>No differences.</strong>
        <span>
          {formatPlural(counts.same, 'row')}, the same in the same order
          {isSameEnding(comparison) ? '; both ended alike.' : '; but they ended differently.'}
        </span>
      </span>
    );
  }
  const parts = [
    [counts.same, 'same'],
    [counts.changed, 'changed'],
    [counts.onlyOne, 'only left'],
    [counts.onlyOther, 'only right'],
  ] as const;
  return (
    <span className="comparison-summary-line">
      <EqualNot size={14} strokeWidth={2} aria-hidden />
      {parts
        .filter(([count]) => count > 0)
        .map(([count, word]) => `${formatCount(count)} ${word}`)
        .join(' · ')}
    </span>
  );
}

function NoRows({ comparison, onAll }: { comparison: RunComparison; onAll(): void }) {
  if (comparison.rows === 0) {
    return (
      <EmptyState
        icon={EqualNot}
        title="Nothing to compare"
        text="Neither run carried a message, nor did a connection of theirs end."
      />
    );
  }
  return (
    <EmptyState
      icon={Check}
      title="No differences"
      text={`Both runs carried the same, in the same order: ${formatPlural(comparison.rows, 'row')}. What differs is only when.`}
    >
      <Button onClick={onAll}>Show all rows</Button>
    </EmptyState>
  );
}
