// The keys of the timeline: they move through the rows, unfold and fold calls, and act on the selected rows. What is
// pressed before the rows of a new query are here counts once they are, in its order.
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Row } from '../../src-main/bridge/contract.ts';
import { toggleCall } from './call-folds.ts';
import { focusInspector } from './row-actions.ts';
import type { RowSource } from './row-source.ts';
import { selectRecord, timelineView } from './timeline-store.ts';
import type { RowCommands } from './use-row-commands.ts';

/** Keys that wait: a held key is let go before. */
const MAX_WAITING = 32;
const MOVES = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'];
const FOLDS = ['ArrowRight', 'ArrowLeft'];

interface Stroke {
  key: string;
  extend: boolean;
}

export interface RowKeysOptions {
  session: string;
  source: RowSource | undefined;
  /** The rows of the query in force are still to come. */
  isComing: boolean;
  /** Calls are one row each. */
  folding: boolean;
  /** The first row in sight, and how many there are. */
  firstSeen: number;
  perPage: number;
  commands: RowCommands;
  select(index: number, extend: boolean): void;
}

/** The handler of the grid that has the rows. */
export function useRowKeys(options: RowKeysOptions): (event: KeyboardEvent) => void {
  const { session, source, isComing, folding, firstSeen, perPage, commands, select } = options;
  const waiting = useRef<Stroke[]>([]);

  /** Right opens a call, or goes into it; left closes it, or goes to it from a part of it. */
  const fold = (key: string, row: Row, index: number): void => {
    if (row.call) {
      const isUnfolded = timelineView(session).unfolded.includes(row.seq);
      if (isUnfolded === (key === 'ArrowLeft')) toggleCall(session, row.seq);
      else if (key === 'ArrowRight') select(index + 1, false);
    } else if (row.callSeq !== undefined && key === 'ArrowLeft') selectRecord(session, row.callSeq);
  };

  const move = (key: string, extend: boolean, index: number | undefined): void => {
    const total = source?.total ?? 0;
    const at = index ?? (timelineView(session).follow ? total - 1 : firstSeen);
    const step = index === undefined ? 0 : 1;
    const targets: Record<string, number> = {
      ArrowDown: at + step,
      ArrowUp: at - step,
      PageDown: at + perPage,
      PageUp: at - perPage,
      Home: 0,
      End: total - 1,
    };
    select(targets[key] ?? at, extend);
  };

  // By the store: of several keys each acts on what the one before has changed.
  const press = ({ key, extend }: Stroke): void => {
    const { index } = timelineView(session).selection;
    const row = index === undefined ? undefined : source?.at(index);
    if (!FOLDS.includes(key)) move(key, extend, index);
    else if (row && index !== undefined) fold(key, row, index);
  };

  const isWaiting = (): boolean => isComing || timelineView(session).selection.lookUp !== undefined;
  useEffect(() => {
    while (waiting.current.length > 0 && !isWaiting()) press(waiting.current.shift()!);
  });

  return (event) => {
    if (event.target !== event.currentTarget) return;
    const { key, shiftKey: extend } = event;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isPlain && (MOVES.includes(key) || (folding && FOLDS.includes(key)))) {
      if (!isWaiting()) press({ key, extend });
      else if (waiting.current.length < MAX_WAITING) waiting.current.push({ key, extend });
    } else if (!act(event, commands)) return;
    event.preventDefault();
  };
}

/** Keys that do not move: copy, mark, inspect. True if it was one. */
function act({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent, commands: RowCommands): boolean {
  if (ctrlKey || metaKey) {
    if (key.toLowerCase() !== 'c' || shiftKey) return false;
    commands.copy('text');
  } else if (key === ' ' || key.toLowerCase() === 'm') commands.mark();
  else if (key === 'Enter') focusInspector();
  else return false;
  return true;
}
