// What the interface asks of a capture's rows where gRPC calls are folded.
import { expect, test } from 'vitest';
import type { Query } from '../../src-main/bridge/contract.ts';
import { Timeline } from '../../src-main/engine/session/timeline.ts';
import { liveCapture, recordsOf } from '../capture/files.ts';
import { GrpcTraffic } from '../capture/grpc-traffic.ts';
import { eventually } from '../eventually.ts';

const LEVELS = ['messages', 'frames'] as const;

test.each(LEVELS)('a call and its parts at the level of %s: rows, positions, copies', async (level) => {
  const capture = liveCapture();
  const traffic = new GrpcTraffic(capture);
  traffic.unary();
  traffic.ping();
  traffic.unary(5);
  const timeline = new Timeline(capture);
  /** When all are found, however busy the machine is. */
  const rowsOf = async (query: Query) => {
    await eventually(() => expect(timeline.rows(query, 0, 0).scanning).toBeUndefined());
    return timeline.rows(query, 0, 1000).rows;
  };

  const calls = (await rowsOf({ level, unfolded: [] })).filter(({ call }) => call !== undefined);
  expect(calls.map(({ call }) => call?.status)).toEqual([0, 5]);
  const second = calls[1]!.seq;
  const unfolded = await rowsOf({ level, unfolded: [second] });
  const parts = unfolded.filter(({ callSeq }) => callSeq !== undefined);
  expect(new Set(parts.map(({ callSeq }) => callSeq))).toEqual(new Set([second]));
  expect(parts.map(({ kind }) => kind)).toEqual(
    level === 'messages'
      ? ['message', 'answer', 'message', 'status']
      : ['HEADERS', 'DATA', 'HEADERS', 'answer', 'DATA', 'HEADERS', 'status'],
  );
  expect(unfolded.slice(-parts.length)).toEqual(parts);

  const [part] = parts;
  const folded: Query = { level, unfolded: [] };
  const place = await timeline.position(folded, part!.seq);
  expect(place).toEqual({ index: (await rowsOf(folded)).length, exact: false, foldedInto: second });
  const index = unfolded.indexOf(part!);
  expect(await timeline.position({ level, unfolded: [second] }, part!.seq)).toEqual({ index, exact: true });
  const { text } = timeline.copy({ level, unfolded: [second] }, index, 1, 'text');
  expect(text).toContain(part!.summary);
  expect(await timeline.find({ level, unfolded: [second] }, part!.summary, index, false)).toEqual({
    index,
    seq: part!.seq,
  });
  timeline.dispose();
});

test('a position in a large capture is that of a record which is still to be found', async () => {
  const capture = liveCapture();
  const traffic = new GrpcTraffic(capture);
  for (let call = 0; call < 4000; call += 1) traffic.unary();
  const records = recordsOf(capture);
  const calls = records.flatMap(({ seq }) => (capture.call(seq) ? [seq] : []));
  const [first, last] = [calls[0]!, calls.at(-1)!];
  const end = records.at(-1)!.seq;
  const timeline = new Timeline(capture);
  for (const level of LEVELS) {
    const { index, exact } = await timeline.position({ level, unfolded: [first, last] }, end);
    const { total, rows } = timeline.rows({ level, unfolded: [first, last] }, index, 1);
    expect({ exact, rows, index }).toEqual({
      exact: true,
      rows: [expect.objectContaining({ seq: end })],
      index: total - 1,
    });
    const filtered = { level, filter: 'grpc.status_code == 0', unfolded: [] };
    expect(await timeline.position(filtered, last)).toEqual({ index: calls.length - 1, exact: true });
  }
  timeline.dispose();
});
