// tshark reads what the capture writes: an independent judge of the file format and the synthesised packets.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Capture } from '../../src-main/capture/capture.ts';
import { Direction } from '../../src-main/core/record.ts';
import type { ConnectionInfo } from '../../src-main/core/recorder.ts';
import { liveCapture, loadedCapture, recordsOf, temporaryFile } from '../capture/files.ts';
import { bytesOf } from '../capture/packets.ts';
import { ANSWER, frame, REQUEST } from '../capture/websocket.ts';

const START = 1_700_000_000_000_000;

function run(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new Error(`${program} is needed for this test: install tshark (Debian: apt-get install tshark).`);
    }
    throw error;
  }
}

/** One row of tab-separated fields a packet. */
function tshark(path: string, fields: readonly string[], args: readonly string[] = []): string[][] {
  const output = run('tshark', ['-r', path, ...args, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])]);
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}

function info(options: Partial<ConnectionInfo> = {}): ConnectionInfo {
  return {
    transport: 'tcp',
    client: { address: '127.0.0.1', port: 50_000 },
    server: { address: '127.0.0.1', port: 9001 },
    decrypted: false,
    dissectAs: { protocol: 'auto' },
    ...options,
  };
}

async function recorded(record: (capture: Capture) => void): Promise<Capture> {
  const capture = liveCapture();
  record(capture);
  await capture.finish();
  return capture;
}

test('a WebSocket dialogue: handshake, frames, sequence numbers, comments, directions, times', async () => {
  const { path } = await recorded(({ recorder }) => {
    const connection = recorder.connection(info(), START);
    connection.event({ type: 'connected', severity: 'info', text: 'Connected.' }, START + 0.25);
    connection.chunk(Direction.clientToServer, REQUEST, START + 1);
    connection.chunk(Direction.serverToClient, ANSWER, START + 2);
    connection.chunk(Direction.serverToClient, frame(1, 'hello'), START + 3);
    connection.chunk(Direction.serverToClient, frame(2, new Uint8Array(200_000)), START + 4);
    connection.chunk(Direction.serverToClient, frame(9, 'ping'), START + 5);
    connection.close(START + 6);
  });
  const fields = [
    'tcp.stream',
    'tcp.len',
    'frame.packet_flags_direction',
    'frame.time_epoch',
    'websocket.opcode',
    'websocket.payload.text',
  ];
  const rows = tshark(path, fields, ['-d', 'tcp.port==9001,http']);
  const sizes = [0, 0, 0, 0, REQUEST.length, ANSWER.length, 7, 65_495, 65_495, 65_495, 3525, 6, 0, 0];
  expect(rows.map((row) => Number(row[1]))).toEqual(sizes);
  expect(new Set(rows.map((row) => row[0]))).toEqual(new Set(['0']));
  expect(rows.map((row) => row[2]).slice(0, 6)).toEqual(
    ['2', '1', '2', '2', '2', '1'].map((flags) => `0x0000000${flags}`),
  );
  expect(rows[3]![3]).toBe('1700000000.000000250');
  expect(rows.flatMap((row) => row[4] || [])).toEqual(['1', '2', '9']);
  expect(rows[6]![5]).toBe('hello');
  const comments = tshark(path, ['frame.comment']).map((row) => row[0]!);
  expect(comments[0]).toMatch(/^wirescope \{"connection":1,"opened":/);
  expect(comments[3]).toMatch(/"type":"connected"/);
  const complaints = tshark(path, ['_ws.expert.message'], ['-Y', '_ws.malformed || _ws.expert.severity >= 8388608']);
  expect(complaints).toEqual([]);
  expect(tshark(path, ['frame.number'], ['-Y', 'tcp.analysis.lost_segment || tcp.analysis.retransmission'])).toEqual(
    [],
  );
});

test('UDP over both families, decrypted TLS, session events: nothing malformed, nothing taken for TLS', async () => {
  const { path } = await recorded(({ recorder }) => {
    recorder.event({ type: 'listening', severity: 'info', text: 'Listening.' }, START);
    for (const address of ['127.0.0.1', '::1']) {
      const ends = { client: { address, port: 50_001 }, server: { address, port: 9000 } };
      const udp = recorder.connection(info({ ...ends, transport: 'udp', dissectAs: { protocol: 'udp' } }), START + 1);
      udp.chunk(Direction.clientToServer, bytesOf('odd'), START + 2);
      udp.chunk(Direction.serverToClient, bytesOf(''), START + 3);
      udp.chunk(Direction.serverToClient, new Uint8Array(9000).fill(0xff), START + 3);
      udp.close(START + 4);
      const tls = { client: { address, port: 50_002 }, server: { address, port: 8883 }, decrypted: true };
      const connection = recorder.connection(info(tls), START + 5);
      connection.chunk(Direction.clientToServer, REQUEST, START + 6);
      connection.close(START + 7, true);
    }
  });
  expect(tshark(path, ['udp.length', 'udp.checksum.status'], ['-Y', 'udp', '-o', 'udp.check_checksum:TRUE'])).toEqual([
    ['11', '3'],
    ['8', '3'],
    ['9008', '3'],
    ['11', '1'],
    ['8', '1'],
    ['9008', '1'],
  ]);
  expect(tshark(path, ['http.request.method'], ['-Y', 'http'])).toEqual([['GET'], ['GET']]);
  expect(tshark(path, ['frame.number'], ['-Y', 'tls || _ws.malformed'])).toEqual([]);
  expect(new Set(tshark(path, ['tcp.dstport'], ['-Y', 'tcp.flags.syn == 1 && tcp.flags.ack == 0']).flat())).toEqual(
    new Set(['80']),
  );
});

test('connections between the same two ends are streams of their own', async () => {
  const { path } = await recorded(({ recorder }) => {
    for (let i = 0; i < 3; i++) {
      const connection = recorder.connection(info(), START + i);
      connection.chunk(Direction.clientToServer, bytesOf('x'), START + i);
      connection.close(START + i, i === 1);
    }
  });
  expect(tshark(path, ['tcp.stream'], ['-Y', 'tcp.len == 1']).flat()).toEqual(['0', '1', '2']);
});

test.each(['pcapng', 'pcap', 'nsecpcap'])('our file, rewritten by editcap as %s, reads the same', async (format) => {
  const live = await recorded(({ recorder }) => {
    const connection = recorder.connection(info(), START);
    connection.chunk(Direction.clientToServer, REQUEST, START + 1);
    connection.chunk(Direction.serverToClient, ANSWER, START + 2);
    for (let i = 0; i < 100; i++) connection.chunk(Direction.serverToClient, frame(1, `message ${i}`), START + 3 + i);
    connection.close(START + 200);
  });
  const copy = temporaryFile(`copy.${format}`);
  run('editcap', ['-F', format, live.path, copy]);
  const opened = await loadedCapture(copy);
  const traffic = (capture: Capture): unknown[] =>
    recordsOf(capture)
      .filter((record) => record.protocol !== 0)
      .map(({ at, start, length, direction, type, levels, size }) => [
        at,
        start,
        length,
        direction,
        type,
        levels,
        size,
      ]);
  expect(traffic(opened)).toEqual(traffic(live));
  rmSync(copy);
});
