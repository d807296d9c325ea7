import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createCapture } from '../../src-main/capture/capture.ts';
import { composeClosePayload, composeFrame } from '../../src-main/core/compose/websocket.ts';
import { Direction } from '../../src-main/core/record.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { parseRead } from '../../src-main/headless/command-line.ts';
import { read } from '../../src-main/headless/read.ts';
import { scratchFolder } from '../engine/fakes.ts';

const START = Date.UTC(2026, 6, 28, 17, 9, 0) * 1000;
const { clientToServer, serverToClient } = Direction;
const maskingKey = new Uint8Array([1, 2, 3, 4]);

let path: string;

/** An event, a message, a fragmented message, a message that would like to steer a terminal, a close. */
beforeEach(async () => {
  path = join(scratchFolder(), 'x.pcapng');
  const capture = createCapture(path);
  const { recorder } = capture;
  recorder.event({ type: 'connecting', severity: 'info', text: 'Connecting to ws://127.0.0.1:9001/' }, START);
  const connection = recorder.connection(
    {
      transport: 'tcp',
      client: { address: '127.0.0.1', port: 40_000 },
      server: { address: '127.0.0.1', port: 9001 },
      decrypted: false,
      dissectAs: { protocol: 'websocket' },
    },
    START,
  );
  const text = (value: string) => new TextEncoder().encode(value);
  connection.chunk(clientToServer, composeFrame({ opcode: 1, maskingKey, payload: text('hello') }), START + 1_500_000);
  connection.chunk(serverToClient, composeFrame({ opcode: 1, fin: false, payload: text('a\tb') }), START + 2_000_000);
  connection.chunk(serverToClient, composeFrame({ opcode: 0, payload: text('\n\u001b[31m') }), START + 2_000_000);
  const close = composeFrame({ opcode: 8, payload: composeClosePayload(1000, 'bye') });
  connection.chunk(serverToClient, close, START + 3_000_000);
  connection.close(START + 3_000_000);
  await capture.finish();
  await capture.dispose();
});

async function lines(...args: string[]): Promise<string[]> {
  let out = '';
  const output = {
    write: async (text: string) => {
      out += text;
      return true;
    },
  };
  expect(await read(parseRead([path, ...args]), realParts, output)).toBe(0);
  return out.split('\n').slice(0, -1);
}

test('records are lines of six columns', async () => {
  const all = await lines();
  expect(all[0]).toBe('0\t2026-07-28T17:09:00.000000Z\t\tconnecting\t0\tConnecting to ws://127.0.0.1:9001/');
  expect(all[1]).toBe('1\t2026-07-28T17:09:01.500000Z\tclient→server\ttext\t11\thello');
  for (const line of all) expect(line.split('\t')).toHaveLength(6);
});

test('levels tell events, frames and messages apart', async () => {
  expect(await lines('--level', 'event', '--fields', 'kind')).toEqual(['connecting', 'close']);
  expect(await lines('--level', 'frame', '--fields', 'websocket.opcode')).toEqual(['1', '1', '0', '8']);
  expect(await lines('--level', 'message', '--fields', 'size')).toEqual(['5', '9']);
});

test('fields are printed as tshark prints them', async () => {
  const fields = 'frame.time_epoch,websocket.mask,websocket.masking_key,websocket.payload.text,websocket.rsv';
  expect(await lines('--level', 'frame', '--filter', 'websocket.mask == 1', '--fields', fields)).toEqual([
    '1785258541.500000000\t1\t01020304\thello\t0x00',
  ]);
  expect(
    await lines('--filter', 'websocket.opcode == 8', '--fields', 'websocket.payload.close.status_code,kind'),
  ).toEqual(['1000\tclose']);
});

test('no payload ends a cell or steers a terminal', async () => {
  const printed = (await lines('--fields', 'summary,websocket.payload.text')).join('\n');
  expect(printed).toContain('a\\tb');
  expect(printed).toContain('\\x1b[31m');
  expect(printed).not.toContain('\u001b');
});

test('JSON is one object a line', async () => {
  const [line] = await lines('--format', 'json', '--level', 'frame', '--fields', 'websocket.opcode,tcp.stream');
  expect(JSON.parse(line!)).toEqual({
    seq: 1,
    at: START + 1_500_000,
    connection: 1,
    stream: 0,
    kind: 'text',
    direction: 'client→server',
    length: 11,
    summary: 'hello',
    'websocket.opcode': '1',
    'tcp.stream': '0',
  });
});

test('counting prints a number only', async () => {
  const all = await lines();
  expect(await lines('--count')).toEqual([String(all.length)]);
  expect(await lines('--count', '--level', 'frame')).toEqual(['4']);
  expect(await lines('--count', '--filter', 'websocket.payload.text contains "hello"')).toEqual(['1']);
  expect(await lines('--count', '--level', 'message', '--filter', 'websocket')).toEqual(['2']);
});

test('a port can be taken for another protocol', async () => {
  expect(await lines('--decode', '9001=tcp', '--level', 'frame', '--count')).toEqual(['4']);
  expect(await lines('--decode', '9001=tcp', '--fields', 'protocol', '--level', 'frame')).toEqual(Array(4).fill('tcp'));
});

describe('mistakes', () => {
  test.each([
    [['--fields', 'websocket.opcod'], 'Did you mean websocket.opcode?'],
    [['--filter', 'websocket.opcode =='], ''],
    [['--filter', 'nothing.there == 1'], ''],
    [['--level', 'packet'], 'none of event, frame, message'],
    [['--format', 'xml'], 'none of tsv, json'],
  ])('%j are named', async (args, message) => {
    await expect(lines(...args)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(message),
    });
  });

  test('a file that is no capture is named', async () => {
    await expect(read(parseRead([__filename]), realParts, { write: async () => true })).rejects.toMatchObject({
      name: 'UsageError',
    });
  });
});

test('a reader that leaves ends the reading', async () => {
  let writes = 0;
  const output = {
    write: async () => {
      writes += 1;
      return false;
    },
  };
  expect(await read(parseRead([path]), realParts, output)).toBe(0);
  expect(writes).toBe(1);
});
