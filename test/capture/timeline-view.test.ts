import { describe, expect, test } from 'vitest';
import { type Capture, CaptureError, type CaptureQuery, type View } from '../../src-main/capture/capture.ts';
import { Direction, Level, type TimelineRecord } from '../../src-main/core/record.ts';
import type { ConnectionRecorder } from '../../src-main/core/recorder.ts';
import { liveCapture, recordsOf } from './files.ts';
import { ANSWER, frame, REQUEST } from './websocket.ts';

const START = 1_700_000_000_000_000;

function webSocket(capture: Capture, port: number): ConnectionRecorder {
  const connection = capture.recorder.connection(
    {
      transport: 'tcp',
      client: { address: '127.0.0.1', port },
      server: { address: '127.0.0.1', port: 9001 },
      decrypted: false,
      dissectAs: { protocol: 'auto' },
    },
    START,
  );
  connection.event({ type: 'connected', severity: 'info', text: 'Connected.' }, START);
  connection.chunk(Direction.clientToServer, REQUEST, START + 1);
  connection.chunk(Direction.serverToClient, ANSWER, START + 2);
  return connection;
}

/** Two connections with whole messages, a fragmented one and pings, in turns. */
function traffic(capture: Capture, rounds: number): void {
  const connections = [webSocket(capture, 50_001), webSocket(capture, 50_002)];
  for (let round = 0; round < rounds; round++) {
    for (const [i, connection] of connections.entries()) {
      const send = (bytes: Uint8Array): void => connection.chunk(Direction.serverToClient, bytes, START + round);
      send(frame(1, `message ${round} of ${i}`));
      send(frame(1, 'first ', false));
      send(frame(9, 'ping'));
      send(frame(0, 'last'));
    }
  }
}

async function scanned(view: View): Promise<View> {
  await expect.poll(() => view.scanning, { interval: 1, timeout: 10_000 }).toBe(1);
  return view;
}

function expected(
  capture: Capture,
  query: CaptureQuery,
  passes: (record: TimelineRecord) => boolean = () => true,
): number[] {
  const wanted = { messages: Level.event | Level.message, frames: Level.event | Level.frame, everything: 7 }[
    query.level
  ];
  return recordsOf(capture)
    .filter((record) => (record.levels & wanted) !== 0)
    .filter((record) => query.connection === undefined || record.connection === query.connection)
    .filter(passes)
    .map((record) => record.seq);
}

const LEVELS = ['messages', 'frames', 'everything'] as const;

describe('a view', () => {
  test.each(LEVELS)('of %s has the records of that level, now and later', async (level) => {
    const capture = liveCapture();
    const view = capture.query({ level });
    const ofOne = capture.query({ level, connection: 2 });
    for (let turn = 0; turn < 3; turn++) {
      traffic(capture, 50);
      const all = expected(capture, { level });
      expect(view.total).toBe(all.length);
      expect(view.scanning).toBe(1);
      expect(view.seqs(0, all.length + 5)).toEqual(all);
      expect(view.seqs(40, 7)).toEqual(all.slice(40, 47));
      expect(view.seqs(all.length, 5)).toEqual([]);
      for (const seq of [0, 1, 77, all.at(-1)!, capture.count + 9]) {
        const position = all.findIndex((member) => member >= seq);
        expect(view.position(seq)).toBe(position < 0 ? all.length : position);
      }
      await scanned(ofOne);
      expect(ofOne.seqs(0, 10_000)).toEqual(expected(capture, { level, connection: 2 }));
    }
  });

  test('with a filter shows what passes', async () => {
    const capture = liveCapture();
    traffic(capture, 40);
    const view = await scanned(capture.query({ level: 'messages', filter: 'websocket.opcode == 1 && "message 3"' }));
    const passing = expected(capture, { level: 'messages' }, (record) =>
      capture.summary(record.seq).startsWith('message 3'),
    );
    expect(passing.length).toBeGreaterThan(4);
    expect(view.seqs(0, 1000)).toEqual(passing);
  });

  test('with a filter grows with the capture and tells of it', async () => {
    const capture = liveCapture();
    const view = capture.query({ level: 'everything', filter: 'websocket', connection: 1 });
    traffic(capture, 2);
    let told = 0;
    capture.onGrowth(() => told++);
    await scanned(view);
    expect(told).toBeGreaterThan(0);
    expect(view.total).toBe(
      expected(capture, { level: 'everything', connection: 1 }, (record) => record.protocol === 2).length,
    );
    view.dispose();
    const { total } = view;
    traffic(capture, 2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(view.total).toBe(total);
  });

  test('with a long scan gives the event loop its turns', async () => {
    const capture = liveCapture();
    traffic(capture, 5000);
    const view = capture.query({ level: 'everything', filter: '"message 4999 of 1"' });
    expect(view.scanning).toBeLessThan(1);
    await scanned(view);
    expect(view.total).toBe(1);
  });

  test('with a filter that is none says why', () => {
    const capture = liveCapture();
    expect(() => capture.query({ level: 'messages', filter: 'websocket.opcod == 1' })).toThrow(CaptureError);
  });
});
