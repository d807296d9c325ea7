// What the engine says of two runs, asked for when a comparison is shown, when somebody wants it anew, and when another
// engine has come.
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { RunComparison } from '../../src-main/bridge/contract.ts';
import type { Problem } from '../../src-main/core/event.ts';
import { bridge } from '../bridge/bridge.ts';
import type { OpenComparison } from '../stores/comparisons.ts';
import { problemOf } from '../stores/problem.ts';
import { RowPages } from './row-pages.ts';

export interface LoadedComparison {
  comparison: RunComparison;
  pages: RowPages;
}

export interface UsedComparison {
  /** undefined until it has come. */
  loaded: LoadedComparison | undefined;
  problem: Problem | undefined;
  /** Asks again. */
  reload(): void;
}

export function useComparison({ one, other }: OpenComparison): UsedComparison {
  const pair = useMemo(() => ({ one: one.id, other: other.id }), [one.id, other.id]);
  const [loaded, setLoaded] = useState<LoadedComparison>();
  const [problem, setProblem] = useState<Problem>();
  const [asked, setAsked] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is what asks again.
  useEffect(() => {
    let isShown = true;
    bridge.call('history.compare', pair).then(
      (comparison) => {
        if (!isShown) return;
        const pages = new RowPages(async (from, count) => {
          return (await bridge.call('history.comparedRows', { ...pair, from, count })).rows;
        });
        setProblem(undefined);
        setLoaded({ comparison, pages });
      },
      (error: unknown) => {
        if (isShown) setProblem(problemOf(error));
      },
    );
    return () => {
      isShown = false;
    };
  }, [pair, asked]);

  const reload = useCallback(() => setAsked((count) => count + 1), []);
  useEffect(() => {
    let wasGone = false;
    return bridge.onState((engine) => {
      if (engine === 'open' && wasGone) reload();
      wasGone = engine === 'gone';
    });
  }, [reload]);

  return { loaded, problem, reload };
}
