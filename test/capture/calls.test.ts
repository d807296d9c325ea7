import { describe, expect, test } from 'vitest';
import type { Capture, CaptureQuery, View } from '../../src-main/capture/capture.ts';
import { GRPC_ID, GrpcType } from '../../src-main/core/dissect/grpc/format.ts';
import { Frame, FrameFlag, HEADER_BYTES, HTTP2_ID } from '../../src-main/core/dissect/http2/format.ts';
import { protocolById } from '../../src-main/core/dissect/registry.ts';
import { Direction, Level } from '../../src-main/core/record.ts';
import { ANSWER, block, bytesOf, CALL, data, frame, message } from '../core/dissect/http2-frames.ts';
import { liveCapture, loadedCapture, recordsOf, temporaryFile } from './files.ts';
import { GrpcTraffic, START_AT } from './grpc-traffic.ts';

function callRows(capture: Capture): number[] {
  return recordsOf(capture)
    .filter(({ protocol, type }) => protocol === GRPC_ID && type === GrpcType.call)
    .map(({ seq }) => seq);
}

function calls(capture: Capture) {
  return callRows(capture).map((seq) => capture.call(seq));
}

/** The call that each record on a stream is part of: the last that began there. Found without links. */
function callsByStream(capture: Capture): Map<number, number> {
  const current = new Map<string, number>();
  const calls = new Map<number, number>();
  for (const { seq, connection, stream, protocol, type } of recordsOf(capture)) {
    const place = `${connection} ${stream}`;
    const call = current.get(place);
    if (protocol === GRPC_ID && type === GrpcType.call) current.set(place, seq);
    else if (stream > 0 && call !== undefined) calls.set(seq, call);
  }
  return calls;
}

const LEVELS = { messages: Level.event | Level.message, frames: Level.event | Level.frame, everything: 0xff };

/** Rows that a query should have, found the slow way. */
function expected(
  capture: Capture,
  { level, unfolded = [] }: CaptureQuery,
  passes = (_seq: number): boolean => true,
): number[] {
  const callOf = callsByStream(capture);
  const rows = new Set<number>();
  for (const { seq, levels } of recordsOf(capture)) {
    if ((levels & LEVELS[level]) === 0 || !passes(seq)) continue;
    const call = callOf.get(seq);
    if (call !== undefined) rows.add(call);
    if (call === undefined || unfolded.includes(call)) rows.add(seq);
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

/** Of each DATA frame with a payload, in order: the content of the message it leads to. */
function carried(capture: Capture): (string | undefined)[] {
  return recordsOf(capture)
    .filter(({ protocol, type, length }) => protocol === HTTP2_ID && type === Frame.data && length > HEADER_BYTES)
    .map(({ seq }) => {
      const found = capture.carriedMessage(seq);
      return found === undefined ? undefined : new TextDecoder().decode(capture.payload(found, 100)?.bytes);
    });
}

describe('a frame leads to the message that it carries', () => {
  test('in whole, in part, or as the first of several, among those of other calls and of the other direction', () => {
    const capture = liveCapture();
    const traffic = new GrpcTraffic(capture);
    const [one, other] = [traffic.call(), traffic.call()];
    traffic.ask(one, 'whole');
    const long = message('in two parts');
    traffic.client(data(one, long.subarray(0, 8)));
    traffic.ask(other, 'of another');
    traffic.begin(one);
    traffic.answer(one, 'back');
    traffic.client(data(one, long.subarray(8)));
    traffic.client(data(one, bytesOf(message('first'), message('second'))));
    expect(carried(capture)).toEqual(['whole', 'in two parts', 'of another', 'back', 'in two parts', 'first']);
  });

  test('unless the message has not ended, is far behind, or the frame is no part of a call', () => {
    const capture = liveCapture();
    const traffic = new GrpcTraffic(capture);
    const stream = traffic.call();
    const long = message('late');
    traffic.client(data(stream, long.subarray(0, 6)));
    expect(carried(capture)).toEqual([undefined]);
    for (let count = 0; count < 10_000; count += 1) traffic.ping();
    traffic.client(data(stream, long.subarray(6)));
    expect(carried(capture)).toEqual([undefined, 'late']);
    for (const { seq, protocol, type } of recordsOf(capture))
      if (protocol !== HTTP2_ID || type !== Frame.data) expect(capture.carriedMessage(seq)).toBeUndefined();
  });
});

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
    traffic.ask(traffic.call(), 'x');
    await capture.finish();
    const summaries = calls(capture);
    expect(summaries).toHaveLength(201);
    expect(summaries[6]).toMatchObject({ clientMessages: 1, serverMessages: 1, status: 6 });
    const open = [...summaries.keys()].filter((call) => call % 20 === 0).map((call) => callRows(capture)[call]!);
    const queries = (['messages', 'frames'] as const).map((level) => ({ level, unfolded: open }));
    const rows = await Promise.all(queries.map((query) => seqsOf(capture.query(query))));
    expect(rows).toEqual(queries.map((query) => expected(capture, query)));
    for (const recordedHere of [true, false]) {
      const again = await loadedCapture(path, { recordedHere });
      expect(calls(again)).toEqual(summaries);
      expect(await Promise.all(queries.map((query) => seqsOf(again.query(query))))).toEqual(rows);
      expect(callRows(again).map((seq) => again.callOf(seq + 1))).toEqual(callRows(capture));
      for (const level of ['messages', 'frames'] as const) {
        const flat = await seqsOf(again.query({ level }));
        expect(await seqsOf(again.query({ level, unfolded: callRows(again) }))).toEqual(flat);
      }
    }
  });
});

describe.each(['messages', 'frames'] as const)('folded calls at the level of %s', (level) => {
  /**
   * Two connections with the same numbers of streams, calls that overlap, frames that are about the connection, and a call
   * whose request was not captured.
   */
  function mixed(capture: Capture): GrpcTraffic[] {
    const traffic = [new GrpcTraffic(capture), new GrpcTraffic(capture, 50_052)];
    for (let round = 0; round < 20; round++) {
      for (const one of traffic) {
        const long = one.call('/chat.ChatService/StreamMessages');
        one.ask(long, `ask ${round}`);
        one.unary(round % 3);
        one.begin(long);
        one.credit(0);
        one.answer(long, `answer ${round}`);
        one.credit(long);
        one.ping();
        if (round % 2 === 0) one.end(long, 0);
        else if (round % 3 === 0) one.reset(long);
        one.credit(long);
      }
    }
    traffic[0]!.begin(9999);
    traffic[0]!.end(9999, 0);
    return traffic;
  }

  test('are one row each, and those that are named show their parts', async () => {
    const capture = liveCapture();
    mixed(capture);
    const rows = callRows(capture);
    for (const unfolded of [[], [rows[0]!], [rows[3]!, rows[40]!], rows, [999_999], [rows[5]! + 1]]) {
      const query: CaptureQuery = { level, unfolded };
      expect(await seqsOf(capture.query(query))).toEqual(expected(capture, query));
      const ofOne = { ...query, connection: 2 };
      expect(await seqsOf(capture.query(ofOne))).toEqual(
        expected(capture, query, (seq) => capture.record(seq).connection === 2),
      );
    }
  });

  test('grow with the capture', async () => {
    const capture = liveCapture();
    const [traffic] = mixed(capture);
    const rows = callRows(capture);
    const query = { level, unfolded: [rows[0]!, rows.at(-2)!] };
    const view = capture.query(query);
    const before = view.total;
    traffic!.unary();
    const open = traffic!.call();
    traffic!.answer(open, 'x');
    traffic!.ping();
    await expect.poll(() => view.scanning).toBe(1);
    expect(view.total).toBeGreaterThan(before);
    expect(view.seqs(0, 10_000)).toEqual(expected(capture, query));
  });

  test('stand for what passes a filter within them', async () => {
    const capture = liveCapture();
    mixed(capture);
    const [filter, passes] =
      level === 'messages'
        ? ['grpc.status_code == 2', (seq: number): boolean => capture.summary(seq).startsWith('2 ')]
        : ['http2.type == 3', (seq: number): boolean => capture.summary(seq).endsWith('8 CANCEL')];
    const rows = expected(capture, { level }, passes);
    expect(rows).toHaveLength(level === 'messages' ? 12 : 6);
    expect(callRows(capture)).toEqual(expect.arrayContaining(rows));
    for (const unfolded of [[], rows]) {
      const query = { level, unfolded };
      expect(await seqsOf(capture.query({ ...query, filter }))).toEqual(expected(capture, query, passes));
    }
    expect(await seqsOf(capture.query({ level, filter }))).toHaveLength(rows.length);
  });

  test('are unfolded for what they hide, if that would show it', () => {
    const capture = liveCapture();
    mixed(capture);
    const callOf = callsByStream(capture);
    for (const { seq, levels } of recordsOf(capture)) {
      const call = callOf.get(seq);
      expect(capture.callOf(seq)).toBe(call);
      const isOfLevel = (levels & LEVELS[level]) !== 0;
      expect(capture.foldedInto({ level, unfolded: [] }, seq)).toBe(isOfLevel ? call : undefined);
      expect(capture.foldedInto({ level }, seq)).toBeUndefined();
      if (call === undefined) continue;
      expect(capture.foldedInto({ level, unfolded: [call] }, seq)).toBeUndefined();
      expect(capture.foldedInto({ level, unfolded: [], filter: 'websocket' }, seq)).toBeUndefined();
    }
  });
});

test('everything is flat unless asked', async () => {
  const capture = liveCapture();
  const traffic = new GrpcTraffic(capture);
  traffic.unary();
  traffic.ping();
  traffic.unary();
  const all = await seqsOf(capture.query({ level: 'everything' }));
  expect(all).toHaveLength(capture.count);
  const folded = await seqsOf(capture.query({ level: 'everything', unfolded: [] }));
  expect(folded).toEqual(expected(capture, { level: 'everything' }));
  expect(folded.length).toBeLessThan(all.length / 2);
});

/** `kind` of each row of the level of frames: ▸ a call, indented its parts. */
async function outline(capture: Capture, unfolded: readonly number[] = callRows(capture)): Promise<string[]> {
  const seqs = await seqsOf(capture.query({ level: 'frames', unfolded }));
  return seqs.map((seq) => {
    const { protocol, type } = capture.record(seq);
    const kind = protocolById(protocol)!.types[type]!;
    if (capture.call(seq)) return `▸ ${kind}`;
    return capture.callOf(seq) === undefined ? kind : `  ${kind}`;
  });
}

describe('the frames of a call', () => {
  test('are those of its stream, and what gRPC says of its beginning and end', async () => {
    const capture = liveCapture();
    const traffic = new GrpcTraffic(capture);
    const before = (await outline(capture)).length;
    const stream = traffic.call();
    traffic.ask(stream, 'ask');
    traffic.begin(stream);
    traffic.ping();
    traffic.credit(stream);
    traffic.answer(stream, 'answer');
    traffic.credit(0);
    traffic.reset(stream);
    traffic.credit(stream);
    expect((await outline(capture)).slice(before)).toEqual([
      '▸ call',
      '  HEADERS',
      '  DATA',
      '  HEADERS',
      '  answer',
      'PING',
      '  WINDOW_UPDATE',
      '  DATA',
      'WINDOW_UPDATE',
      '  RST_STREAM',
      '  reset',
      '  WINDOW_UPDATE',
    ]);
    expect((await outline(capture, [])).slice(before)).toEqual(['▸ call', 'PING', 'WINDOW_UPDATE']);
  });

  test('begin with the one that made it a call, if its header list came in several', async () => {
    const capture = liveCapture();
    const traffic = new GrpcTraffic(capture);
    const before = (await outline(capture)).length;
    const list = block(CALL);
    traffic.client(frame(Frame.headers, 0, 1, list.subarray(0, 20)));
    traffic.client(frame(Frame.continuation, 0, 1, list.subarray(20, 50)));
    traffic.client(frame(Frame.continuation, FrameFlag.endHeaders, 1, list.subarray(50)));
    traffic.ask(1, 'ask');
    const trailers = block({ 'grpc-status': '0' });
    traffic.server(frame(Frame.headers, FrameFlag.endStream, 1, block(ANSWER)));
    traffic.server(frame(Frame.continuation, 0, 1, trailers.subarray(0, 3)));
    traffic.server(frame(Frame.continuation, FrameFlag.endHeaders, 1, trailers.subarray(3)));
    expect((await outline(capture)).slice(before)).toEqual([
      'HEADERS',
      'CONTINUATION',
      '▸ call',
      '  CONTINUATION',
      '  DATA',
      '  HEADERS',
      '  CONTINUATION',
      '  CONTINUATION',
      '  status',
    ]);
  });

  test('of gRPC-Web are those of its HTTP/1.1 request and answer', async () => {
    const capture = liveCapture();
    const at = START_AT;
    const peer = { address: '127.0.0.1', port: 8080 };
    const connection = capture.recorder.connection(
      { transport: 'tcp', client: peer, server: peer, decrypted: false, dissectAs: { protocol: 'http' } },
      at,
    );
    const body = bytesOf(message('answer'), message('grpc-status: 0\r\n', 0x80));
    for (let call = 0; call < 2; call++) {
      const type = 'Content-Type: application/grpc-web+proto\r\n';
      const request = `POST /chat.ChatService/SendMessage HTTP/1.1\r\nHost: a\r\n${type}Content-Length: 8\r\n\r\n`;
      connection.chunk(Direction.clientToServer, bytesOf(request, message('ask')), at);
      const head = `HTTP/1.1 200 OK\r\n${type}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`;
      connection.chunk(Direction.serverToClient, bytesOf(head, body, '\r\n0\r\n\r\n'), at);
    }
    connection.chunk(Direction.clientToServer, bytesOf('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), at);
    connection.chunk(Direction.serverToClient, bytesOf('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'), at);
    const call = ['▸ call', '  request', '  body', '  response', '  answer', '  status', '  chunk', '  trailers'];
    expect(await outline(capture)).toEqual([...call, ...call, 'request', 'response', 'body']);
    expect(await outline(capture, [])).toEqual(['▸ call', '▸ call', 'request', 'response', 'body']);
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
