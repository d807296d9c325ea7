// What is kept beside the index, however small a capture expands to however much.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { CaptureIndex } from '../../src-main/capture/index/capture-index.ts';
import { DerivedStore } from '../../src-main/capture/index/derived-store.ts';
import { AppendFile } from '../../src-main/capture/storage/append-file.ts';
import { StaticFile } from '../../src-main/capture/storage/byte-store.ts';
import { IndexedRecordView } from '../../src-main/capture/views/record-view.ts';
import { readEvent } from '../../src-main/core/dissect/event.ts';
import { Direction, Level } from '../../src-main/core/record.ts';
import { temporaryFolder } from './files.ts';
import { frame, REQUEST } from './websocket.ts';

const ANSWER = new TextEncoder().encode(
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n' +
    'Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n\r\n',
);

test('a bomb does not fill the disk: from a limit on, only beginnings are kept, and that shows', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'capture'), new Uint8Array(1000));
  const capture = new StaticFile(join(folder, 'capture'));
  const indexFile = new AppendFile(join(folder, 'index'));
  const derivedFile = new AppendFile(join(folder, 'derived'));
  const store = new DerivedStore(derivedFile, capture, 1_000_000);
  const index = new CaptureIndex(capture, indexFile, derivedFile, undefined, store);
  const connection = index.open({
    transport: 'tcp',
    client: { address: '127.0.0.1', port: 50_000 },
    server: { address: '127.0.0.1', port: 80 },
    decrypted: false,
    dissectAs: { protocol: 'http' },
  });
  const text = 'a'.repeat(300_000);
  const bomb = frame(1, deflateRawSync(text, { finishFlush: 2 }).subarray(0, -4));
  bomb[0]! |= 0x40;
  const request = new TextEncoder().encode(
    new TextDecoder().decode(REQUEST).replace('\r\n\r\n', '\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n'),
  );
  connection.push(Direction.clientToServer, request, 1);
  connection.push(Direction.serverToClient, ANSWER, 2);
  for (let at = 3; at < 53; at++) connection.push(Direction.serverToClient, bomb, at);

  expect(index.state.counts).toMatchObject({ messages: 50, records: 53, warnings: 1 });
  expect(derivedFile.sizeBytes).toBeLessThan(1_500_000);
  const views = Array.from({ length: index.count }, (_, seq) => new IndexedRecordView(index, seq));
  const messages = views.filter(({ record }) => (record.levels & Level.message) !== 0);
  expect(messages.map(({ record }) => record.size)).toEqual(new Array(50).fill(300_000));
  expect(messages.map((view) => view.derived()!.length).sort((a, b) => a - b)).toEqual([
    ...new Array(47).fill(4096),
    ...new Array(3).fill(300_000),
  ]);
  expect(views.map((view) => readEvent(view)?.text).filter(Boolean)).toEqual([
    expect.stringContaining('out of proportion'),
  ]);
  await Promise.all([indexFile.close(), derivedFile.close(), capture.close()]);
});
