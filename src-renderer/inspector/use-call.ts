// Reads a gRPC call for its conversation: the rows that belong to it, what its messages say, how it ended. Read again as
// long as it goes on.
import { useEffect, useState } from 'react';
import type { PayloadView, RecordDetail, Row } from '../../src-main/bridge/contract.ts';
import type { Problem } from '../../src-main/core/event.ts';
import { bridge } from '../bridge/bridge.ts';
import { problemOf } from '../stores/problem.ts';

/** Rows of one question, and how many questions: of longer calls the beginning is shown. */
const PAGE = 1000;
const MAX_PAGES = 5;
/** Messages whose contents are read. */
export const READ_MESSAGES = 200;
const REFRESH_MS = 150;

export interface CallParts {
  /** The call's own row as it is now. */
  row: Row;
  /** Initial metadata, messages and the end, in order; not what carries them. */
  members: Row[];
  /** There are more than were read. */
  isCut: boolean;
  /** Seq → contents, of messages. */
  payloads: ReadonlyMap<number, PayloadView>;
  /** Of the server's initial metadata, if there is something in it or wrong with it. */
  answer?: RecordDetail;
  /** Of the record that ended it. */
  end?: RecordDetail;
}

export type LoadedCall = { parts?: CallParts; problem?: Problem };

export function useCall(session: string, call: Row): LoadedCall {
  const { seq } = call;
  const of = `${session} ${seq}`;
  const [loaded, setLoaded] = useState<LoadedCall & { of: string }>();
  useEffect(() => {
    let stale = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isReading = false;
    let isOver = false;
    let payloads: ReadonlyMap<number, PayloadView> = new Map();
    const read = async (): Promise<void> => {
      isReading = true;
      try {
        const parts = await readCall(session, seq, payloads);
        payloads = parts.payloads;
        isOver = parts.end !== undefined || parts.row.call?.durationMicroseconds !== undefined;
        if (!stale) setLoaded({ of, parts });
      } catch (error) {
        if (!stale) setLoaded({ of, problem: problemOf(error) });
      }
      isReading = false;
    };
    void read();
    const unlisten = bridge.listen((announcement) => {
      if (!('session' in announcement) || announcement.session !== session) return;
      const isExplained = announcement.type === 'schema';
      // Messages say something else by other types.
      if (isExplained) payloads = new Map();
      if (!(isExplained || (announcement.type === 'timeline' && !isOver)) || timer) return;
      timer = setTimeout(() => {
        timer = undefined;
        if (!isReading) void read();
      }, REFRESH_MS);
    });
    return () => {
      stale = true;
      clearTimeout(timer);
      unlisten();
    };
  }, [of, session, seq]);
  return loaded?.of === of ? loaded : {};
}

async function readCall(session: string, seq: number, known: ReadonlyMap<number, PayloadView>): Promise<CallParts> {
  const query = { level: 'messages' as const, unfolded: [seq] };
  const { index } = await bridge.call('timeline.position', { session, query, seq });
  const members: Row[] = [];
  let row: Row | undefined;
  let isCut = true;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const from = index + page * PAGE;
    const answer = await bridge.call('timeline.rows', { session, query, from, count: PAGE });
    row ??= answer.rows.find((each) => each.seq === seq);
    members.push(...answer.rows.filter((each) => each.callSeq === seq && each.protocol === 'grpc'));
    isCut = from + PAGE < answer.total && !isEnd(members.at(-1));
    if (!isCut) break;
  }
  if (!row) throw new Error('The call is not among the records any more.');
  const messages = members.filter((member) => member.kind === 'message').slice(0, READ_MESSAGES);
  const payloads = new Map(
    await Promise.all(
      messages.map(async (message) => [message.seq, await payloadOf(session, message.seq, known)] as const),
    ),
  );
  const last = members.at(-1);
  const end = last && isEnd(last) ? await bridge.call('record.detail', { session, seq: last.seq }) : undefined;
  const answer = await answerOf(session, members);
  return { row, members, isCut, payloads, ...(answer ? { answer } : {}), ...(end ? { end } : {}) };
}

async function answerOf(session: string, members: readonly Row[]): Promise<RecordDetail | undefined> {
  const row = members.find((member) => member.kind === 'answer');
  const detail = row && (await bridge.call('record.detail', { session, seq: row.seq }));
  const says = detail?.fields[0]?.children?.some((field) => field.name === 'grpc.metadata');
  return says || detail?.notes.length ? detail : undefined;
}

function isEnd(member: Row | undefined): boolean {
  return member?.kind === 'status' || member?.kind === 'reset';
}

async function payloadOf(session: string, seq: number, known: ReadonlyMap<number, PayloadView>): Promise<PayloadView> {
  return known.get(seq) ?? bridge.call('record.payload', { session, seq, view: 'auto' });
}
