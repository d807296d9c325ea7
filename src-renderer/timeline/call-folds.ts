// Which gRPC calls of a timeline are unfolded, and the one that is about to begin and will be.
import { bridge } from '../bridge/bridge.ts';
import { changeQuery, changeView, queryOf, timelineView } from './timeline-store.ts';

/** Calls that are unfolded at once: the contract's bound. */
const MAX_UNFOLDED = 10_000;

/** Says that a streaming call is about to begin: its row is unfolded as soon as it is here. */
export async function expectCall(session: string): Promise<void> {
  try {
    const { total } = await bridge.call('timeline.rows', {
      session,
      query: { level: 'everything' },
      from: 0,
      count: 0,
    });
    changeView(session, { expectedFrom: total });
  } catch {
    // No capture yet: the first call is the one.
    changeView(session, { expectedFrom: 0 });
  }
}

/** Unfolds a call, or folds it. */
export function toggleCall(session: string, seq: number): void {
  const { unfolded } = timelineView(session);
  const rest = unfolded.filter((each) => each !== seq);
  setUnfolded(session, rest.length < unfolded.length ? rest : [...rest, seq]);
}

export function setUnfolded(session: string, unfolded: readonly number[]): void {
  changeQuery(session, { unfolded: unfolded.slice(-MAX_UNFOLDED) });
}

/** Unfolds all calls there are among the rows, or as many of the first as the engine takes. */
export async function unfoldAll(session: string): Promise<void> {
  const PAGE = 1000;
  const query = queryOf({ ...timelineView(session), unfolded: [] });
  const seqs: number[] = [];
  for (let from = 0, total = 1; from < total && seqs.length < MAX_UNFOLDED; from += PAGE) {
    const answer = await bridge.call('timeline.rows', { session, query, from, count: PAGE });
    total = answer.total;
    for (const row of answer.rows) if (row.call) seqs.push(row.seq);
    if (answer.rows.length === 0) break;
  }
  setUnfolded(session, seqs);
}
