// What the window remembers between starts: theme, which panes and columns are shown. Splits are kept by the panels themselves.
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { ColumnName } from '../timeline/columns.ts';

/** How a gRPC message is written. */
export type ComposeView = 'json' | 'form' | 'both';

export type ThemeChoice = 'system' | 'light' | 'dark';

interface Preferences {
  theme: ThemeChoice;
  sidebar: boolean;
  composer: boolean;
  inspector: boolean;
  composeView: ComposeView;
  /** Columns of the timeline that are not wanted. */
  hiddenColumns: readonly ColumnName[];
  /** Counts resets of the layout: panels start afresh with each. */
  layoutGeneration: number;
}

export const usePreferences = create<Preferences>()(
  persist(
    (): Preferences => ({
      theme: 'system',
      sidebar: true,
      composer: true,
      inspector: true,
      composeView: 'both',
      hiddenColumns: [],
      layoutGeneration: 0,
    }),
    { name: 'wirescope:preferences', version: 1 },
  ),
);

/** Keys of localStorage under which the panels keep their splits. */
const LAYOUT_PREFIX = 'react-resizable-panels:';

/** All panes shown, in their first sizes. */
export function resetLayout(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(LAYOUT_PREFIX)) localStorage.removeItem(key);
  usePreferences.setState(({ layoutGeneration }) => ({
    sidebar: true,
    composer: true,
    inspector: true,
    layoutGeneration: layoutGeneration + 1,
  }));
}
