// Key logs as anybody may write them.
import { mkdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { KeyLog, readKeyLog } from '../../src-main/capture/tls/key-log.ts';
import { Direction } from '../../src-main/core/record.ts';
import { temporaryFile } from './files.ts';

const RANDOM = '00112233445566778899aabbccddeeff'.repeat(2);
const SECRET = 'ab'.repeat(48);
const session = {
  clientRandom: new Uint8Array(Buffer.from(RANDOM, 'hex')),
  serverRandom: new Uint8Array(32),
  version: 0x0304,
  suite: 0x1302,
};

function keyLogOf(text: string): KeyLog {
  const keyLog = new KeyLog();
  keyLog.add(Buffer.from(text, 'latin1'));
  return keyLog;
}

const of = (keyLog: KeyLog) =>
  (['handshake', 'application'] as const).flatMap((epoch) =>
    [Direction.clientToServer, Direction.serverToClient].map(
      (direction) => keyLog.keys(session, epoch, direction) !== undefined,
    ),
  );

describe('lines', () => {
  test('of TLS 1.3, in any order, with any line end and any case', () => {
    const keyLog = keyLogOf(
      [
        `# made by a test`,
        `SERVER_TRAFFIC_SECRET_0 ${RANDOM} ${SECRET}\r`,
        `CLIENT_HANDSHAKE_TRAFFIC_SECRET ${RANDOM.toUpperCase()} ${SECRET.toUpperCase()}`,
        ``,
        `EXPORTER_SECRET ${RANDOM} ${SECRET}`,
        `CLIENT_TRAFFIC_SECRET_1 ${RANDOM} ${SECRET}`,
        `RSA 0011 2233`,
        `SERVER_TRAFFIC_SECRET_0 ${RANDOM} ${SECRET}`,
      ].join('\n'),
    );
    expect(of(keyLog)).toEqual([true, false, false, true]);
    expect(keyLog).toMatchObject({ size: 2, strangeLines: 0, isFull: false });
  });

  test('of TLS 1.2', () => {
    const keyLog = keyLogOf(`CLIENT_RANDOM ${RANDOM} ${SECRET}`);
    expect(of(keyLog)).toEqual([false, false, false, false]);
    const older = { ...session, version: 0x0303, suite: 0xc02b };
    expect(keyLog.keys(older, 'application', Direction.clientToServer)).toBeDefined();
    expect(keyLog.keys({ ...older, clientRandom: new Uint8Array(32) }, 'application', 1)).toBeUndefined();
    expect(keyLog.keys({ ...older, clientRandom: new Uint8Array(3) }, 'application', 1)).toBeUndefined();
  });

  test.each([
    ['a random too short', `CLIENT_RANDOM 0011 ${SECRET}`],
    ['half a digit pair', `CLIENT_RANDOM ${RANDOM} ${SECRET}a`],
    ['a secret too long', `CLIENT_RANDOM ${RANDOM} ${'ab'.repeat(65)}`],
    ['no digits', `CLIENT_RANDOM ${RANDOM} ${'zz'.repeat(48)}`],
    ['text', 'hello there'],
    ['bytes', '\x00\xff\xfe'],
    ['a line without end', `CLIENT_RANDOM ${RANDOM} ${'ab'.repeat(5000)}`],
  ])('%s is no secret', (_, line) => {
    const keyLog = keyLogOf(`${line}\nCLIENT_RANDOM ${RANDOM} ${SECRET}\n${line}`);
    expect(keyLog.size).toBe(1);
    expect(keyLog.strangeLines).toBe(2);
  });
});

describe('files', () => {
  test('lines may lie anywhere in the pieces that are read', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `CLIENT_RANDOM ${i.toString(16).padStart(64, '0')} ${SECRET}`);
    const keyLog = new KeyLog();
    await readKeyLog(temporaryFile('keys', Buffer.from(lines.join('\n'))), keyLog);
    expect(keyLog).toMatchObject({ size: 3000, strangeLines: 0 });
  });

  test('a line of a megabyte costs nothing', async () => {
    const bytes = Buffer.concat([Buffer.alloc(1_000_000, 'x'), Buffer.from(`\nCLIENT_RANDOM ${RANDOM} ${SECRET}`)]);
    const keyLog = new KeyLog();
    await readKeyLog(temporaryFile('keys', bytes), keyLog);
    expect(keyLog.size).toBe(1);
    expect(keyLog.strangeLines).toBeGreaterThan(0);
  });

  test('what cannot be read says why', async () => {
    const missing = temporaryFile('none');
    await expect(readKeyLog(missing, new KeyLog())).rejects.toMatchObject({
      problem: { what: `The key log ${missing} cannot be read.`, why: 'There is no such file or folder.' },
    });
    mkdirSync(missing);
    await expect(readKeyLog(missing, new KeyLog())).rejects.toMatchObject({
      problem: { why: 'It is a folder, a pipe or a device.' },
    });
  });
});
