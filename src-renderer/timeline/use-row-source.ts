// Ties a row source to the bridge: a new one for every query and capture, told when the capture grows.
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Query, SessionState } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';
import { RowSource } from './row-source.ts';

/** Rows that rush by are shown this often: enough to see that they do, and little enough to leave time for input. */
const RUSH_MS = 50;

const never = (): (() => void) => () => undefined;

export interface ShownRows {
  source: RowSource | undefined;
  /** They are the rows of this query, and not of the one before. */
  current: boolean;
}

/**
 * The rows of a query; undefined while there is no capture or no answer yet. While a new query is being answered for
 * the first time, the rows of the one before stay, so that typing a filter does not flicker; another session's rows
 * never do.
 */
export function useRowSource(session: SessionState, query: Query, follow: boolean): ShownRows {
  const sessionId = session.id;
  const capture = session.capture?.path;
  const wanted = JSON.stringify(query);
  const of = capture === undefined ? undefined : `${sessionId} ${capture} ${wanted}`;
  const [shown, setShown] = useState<{ of: string; sessionId: string; source: RowSource }>();
  const following = useRef(follow);
  following.current = follow;

  useEffect(() => {
    if (of === undefined) return;
    const asked: Query = JSON.parse(wanted);
    const source = new RowSource({
      follow: following.current,
      onFrame: (callback) => requestAnimationFrame(callback),
      onPause: (callback) => setTimeout(callback, RUSH_MS),
      fetchRows: (from, count) => bridge.call('timeline.rows', { session: sessionId, query: asked, from, count }),
    });
    const unsubscribe = source.subscribe(() => {
      if (!source.loaded) return;
      unsubscribe();
      setShown({ of, sessionId, source });
    });
    const unlisten = bridge.listen((announcement) => {
      if (announcement.type === 'timeline' && announcement.session === sessionId) source.grew();
      if (announcement.type === 'schema' && announcement.session === sessionId) source.explained();
    });
    return () => {
      unlisten();
      source.dispose();
    };
  }, [of, sessionId, wanted]);

  const source = of !== undefined && shown?.sessionId === sessionId ? shown.source : undefined;
  useSyncExternalStore(source?.subscribe ?? never, () => source?.version ?? 0);
  return { source, current: source !== undefined && shown?.of === of };
}

/** When the first record of a session's capture was made (microseconds since the Unix epoch), from which times count. */
export function useOrigin(session: SessionState): number | undefined {
  const [origin, setOrigin] = useState<{ of: string; atUs: number }>();
  const of = `${session.id} ${session.capture?.path ?? ''}`;
  const begun = session.counts.records > 0;
  useEffect(() => {
    if (!begun) return;
    let current = true;
    const request = { session: session.id, query: { level: 'everything' }, from: 0, count: 1 } as const;
    bridge.call('timeline.rows', request).then(
      (answer) => {
        const first = answer.rows[0];
        if (current && first) setOrigin({ of, atUs: first.at });
      },
      // The timeline itself asks for rows and says what went wrong.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [session.id, of, begun]);
  return origin?.of === of ? origin.atUs : undefined;
}
