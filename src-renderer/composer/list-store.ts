// The list that is being put together for each session, kept while the window is open: whoever sends one sends it again.
import { create } from 'zustand';
import type { SavedMessage } from '../../src-main/core/session-config.ts';
import type { ListRow } from './list-plan.ts';

export interface ListDraft {
  source: 'lines' | 'saved';
  text: string;
  /** Absent: all saved messages, in their order. */
  rows?: readonly ListRow[];
  /** undefined: none. */
  pauseMs: number | undefined;
  endStreaming: boolean;
}

const BEGUN: ListDraft = { source: 'lines', text: '', pauseMs: 500, endStreaming: true };

const useLists = create<{ bySession: { readonly [session: string]: ListDraft } }>(() => ({ bySession: {} }));

export function useListDraft(session: string): ListDraft {
  return useLists((state) => state.bySession[session] ?? BEGUN);
}

export function editList(session: string, patch: Partial<ListDraft>): void {
  useLists.setState(({ bySession }) => ({
    bySession: { ...bySession, [session]: { ...(bySession[session] ?? BEGUN), ...patch } },
  }));
}

export function rowsOf({ rows }: ListDraft, saved: readonly SavedMessage[]): readonly ListRow[] {
  return rows ?? saved.map(({ name }) => ({ name, wait: '' }));
}
