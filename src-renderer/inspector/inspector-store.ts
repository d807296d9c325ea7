// How the inspector is arranged: the same for all sessions, remembered across starts.
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type InspectorTab = 'fields' | 'hex' | 'decoded';
/** Of a gRPC call's record. */
export type CallTab = 'call' | 'fields' | 'hex';

interface InspectorStore {
  tab: InspectorTab;
  callTab: CallTab;
  littleEndian: boolean;
  wrap: boolean;
  /** The find bar of the payload's text is open. */
  finding: boolean;
  change(change: Partial<Pick<InspectorStore, 'tab' | 'callTab' | 'littleEndian' | 'wrap' | 'finding'>>): void;
}

export const useInspectorStore = create<InspectorStore>()(
  persist(
    (set) => ({
      tab: 'fields',
      callTab: 'call',
      littleEndian: false,
      wrap: true,
      finding: false,
      change: (change) => set(change),
    }),
    {
      name: 'wirescope:inspector',
      version: 1,
      partialize: ({ tab, littleEndian, wrap }) => ({ tab, littleEndian, wrap }),
    },
  ),
);
