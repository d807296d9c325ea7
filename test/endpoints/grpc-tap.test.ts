// The tap between a real socket and grpc-js: every byte recorded, in order, before it goes on; and back-pressure.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Tap } from '../../src-main/endpoints/grpc/tap.ts';
import { eventually } from '../eventually.ts';
import { clientToServer, FakeHost, serverToClient } from './fake-host.ts';
import { afterwards, tcpServer } from './loopback.ts';

async function tapped(onConnection: (socket: Socket) => void) {
  const host = new FakeHost();
  const port = await tcpServer(onConnection);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  afterwards(() => socket.destroy());
  const peer = { address: '127.0.0.1', port };
  const connection = host.recorder.connection(
    { transport: 'tcp', client: peer, server: peer, decrypted: false, dissectAs: { protocol: 'http2' } },
    0,
  );
  const { recorder } = host;
  const tap = new Tap({ socket, recorder, connection, incoming: serverToClient, outgoing: clientToServer });
  return { host, tap, socket, connection };
}

describe('the tap', () => {
  it('records what is read and written, and the ends', async () => {
    const { tap, connection } = await tapped((peer) => peer.pipe(peer));
    const echoed: Buffer[] = [];
    tap.on('data', (chunk: Buffer) => echoed.push(chunk));
    tap.cork();
    for (const piece of ['one ', 'two ', 'three']) tap.write(piece);
    tap.uncork();
    tap.end();
    await once(tap, 'close');
    expect(Buffer.concat(echoed).toString()).toBe('one two three');
    expect(connection.bytes(clientToServer).toString()).toBe('one two three');
    expect(connection.bytes(serverToClient).toString()).toBe('one two three');
    // What was corked is one chunk.
    expect(connection.chunks.filter(({ direction }) => direction === clientToServer)).toHaveLength(1);
    expect([...connection.ended].sort()).toEqual([clientToServer, serverToClient]);
  });

  it('records before anybody can change the bytes', async () => {
    const { tap, connection } = await tapped((peer) => peer.write('as it came'));
    tap.on('data', (chunk: Buffer) => chunk.fill(0));
    await once(tap, 'data');
    expect(connection.bytes(serverToClient).toString()).toBe('as it came');
  });

  it('reads nothing while nobody wants it, or the recorder is congested', async () => {
    const { host, tap, socket, connection } = await tapped((peer) => peer.write(Buffer.alloc(1 << 20)));
    let seen = 0;
    const release = host.recorder.congest();
    tap.on('data', (chunk: Buffer) => {
      seen += chunk.length;
    });
    await host.untilBytes(1, serverToClient, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(socket.isPaused()).toBe(true);
    expect(connection.size(serverToClient)).toBeLessThan(1 << 20);
    release();
    await host.untilBytes(1, serverToClient, 1 << 20);
    expect(seen).toBe(1 << 20);
  });

  it('takes no more to write while the recorder is congested', async () => {
    const { host, tap } = await tapped((peer) => peer.resume());
    const release = host.recorder.congest();
    let written = false;
    tap.write('x', () => {
      written = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(written).toBe(false);
    release();
    await eventually(() => expect(written).toBe(true));
  });

  it('waits for a peer that does not read, and is over when that one goes', async () => {
    let peer: Socket | undefined;
    const { tap, connection } = await tapped((socket) => {
      peer = socket.pause();
    });
    const piece = Buffer.alloc(1 << 20);
    let taken = 0;
    const write = () =>
      tap.write(piece, (error) => {
        if (!error && ++taken < 100) write();
      });
    write();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(taken).toBeLessThan(100);
    peer?.resetAndDestroy();
    await new Promise((resolve) => tap.once('close', resolve));
    expect(tap.error?.code).toBe('ECONNRESET');
    expect(connection.size(clientToServer)).toBeLessThan(101 << 20);
  });

  it('lets what was written go out before it closes', async () => {
    const heard: Buffer[] = [];
    const { tap } = await tapped((peer) => peer.on('data', (chunk) => heard.push(chunk)));
    tap.write('farewell');
    tap.destroy();
    await once(tap, 'close');
    await eventually(() => expect(Buffer.concat(heard).toString()).toBe('farewell'));
  });
});
