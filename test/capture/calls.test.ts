import { describe, expect, test } from 'vitest';
import type { Capture, CaptureQuery, View } from '../../src-main/capture/capture.ts';
import { GRPC_ID, GrpcType } from '../../src-main/core/dissect/grpc-format.ts';
import { Level } from '../../src-main/core/record.ts';
import { liveCapture, loadedCapture, recordsOf, temporaryFile } from './files.ts';
import { GrpcTraffic } from './grpc-traffic.ts';

function callRows(capture: Capture): number[] {
  return recordsOf(capture)
    .filter(({ protocol, type }) => protocol === GRPC_ID && type === GrpcType.call)
    .map(({ seq }) => seq);
}

function calls(capture: Capture) {
  return callRows(capture).map((seq) => capture.call(seq));
}

/** Rows that a query should have, found the slow way. */
function expected(capture: Capture, unfolded: readonly number[], passes = (_seq: number): boolean => true): number[] {
  const rows = new Set<number>();
  for (const { seq, protocol, type, levels, link } of recordsOf(capture)) {
    if ((levels & (Level.event | Level.message)) === 0 || !passes(seq)) continue;
    const isMember = protocol === GRPC_ID && type !== GrpcType.call;
    if (isMember) rows.add(link);
    if (!isMember || unfolded.includes(link)) rows.add(seq);
  }
  return [...rows].sort((a, b) => a - b);
}

async function seqsOf(view: View): Promise<number[]> {
  await expect.poll(() => view.scanning, { interval: 1, timeout: 10_000 }).toBe(1);
  const seqs = view.seqs(0, view.total + 1);
  expect(seqs).toHaveLength(view.total);
  for (const [row, seq] of seqs.entries()) {
    expect(view.position(seq)).toBe(row);
    expect(view.seqs(row, 2)).toEqual(seqs.slice(row, row + 2));
  }
  view.dispose();
  return seqs;
}

describe('a call', () => {
  test('is counted as it goes on, and ends with its status', () => {
    const capture = liveCapture();
    const traffic = new GrpcTraffic(capture);
    const stream = traffic.call();
    const [row] = callRows(capture);
    const startedAt = capture.record(row!).at;
    expect(capture.call(row!)).toEqual({ clientMessages: 0, serverMessages: 0 });
    traffic.ask(stream, 'one');
    traffic.ask(stream, 'two');
    traffic.begin(stream);
    traffic.answer(stream, 'three');
    expect(capture.call(row!)).toEqual({ clientMessages: 2, serverMessages: 1 });
    traffic.end(stream, 5);
    expect(capture.call(row!)).toEqual({
      ...{ clientMessages: 2, serverMessages: 1, status: 5 },
      durationMicroseconds: traffic.at - startedAt,
    });
    expect(capture.call(row! + 1)).toBeUndefined();
    expect(capture.call(0)).toBeUndefined();
  });

  test('that is reset ends, and one whose connection ends does so without a status', () => {
    const capture = liveCapture();
    const traffic = new GrpcTraffic(capture);
    const first = traffic.call();
    traffic.call();
    const before = capture.revision;
    traffic.reset(first);
    expect(calls(capture)).toEqual([
      { clientMessages: 0, serverMessages: 0, durationMicroseconds: 20, status: 1 },
      { clientMessages: 0, serverMessages: 0 },
    ]);
    const { revision } = capture;
    expect(revision).toBeGreaterThan(before);
    traffic.connection.close(traffic.at + 5);
    expect(calls(capture)[1]).toEqual({ clientMessages: 0, serverMessages: 0, durationMicroseconds: 15 });
    expect(capture.revision).toBeGreaterThan(revision);
  });

  test('is the same when the capture is opened, from its index and without', async () => {
    const path = temporaryFile('calls.pcapng');
    const capture = liveCapture(path);
    const traffic = new GrpcTraffic(capture);
    for (let i = 0; i < 200; i++) traffic.unary(i % 17);
    const open = traffic.call();
    traffic.ask(open, 'x');
    await capture.finish();
    const summaries = calls(capture);
    expect(summaries).toHaveLength(201);
    expect(summaries[6]).toMatchObject({ clientMessages: 1, serverMessages: 1, status: 6 });
    const folded = await seqsOf(capture.query({ level: 'messages', unfolded: [] }));
    expect(folded).toEqual(expected(capture, []));
    for (const recordedHere of [true, false]) {
      const again = await loadedCapture(path, { recordedHere });
      expect(calls(again)).toEqual(summaries);
      expect(await seqsOf(again.query({ level: 'messages', unfolded: [] }))).toEqual(folded);
      expect(await seqsOf(again.query({ level: 'messages', unfolded: callRows(again) }))).toEqual(
        await seqsOf(again.query({ level: 'messages' })),
      );
    }
  });
});

describe('folded calls', () => {
  /** Two connections, calls that overlap, and one call whose request was not captured. */
  function mixed(capture: Capture): GrpcTraffic[] {
    const traffic = [new GrpcTraffic(capture), new GrpcTraffic(capture, 50_052)];
    for (let round = 0; round < 20; round++) {
      for (const one of traffic) {
        const long = one.call('/chat.ChatService/StreamMessages');
        one.ask(long, `ask ${round}`);
        one.unary(round % 3);
        one.begin(long);
        one.answer(long, `answer ${round}`);
        if (round % 2 === 0) one.end(long, 0);
      }
    }
    traffic[0]!.begin(9999);
    traffic[0]!.end(9999, 0);
    return traffic;
  }

  test('are one row each, and those that are named show what belongs to them', async () => {
    const capture = liveCapture();
    mixed(capture);
    const rows = callRows(capture);
    for (const unfolded of [[], [rows[0]!], [rows[3]!, rows[40]!], rows, [999_999], [rows[5]! + 1]]) {
      const query: CaptureQuery = { level: 'messages', unfolded };
      expect(await seqsOf(capture.query(query))).toEqual(expected(capture, unfolded));
      const ofOne = { ...query, connection: 2 };
      expect(await seqsOf(capture.query(ofOne))).toEqual(
        expected(capture, unfolded, (seq) => capture.record(seq).connection === 2),
      );
    }
  });

  test('grow with the capture', async () => {
    const capture = liveCapture();
    const [traffic] = mixed(capture);
    const rows = callRows(capture);
    const unfolded = [rows[0]!, rows.at(-2)!];
    const view = capture.query({ level: 'messages', unfolded });
    const before = view.total;
    traffic!.unary();
    const open = traffic!.call();
    traffic!.answer(open, 'x');
    await expect.poll(() => view.scanning).toBe(1);
    expect(view.total).toBeGreaterThan(before);
    expect(view.seqs(0, 10_000)).toEqual(expected(capture, unfolded));
  });

  test('stand for what passes a filter within them', async () => {
    const capture = liveCapture();
    mixed(capture);
    const failed = (seq: number): boolean => capture.summary(seq).startsWith('2 ');
    const filter = 'grpc.status_code == 2';
    const rows = expected(capture, [], failed);
    expect(rows.length).toBe(12);
    expect(await seqsOf(capture.query({ level: 'messages', filter, unfolded: [] }))).toEqual(rows);
    expect(await seqsOf(capture.query({ level: 'messages', filter, unfolded: rows }))).toEqual(
      expected(capture, rows, failed),
    );
    expect(await seqsOf(capture.query({ level: 'messages', filter }))).toHaveLength(12);
  });

  test('leave frames and everything as they are unless asked', async () => {
    const capture = liveCapture();
    mixed(capture);
    const all = await seqsOf(capture.query({ level: 'everything' }));
    expect(all).toHaveLength(capture.count);
    const folded = await seqsOf(capture.query({ level: 'everything', unfolded: [] }));
    const isMember = (seq: number): boolean => {
      const { protocol, type, link } = capture.record(seq);
      return protocol === GRPC_ID && type !== GrpcType.call && capture.call(link) !== undefined;
    };
    expect(folded).toEqual(all.filter((seq) => !isMember(seq)));
  });
});

test('records are explained with types once they are given', () => {
  const capture = liveCapture();
  new GrpcTraffic(capture).unary();
  const { revision } = capture;
  const types = { message: () => undefined, enumeration: () => undefined, method: () => undefined };
  expect(capture.view(0).types).toBeUndefined();
  let told = 0;
  capture.onGrowth(() => {
    told += 1;
  });
  capture.explainWith(types);
  expect(capture.view(0).types).toBe(types);
  expect(capture.revision).toBeGreaterThan(revision);
  expect(told).toBe(1);
});
