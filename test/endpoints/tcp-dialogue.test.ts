// The TCP client and server talking to each other and to bare sockets over loopback.
import { connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { loadEndpoint } from '../../src-main/endpoints/load.ts';
import { clientToServer, FakeHost, serverToClient } from './fake-host.ts';
import { afterwards, listenOnLoopback, textMessage, unusedPort } from './loopback.ts';
import { running } from './running.ts';

async function startServer(config: Partial<SessionConfig> = {}) {
  const { endpoint, host, port } = await running({ role: 'server', protocol: 'tcp', ...config });
  return { server: endpoint, host, port };
}

async function startClient(port: number, config: Partial<SessionConfig> = {}) {
  const target = `127.0.0.1:${port}`;
  const { endpoint, host } = await running({ role: 'client', protocol: 'tcp', target, ...config });
  return { client: endpoint, host };
}

/** A bare server. With `allowHalfOpen` it leaves the end of each connection to `accept`. */
async function bareServer(accept: (socket: Socket) => void, allowHalfOpen = false): Promise<{ port: number }> {
  return { port: await listenOnLoopback(createServer({ allowHalfOpen }, accept)) };
}

/** A bare client, and all it will have read when its peer ends. */
function bareClient(port: number): { socket: Socket; all: Promise<string> } {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  afterwards(() => socket.destroy());
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  return {
    socket,
    all: new Promise((resolve) => socket.on('end', () => resolve(Buffer.concat(pieces).toString()))),
  };
}

describe('TCP client', () => {
  it('sends and receives exactly the bytes, and records them in both directions', async () => {
    const { port } = await bareServer((socket) => socket.pipe(socket));
    const { client, host } = await startClient(port);
    expect(await client.send(textMessage('hello\0\r\n'), 'all')).toBe(1);
    await host.untilBytes(1, serverToClient, 8);
    const connection = host.connection(1);
    expect(connection.info).toMatchObject({
      transport: 'tcp',
      server: { address: '127.0.0.1', port },
      client: { address: '127.0.0.1' },
      decrypted: false,
      dissectAs: { protocol: 'tcp', framing: { kind: 'none' } },
    });
    expect(connection.bytes(clientToServer).toString()).toBe('hello\0\r\n');
    expect(connection.bytes(serverToClient).toString()).toBe('hello\0\r\n');
    expect(connection.chunks[0]?.direction).toBe(clientToServer);
    expect(host.phases).toEqual(['connecting', 'connecting', 'open']);
    expect(client.connections).toMatchObject([{ connection: 1, peer: `127.0.0.1:${port}` }]);
    await client.stop();
    expect(host.state).toEqual({ phase: 'closed', text: 'Closed from here' });
    expect(host.eventTypes).toEqual(['connecting', 'connected', 'ended', 'closed']);
    expect(connection.closed).toBe(true);
    expect(connection.reset).toBe(false);
    expect(client.connections[0]?.closedAt).toBeTypeOf('number');
  });

  it('puts the framing of the config around what it sends', async () => {
    const { port } = await bareServer((socket) => socket.pipe(socket));
    const { client, host } = await startClient(port, {
      tcp: { framing: 'length-prefix', prefixBytes: 2, prefixByteOrder: 'little', prefixIncludesItself: true },
    });
    await client.send(textMessage('abc'), 'all');
    await host.untilBytes(1, serverToClient, 5);
    expect([...host.connection(1).bytes(serverToClient)]).toEqual([5, 0, 97, 98, 99]);
    await expect(client.send({ bytes: new Uint8Array(65_536), text: false }, 'all')).rejects.toThrow('too long');
  });

  it('says what is missing in a framing before it connects', async () => {
    await expect(startClient(1, { tcp: { framing: 'fixed' } })).rejects.toThrow('needs a length');
    await expect(startClient(1, { tcp: { framing: 'delimiter', delimiter: '0d0' } })).rejects.toThrow(
      'not a delimiter',
    );
  });

  it('half-closes: the peer sees the end, and its answer is still read', async () => {
    const { port } = await bareServer((socket) => {
      let read = '';
      socket.on('data', (piece) => {
        read += piece;
      });
      socket.on('end', () => socket.end(`read ${read}`));
    }, true);
    const { client, host } = await startClient(port);
    await client.send(textMessage('question'), 'all');
    await client.control({ type: 'halfClose' }, 'all');
    await expect(client.send(textMessage('more'), 'all')).rejects.toThrow(
      /Nothing more can be sent|There is no connection/,
    );
    await host.until(({ state }) => state.phase === 'closed');
    expect(host.connection(1).bytes(serverToClient).toString()).toBe('read question');
    expect(host.connection(1).ended).toEqual([clientToServer, serverToClient]);
    expect(host.connection(1).events.map((event) => event.text)).toEqual([
      `Connected to 127.0.0.1:${port}`,
      'Finished sending (FIN); still reading from the server',
      'The server has finished sending (FIN)',
      'Closed: both sides have finished sending',
    ]);
  });

  it('can still send after the peer has ended', async () => {
    let heard: Promise<string> = Promise.resolve('');
    const { port } = await bareServer((socket) => {
      heard = text(socket);
      socket.end('bye');
    }, true);
    const { client, host } = await startClient(port);
    await host.until(({ eventTypes }) => eventTypes.includes('ended'));
    expect(host.state.phase).toBe('open');
    expect(client.connections[0]?.label).toBe('finished sending');
    await client.send(textMessage('I have more to say'), 'all');
    await client.stop();
    expect(await heard).toBe('I have more to say');
  });

  it('kicks with a reset', async () => {
    const errors: unknown[] = [];
    const closed = new Promise<void>((resolve) => {
      void bareServer((socket) => {
        socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code));
        socket.on('close', () => resolve());
        socket.resume();
      }).then(async ({ port }) => {
        const { client, host } = await startClient(port);
        await client.control({ type: 'kick' }, 'all');
        await host.until(({ state }) => state.phase === 'closed');
        expect(host.connection(1).reset).toBe(true);
        expect(host.state).toEqual({ phase: 'closed', text: 'Cut from here' });
      });
    });
    await closed;
    expect(errors).toEqual(['ECONNRESET']);
  });

  it('reports a reset by the peer as a failure', async () => {
    const { port } = await bareServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { client, host } = await startClient(port);
    await client.send(textMessage('x'), 'all');
    await host.until(({ state }) => state.phase === 'failed');
    expect(host.state).toMatchObject({ phase: 'failed', problem: { code: 'ECONNRESET' } });
    expect(host.connection(1).reset).toBe(true);
    await expect(client.send(textMessage('y'), 'all')).rejects.toThrow('no connection');
  });

  it('says that nothing is listening', async () => {
    const port = await unusedPort();
    await expect(startClient(port)).rejects.toThrow(`Nothing is listening on 127.0.0.1:${port}.`);
  });

  it('connects again after the peer has gone, as often as the config says', async () => {
    let accepted = 0;
    const { port } = await bareServer((socket) => {
      accepted++;
      socket.resume();
      if (accepted < 3) socket.end();
    });
    const { host } = await startClient(port, { reconnect: { attempts: 5, delay: 1 } });
    await host.until(({ recorder }) => recorder.connections.length === 3);
    expect(host.phases.filter((phase) => phase === 'waiting')).toHaveLength(2);
    expect(host.phases.filter((phase) => phase === 'open')).toHaveLength(3);
    expect(host.connection(1).closed).toBe(true);
  });

  it('is not ready for more while the peer does not read', async () => {
    const { port } = await bareServer((socket) => socket.pause());
    const { client } = await startClient(port);
    const piece = { bytes: Buffer.alloc(1024 * 1024), text: false };
    let taken = 0;
    let stuck = false;
    // Loopback buffers hold a few megabytes at most; far fewer pieces than these are taken.
    for (let i = 0; i < 64 && !stuck; i++) {
      stuck = await Promise.race([
        client.send(piece, 'all').then(
          () => false,
          () => true,
        ),
        new Promise<boolean>((resolve) => setTimeout(resolve, 300, true)),
      ]);
      if (!stuck) taken++;
    }
    expect(stuck).toBe(true);
    expect(taken).toBeLessThan(64);
  });

  it('stops reading while the recorder is congested', async () => {
    const { port } = await bareServer((socket) =>
      socket.once('data', () => socket.write(Buffer.alloc(32 * 1024 * 1024))),
    );
    const { client, host } = await startClient(port);
    const letGo = host.recorder.congest();
    // Sending waits for the recorder too.
    const sent = client.send(textMessage('go'), 'all');
    await host.untilBytes(1, serverToClient, 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(host.connection(1).bytes(serverToClient).length).toBeLessThan(1024 * 1024);
    letGo();
    await sent;
    await host.until(({ recorder }) => {
      let bytes = 0;
      for (const chunk of recorder.connections[0]!.chunks) bytes += chunk.bytes.length;
      return bytes === 32 * 1024 * 1024 + 2;
    });
  });

  it('refuses orders TCP has no means for', async () => {
    const { port } = await bareServer((socket) => socket.resume());
    const { client } = await startClient(port);
    await expect(client.control({ type: 'ping', bytes: new Uint8Array(0) }, 'all')).rejects.toThrow(
      'TCP has no pings.',
    );
  });

  it('can be cancelled and started again', async () => {
    const { port } = await bareServer((socket) => socket.pipe(socket));
    const { client, host } = await startClient(port);
    await client.stop();
    await client.start();
    expect(host.state.phase).toBe('open');
    expect(client.connections.map(({ connection }) => connection)).toEqual([2, 1]);
  });
});

describe('TCP server', () => {
  it('lists who is connected, sends to one, to the last heard and to all', async () => {
    const { server, host, port } = await startServer();
    const one = bareClient(port);
    await host.until(() => server.connections.length === 1);
    const two = bareClient(port);
    await host.until(() => server.connections.length === 2);
    expect(server.connections.map(({ peer }) => peer)).toEqual([
      `127.0.0.1:${one.socket.localPort}`,
      `127.0.0.1:${two.socket.localPort}`,
    ]);
    await expect(server.send(textMessage('x'), 'last')).rejects.toThrow('Nobody has sent anything yet');
    two.socket.write('hear me');
    await host.untilBytes(2, clientToServer, 7);
    expect(await server.send(textMessage('to one '), [1])).toBe(1);
    expect(await server.send(textMessage('to last '), 'last')).toBe(1);
    expect(await server.send(textMessage('to all'), 'all')).toBe(2);
    await expect(server.send(textMessage('x'), [7])).rejects.toThrow('Connection 7 is not open.');
    await server.stop();
    expect(await one.all).toBe('to one to all');
    expect(await two.all).toBe('to last to all');
    expect(host.state).toEqual({ phase: 'closed', text: 'Stopped' });
    expect(server.connections.every(({ closedAt }) => closedAt !== undefined)).toBe(true);
    expect(host.recorder.events.map(({ type }) => type)).toEqual(['listening', 'closed']);
    expect(host.connection(1).info.server.port).toBe(port);
  });

  it('echoes chunks and ends when the client has ended', async () => {
    const { host, port } = await startServer({ server: { behaviour: 'echo' }, tcp: { framing: 'lines' } });
    const { socket, all } = bareClient(port);
    const lines = 'line\r\n'.repeat(200_000);
    socket.end(lines);
    expect(await all).toBe(lines);
    await host.until(({ recorder }) => recorder.connections[0]?.closed === true);
    const connection = host.connection(1);
    expect(connection.bytes(clientToServer).equals(connection.bytes(serverToClient))).toBe(true);
  });

  it('broadcasts whole messages to everybody else', async () => {
    const { server, host, port } = await startServer({ server: { behaviour: 'broadcast' }, tcp: { framing: 'lines' } });
    const clients = [bareClient(port), bareClient(port), bareClient(port)] as const;
    await host.until(() => server.connections.length === 3);
    const speaker = server.connections.findIndex(({ peer }) => peer.endsWith(`:${clients[0].socket.localPort}`)) + 1;
    const listener = speaker === 1 ? 2 : 1;
    clients[0].socket.write('half a ');
    await host.untilBytes(speaker, clientToServer, 7);
    clients[0].socket.write('line\r\nanother\nrest');
    await host.untilBytes(listener, serverToClient, 21);
    expect(host.connection(listener).bytes(serverToClient).toString()).toBe('half a line\r\nanother\n');
    expect(host.connection(speaker).bytes(serverToClient).length).toBe(0);
  });

  it('answers framed messages by its script, then closes', async () => {
    const { port } = await startServer({
      tcp: { framing: 'lines' },
      messages: [{ name: 'greeting', text: 'welcome' }],
      server: {
        answers: [
          { when: { text: 'hello' }, reply: ['greeting', { text: 'again' }], delay: 20 },
          { when: { text: 'quit' }, reply: [{ text: 'bye' }], close: {} },
          { reply: [{ hex: '3f' }] },
        ],
      },
    });
    const { socket, all } = bareClient(port);
    socket.write('hello\nwhat\r\nquit\nhello\n');
    // The later answers need no delay but keep their place; nothing is answered after the end.
    expect(await all).toBe('welcome\nagain\n?\nbye\n');
  });

  it('names an unknown saved message before it listens', async () => {
    await expect(startServer({ server: { answers: [{ reply: ['nobody'] }] } })).rejects.toThrow('no saved message');
  });

  it('kicks, refuses more connections than allowed, and says so', async () => {
    const { server, host, port } = await startServer({ server: { maxConnections: 1 } });
    const first = bareClient(port);
    await host.until(() => server.connections.length === 1);
    const second = bareClient(port);
    await new Promise((resolve) => second.socket.on('close', resolve));
    expect(host.recorder.connections).toHaveLength(1);
    expect(host.recorder.events.at(-1)).toMatchObject({ type: 'limit', severity: 'warning' });
    const gone = new Promise((resolve) => first.socket.on('close', resolve));
    await server.control({ type: 'kick' }, [1]);
    await gone;
    await host.until(({ recorder }) => recorder.connections[0]?.closed === true);
    expect(host.connection(1).reset).toBe(true);
    const third = bareClient(port);
    await host.until(({ recorder }) => recorder.connections.length === 2);
    third.socket.end();
  });

  it('keeps a client that has ended until it is closed, and shows it', async () => {
    const { server, host, port } = await startServer();
    const { socket, all } = bareClient(port);
    socket.end('question');
    await host.until(() => server.connections[0]?.label === 'finished sending');
    await server.send(textMessage('answer'), 'all');
    await server.control({ type: 'halfClose' }, [1]);
    expect(await all).toBe('answer');
    await host.until(() => server.connections[0]?.closedAt !== undefined);
  });

  it('can be stopped while it starts', async () => {
    const host = new FakeHost();
    const config: SessionConfig = {
      wirescope: 1,
      name: 'test',
      role: 'server',
      protocol: 'tcp',
      listen: '127.0.0.1:0',
    };
    const server = (await loadEndpoint(config))(config, host);
    const started = server.start();
    await server.stop();
    await expect(started).rejects.toThrow('Cancelled.');
    expect(host.phases).toEqual(['closed']);
  });

  it('says who has the port', async () => {
    const { port } = await startServer();
    const second = startServer({ listen: `127.0.0.1:${port}` });
    await expect(second).rejects.toThrow(`127.0.0.1:${port} is already in use.`);
  });

  it('listens on IPv6 and on every interface', async () => {
    const six = await startServer({ listen: '[::1]:0', server: { behaviour: 'echo' } });
    expect(six.host.state).toMatchObject({ address: `[::1]:${six.port}` });
    const { client, host } = await startClient(0, { target: `tcp://[::1]:${six.port}` });
    await client.send(textMessage('six'), 'all');
    await host.untilBytes(1, serverToClient, 3);
    expect(host.connection(1).info.server).toEqual({ address: '::1', port: six.port });
    const every = await startServer({ listen: '*:0' });
    const four = await startClient(every.port);
    await every.host.until(({ recorder }) => recorder.connections.length === 1);
    expect(four.host.state.phase).toBe('open');
    expect(every.host.connection(1).info).toMatchObject({
      client: { address: '127.0.0.1' },
      server: { address: '127.0.0.1', port: every.port },
    });
  });

  it('does not read from a client that does not read its echoes', async () => {
    const { server, host, port } = await startServer({ server: { behaviour: 'echo' } });
    const socket = connect({ port, host: '127.0.0.1' });
    afterwards(() => socket.destroy());
    socket.pause();
    socket.on('error', () => {});
    const flood = Buffer.alloc(64 * 1024 * 1024, 'x');
    socket.write(flood);
    await host.until(({ recorder }) => recorder.events.some(({ type }) => type === 'limit'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(host.connection(1).chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(flood.length);
    // Now it reads, and gets everything.
    let received = 0;
    await new Promise<void>((resolve) => {
      socket.on('data', (piece) => {
        received += piece.length;
        if (received === flood.length) resolve();
      });
      socket.resume();
    });
    expect(server.connections).toHaveLength(1);
  });

  it('lists 500 connections and forgets all but the last 100 closed', async () => {
    const { server, host, port } = await startServer();
    const sockets = Array.from({ length: 500 }, () => bareClient(port).socket);
    await host.until(() => server.connections.length === 500);
    expect(await server.send(textMessage('hello'), 'all')).toBe(500);
    for (const socket of sockets) socket.resetAndDestroy();
    await host.until(() => server.connections.every(({ closedAt }) => closedAt !== undefined));
    expect(server.connections).toHaveLength(100);
  });
});
