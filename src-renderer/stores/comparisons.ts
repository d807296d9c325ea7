// Comparisons of two runs that are open in this window, each a tab beside those of sessions; and the runs that are being
// picked for the next one.
import { create } from 'zustand';
import type { Run } from '../../src-main/bridge/contract.ts';

export interface OpenComparison {
  /** Of its tab. */
  id: string;
  /** As they were when they were picked. */
  one: Run;
  other: Run;
}

interface Comparisons {
  byId: { readonly [id: string]: OpenComparison };
  /** `one`: the run that another is picked for; absent: both are to be picked. null: nothing is being picked. */
  picking: { one?: Run } | null;
}

export const useComparisons = create<Comparisons>(() => ({ byId: {}, picking: null }));

/** No session has an id with a space. */
const PREFIX = 'comparison ';

export function comparisonId(one: Run, other: Run): string {
  return `${PREFIX}${one.id} ${other.id}`;
}

/** Whether a tab shows a comparison, and no session. */
export function isComparison(tab: string): boolean {
  return tab.startsWith(PREFIX);
}

/** `Lobby ↔ Lobby`: of its tab. */
export function comparisonName({ one, other }: OpenComparison): string {
  return `${one.label ?? one.name} ↔ ${other.label ?? other.name}`;
}
