// A server's connections as far as somebody looks: pages as the list is scrolled, all pages while one searches.
import { useEffect, useRef, useState } from 'react';
import type { Output, SessionState } from '../../src-main/bridge/contract.ts';
import { bridge } from '../bridge/bridge.ts';

export type Connection = Output['sessions.connections']['connections'][number];

const PAGE = 200;
const SEARCH_PAGE = 1000;
/** Rows that a search shows at most: more is not read by anybody. */
const MAX_FOUND = 500;
const REFRESH_MS = 500;

export interface Connections {
  total: number;
  rows: readonly Connection[];
  /** Asks for the next page, if there is one. */
  more(): void;
}

/** Refreshed when the number of open connections changes, at most twice a second. */
export function useConnections(session: SessionState, search: string): Connections {
  const [limit, setLimit] = useState(PAGE);
  const [answer, setAnswer] = useState<{ total: number; rows: readonly Connection[] }>({ total: 0, rows: [] });
  const { id } = session;
  // What makes the list stale: one key, so that the effect names all it depends on.
  const view = `${search}\0${limit}\0${session.connections}\0${session.phase}`;
  const shownView = useRef('');
  useEffect(() => {
    let stale = false;
    const first = shownView.current === '';
    shownView.current = view;
    const timer = setTimeout(
      async () => {
        const found = await (search ? findConnections(id, search, () => stale) : firstConnections(id, limit));
        if (!stale && found) setAnswer(found);
      },
      first ? 0 : REFRESH_MS,
    );
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [id, search, limit, view]);
  return {
    ...answer,
    more: () => {
      if (!search && answer.rows.length < answer.total) setLimit(answer.rows.length + PAGE);
    },
  };
}

async function firstConnections(session: string, limit: number) {
  const rows: Connection[] = [];
  let total = 0;
  while (rows.length < limit) {
    const page = await pageOf(session, rows.length, Math.min(SEARCH_PAGE, limit - rows.length));
    if (!page) return undefined;
    total = page.total;
    if (page.connections.length === 0) break;
    rows.push(...page.connections);
  }
  return { total, rows };
}

async function findConnections(session: string, search: string, isStale: () => boolean) {
  const rows: Connection[] = [];
  const needle = search.toLowerCase();
  let from = 0;
  let total = 1;
  while (from < total && rows.length < MAX_FOUND && !isStale()) {
    const page = await pageOf(session, from, SEARCH_PAGE);
    if (!page || page.connections.length === 0) break;
    total = page.total;
    from += page.connections.length;
    rows.push(
      ...page.connections.filter((each) =>
        `${each.connection} ${each.peer} ${each.label}`.toLowerCase().includes(needle),
      ),
    );
  }
  return { total, rows: rows.slice(0, MAX_FOUND) };
}

/** undefined when the engine does not answer: the list stays as it was. */
function pageOf(session: string, from: number, count: number) {
  return bridge.call('sessions.connections', { session, from, count }).catch(() => undefined);
}
