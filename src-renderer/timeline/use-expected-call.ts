// Unfolds the call that somebody has just begun, as soon as its row is here, so that a conversation is seen as it goes.
import { useEffect } from 'react';
import { toggleCall } from './call-folds.ts';
import type { RowSource } from './row-source.ts';
import { changeView, timelineView } from './timeline-store.ts';

/** Rows from the end among which it is looked for. */
const LOOKED_AT = 20;

/** `expectedFrom`: the seq from which on it comes; undefined while none is awaited. */
export function useExpectedCall(
  session: string,
  expectedFrom: number | undefined,
  source: RowSource | undefined,
  total: number,
): void {
  useEffect(() => {
    if (expectedFrom === undefined || !source) return;
    for (let index = Math.max(0, total - LOOKED_AT); index < total; index += 1) {
      const row = source.at(index);
      if (!row?.call || row.seq < expectedFrom) continue;
      changeView(session, { expectedFrom: undefined });
      if (!timelineView(session).unfolded.includes(row.seq)) toggleCall(session, row.seq);
      return;
    }
  }, [session, expectedFrom, source, total]);
}
