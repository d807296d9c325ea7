import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ComparedRow, Input, Run, RunComparison } from '../../src-main/bridge/contract.ts';
import { type Capture, createCapture } from '../../src-main/capture/capture.ts';
import { Opcode } from '../../src-main/core/dissect/websocket/format.ts';
import { Direction } from '../../src-main/core/record.ts';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { alignMessages, ComparedKind } from '../../src-main/engine/history/alignment.ts';
import { KeyNumbers, MAX_COMPARED, type MessageKeys } from '../../src-main/engine/history/message-keys.ts';
import { Slices } from '../../src-main/engine/session/slices.ts';
import { GrpcTraffic } from '../capture/grpc-traffic.ts';
import { bytesOf, concat, u16 } from '../capture/packets.ts';
import { ANSWER, frame, REQUEST } from '../capture/websocket.ts';
import { CLIENT, type FakeParts, fakeParts, scratchFolder } from './fakes.ts';

let engine: Engine;
let parts: FakeParts;
let folder: string;

beforeEach(async () => {
  parts = fakeParts();
  folder = scratchFolder();
  const log = (line: string) => expect.fail(line);
  engine = await createEngine({ dataFolder: folder, host: 'headless', version: '1.2.3', parts, log });
});
afterEach(() => engine.dispose());

/** Runs a session once: `>` before what is sent, `<` before what is received. */
async function run(session: string, lines: readonly string[], end?: string): Promise<Run> {
  await engine.call('sessions.start', { session });
  const endpoint = parts.endpoints.at(-1)!;
  for (const line of lines) {
    if (line.startsWith('<')) endpoint.receive(line.slice(1));
    else await engine.call('sessions.send', { session, content: { text: line.slice(1) }, to: 'all' });
  }
  if (end !== undefined) endpoint.close(end);
  await engine.call('sessions.stop', { session });
  return (await engine.call('history.list', { session, from: 0, count: 1 })).runs[0]!;
}

async function create(config: Partial<SessionConfig> = {}): Promise<string> {
  return (await engine.call('sessions.create', { config: { ...CLIENT, ...config } })).id;
}

type Pair = Input<'history.compare'>;

/** Two runs of a session, compared: every row as `kind one | other`. */
async function compared(one: readonly string[], other: readonly string[]) {
  const session = await create();
  const pair = { one: (await run(session, one)).id, other: (await run(session, other)).id };
  return { pair, ...(await look(pair)) };
}

async function look(pair: Pair): Promise<{ comparison: RunComparison; rows: ComparedRow[]; lines: string[] }> {
  const comparison = await engine.call('history.compare', pair);
  const { rows } = await engine.call('history.comparedRows', { ...pair, from: 0, count: 1000 });
  expect(rows).toHaveLength(comparison.rows);
  const side = (row: ComparedRow['one']) => row?.summary ?? '';
  return { comparison, rows, lines: rows.map((row) => `${row.kind} ${side(row.one)} | ${side(row.other)}`) };
}

test('runs in which the same was said are the same, in every row', async () => {
  const said = ['>hello', '<welcome', '>{"n": 1}', '<{"ok": true}'];
  const { comparison, lines } = await compared(said, said);
  expect(comparison).toMatchObject({
    rows: 4,
    counts: { same: 4, changed: 0, onlyOne: 0, onlyOther: 0 },
    differences: [],
    one: { compared: 4, leftOut: 0, run: { counts: { messages: 4 } } },
  });
  expect(lines).toEqual(said.map((line) => `same ${line.slice(1)} | ${line.slice(1)}`));
});

test('white space and the order of keys are no difference in JSON; every digit and every letter is', async () => {
  const { lines } = await compared(
    ['<{"a": 1, "b": {"c": [1, 2]}}', '<[1, [2]]', '<{"a": [["b", 1]]}', '<{"id": 12345678901234567890}', '<x'],
    ['<{"b":{"c":[1,2]},"a":1}', '<[1,[2]]', '<{"a": {"b": 1}}', '<{"id": 12345678901234567891}', '<X'],
  );
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['same', 'same', 'changed', 'changed', 'changed']);
});

test('a message that one run has more stands alone, and the others beside their likes', async () => {
  const { comparison, lines } = await compared(
    ['>join', '<{"type":"welcome","id":1}', '>bye', '<bye'],
    ['>join', '<{"type":"notice"}', '<{"type":"welcome","id":2}', '>bye', '>bye again', '<bye'],
  );
  expect(lines).toEqual([
    'same join | join',
    'other  | {"type":"notice"}',
    'changed {"type":"welcome","id":1} | {"type":"welcome","id":2}',
    'same bye | bye',
    'other  | bye again',
    'same bye | bye',
  ]);
  expect(comparison.counts).toEqual({ same: 3, changed: 1, onlyOne: 0, onlyOther: 2 });
  expect(comparison.differences).toEqual([
    { from: 1, count: 2 },
    { from: 4, count: 1 },
  ]);
});

test('what was sent is never held against what was received', async () => {
  const { lines } = await compared(['>PING', '<PING'], ['<PING', '>PING']);
  expect(lines.filter((line) => line.startsWith('same'))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('changed'))).toEqual([]);
});

test('how a run ended is compared: its connection in a row, its result in words', async () => {
  const session = await create();
  const one = await run(session, ['>PING'], 'Closed by the server');
  const other = await run(session, ['>PING']);
  const { comparison } = await look({ one: one.id, other: other.id });
  expect([comparison.one.run.text, comparison.other.run.text]).toEqual(['Closed by the server', 'Stopped by us']);
  expect(comparison.counts).toMatchObject({ same: 1 });
});

/** A capture that lies in the history's folder, of an older version perhaps. Answers its id. */
async function recorded(id: string, fill: (capture: Capture) => void): Promise<string> {
  mkdirSync(join(folder, 'captures'), { recursive: true });
  const capture = createCapture(join(folder, 'captures', `${id}.pcapng`));
  fill(capture);
  await capture.dispose();
  return id;
}

test('close frames are rows: their code and reason are compared', async () => {
  const closing = (code: number, reason: string) => (capture: Capture) => {
    const address = (port: number) => ({ address: '127.0.0.1', port });
    const connection = capture.recorder.connection(
      {
        transport: 'tcp',
        client: address(40_000),
        server: address(80),
        decrypted: false,
        dissectAs: { protocol: 'http' },
      },
      1_000,
    );
    connection.chunk(Direction.clientToServer, REQUEST, 1_000);
    connection.chunk(Direction.serverToClient, ANSWER, 2_000);
    connection.chunk(Direction.serverToClient, frame(Opcode.text, 'hi'), 3_000);
    connection.chunk(Direction.serverToClient, frame(Opcode.ping, 'x'), 3_500);
    const payload = concat(u16(code), bytesOf(reason));
    connection.chunk(Direction.serverToClient, frame(Opcode.close, payload), 4_000);
  };
  const one = await recorded('one', closing(1000, 'bye'));
  const other = await recorded('other', closing(1011, 'bye'));
  const { lines, rows } = await look({ one, other });
  expect(lines).toEqual(['same hi | hi', 'changed 1000 normal closure: bye | 1011 internal error: bye']);
  expect(rows[1]?.one?.kind).toBe('close');
  const { one: text } = await engine.call('history.comparedTexts', { one, other, row: 1 });
  expect(text).toEqual({ view: 'text', text: '1000 normal closure: bye', shown: 0, total: 0 });
  expect((await look({ one, other: await recorded('again', closing(1000, 'bye')) })).lines.at(-1)).toMatch(/^same/);
});

test('gRPC calls are compared by method, messages and status', async () => {
  const calling = (path: string, answer: string, status: number) => (capture: Capture) => {
    const traffic = new GrpcTraffic(capture);
    traffic.unary();
    const stream = traffic.call(path);
    traffic.ask(stream, 'ask');
    traffic.begin(stream);
    traffic.answer(stream, answer);
    traffic.end(stream, status);
  };
  const one = await recorded('one', calling('/a.B/Get', 'yes', 0));
  const other = await recorded('other', calling('/a.B/Get', 'no', 5));
  const { rows } = await look({ one, other });
  expect(rows.map(({ kind, one: row }) => `${kind} ${row?.kind}`)).toEqual([
    'same call',
    'same message',
    'same message',
    'same status',
    'same call',
    'same message',
    'changed message',
    'changed status',
  ]);
  // A message of another method is another message.
  const third = await look({ one, other: await recorded('third', calling('/a.B/List', 'yes', 0)) });
  expect(third.comparison.counts).toEqual({ same: 4, changed: 0, onlyOne: 4, onlyOther: 4 });
});

test('the lag of a row is what it took longer since the last row that both have', async () => {
  const { rows, comparison } = await compared(['>a', '<b', '<x', '<c'], ['>a', '<b', '<c']);
  expect(rows.map(({ kind }) => kind)).toEqual(['same', 'same', 'one', 'same']);
  const since = (side: 'one' | 'other', at: number, before: number) => rows[at]![side]!.at - rows[before]![side]!.at;
  expect(rows[3]?.lagMicroseconds).toBe(since('other', 3, 1) - since('one', 3, 1));
  const first = (side: 'one' | 'other') => rows[0]![side]!.at - comparison[side].originUs;
  expect(rows[0]?.lagMicroseconds).toBe(first('other') - first('one'));
  expect(rows[2]?.lagMicroseconds).toBeUndefined();
});

test('both sides of a row can be read in full, JSON laid out', async () => {
  const { pair } = await compared(['<{"a":1}', '<gone'], ['<{"a":2}']);
  const { one, other } = await engine.call('history.comparedTexts', { ...pair, row: 0 });
  expect(one).toMatchObject({ view: 'json', text: '{\n  "a": 1\n}', shown: 7, total: 7 });
  expect(other?.text).toBe('{\n  "a": 2\n}');
  expect(await engine.call('history.comparedTexts', { ...pair, row: 1 })).toEqual({
    one: { view: 'text', text: 'gone', shown: 4, total: 4 },
  });
  await expect(engine.call('history.comparedTexts', { ...pair, row: 2 })).rejects.toThrow('no such row');
});

test('a run can be compared while it goes on, and again when it has come farther', async () => {
  const session = await create();
  const one = await run(session, ['>a', '<b']);
  await engine.call('sessions.start', { session });
  await engine.call('sessions.send', { session, content: { text: 'a' }, to: 'all' });
  const other = (await engine.call('history.list', { session, from: 0, count: 1 })).runs[0]!;
  const pair = { one: one.id, other: other.id };
  expect((await engine.call('history.compare', pair)).counts).toMatchObject({ same: 1, onlyOne: 1 });
  parts.endpoints.at(-1)?.receive('b');
  expect((await engine.call('history.compare', pair)).counts).toMatchObject({ same: 2, onlyOne: 0 });
});

test('rows are answered again after other comparisons took their place, and none of a run that is gone', async () => {
  const session = await create();
  const runs: Run[] = [];
  for (let number = 0; number < 7; number += 1) runs.push(await run(session, [`>${number}`]));
  const pairs = runs.slice(1).map(({ id }) => ({ one: runs[0]!.id, other: id }));
  for (const pair of pairs) await engine.call('history.compare', pair);
  const again = await engine.call('history.comparedRows', { ...pairs[0]!, from: 0, count: 10 });
  expect(again.rows[0]).toMatchObject({ kind: 'changed', one: { summary: '0' }, other: { summary: '1' } });
  await engine.call('history.remove', { id: runs[1]!.id });
  await expect(engine.call('history.comparedRows', { ...pairs[0]!, from: 0, count: 10 })).rejects.toThrow(
    'no such run',
  );
  await expect(engine.call('history.compare', { one: '../x', other: runs[0]!.id })).rejects.toThrow('no such run');
});

test('a file that is no capture is said to be none, and nothing stays open', async () => {
  const session = await create();
  const one = await run(session, ['>a']);
  const opened: string[] = [];
  const { openCapture } = parts;
  parts.openCapture = async (path, options) => {
    if (opened.length === 1) throw Object.assign(new Error(), { problem: { what: 'No capture.', why: '', next: '' } });
    opened.push(path);
    const capture = await openCapture(path, options);
    const { dispose } = capture;
    capture.dispose = async () => {
      opened.push('disposed');
      await dispose.call(capture);
    };
    return capture;
  };
  const other = await run(session, ['>a']);
  const comparing = engine.call('history.compare', { one: one.id, other: other.id });
  await expect(comparing).rejects.toMatchObject({ problem: { what: 'No capture.' } });
  expect(opened).toEqual([one.path, 'disposed']);
});

test('of long runs the first messages are compared, and it is said how many are left out', async () => {
  const session = await create();
  const lines = Array.from({ length: MAX_COMPARED + 5 }, (_, number) => `<${number % 100}`);
  const one = await run(session, lines);
  const short = await run(session, lines.slice(0, 10));
  const compare = async (other: Run) => {
    const {
      one: first,
      other: second,
      rows,
      counts,
    } = await engine.call('history.compare', {
      one: one.id,
      other: other.id,
    });
    return [first.compared, first.leftOut, second.compared, second.leftOut, rows, counts.onlyOne, counts.onlyOther];
  };
  expect(await compare(short)).toEqual([MAX_COMPARED, 5, 10, 0, MAX_COMPARED, MAX_COMPARED - 10, 0]);
  // What stands behind the last pair may have its like in what was cut off: nobody knows.
  const shifted = await run(session, lines.slice(3, MAX_COMPARED + 1));
  expect(await compare(shifted)).toEqual([MAX_COMPARED, 5, MAX_COMPARED - 3, 1, MAX_COMPARED, 3, 0]);
});

const NUMBERS = new KeyNumbers();

/** Keys of made-up messages: each is a direction, a shape and a content. */
function keysOf(messages: readonly (readonly [number, number, number])[]): MessageKeys {
  const column = (key: (message: readonly [number, number, number]) => string) =>
    Int32Array.from(messages, (message) => NUMBERS.of(key(message)));
  return {
    seqs: Int32Array.from(messages.keys()),
    whole: column(([direction, shape, content]) => `whole ${direction} ${shape} ${content}`),
    shape: column(([direction, shape]) => `shape ${direction} ${shape}`),
    kind: column(([direction]) => `kind ${direction}`),
    isCut: false,
    leftOut: 0,
  };
}

const digit = (max: number) => fc.integer({ min: 0, max });
const messages = fc.array(fc.tuple(digit(1), digit(2), digit(3)), { maxLength: 40 });
const slices = new Slices(Number.POSITIVE_INFINITY);

test('every message stands in one row, in its order, and beside its like only', async () => {
  await fc.assert(
    fc.asyncProperty(messages, messages, async (one, other) => {
      const { one: ones, other: others, kinds } = await alignMessages(keysOf(one), keysOf(other), slices);
      expect([...ones].filter((at) => at >= 0)).toEqual([...one.keys()]);
      expect([...others].filter((at) => at >= 0)).toEqual([...other.keys()]);
      for (const [row, kind] of kinds.entries()) {
        const [left, right] = [one[ones[row]!], other[others[row]!]];
        if (kind === ComparedKind.same) expect(left).toEqual(right);
        if (kind === ComparedKind.changed) {
          expect(left?.[0]).toBe(right?.[0]);
          expect(left).not.toEqual(right);
        }
        expect([left === undefined, right === undefined]).toEqual([
          kind === ComparedKind.onlyOther,
          kind === ComparedKind.onlyOne,
        ]);
      }
    }),
    { numRuns: 500 },
  );
});

test('messages compared with themselves are all the same', async () => {
  await fc.assert(
    fc.asyncProperty(messages, async (one) => {
      const { kinds } = await alignMessages(keysOf(one), keysOf(one), slices);
      expect([...kinds]).toEqual(one.map(() => ComparedKind.same));
    }),
  );
});
