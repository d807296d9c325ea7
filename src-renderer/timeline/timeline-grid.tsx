// The rows of the timeline: drawing what is in sight, selecting and moving by keyboard and mouse, following the end.
import { ArrowDown } from 'lucide-react';
import {
  type CSSProperties,
  type MouseEvent,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { SessionState } from '../../src-main/bridge/contract.ts';
import { usePreferences } from '../stores/preferences.ts';
import { formatCount, formatSeconds } from '../ui/format.ts';
import { ContextMenu } from '../ui/menu.tsx';
import { showToast } from '../ui/toast.tsx';
import { toggleCall } from './call-folds.ts';
import { columnsFor, gridTemplate, storedWidths, storeWidths, type Widths } from './columns.ts';
import { findNote, rowMenu } from './row-actions.ts';
import type { RowSource } from './row-source.ts';
import { TimelineEmpty, TimelineHint } from './timeline-empty.tsx';
import { TimelineHeader } from './timeline-header.tsx';
import { TimelineRow } from './timeline-row.tsx';
import {
  changeView,
  foldsCalls,
  queryOf,
  selectedRows,
  selectRecord,
  selectRow,
  type TimelineView,
  type TimeMode,
  timelineView,
} from './timeline-store.ts';
import { useExpectedCall } from './use-expected-call.ts';
import { useRowCommands } from './use-row-commands.ts';
import { useRowKeys } from './use-row-keys.ts';
import { useOrigin } from './use-row-source.ts';
import { useSelectionLookup, useUnseen } from './use-selection.ts';
import { useVirtualScroll, VirtualRows } from './virtual-rows.tsx';

const ROW_PX = 24;
/** Below this many rows there is room under them for a word on what comes next. */
const HINT_ROWS = 8;

export interface TimelineGridHandle {
  focus(): void;
  goTo(index: number, seq: number): void;
  goToNote(backwards: boolean): Promise<void>;
}

export interface TimelineGridProps {
  session: SessionState;
  view: TimelineView;
  source: RowSource | undefined;
  /** The rows are those of the query in force, and not of the one before. */
  current: boolean;
  ref: Ref<TimelineGridHandle>;
}

export function TimelineGrid({ session, view, source, current: isCurrent, ref }: TimelineGridProps) {
  const { id } = session;
  const { selection, follow, mark } = view;
  const grid = useRef<HTMLDivElement>(null);
  const [widths, setWidths] = useState<Widths>(() => storedWidths(localStorage));
  const hidden = usePreferences((state) => state.hiddenColumns);
  const originUs = useOrigin(session);
  const total = source?.total ?? 0;
  const scroll = useVirtualScroll({
    rows: total,
    rowHeightPx: ROW_PX,
    stickToEnd: follow,
    onUserScroll: (atEnd) => {
      if (timelineView(id).follow !== atEnd) changeView(id, { follow: atEnd });
    },
  });
  const { drawn, seen, perPage, show } = scroll;

  const { first, end } = drawn;

  useEffect(() => source?.show({ first, end }, follow), [source, first, end, follow]);
  const unseen = useUnseen(source, seen.end, follow);
  useSelectionLookup(session.id, isCurrent ? source : undefined, view, show);

  const select = useCallback(
    (index: number, extend: boolean, keepFollowing: boolean) => {
      if (!source || source.total === 0) return;
      if (!isCurrent) {
        // A row of the query before: its record is known, its place among the rows to come is not.
        const seq = source.at(index)?.seq;
        if (seq !== undefined) selectRecord(id, seq);
        return;
      }
      const target = Math.min(Math.max(0, index), source.total - 1);
      const last = target === source.total - 1;
      selectRow(id, target, source.at(target)?.seq, extend);
      changeView(id, { follow: last && (keepFollowing ? timelineView(id).follow : true) });
      show(target);
    },
    [id, source, isCurrent, show],
  );

  useImperativeHandle(ref, () => ({
    focus: () => grid.current?.focus(),
    goTo: (index, seq) => {
      selectRow(id, index, seq);
      changeView(id, { follow: false });
      show(index, true);
    },
    goToNote: async (backwards) => {
      const seq = await findNote(id, queryOf(timelineView(id)), timelineView(id).selection.seq, backwards);
      if (seq === undefined) showToast({ text: backwards ? 'No note before this row.' : 'No note after this row.' });
      else selectRecord(id, seq);
    },
  }));

  const calls = session.config.protocol === 'grpc' || (source?.hasCalls ?? false);
  const folding = calls && foldsCalls(view.level);
  const unfolded = useMemo(() => new Set(view.unfolded), [view.unfolded]);
  useExpectedCall(id, view.expectedFrom, source, total);

  const current = selection.index;
  const currentRow = current === undefined ? undefined : source?.at(current);
  const actions = useRowCommands(id, currentRow);
  const onKeyDown = useRowKeys({
    session: id,
    source,
    isComing: !isCurrent || (total === 0 && source?.scanning !== undefined),
    folding,
    firstSeen: seen.first,
    perPage,
    commands: actions,
    select: (index, extend) => select(index, extend, false),
  });

  const onMouseDown = (event: MouseEvent): void => {
    const index = indexAt(event);
    if (index === undefined) return;
    // The keyboard belongs to the grid, never to one of its rows.
    event.preventDefault();
    grid.current?.focus();
    const { from, count } = selectedRows(selection);
    const inside = index >= from && index < from + count;
    if (event.button === 2 && inside) return;
    select(index, event.shiftKey && event.button === 0, true);
    const row = source?.at(index);
    if (row?.call && event.target instanceof Element && event.target.closest('[data-fold]')) toggleCall(id, row.seq);
  };

  const timeCharacters = timeLength(view.timeMode, (source?.latestUs ?? 0) - (originUs ?? 0));
  const numberCharacters = String(Math.max(session.counts.records, 100)).length;
  const columns = useMemo(
    () =>
      columnsFor({
        connection: (source?.maxConnection ?? 0) > 1,
        delta: view.timeMode !== 'delta',
        calls,
        frames: view.level !== 'messages',
        marked: mark !== undefined,
        timeCharacters,
        numberCharacters,
        widthPx: scroll.widthPx,
        widths,
        hidden,
      }),
    [
      source?.maxConnection,
      view.timeMode,
      calls,
      view.level,
      mark,
      timeCharacters,
      numberCharacters,
      scroll.widthPx,
      widths,
      hidden,
    ],
  );

  const range = selectedRows(selection);
  const rowId = (index: number): string => `tl-${id}-${index}`;
  const menu = rowMenu({ sessionId: id, view, row: currentRow, count: range.count, ...actions });

  const resize = (next: Widths): void => {
    setWidths(next);
    storeWidths(localStorage, next);
  };

  return (
    <ContextMenu entries={menu}>
      <div
        ref={grid}
        className="tl-grid"
        role="treegrid"
        aria-label="Records"
        aria-multiselectable
        aria-rowcount={total + 1}
        aria-activedescendant={current === undefined ? undefined : rowId(current)}
        tabIndex={0}
        data-pane-entry
        onKeyDown={onKeyDown}
        style={{ '--tl-columns': gridTemplate(columns) } as CSSProperties}
      >
        <TimelineHeader columns={columns} widths={widths} onResize={resize} />
        <div
          className="tl-body"
          role="rowgroup"
          onMouseDown={onMouseDown}
          onDoubleClick={(event) => {
            const row = source?.at(indexAt(event) ?? -1);
            if (folding && row?.call && !(event.target as Element).closest('[data-fold]')) toggleCall(id, row.seq);
          }}
        >
          <VirtualRows scroll={scroll} className="tl-rows">
            {(index) => {
              const row = source?.at(index);
              const selected = range.count > 0 ? index >= range.from && index < range.from + range.count : false;
              return (
                <TimelineRow
                  id={rowId(index)}
                  index={index}
                  row={row}
                  columns={columns}
                  timeMode={view.timeMode}
                  originUs={originUs}
                  sinceUs={mark ? mark.atUs : source?.at(index - 1)?.at}
                  selected={selected}
                  current={index === current}
                  marked={row !== undefined && row.seq === mark?.seq}
                  find={view.find.open ? view.find.text : ''}
                  folding={folding}
                  unfolded={row !== undefined && unfolded.has(row.seq)}
                />
              );
            }}
          </VirtualRows>
          {total === 0 && <TimelineEmpty session={session} view={view} source={source} />}
          {total > 0 && total <= HINT_ROWS && <TimelineHint session={session} rows={total} />}
        </div>
        {unseen > 0 && session.config.role !== 'capture' && (
          <button type="button" className="tl-pill" tabIndex={-1} onClick={() => changeView(id, { follow: true })}>
            {formatCount(unseen)} new <ArrowDown size={12} strokeWidth={2} aria-hidden />
          </button>
        )}
      </div>
    </ContextMenu>
  );
}

/** Characters of the longest time: a time of day, or seconds with a sign. */
function timeLength(mode: TimeMode, spanUs: number): number {
  return mode === 'absolute' ? '14:03:07.004211'.length : `−${formatSeconds(Math.max(0, spanUs))}`.length;
}

function indexAt(event: MouseEvent): number | undefined {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
  return row ? Number(row.dataset.index) : undefined;
}
