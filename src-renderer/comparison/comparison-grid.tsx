// The rows of a comparison, of which only those in sight exist. Arrows move; Enter goes to the texts of the row.
import { type CSSProperties, type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react';
import { problemOf } from '../stores/problem.ts';
import { useVirtualScroll, VirtualRows } from '../timeline/virtual-rows.tsx';
import { ProblemView } from '../ui/problem-view.tsx';
import { ComparisonRow } from './comparison-row.tsx';
import type { ListedRows } from './differences.ts';
import type { LoadedComparison } from './use-comparison.ts';

/** As tall as the rows of the timeline: tokens.css. */
const ROW_PX = 24;

export interface ComparisonGridProps {
  id: string;
  loaded: LoadedComparison;
  listed: ListedRows;
  /** The row one is at. */
  current: number;
  onCurrent(row: number): void;
  /** Enter was pressed. */
  onEnter(): void;
}

export function ComparisonGrid({ id, loaded, listed, current, onCurrent, onEnter }: ComparisonGridProps) {
  const { comparison, pages } = loaded;
  const grid = useRef<HTMLDivElement>(null);
  const scroll = useVirtualScroll({ rows: listed.total, rowHeightPx: ROW_PX });
  const { drawn, perPage, show } = scroll;
  const { first, end } = drawn;
  const place = listed.placeOf(current);

  useEffect(() => {
    pages.show(Array.from({ length: end - first }, (_, index) => listed.rowAt(first + index)));
  }, [pages, listed, first, end]);
  // Before it was measured nothing is in sight.
  const isMeasured = scroll.geometry.viewportPx > 0;
  useEffect(() => {
    if (isMeasured) show(place, true);
  }, [show, place, isMeasured]);
  // One that has just been opened is looked through at once.
  useEffect(() => grid.current?.focus(), []);

  const records = Math.max(comparison.one.run.counts.records, comparison.other.run.counts.records);
  const digits = Math.max(4, String(records).length);
  const rowId = (at: number) => `comparison-${id}-${at}`;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || listed.total === 0) return;
    if (event.key === 'Enter') onEnter();
    else {
      const moves: { [key: string]: number } = {
        ArrowDown: place + 1,
        ArrowUp: place - 1,
        PageDown: place + perPage,
        PageUp: place - perPage,
        Home: 0,
        End: listed.total - 1,
      };
      const to = moves[event.key];
      if (to === undefined) return;
      onCurrent(listed.rowAt(Math.max(0, Math.min(listed.total - 1, to))));
    }
    event.preventDefault();
  };
  const onMouseDown = (event: MouseEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-place]') : null;
    if (!row) return;
    // The keyboard belongs to the grid, never to one of its rows.
    event.preventDefault();
    grid.current?.focus();
    onCurrent(listed.rowAt(Number(row.dataset.place)));
  };

  if (pages.failure !== undefined) return <ProblemView problem={problemOf(pages.failure)} />;
  return (
    <div
      ref={grid}
      className="comparison-grid"
      role="grid"
      aria-label="Compared messages"
      aria-rowcount={listed.total + 1}
      aria-activedescendant={listed.total === 0 ? undefined : rowId(place)}
      tabIndex={0}
      data-pane-entry
      onKeyDown={onKeyDown}
      style={{ '--comparison-number': `calc(${digits}ch + 12px)` } as CSSProperties}
    >
      <div className="comparison-head" role="row" tabIndex={-1} style={{ width: scroll.widthPx }}>
        <HeadSide side="Left" />
        <span
          role="columnheader"
          tabIndex={-1}
          className="comparison-mark"
          title="How much longer the right run took since the last row that both have"
        >
          Δ right
        </span>
        <HeadSide side="Right" />
      </div>
      <div className="comparison-body" role="rowgroup" onMouseDown={onMouseDown}>
        <VirtualRows scroll={scroll} className="comparison-rows">
          {(at) => (
            <ComparisonRow
              id={rowId(at)}
              place={at}
              row={pages.at(listed.rowAt(at))}
              current={at === place}
              originUs={comparison.one.originUs}
              otherOriginUs={comparison.other.originUs}
            />
          )}
        </VirtualRows>
      </div>
    </div>
  );
}

function HeadSide({ side }: { side: 'Left' | 'Right' }) {
  return (
    <span role="columnheader" tabIndex={-1} className="comparison-side" aria-label={`${side} run`}>
      <span className="comparison-number">#</span>
      <span className="comparison-time">Time</span>
      <span className="comparison-direction">⇅</span>
      <span className="comparison-kind">Kind</span>
      <span className="comparison-summary">Summary</span>
    </span>
  );
}
