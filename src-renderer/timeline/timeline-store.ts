// How each session's timeline is looked at: level, filter, connection, what is selected and marked, whether it follows,
// how times are told. A session's view outlives its pane, so that switching tabs loses nothing. Holds no rows.
import { create } from 'zustand';
import type { Query } from '../../src-main/bridge/contract.ts';

export type LevelChoice = Query['level'];

/** absolute: the time of day. relative: since the first record. delta: since the row before, or the marked one. */
export type TimeMode = 'absolute' | 'relative' | 'delta';

/** Rows of one copy: the bridge's own bound. */
const MAX_SELECTED_ROWS = 1000;

/** What is selected. Records keep their seq for ever; their index only means something within one query. */
export interface Selection {
  /** The record the inspector shows; undefined while its row is not here yet. */
  seq: number | undefined;
  /** Its row; undefined if the query has none, or until it has been looked up. */
  index: number | undefined;
  /** The other end of a range of rows; the same as `index` for one row. */
  anchor: number | undefined;
  /** Its row is to be looked up; to reveal it, the gRPC call that hides it is unfolded. */
  lookUp?: 'row' | 'reveal';
}

export interface Mark {
  seq: number;
  atUs: number;
}

export interface TimelineView {
  level: LevelChoice;
  /** The filter in force; what is being typed is not here until it is valid. */
  filter: string;
  connection: number | undefined;
  selection: Selection;
  follow: boolean;
  mark: Mark | undefined;
  timeMode: TimeMode;
  find: { open: boolean; text: string };
  /** Seqs of gRPC calls whose parts are shown below them. */
  unfolded: readonly number[];
  /** The first call from this seq on is unfolded when it comes. */
  expectedFrom: number | undefined;
}

const NOTHING: Selection = { seq: undefined, index: undefined, anchor: undefined };

const INITIAL_VIEW: TimelineView = {
  level: 'messages',
  filter: '',
  connection: undefined,
  selection: NOTHING,
  follow: true,
  mark: undefined,
  timeMode: 'relative',
  find: { open: false, text: '' },
  unfolded: [],
  expectedFrom: undefined,
};

interface TimelineStore {
  views: Record<string, TimelineView>;
  /** Sessions whose view is not there yet get the initial one. */
  change(session: string, change: Partial<TimelineView>): void;
}

export const useTimelineStore = create<TimelineStore>((set) => ({
  views: {},
  change: (session, change) =>
    set((state) => ({
      views: { ...state.views, [session]: { ...(state.views[session] ?? INITIAL_VIEW), ...change } },
    })),
}));

/** The view of a session, as it is now. */
export function timelineView(session: string): TimelineView {
  return useTimelineStore.getState().views[session] ?? INITIAL_VIEW;
}

/** The view of a session, for a component. */
export function useTimelineView(session: string): TimelineView {
  return useTimelineStore((state) => state.views[session] ?? INITIAL_VIEW);
}

/** Changes part of a session's view. */
export function changeView(session: string, change: Partial<TimelineView>): void {
  useTimelineStore.getState().change(session, change);
}

/** Another set of rows: the selected record stays selected and its row has to be looked up. */
export function changeQuery(
  session: string,
  change: Partial<Pick<TimelineView, 'level' | 'filter' | 'connection' | 'unfolded'>>,
): void {
  const { seq } = timelineView(session).selection;
  changeView(session, { ...change, selection: seq === undefined ? NOTHING : { ...NOTHING, seq, lookUp: 'row' } });
}

/** Selects the row at an index; `seq` is undefined while that row is not here. With `extend`, a range from the anchor. */
export function selectRow(session: string, index: number, seq: number | undefined, extend = false): void {
  const { selection } = timelineView(session);
  const anchor = extend ? (selection.anchor ?? selection.index ?? index) : index;
  const reach = MAX_SELECTED_ROWS - 1;
  changeView(session, {
    selection: { seq, index, anchor: Math.min(Math.max(anchor, index - reach), index + reach) },
  });
}

/** Selects a record whose row is not known: the timeline looks it up and goes there, unfolding the call it is part of. */
export function selectRecord(session: string, seq: number): void {
  changeView(session, { selection: { ...NOTHING, seq, lookUp: 'reveal' }, follow: false });
}

/** Rows of the selection, [from, from + count); count 0 when no row is known. */
export function selectedRows(selection: Selection): { from: number; count: number } {
  if (selection.index === undefined) return { from: 0, count: 0 };
  const anchor = selection.anchor ?? selection.index;
  const from = Math.min(selection.index, anchor);
  return { from, count: Math.max(selection.index, anchor) - from + 1 };
}

/** Marks a record, or takes the mark away if it has it. */
export function toggleMark(session: string, mark: Mark): void {
  changeView(session, { mark: timelineView(session).mark?.seq === mark.seq ? undefined : mark });
}

/** Whether a gRPC call is one row at a level. Everything stands as it was on the wire. */
export function foldsCalls(level: LevelChoice): boolean {
  return level !== 'everything';
}

/** What the bridge is asked for. */
export function queryOf(view: Pick<TimelineView, 'level' | 'filter' | 'connection' | 'unfolded'>): Query {
  return {
    level: view.level,
    ...(view.filter === '' ? {} : { filter: view.filter }),
    ...(view.connection === undefined ? {} : { connection: view.connection }),
    ...(foldsCalls(view.level) ? { unfolded: [...view.unfolded] } : {}),
  };
}
