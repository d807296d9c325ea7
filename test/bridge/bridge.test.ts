import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { Channel } from '../../src-main/bridge/channel.ts';
import { BridgeError, createBridge } from '../../src-main/bridge/client.ts';
import type { Announcement, MethodName } from '../../src-main/bridge/contract.ts';
import { memoryChannel } from '../../src-main/bridge/memory.ts';
import { messagePortChannel, type TargetPort } from '../../src-main/bridge/message-port.ts';
import { serve } from '../../src-main/bridge/serve.ts';
import { webSocketChannel } from '../../src-main/bridge/websocket.ts';
import { type StandardSocket, webSocketClientChannel } from '../../src-main/bridge/websocket-client.ts';
import type { Engine } from '../../src-main/engine/engine.ts';
import { problem } from '../../src-main/engine/problem.ts';
import { eventually } from '../eventually.ts';

/** Answers `record.bytes` and `record.detail`, refuses `sessions.start`, breaks on `app.info`, never answers `sessions.list`. */
function fakeEngine() {
  const listeners = new Set<(announcement: Announcement) => void>();
  const calls: [MethodName, unknown][] = [];
  const engine: Engine = {
    call(method, input) {
      calls.push([method, input]);
      if (method === 'record.bytes') return Promise.resolve({ bytes: new Uint8Array([0, 255]) } as never);
      if (method === 'filter.fields') return Promise.resolve([2n ** 63n, 2 ** 40, -1, 1.5, null, undefined] as never);
      if (method === 'sessions.start') return Promise.reject(problem('No.', { code: 'ENO' }));
      if (method === 'app.info') return Promise.reject(new TypeError('x is not a function'));
      return new Promise(() => {});
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    captureFile: () => Promise.resolve(undefined),
    dispose: () => Promise.resolve(),
  };
  const announce = (announcement: Announcement) => {
    for (const listener of listeners) listener(announcement);
  };
  return { engine, calls, listeners, announce };
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Both ends of a channel over a real WebSocket. */
async function webSocketPair(maxUnsentBytes?: number): Promise<[Channel, Channel, WebSocket]> {
  const http = createServer();
  const server = new WebSocketServer({ server: http });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<Channel>((resolve) =>
    server.once('connection', (socket) => resolve(webSocketChannel(socket, maxUnsentBytes))),
  );
  const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  socket.on('error', () => {});
  const client = webSocketClientChannel(socket as unknown as StandardSocket);
  closers.push(() => {
    for (const each of server.clients) each.terminate();
    http.close();
  });
  return [await accepted, client, socket];
}

const transports: [string, () => Promise<[Channel, Channel]>][] = [
  ['memory', async () => memoryChannel()],
  [
    'message port',
    async () => {
      const { port1, port2 } = new MessageChannel();
      closers.push(() => port1.close());
      return [messagePortChannel(port1 as unknown as TargetPort), messagePortChannel(port2 as unknown as TargetPort)];
    },
  ],
  [
    'WebSocket',
    async () => {
      const [server, client] = await webSocketPair();
      return [server, client];
    },
  ],
];

describe.each(transports)('over %s', (_name, open) => {
  async function connect() {
    const [serverEnd, clientEnd] = await open();
    const fake = fakeEngine();
    serve(fake.engine, serverEnd);
    return { ...fake, serverEnd, clientEnd, bridge: createBridge(clientEnd) };
  }

  test('a call is answered, bytes and big integers intact', async () => {
    const { bridge } = await connect();
    const { bytes } = await bridge.call('record.bytes', { session: 's', seq: 0, source: 0, from: 0, count: 2 });
    expect([...bytes]).toEqual([0, 255]);
    const values = (await bridge.call('filter.fields', {})) as unknown[];
    expect(values.slice(0, 5)).toEqual([2n ** 63n, 2 ** 40, -1, 1.5, null]);
  });

  test('what the engine refuses arrives as a problem', async () => {
    const { bridge } = await connect();
    const refused = bridge.call('sessions.start', { session: 's' });
    await expect(refused).rejects.toBeInstanceOf(BridgeError);
    await expect(refused).rejects.toMatchObject({ problem: { what: 'No.', code: 'ENO' } });
  });

  test('a fault of the engine is reported as one, with details', async () => {
    const { bridge } = await connect();
    await expect(bridge.call('app.info', {})).rejects.toMatchObject({
      problem: {
        what: 'Something inside Wirescope failed.',
        code: 'INTERNAL',
        details: expect.stringContaining('x is'),
      },
    });
  });

  test('input that breaks the contract never reaches the engine', async () => {
    const { bridge, calls } = await connect();
    await expect(bridge.call('sessions.start', { session: 7 } as never)).rejects.toMatchObject({
      problem: { code: 'INVALID_INPUT' },
    });
    await expect(bridge.call('sessions.start', { session: 's', extra: 1 } as never)).rejects.toMatchObject({
      problem: { code: 'INVALID_INPUT' },
    });
    await expect(bridge.call('toString' as MethodName, {} as never)).rejects.toMatchObject({
      problem: { code: 'UNKNOWN_METHOD' },
    });
    expect(calls).toEqual([]);
  });

  test('messages that are no requests are ignored, or refused if they have a number', async () => {
    const { bridge, clientEnd } = await connect();
    for (const message of [null, 7, 'x', [], { id: 'x' }, { id: 999, method: 'app.info' }])
      clientEnd.send(message as never);
    await expect(bridge.call('sessions.start', { session: 's' })).rejects.toThrow('No.');
  });

  test('announcements arrive until the listener is undone', async () => {
    const { bridge, announce } = await connect();
    const heard: Announcement[] = [];
    const undo = bridge.listen((announcement) => heard.push(announcement));
    announce({ type: 'timeline', session: 's', revision: 1, records: 1 });
    await eventually(() => expect(heard).toHaveLength(1));
    undo();
    announce({ type: 'timeline', session: 's', revision: 2, records: 2 });
    await expect(bridge.call('sessions.start', { session: 's' })).rejects.toThrow();
    expect(heard).toHaveLength(1);
  });

  test('when the engine is gone, waiting and later calls fail and listeners know', async () => {
    const { bridge, serverEnd, listeners } = await connect();
    const states: string[] = [];
    bridge.onState((state) => states.push(state));
    const waiting = bridge.call('sessions.list', {});
    serverEnd.close();
    await expect(waiting).rejects.toMatchObject({ problem: { code: 'ENGINE_GONE' } });
    await expect(bridge.call('sessions.list', {})).rejects.toMatchObject({ problem: { code: 'ENGINE_GONE' } });
    expect(states).toEqual(['open', 'gone']);
    await eventually(() => expect(listeners.size).toBe(0));
  });

  test('calls under way are bounded', async () => {
    const { bridge } = await connect();
    const calls = Array.from({ length: 300 }, () => bridge.call('sessions.list', {}));
    const refused = await Promise.race(calls.map((call) => call.catch((error: BridgeError) => error.problem.code)));
    expect(refused).toBe('BUSY');
    bridge.close();
    await Promise.allSettled(calls);
  });
});

test('a client that does not read is cut off', async () => {
  const [server, , socket] = await webSocketPair(1024 * 1024);
  const closed = new Promise((resolve) => server.onClose(() => resolve('closed')));
  await eventually(() => expect(socket.readyState).toBe(socket.OPEN));
  socket.pause();
  const problem = { what: 'x'.repeat(100_000), why: '', next: '' };
  const flood = setInterval(() => {
    for (let n = 0; n < 20; n += 1) server.send({ id: n, ok: false, problem });
  }, 1);
  closers.push(() => clearInterval(flood));
  expect(await closed).toBe('closed');
});

test('a peer that sends no MessagePack is cut off', async () => {
  for (const [data, code] of [
    [new Uint8Array([0xc1]), 1008],
    ['{"id":1}', 1003],
  ] as const) {
    const [server, , socket] = await webSocketPair();
    server.onMessage(() => {});
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await eventually(() => expect(socket.readyState).toBe(socket.OPEN));
    socket.send(data);
    expect(await closed).toBe(code);
  }
});
