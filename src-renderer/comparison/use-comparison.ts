// What the engine says of two runs, asked for when a comparison is shown, when somebody wants it anew, and when another
// engine has come.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
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
  /** Answers that others overtook are late. */
  const asked = useRef(0);

  const reload = useCallback(async () => {
    const question = ++asked.current;
    try {
      const comparison = await bridge.call('history.compare', pair);
      if (question !== asked.current) return;
      const pages = new RowPages(async (from, count) => {
        return (await bridge.call('history.comparedRows', { ...pair, from, count })).rows;
      });
      setProblem(undefined);
      setLoaded({ comparison, pages });
    } catch (error) {
      if (question === asked.current) setProblem(problemOf(error));
    }
  }, [pair]);

  useEffect(() => {
    void reload();
    let wasGone = false;
    const undo = bridge.onState((engine) => {
      if (engine === 'open' && wasGone) void reload();
      wasGone = engine === 'gone';
    });
    return () => {
      undo();
      asked.current += 1;
    };
  }, [reload]);

  return { loaded, problem, reload: () => void reload() };
}
