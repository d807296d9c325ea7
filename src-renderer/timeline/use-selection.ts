// What ties the selection to rows that come and go: its row in a new query, its record once a row is here, and how many
// rows have come since one stopped following.
import { useEffect, useRef } from 'react';
import { bridge } from '../bridge/bridge.ts';
import { toggleCall } from './call-folds.ts';
import type { RowSource } from './row-source.ts';
import { changeView, queryOf, type TimelineView, timelineView } from './timeline-store.ts';

/** How many rows have come below what was in sight since following stopped. */
export function useUnseen(source: RowSource | undefined, seenEnd: number, follow: boolean): number {
  const reached = useRef<{ source: RowSource | undefined; rows: number }>({ source: undefined, rows: 0 });
  const known = source?.known ?? 0;
  const { current } = reached;
  if (current.source !== source || current.rows > known || follow || source?.scanning !== undefined) {
    reached.current = { source, rows: known };
  } else if (seenEnd > current.rows) {
    current.rows = seenEnd;
  }
  return known - reached.current.rows;
}

/** Gives the selected record its row in a new query, and the selected row its record once it is here. */
export function useSelectionLookup(
  session: string,
  source: RowSource | undefined,
  view: TimelineView,
  show: (index: number, centre?: boolean) => void,
): void {
  const { seq, index, lookUp } = view.selection;
  const row = index === undefined ? undefined : source?.at(index);
  useEffect(() => {
    if (row && index !== undefined && seq === undefined) {
      const { selection } = timelineView(session);
      changeView(session, { selection: { ...selection, seq: row.seq } });
    }
  }, [session, row, index, seq]);

  const query = JSON.stringify(queryOf(view));
  const isSought = lookUp !== undefined && source !== undefined;
  useEffect(() => {
    if (!isSought || seq === undefined) return;
    let stale = false;
    bridge.call('timeline.position', { session, query: JSON.parse(query), seq }).then(
      (position) => {
        const { selection, follow } = timelineView(session);
        if (stale || selection.seq !== seq) return;
        if (selection.lookUp === 'reveal' && position.foldedInto !== undefined) {
          toggleCall(session, position.foldedInto);
          return;
        }
        const found = position.exact ? position.index : undefined;
        changeView(session, { selection: { seq, index: found, anchor: found } });
        if (!follow) show(position.index, true);
      },
      // A query the engine refuses shows its reason where the rows would be.
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [session, query, seq, isSought, show]);
}
