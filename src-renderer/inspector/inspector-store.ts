// How the inspector is arranged: the same for all sessions, remembered across starts.
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type InspectorTab = 'fields' | 'hex' | 'decoded';

interface InspectorStore {
  tab: InspectorTab;
  littleEndian: boolean;
  wrap: boolean;
  change(change: Partial<Pick<InspectorStore, 'tab' | 'littleEndian' | 'wrap'>>): void;
}

export const useInspectorStore = create<InspectorStore>()(
  persist(
    (set) => ({
      tab: 'fields',
      littleEndian: false,
      wrap: true,
      change: (change) => set(change),
    }),
    { name: 'wirescope:inspector' },
  ),
);
