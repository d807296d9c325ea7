// Reads what the inspector shows from the engine: a record's detail, its bytes, its decoded payload. Answers to an
// earlier question are dropped.
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { PayloadView, PayloadViewName, RecordDetail } from '../../src-main/bridge/contract.ts';
import type { Problem } from '../../src-main/core/event.ts';
import { bridge } from '../bridge/bridge.ts';
import { problemOf } from '../stores/problem.ts';
import { ByteSource } from './byte-source.ts';

/** Holding an arrow key down asks for the record one stops at, not for all on the way. */
const SETTLE_MS = 40;

export interface Loaded<Value> {
  value?: Value;
  /** `value` is still that of another question. */
  stale: boolean;
  problem?: Problem;
}

/** Rises when the session's records are explained by other message types. */
function useExplanations(session: string): number {
  const [explanations, setExplanations] = useState(0);
  useEffect(
    () =>
      bridge.listen((announcement) => {
        if (announcement.type === 'schema' && announcement.session === session) setExplanations((count) => count + 1);
      }),
    [session],
  );
  return explanations;
}

/** The record's detail. While the next one is on its way the last stays, marked stale. */
export function useRecordDetail(session: string, capture: string, seq: number | undefined): Loaded<RecordDetail> {
  const of = `${session} ${capture} ${seq} ${useExplanations(session)}`;
  const [answer, setAnswer] = useState<{ of: string; session: string; value?: RecordDetail; problem?: Problem }>();
  useEffect(() => {
    if (seq === undefined) return;
    let current = true;
    const timer = setTimeout(() => {
      bridge.call('record.detail', { session, seq }).then(
        (value) => current && setAnswer({ of, session, value }),
        (error: unknown) => current && setAnswer({ of, session, problem: problemOf(error) }),
      );
    }, SETTLE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [of, session, seq]);
  if (seq === undefined || answer?.session !== session) return { stale: seq !== undefined };
  const { value, problem } = answer;
  return { ...(value ? { value } : {}), ...(problem ? { problem } : {}), stale: answer.of !== of };
}

/** The byte sources of a detail, read further as they are looked at. */
export function useByteSources(session: string, detail: RecordDetail | undefined): ByteSource[] {
  return useMemo(() => {
    if (!detail) return [];
    const { seq } = detail.row;
    return detail.sources.map(
      ({ bytes, total }, source) =>
        new ByteSource(bytes, total, async (from, count) => {
          const answer = await bridge.call('record.bytes', { session, seq, source, from, count });
          return answer.bytes;
        }),
    );
  }, [session, detail]);
}

/** Draws again when more of a source has come. */
export function useSourceVersion(source: ByteSource): number {
  return useSyncExternalStore(source.subscribe, () => source.version);
}

/** The decoded payload in a view. */
export function usePayload(session: string, seq: number, view: PayloadViewName | 'auto'): Loaded<PayloadView> {
  const of = `${session} ${seq} ${view} ${useExplanations(session)}`;
  const [answer, setAnswer] = useState<{ of: string; value?: PayloadView; problem?: Problem }>();
  useEffect(() => {
    let current = true;
    bridge.call('record.payload', { session, seq, view }).then(
      (value) => current && setAnswer({ of, value }),
      (error: unknown) => current && setAnswer({ of, problem: problemOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [of, session, seq, view]);
  if (!answer) return { stale: true };
  const { value, problem } = answer;
  return { ...(value ? { value } : {}), ...(problem ? { problem } : {}), stale: answer.of !== of };
}
