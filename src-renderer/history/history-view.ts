// Whether the history is shown and what of it, kept between starts; and which crash was offered already.
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

interface HistoryView {
  open: boolean;
  /** Only the runs of the chosen session. */
  onlySession: boolean;
  /** Start of the newest crashed run that a person was told of: microseconds since the Unix epoch. */
  crashSeenAt: number;
}

export const useHistoryView = create<HistoryView>()(
  persist((): HistoryView => ({ open: false, onlySession: false, crashSeenAt: 0 }), {
    name: 'wirescope:history',
    version: 1,
  }),
);
