// Opening comparisons.
import type { Run } from '../../src-main/bridge/contract.ts';
import { comparisonId, useComparisons } from '../stores/comparisons.ts';
import { openTab, useSessions } from '../stores/sessions.ts';

/** Opens the comparison of two runs as a tab, the earlier one on the left. */
export function openComparison(one: Run, other: Run): void {
  const [left, right] = one.startedAt <= other.startedAt ? [one, other] : [other, one];
  const id = comparisonId(left, right);
  const { tabs } = useSessions.getState();
  useComparisons.setState(({ byId }) => ({
    picking: null,
    byId: {
      // Those whose tabs were closed are forgotten.
      ...Object.fromEntries(Object.entries(byId).filter(([each]) => tabs.includes(each))),
      [id]: { id, one: left, other: right },
    },
  }));
  openTab(id);
}

/** Asks for the run to compare with; without `one`, for both. */
export function pickRuns(one?: Run): void {
  useComparisons.setState({ picking: one ? { one } : {} });
}
