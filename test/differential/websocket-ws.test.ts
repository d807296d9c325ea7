// The ws library as a judge: whatever its client and server say to each other through a tap, the dissector reads the same
// messages, compressed or not, and finds nothing to remark.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket, { type PerMessageDeflateOptions, WebSocketServer } from 'ws';
import { protocolById } from '../../src-main/core/dissect/registry.ts';
import { openStack } from '../../src-main/core/dissect/stack.ts';
import { Direction, Level } from '../../src-main/core/record.ts';
import { type Dissected, dissect, type Segment } from '../fuzz/laws.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A relay to `port` that copies every chunk. */
async function openTap(port: number, segments: Segment[]): Promise<number> {
  const sockets: Socket[] = [];
  const relay: Server = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    sockets.push(client, server);
    const pass = (from: Socket, to: Socket, direction: Direction) => {
      from.on('data', (chunk) => {
        segments.push({ direction, bytes: Uint8Array.from(chunk) });
        to.write(chunk);
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
    };
    pass(client, server, Direction.clientToServer);
    pass(server, client, Direction.serverToClient);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  closers.push(() => {
    relay.close();
    for (const socket of sockets) socket.destroy();
  });
  return (relay.address() as AddressInfo).port;
}

/** Messages of many sizes and kinds; the same every time. */
const messages: (string | Buffer)[] = Array.from({ length: 60 }, (_, n) => {
  const text = `${n} – grüße, ${'lorem ipsum dolor '.repeat((n * n) % 97)}`;
  return n % 3 === 0 ? Buffer.from(text).subarray(n % 5) : text;
}).concat([Buffer.alloc(70_000, 'x').toString(), '']);

/** An echo of all messages over ws, tapped. */
async function converse(perMessageDeflate: boolean | PerMessageDeflateOptions): Promise<Dissected> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate });
  await once(server, 'listening');
  closers.push(() => server.close());
  server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data as Buffer, { binary })));

  const segments: Segment[] = [];
  const port = await openTap((server.address() as AddressInfo).port, segments);
  const client = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate });
  await once(client, 'open');
  let echoes = 0;
  const done = new Promise<void>((resolve) =>
    client.on('message', () => {
      if (++echoes === messages.length + 1) resolve();
    }),
  );
  for (const message of messages) client.send(message);
  client.ping('are you there');
  for (const part of ['split ', 'over ', 'three']) client.send(part, { fin: part === 'three' });
  await done;
  client.close(1000, 'bye');
  await once(client, 'close');
  return dissect((sink) => openStack('tcp', { protocol: 'auto' }, sink), segments);
}

describe('ws', () => {
  it.each<[string, boolean | PerMessageDeflateOptions]>([
    ['without compression', false],
    ['compressed, windows kept', { threshold: 0 }],
    ['compressed, windows forgotten', { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true }],
    ['compressed, small windows', { threshold: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 10 }],
  ])('%s', async (_, perMessageDeflate) => {
    const dissected = await converse(perMessageDeflate);
    for (const direction of [Direction.clientToServer, Direction.serverToClient]) {
      const read = dissected.records
        .filter((record) => record.direction === direction && record.levels & Level.message)
        .map((record) => {
          const payload = protocolById(record.protocol)!.payload(dissected.view(record.seq), 1_000_000)!;
          return payload.text ? Buffer.from(payload.bytes).toString() : Buffer.from(payload.bytes);
        });
      expect(read).toEqual([...messages, 'split over three']);
    }
    expect(dissected.records.filter((record) => record.notes !== 0)).toEqual([]);
    const pong = dissected.records.find((record) => record.protocol === 2 && record.type === 10)!;
    expect(dissected.records[pong.link]).toMatchObject({ type: 9, direction: Direction.clientToServer });
    const closes = dissected.records.filter((record) => record.protocol === 2 && record.type === 8);
    expect(closes).toHaveLength(2);
  });
});
