// The UDP client and server talking to each other and to bare sockets over loopback.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { loadEndpoint } from '../../src-main/endpoints/load.ts';
import { plainAddress } from '../../src-main/endpoints/plain-address.ts';
import { createUdpClient } from '../../src-main/endpoints/udp/client.ts';
import { Conversations } from '../../src-main/endpoints/udp/conversations.ts';
import { CONGESTED_LIMIT_BYTES, Intake } from '../../src-main/endpoints/udp/intake.ts';
import { isMulticast } from '../../src-main/endpoints/udp/socket.ts';
import { clientToServer, FakeHost, serverToClient } from './fake-host.ts';
import { afterwards, textMessage } from './loopback.ts';
import { running } from './running.ts';

async function startServer(config: Partial<SessionConfig> = {}) {
  const { endpoint, host, port } = await running({ role: 'server', protocol: 'udp', ...config });
  return { server: endpoint, host, port };
}

async function startClient(port: number, config: Partial<SessionConfig> = {}) {
  const target = `udp://127.0.0.1:${port}`;
  const { endpoint, host } = await running({ role: 'client', protocol: 'udp', target, ...config });
  return { client: endpoint, host };
}

/** A bare socket that remembers what it received. */
async function bareSocket(): Promise<{ socket: Socket; port: number; received: string[]; next(): Promise<string> }> {
  const socket = createSocket('udp4');
  const received: string[] = [];
  let waiting: ((text: string) => void) | undefined;
  socket.on('message', (bytes) => {
    received.push(bytes.toString());
    waiting?.(bytes.toString());
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  let open = true;
  socket.on('close', () => {
    open = false;
  });
  afterwards(() => open && socket.close());
  const next = () =>
    new Promise<string>((resolve) => {
      waiting = resolve;
    });
  return { socket, port: socket.address().port, received, next };
}

describe('UDP client', () => {
  it('sends datagrams of 0 to 65,507 bytes and records what comes back', async () => {
    const { port } = await startServer({ server: { behaviour: 'echo' } });
    const { client, host } = await startClient(port);
    const sizes = [0, 1, 1472, 65_507];
    for (const [index, size] of sizes.entries()) {
      expect(await client.send({ bytes: Buffer.alloc(size, index), text: false }, 'all')).toBe(1);
      await host.until(({ recorder }) => recorder.connections[0]?.chunks.length === 2 * (index + 1));
    }
    const { chunks, info, events } = host.connection(1);
    expect(chunks.map(({ direction }) => direction)).toEqual(sizes.flatMap(() => [clientToServer, serverToClient]));
    expect(chunks.map(({ bytes }) => bytes.length)).toEqual(sizes.flatMap((size) => [size, size]));
    expect(info).toMatchObject({
      transport: 'udp',
      server: { address: '127.0.0.1', port },
      dissectAs: { protocol: 'udp' },
    });
    expect(events.map(({ text }) => text)).toEqual([`Talking to 127.0.0.1:${port}`]);
    expect(host.phases).toEqual(['connecting', 'connecting', 'open']);
    await client.stop();
    expect(host.connection(1).closed).toBe(true);
    expect(host.state.phase).toBe('closed');
    await expect(client.send(textMessage('x'), 'all')).rejects.toThrow('no socket');
  });

  it('explains a datagram that is too large, and does not record it', async () => {
    const { port } = await bareSocket();
    const { client, host } = await startClient(port);
    await expect(client.send({ bytes: new Uint8Array(65_508), text: false }, 'all')).rejects.toMatchObject({
      problem: { code: 'EMSGSIZE', what: `65508 bytes are too many for one datagram to 127.0.0.1:${port}.` },
    });
    expect(host.connection(1).chunks).toHaveLength(0);
  });

  it('shows that nothing is listening, and can still send', async () => {
    const { socket, port } = await bareSocket();
    const gone = once(socket, 'close');
    socket.close();
    await gone;
    const { client, host } = await startClient(port);
    await client.send(textMessage('anybody?'), 'all');
    await host.until(({ recorder }) => recorder.connections[0]!.events.some(({ type }) => type === 'failed'));
    expect(host.connection(1).events.at(-1)).toMatchObject({
      severity: 'warning',
      text: `Refused: nothing is listening on udp://127.0.0.1:${port}`,
      problem: { code: 'ECONNREFUSED' },
    });
    expect(host.state.phase).toBe('open');
    expect(await client.send(textMessage('really nobody?'), 'all')).toBe(1);
  });

  it('hears only its target', async () => {
    const peer = await bareSocket();
    const stranger = await bareSocket();
    const { client, host } = await startClient(peer.port);
    const heard = peer.next();
    await client.send(textMessage('hello'), 'all');
    await heard;
    const { port } = host.connection(1).info.client;
    stranger.socket.send('psst', port, '127.0.0.1');
    peer.socket.send('answer', port, '127.0.0.1');
    await host.untilBytes(1, serverToClient, 6);
    expect(host.connection(1).bytes(serverToClient).toString()).toBe('answer');
  });

  it('hears everybody who answers a multicast, each in a conversation of its own', async () => {
    const group = '239.255.77.1';
    const answerer = createSocket({ type: 'udp4', reuseAddr: true });
    afterwards(() => answerer.close());
    answerer.bind(0);
    await once(answerer, 'listening');
    answerer.addMembership(group, '127.0.0.1');
    answerer.on('message', (bytes, from) => answerer.send(`${bytes} here`, from.port, from.address));
    const { client, host } = await startClient(0, {
      target: `udp://${group}:${answerer.address().port}`,
      udp: { multicastInterface: '127.0.0.1', multicastTtl: 0, multicastLoopback: true },
    });
    await client.send(textMessage('who?'), 'all');
    await host.untilBytes(2, serverToClient, 9);
    expect(host.connection(1).bytes(clientToServer).toString()).toBe('who?');
    expect(host.connection(2).bytes(serverToClient).toString()).toBe('who? here');
    expect(client.connections).toHaveLength(2);
    const answer = once(answerer, 'message');
    await client.send(textMessage('you'), [2]);
    expect(String((await answer)[0])).toBe('you');
  });

  it('talks IPv6 and resolves names', async () => {
    const { port } = await startServer({ listen: '[::1]:0', server: { behaviour: 'echo' } });
    const { client, host } = await startClient(port, { target: `udp://[::1]:${port}` });
    await client.send(textMessage('six'), 'all');
    await host.untilBytes(1, serverToClient, 3);
    const four = await startServer({ server: { behaviour: 'echo' } });
    const named = await startClient(four.port, { target: `udp://localhost:${four.port}` });
    expect(named.host.eventTypes).toContain('resolved');
    await expect(startClient(1, { target: 'udp://nowhere.invalid:9' })).rejects.toThrow('nowhere.invalid');
  });

  it('can be cancelled while it looks a name up', async () => {
    const host = new FakeHost();
    const client = createUdpClient(
      { wirescope: 1, name: 'client', role: 'client', protocol: 'udp', target: 'udp://localhost:9' },
      host,
    );
    const started = client.start();
    await client.stop();
    await expect(started).rejects.toThrow('Cancelled.');
    expect(host.state).toEqual({ phase: 'closed', text: 'Cancelled' });
  });
});

describe('UDP server', () => {
  it('keeps a conversation with every peer and answers one, the last or all', async () => {
    const { server, host, port } = await startServer();
    const one = await bareSocket();
    const two = await bareSocket();
    await expect(server.send(textMessage('x'), 'last')).rejects.toThrow('Nobody has sent anything yet');
    one.socket.send('one', port, '127.0.0.1');
    await host.untilBytes(1, clientToServer, 3);
    two.socket.send('two', port, '127.0.0.1');
    await host.untilBytes(2, clientToServer, 3);
    expect(server.connections.map(({ peer }) => peer)).toEqual([`127.0.0.1:${one.port}`, `127.0.0.1:${two.port}`]);
    expect(host.connection(1).info).toMatchObject({ client: { port: one.port }, server: { port } });

    let heard = two.next();
    await server.send(textMessage('to last'), 'last');
    expect(await heard).toBe('to last');
    heard = one.next();
    await server.send(textMessage('to one'), [1]);
    expect(await heard).toBe('to one');
    heard = one.next();
    expect(await server.send(textMessage('to all'), 'all')).toBe(2);
    expect(await heard).toBe('to all');
    expect(host.connection(1).bytes(serverToClient).toString()).toBe('to oneto all');

    await server.control({ type: 'close' }, [1]);
    expect(host.connection(1).closed).toBe(true);
    one.socket.send('again', port, '127.0.0.1');
    await host.untilBytes(3, clientToServer, 5);
    await server.stop();
    expect(host.recorder.connections.every(({ closed }) => closed)).toBe(true);
    expect(host.recorder.events.map(({ type }) => type)).toEqual(['listening', 'closed']);
  });

  it('broadcasts to all other peers it knows', async () => {
    const { host, port } = await startServer({ server: { behaviour: 'broadcast' } });
    const one = await bareSocket();
    const two = await bareSocket();
    one.socket.send('first', port, '127.0.0.1');
    await host.untilBytes(1, clientToServer, 5);
    const heard = one.next();
    two.socket.send('second', port, '127.0.0.1');
    expect(await heard).toBe('second');
    expect(two.received).toEqual([]);
  });

  it('answers by its script', async () => {
    const { port } = await startServer({
      server: {
        answers: [
          { when: { contains: 'time' }, reply: [{ text: 'noon' }], delay: 5 },
          { when: { hex: '00' }, reply: [{ hex: 'ff' }, { hex: 'fe' }], close: {} },
        ],
      },
    });
    const { client, host } = await startClient(port);
    await client.send(textMessage('what time?'), 'all');
    await host.untilBytes(1, serverToClient, 4);
    await client.send(textMessage('ignored'), 'all');
    await client.send({ bytes: Uint8Array.of(0), text: false }, 'all');
    await host.untilBytes(1, serverToClient, 6);
    expect([...host.connection(1).bytes(serverToClient)]).toEqual([...Buffer.from('noon'), 0xff, 0xfe]);
  });

  it('lets the peer go that was silent longest when there are too many, and says so', async () => {
    const { server, host, port } = await startServer({ server: { maxConnections: 2 } });
    const peers = [await bareSocket(), await bareSocket(), await bareSocket()] as const;
    for (const [index, peer] of [0, 1, 0, 2].entries()) {
      peers[peer]!.socket.send('x', port, '127.0.0.1');
      await host.until(
        ({ recorder }) => recorder.connections.reduce((sum, { chunks }) => sum + chunks.length, 0) === index + 1,
      );
    }
    expect(
      server.connections.filter(({ closedAt }) => closedAt === undefined).map(({ connection }) => connection),
    ).toEqual([1, 3]);
    expect(host.connection(2).closed).toBe(true);
    expect(host.recorder.events.filter(({ type }) => type === 'limit')).toHaveLength(1);
  });

  it('listens to multicast groups, and says which cannot be joined', async () => {
    const { host, port } = await startServer({
      listen: '0.0.0.0:0',
      udp: { multicast: ['239.255.77.2'], multicastInterface: '127.0.0.1' },
    });
    expect(host.recorder.events.map(({ text }) => text)).toContain(
      'Joined the multicast group 239.255.77.2 on 127.0.0.1',
    );
    const { socket } = await bareSocket();
    socket.setMulticastInterface('127.0.0.1');
    socket.send('to the group', port, '239.255.77.2');
    await host.untilBytes(1, clientToServer, 12);
    await expect(startServer({ udp: { multicast: ['10.0.0.1'] } })).rejects.toThrow(
      'The group 10.0.0.1 cannot be joined.',
    );
  });

  it('hears and answers both families on every interface', async () => {
    const { host, port } = await startServer({ listen: '*:0', server: { behaviour: 'echo' } });
    const four = await startClient(port);
    await four.client.send(textMessage('four'), 'all');
    await four.host.untilBytes(1, serverToClient, 4);
    expect(host.connection(1).info.client.address).toBe('127.0.0.1');
    const six = await startClient(port, { target: `udp://[::1]:${port}` });
    await six.client.send(textMessage('six'), 'all');
    await six.host.untilBytes(1, serverToClient, 3);
  });

  it('can be stopped while it starts', async () => {
    const host = new FakeHost();
    const config: SessionConfig = {
      wirescope: 1,
      name: 'test',
      role: 'server',
      protocol: 'udp',
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
    await expect(startServer({ listen: `127.0.0.1:${port}` })).rejects.toThrow(`127.0.0.1:${port} is already in use.`);
  });

  it('refuses orders UDP has no means for', async () => {
    const { server } = await startServer();
    await expect(server.control({ type: 'halfClose' }, 'all')).rejects.toThrow('UDP has no half-close.');
  });
});

describe('Intake', () => {
  it('leaves datagrams out only when the recorder stays congested, and says how many', async () => {
    const host = new FakeHost();
    const connection = host.recorder.connection(
      {
        transport: 'udp',
        client: { address: '127.0.0.1', port: 1 },
        server: { address: '127.0.0.1', port: 2 },
        decrypted: false,
        dissectAs: { protocol: 'udp' },
      },
      0,
    );
    const intake = new Intake(host.recorder, clientToServer);
    const letGo = host.recorder.congest();
    const datagram = new Uint8Array(1024 * 1024);
    let recorded = 0;
    while (intake.record(connection, datagram)) recorded++;
    expect(recorded).toBe(CONGESTED_LIMIT_BYTES / datagram.length - 1);
    expect(intake.record(connection, datagram)).toBe(false);
    letGo();
    await host.until(({ recorder }) => recorder.events.length === 1);
    expect(host.recorder.events[0]?.text).toMatch(/^2 datagrams were not recorded/);
    expect(intake.record(connection, datagram)).toBe(true);
  });
});

describe('Conversations', () => {
  it('finds peers by address and port', () => {
    const host = new FakeHost();
    const conversations = new Conversations({ host, side: 'server', local: { address: '127.0.0.1', port: 9 } });
    const one = conversations.with('127.0.0.1', 1);
    expect(conversations.with('127.0.0.1', 2)).not.toBe(one);
    expect(conversations.with('127.0.0.2', 1)).not.toBe(one);
    expect(conversations.with('127.0.0.1', 1)).toBe(one);
    expect(conversations.last).toBe(one);
  });
});

describe('addresses', () => {
  it('know multicast and IPv4 inside IPv6', () => {
    expect(['224.0.0.1', '239.255.255.255', 'ff02::1', 'FF05::2'].map(isMulticast)).toEqual([true, true, true, true]);
    expect(['223.255.255.255', '240.0.0.1', 'fe80::1', 'localhost'].map(isMulticast)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(plainAddress('::ffff:127.0.0.1')).toBe('127.0.0.1');
    expect(plainAddress('::ffff:1')).toBe('::ffff:1');
  });
});
