// Our WebSocket client and server against an implementation nobody here wrote: Debian's python3-websockets.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import type { OpenEndpoint } from '../../src-main/endpoints/endpoint.ts';
import { createWebSocketClient } from '../../src-main/endpoints/websocket/client.ts';
import { createWebSocketServer } from '../../src-main/endpoints/websocket/server.ts';
import { FakeHost, serverToClient } from '../endpoints/fake-host.ts';
import { afterwards, binaryMessage, textMessage } from '../endpoints/loopback.ts';

/** Debian's own: another python3 on the path has no Debian packages. */
const PYTHON = '/usr/bin/python3';

const SERVER = `
import asyncio, json, sys, websockets
async def serve(ws, path=None):
    async for message in ws:
        if message == 'close': await ws.close(4321, 'as you wish')
        elif message == 'ping':
            await (await ws.ping(b'are you there'))
            await ws.send('pong came')
        else: await ws.send(message)
async def main():
    compression = None if sys.argv[1] == 'plain' else 'deflate'
    async with websockets.serve(serve, '127.0.0.1', 0, compression=compression, subprotocols=['b'], max_size=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()
asyncio.run(main())
`;

const CLIENT = `
import asyncio, json, sys, websockets
async def main():
    compression = None if sys.argv[2] == 'plain' else 'deflate'
    url = 'ws://127.0.0.1:' + sys.argv[1] + '/py'
    async with websockets.connect(url, compression=compression, subprotocols=['x', 'b'], max_size=None) as ws:
        lengths = []
        for n in [0, 1, 125, 126, 65535, 65536, 300000]:
            await ws.send('ä' * n); answer = await ws.recv(); assert answer == 'ä' * n, n
            await ws.send(bytes([n % 256]) * n); answer = await ws.recv(); assert answer == bytes([n % 256]) * n, n
            lengths.append(n)
        await ws.send(['frag', 'ment', 'ed']); assert await ws.recv() == 'fragmented'
        await (await ws.ping(b'hello'))
        print(json.dumps({'lengths': lengths, 'subprotocol': ws.subprotocol}), flush=True)
        try: await ws.recv()
        except websockets.ConnectionClosed as closed: print(json.dumps({'code': closed.rcvd.code, 'reason': closed.rcvd.reason}), flush=True)
asyncio.run(main())
`;

function python(script: string, args: string[]): { process: ChildProcessWithoutNullStreams; line(): Promise<string> } {
  const child = spawn(PYTHON, ['-c', script, ...args]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaint = '';
  child.stderr.on('data', (bytes) => {
    complaint += bytes;
  });
  afterwards(() => child.kill());
  return {
    process: child,
    async line() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`python ended: ${complaint}`);
      return value;
    },
  };
}

function open(make: OpenEndpoint, config: Partial<SessionConfig>) {
  const host = new FakeHost();
  const endpoint = make(
    { wirescope: 1, name: 't', role: 'client', protocol: 'websocket', ...config } as SessionConfig,
    host,
  );
  afterwards(() => endpoint.stop());
  return { endpoint, host };
}

beforeAll(async () => {
  const check = spawn(PYTHON, ['-c', 'import websockets']);
  const code = await new Promise((resolve) => check.on('error', () => resolve(-1)).on('close', resolve));
  if (code !== 0) throw new Error('This test needs python3-websockets: apt-get install python3-websockets');
});

describe.each(['plain', 'deflate'])('python3-websockets, %s', (compression) => {
  it('serves our client', async () => {
    const port = await python(SERVER, [compression]).line();
    const { endpoint, host } = open(createWebSocketClient, {
      target: `ws://127.0.0.1:${port}/`,
      websocket: { subprotocols: ['a', 'b'] },
    });
    await endpoint.start();
    expect(endpoint.connections[0]!.label).toBe('/ b');
    const recorded = () => host.connection(1).bytes(serverToClient);
    const head = recorded().toString('latin1');
    expect(head.includes('permessage-deflate')).toBe(compression === 'deflate');
    for (const size of [0, 125, 126, 65_536]) {
      await endpoint.send(textMessage('é'.repeat(size)), 'all');
      await endpoint.send(binaryMessage(Buffer.alloc(size, 7)), 'all');
    }
    await endpoint.send(textMessage('ping'), 'all');
    if (compression === 'plain') {
      await host.until(() => recorded().includes('are you there') && recorded().includes('pong came'));
    }
    await endpoint.send(textMessage('close'), 'all');
    await host.until(() => host.state.phase === 'closed');
    expect(host.connection(1).events.at(-1)).toMatchObject({ fields: { code: 4321, reason: 'as you wish' } });
  });

  it('talks to our server', async () => {
    const { endpoint, host } = open(createWebSocketServer, {
      role: 'server',
      listen: '127.0.0.1:0',
      websocket: { subprotocols: ['b'] },
      server: { behaviour: 'echo', path: '/py' },
    });
    await endpoint.start();
    if (host.state.phase !== 'open') throw new Error('not open');
    const peer = python(CLIENT, [host.state.address.split(':')[1]!, compression]);
    expect(JSON.parse(await peer.line())).toEqual({
      lengths: [0, 1, 125, 126, 65_535, 65_536, 300_000],
      subprotocol: 'b',
    });
    expect(endpoint.connections[0]!.label).toBe('/py b');
    await endpoint.control({ type: 'close', code: 4004, reason: 'enough' }, 'all');
    expect(JSON.parse(await peer.line())).toEqual({ code: 4004, reason: 'enough' });
    await host.until(() => host.connection(1).closed);
    expect(host.connection(1).events.at(-1)!.text).toBe('Closed from here: 4004 “enough”');
  });
});
