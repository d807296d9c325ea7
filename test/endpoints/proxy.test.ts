// Tunnels through small HTTP and SOCKS5 proxies of our own, and what they do when they refuse.
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { EndpointError } from '../../src-main/endpoints/endpoint.ts';
import { parseProxy, proxyLabel } from '../../src-main/endpoints/proxy/outbound.ts';
import { createWebSocketClient } from '../../src-main/endpoints/websocket/client.ts';
import { FakeHost, serverToClient } from './fake-host.ts';
import { afterwards, answeringServer, tcpServer, textMessage, unusedPort, webSocketServer } from './loopback.ts';

/** Joins the two ends; bytes that came too early go first. */
function join(near: Socket, port: number, early: Buffer): void {
  const far = connect(port, '127.0.0.1', () => far.write(early));
  far.on('error', () => near.destroy());
  near.on('error', () => far.destroy());
  near.pipe(far).pipe(near);
}

/** An HTTP proxy; with `authorization` it wants that header. */
function httpProxy(requests: string[], authorization?: string): Promise<number> {
  return answeringServer((request, socket) => {
    requests.push(request);
    if (authorization !== undefined && !request.includes(`Proxy-Authorization: ${authorization}\r\n`)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="p"\r\n\r\n');
      return;
    }
    const port = Number(/^CONNECT [^ ]+:(\d+) /.exec(request)?.[1]);
    // In two pieces, so that the head must be put together.
    socket.write('HTTP/1.1 200 Connection ');
    setTimeout(() => {
      socket.write('established\r\nVia: test\r\n\r\n');
      join(socket, port, Buffer.alloc(0));
    }, 5);
  });
}

/** A SOCKS5 proxy by RFC 1928; `reply` other than 0 refuses. Keeps the requests it was asked. */
function socks5Proxy(requests: Buffer[], { user = '', reply = 0 } = {}): Promise<number> {
  return tcpServer((socket) => {
    let received = Buffer.alloc(0);
    let step: 'methods' | 'password' | 'request' | 'joined' = 'methods';
    const onData = (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (step === 'methods' && received.length >= 2 + received[1]!) {
        const offered = received.subarray(2, 2 + received[1]!);
        received = received.subarray(2 + received[1]!);
        const method = user ? 2 : 0;
        socket.write(Buffer.of(5, offered.includes(method) ? method : 0xff));
        step = user ? 'password' : 'request';
      }
      if (step === 'password' && received.length > 3) {
        const name = received.subarray(2, 2 + received[1]!).toString();
        received = Buffer.alloc(0);
        socket.write(Buffer.of(1, name === user ? 0 : 1));
        step = 'request';
      }
      if (step === 'request' && received.length >= 10) {
        requests.push(received);
        step = 'joined';
        socket.off('data', onData);
        // Byte by byte: replies may be split anywhere.
        for (const byte of [5, reply, 0, 1, 127, 0, 0, 1, 0, 80]) socket.write(Buffer.of(byte));
        if (reply === 0) join(socket, received.readUInt16BE(received.length - 2), Buffer.alloc(0));
      }
    };
    socket.on('data', onData);
  });
}

function throughProxy(proxy: string, target: string) {
  const host = new FakeHost();
  const endpoint = createWebSocketClient(
    { wirescope: 1, name: 'test', role: 'client', protocol: 'websocket', target, proxy, connectTimeoutMs: 2000 },
    host,
  );
  afterwards(() => endpoint.stop());
  return { endpoint, host };
}

async function exchange(proxy: string, target: string): Promise<FakeHost> {
  const { endpoint, host } = throughProxy(proxy, target);
  await endpoint.start();
  await endpoint.send(textMessage('through'), 'all');
  await host.until(() => host.connection(1).bytes(serverToClient).includes('through'));
  return host;
}

const echoServer = () => webSocketServer((ws) => ws.on('message', (data) => ws.send(`${data}`)), {});

describe('an HTTP proxy', () => {
  it('is asked for a tunnel by name and leaves only the target’s bytes on the record', async () => {
    const requests: string[] = [];
    const proxy = await httpProxy(requests, `Basic ${Buffer.from('ann:p@ss').toString('base64')}`);
    const port = await echoServer();
    const host = await exchange(`http://ann:p%40ss@127.0.0.1:${proxy}`, `ws://localhost:${port}/`);
    expect(requests[0]).toMatch(new RegExp(`^CONNECT localhost:${port} HTTP/1.1\r\nHost: localhost:${port}\r\n`));
    expect(host.eventTypes).toEqual(['connecting', 'proxy', 'connected']);
    expect(host.connection(1).info.server.port).toBe(proxy);
    expect(host.connection(1).bytes(serverToClient).toString('latin1')).toMatch(/^HTTP\/1\.1 101 /);
    expect(JSON.stringify([host.recorder.events, host.states])).not.toContain('p@ss');
  });

  it.each([
    ['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', '407', 'user name'],
    ['HTTP/1.1 403 Forbidden\r\n\r\n', '403', 'does not allow'],
    ['HTTP/1.1 502 Bad Gateway\r\n\r\n', '502', 'could not reach'],
    ['SSH-2.0-OpenSSH_9\r\n\r\n', 'not an HTTP proxy', 'not HTTP'],
    [`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`, 'not an HTTP proxy', 'not HTTP'],
  ])('that answers %j is told apart', async (answer, what, why) => {
    const proxy = await answeringServer((_request, socket) => socket.write(answer));
    const { endpoint, host } = throughProxy(`http://127.0.0.1:${proxy}`, 'ws://127.0.0.1:1/');
    await expect(endpoint.start()).rejects.toMatchObject({
      problem: { what: expect.stringContaining(what), why: expect.stringContaining(why) },
    });
    expect(host.recorder.connections).toHaveLength(0);
  });

  it('that hangs up, or does not listen, is named', async () => {
    const proxy = await answeringServer((_request, socket) => socket.end());
    await expect(throughProxy(`http://127.0.0.1:${proxy}`, 'ws://127.0.0.1:1/').endpoint.start()).rejects.toThrow(
      `The proxy 127.0.0.1:${proxy} cut the connection.`,
    );
    const nobody = await unusedPort();
    await expect(throughProxy(`http://127.0.0.1:${nobody}`, 'ws://127.0.0.1:1/').endpoint.start()).rejects.toThrow(
      `The HTTP proxy 127.0.0.1:${nobody} cannot be reached.`,
    );
    await expect(
      throughProxy(`socks5://127.0.0.1:${nobody}`, 'ws://127.0.0.1:1/').endpoint.start(),
    ).rejects.toMatchObject({
      problem: {
        what: `The SOCKS5 proxy 127.0.0.1:${nobody} cannot be reached.`,
        why: expect.stringContaining(`Nothing is listening on 127.0.0.1:${nobody}.`),
        code: 'ECONNREFUSED',
      },
    });
  });
});

describe('a SOCKS5 proxy', () => {
  it('is given the name to look up', async () => {
    const requests: Buffer[] = [];
    const proxy = await socks5Proxy(requests);
    const port = await echoServer();
    await exchange(`socks5://127.0.0.1:${proxy}`, `ws://localhost:${port}/`);
    expect(requests[0]!.subarray(0, 14)).toEqual(Buffer.from('\x05\x01\x00\x03\x09localhost'));
  });

  it('is given addresses as bytes, and user and password', async () => {
    const requests: Buffer[] = [];
    const proxy = await socks5Proxy(requests, { user: 'ann' });
    const port = await echoServer();
    await exchange(`socks5h://ann:pw@127.0.0.1:${proxy}`, `ws://127.0.0.1:${port}/`);
    await exchange(`socks5://ann:pw@127.0.0.1:${proxy}`, `ws://[2001:db8::ffff:192.0.2.1]:${port}/`);
    expect(requests[0]!.toString('hex')).toMatch(/^05010001 ?7f000001/);
    expect(requests[1]!.subarray(4, 20).toString('hex')).toBe('20010db800000000' + '0000ffffc0000201');
  });

  it.each([
    [{ reply: 5 }, '', 'Nothing is listening at the target.'],
    [{ reply: 2 }, '', 'Its rules do not allow this target.'],
    [{ reply: 99 }, '', 'It answered with code 99.'],
    [{ user: 'ann' }, '', 'It wants a user name and a password.'],
    [{ user: 'ann' }, 'bob:x@', ''],
  ])('that refuses (%o) says why', async (options, credentials, why) => {
    const proxy = await socks5Proxy([], options);
    const { endpoint } = throughProxy(`socks5://${credentials}127.0.0.1:${proxy}`, 'ws://127.0.0.1:1/');
    await expect(endpoint.start()).rejects.toMatchObject({ problem: { why } });
  });

  it('that is none is told apart', async () => {
    const proxy = await answeringServer((_request, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(throughProxy(`socks5://127.0.0.1:${proxy}`, 'ws://127.0.0.1:1/').endpoint.start()).rejects.toThrow(
      'is not a SOCKS5 proxy',
    );
  });

  it('that says nothing ends in a timeout, and can be cancelled', async () => {
    const proxy = await tcpServer(() => {});
    const { endpoint, host } = throughProxy(`socks5://127.0.0.1:${proxy}`, 'ws://127.0.0.1:1/');
    const started = endpoint.start();
    started.catch(() => {});
    await host.until(() => host.state.phase === 'connecting' && host.state.step.startsWith('SOCKS5 proxy'));
    await endpoint.stop();
    await expect(started).rejects.toThrow('Cancelled');
    const late = createWebSocketClient(
      {
        wirescope: 1,
        name: 'test',
        role: 'client',
        protocol: 'websocket',
        target: 'ws://127.0.0.1:1/',
        proxy: `http://127.0.0.1:${proxy}`,
        connectTimeoutMs: 50,
      },
      new FakeHost(),
    );
    await expect(late.start()).rejects.toThrow(`The HTTP proxy 127.0.0.1:${proxy} did not answer within 50 ms`);
  });
});

describe('parseProxy', () => {
  it('reads kinds, ports and credentials', () => {
    expect(parseProxy('http://h')).toEqual({ kind: 'http', host: 'h', port: 8080 });
    expect(parseProxy('SOCKS5://[::1]')).toEqual({ kind: 'socks5', host: '::1', port: 1080 });
    expect(parseProxy('socks5h://u:p%3A%40@h:9/')).toEqual({
      kind: 'socks5',
      host: 'h',
      port: 9,
      credentials: { user: 'u', password: 'p:@' },
    });
    expect(proxyLabel(parseProxy('http://u:p@h'))).toBe('HTTP proxy h:8080');
  });

  it.each(['https://h', 'h:1', 'socks4://h', ''])('rejects %s in words', (proxy) => {
    expect(() => parseProxy(proxy)).toThrow(EndpointError);
  });
});
