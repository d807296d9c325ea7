// The runs that are listed: the newest first, more when one comes to the end of them, again when a session has begun or
// ended a run.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Run, SessionState } from '../../src-main/bridge/contract.ts';
import type { Problem } from '../../src-main/core/event.ts';
import { bridge } from '../bridge/bridge.ts';
import { problemOf } from '../stores/problem.ts';

/** Runs that are asked for when one comes to the end of those that are there. */
const PAGE_RUNS = 200;
/** What the engine answers at once. */
const MAX_PAGE_RUNS = 1000;
/** What a session announces on its way into or out of a run comes in bursts. */
const SETTLE_MS = 250;

export interface Runs {
  /** undefined until the first have come. */
  runs: readonly Run[] | undefined;
  total: number;
  problem: Problem | undefined;
  /** Asks for those after the ones that are there. */
  more(): void;
  /** Asks for those that are there again. */
  refresh(): void;
  /** Takes over one that the engine answered. */
  put(run: Run): void;
}

/** `session`: only its runs. */
export function useRuns(session: string | undefined): Runs {
  const [state, setState] = useState<{ runs?: readonly Run[]; total: number; problem?: Problem }>({ total: 0 });
  /** How many are wanted. */
  const wanted = useRef(PAGE_RUNS);
  /** Answers that others overtook are late. */
  const asked = useRef(0);

  /** Those from `from` on, up to as many as are wanted; the ones before stay. */
  const load = useCallback(
    async (from: number) => {
      const question = ++asked.current;
      try {
        const runs: Run[] = [];
        let total = Number.POSITIVE_INFINITY;
        while (from + runs.length < Math.min(wanted.current, total)) {
          const page = await bridge.call('history.list', {
            ...(session === undefined ? {} : { session }),
            from: from + runs.length,
            count: Math.min(MAX_PAGE_RUNS, wanted.current - from - runs.length),
          });
          if (question !== asked.current) return;
          runs.push(...page.runs);
          total = page.runs.length === 0 ? from + runs.length : page.total;
        }
        setState((old) => ({ runs: joined(old.runs?.slice(0, from) ?? [], runs), total }));
      } catch (error) {
        if (question !== asked.current) return;
        // So that they can be asked for again.
        wanted.current = Math.max(PAGE_RUNS, from);
        setState((old) => ({ ...old, problem: problemOf(error) }));
      }
    },
    [session],
  );

  useEffect(() => {
    wanted.current = PAGE_RUNS;
    void load(0);
    const undo = onRunChanges(() => void load(0));
    return () => {
      undo();
      // What is still to be answered is of the other list.
      asked.current += 1;
    };
  }, [load]);

  const more = useCallback(() => {
    const have = state.runs?.length ?? 0;
    if (have >= state.total || wanted.current > have) return;
    wanted.current = have + PAGE_RUNS;
    void load(have);
  }, [state, load]);

  const put = useCallback((run: Run) => {
    setState((old) => ({
      ...old,
      ...(old.runs && { runs: old.runs.map((each) => (each.id === run.id ? run : each)) }),
    }));
  }, []);

  return { runs: state.runs, total: state.total, problem: state.problem, more, refresh: () => void load(0), put };
}

/** A run that began between two questions stands at the end of one answer and at the beginning of the next. */
function joined(runs: readonly Run[], more: readonly Run[]): Run[] {
  const known = new Set(runs.map(({ id }) => id));
  return [...runs, ...more.filter(({ id }) => !known.has(id))];
}

/** What of a session's state tells its runs apart. */
function runMark({ phase, capture, script, config }: SessionState): string {
  return [phase, capture?.path, script?.running, config.name].join('\n');
}

/** Calls when a run may have begun or ended. Returns its own undoing. */
function onRunChanges(changed: () => void): () => void {
  const marks = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, SETTLE_MS);
  };
  const undoListening = bridge.listen((announcement) => {
    if (announcement.type === 'sessionRemoved') tell();
    if (announcement.type !== 'session') return;
    const { session } = announcement;
    const mark = runMark(session);
    if (marks.get(session.id) === mark) return;
    marks.set(session.id, mark);
    tell();
  });
  let known: 'open' | 'gone' | undefined;
  const undoState = bridge.onState((engine) => {
    if (known === 'gone' && engine === 'open') tell();
    known = engine;
  });
  return () => {
    clearTimeout(timer);
    undoListening();
    undoState();
  };
}
