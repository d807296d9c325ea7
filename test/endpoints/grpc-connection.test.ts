// The ways to a gRPC server and what is in the way: unix sockets, IPv6, TLS, proxies, peers that are none; and how it ends.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { ServerCredentials } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { EndpointError } from '../../src-main/endpoints/endpoint.ts';
import { clientToServer, serverToClient } from './fake-host.ts';
import { grpcPeer } from './grpc-peer.ts';
import { type GrpcSession, grpcSession } from './grpc-session.ts';
import { afterwards, answeringServer, listenOnLoopback, tcpServer, unusedPort } from './loopback.ts';
import { makeAuthority } from './test-certificates.ts';

const echo = async (session: GrpcSession) => {
  await session.endpoint.send(session.message('Send', 'hello'), 'last');
  expect((await session.ended(1)).ended).toMatchObject({ code: 0 });
  expect(await session.messages(clientToServer)).toEqual([Buffer.from('hello')]);
  expect(await session.messages(serverToClient)).toEqual([Buffer.from('hello')]);
};

/** The problem of a start that fails. */
const problemOf = async (session: GrpcSession) => {
  const error = await session.endpoint.start().then(
    () => undefined,
    (failure: EndpointError) => failure,
  );
  if (!error) throw new Error('it connected');
  expect(session.state()).toMatchObject({ phase: 'failed', problem: error.problem });
  expect(await session.summaries()).toContainEqual(expect.stringContaining(error.problem.what));
  return error.problem;
};

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'wirescope-grpc-'));
  afterwards(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function certificates() {
  const authority = await makeAuthority();
  const files = folder();
  const server = await authority.issue({ names: ['localhost', '127.0.0.1'] });
  const client = await authority.issue({ names: ['client'], subject: 'Maria' });
  writeFileSync(join(files, 'ca.pem'), authority.cert);
  writeFileSync(join(files, 'client.pem'), client.cert);
  writeFileSync(join(files, 'client.key'), client.key);
  const credentials = (wantsClient: boolean) =>
    ServerCredentials.createSsl(
      wantsClient ? Buffer.from(authority.cert) : null,
      [{ cert_chain: Buffer.from(server.cert), private_key: Buffer.from(server.key) }],
      wantsClient,
    );
  return { files, server, credentials };
}

describe('the way to a server', () => {
  it('is a unix socket, named from the folder of the session', async () => {
    const files = folder();
    await grpcPeer({}, { address: `unix:${join(files, 'chat.sock')}` });
    const session = grpcSession({ target: 'unix:chat.sock' }, { folder: files });
    await session.endpoint.start();
    expect(session.state()).toMatchObject({ phase: 'open', address: 'unix:chat.sock' });
    await echo(session);
    expect(await session.fields('http2.headers.authority')).toContain('localhost');
  });

  it('is IPv6', async () => {
    const peer = await grpcPeer({}, { address: '[::1]:0' });
    const session = grpcSession({ target: `[::1]:${peer.port}` });
    await session.endpoint.start();
    await echo(session);
    expect(session.capture.connection(1)).toMatchObject({ server: `[::1]:${peer.port}` });
  });

  it('is TLS, verified, and what is said in it is recorded', async () => {
    const { files, credentials } = await certificates();
    const peer = await grpcPeer({}, { tls: credentials(false) });
    const session = grpcSession({ target: `grpcs://localhost:${peer.port}`, tls: { ca: 'ca.pem' } }, { folder: files });
    await session.endpoint.start();
    expect(session.state()).toMatchObject({ phase: 'open', trust: { lock: 'verified' } });
    await echo(session);
    expect(await session.fields('http2.headers.scheme')).toContain('https');
    expect(await session.summaries()).toContainEqual(expect.stringContaining('TLSv1.3 with'));
  });

  it('is TLS with a certificate of ours', async () => {
    const { files, credentials } = await certificates();
    const peer = await grpcPeer({}, { tls: credentials(true) });
    const target = `grpcs://localhost:${peer.port}`;
    const session = grpcSession(
      { target, tls: { ca: 'ca.pem', cert: 'client.pem', key: 'client.key' } },
      { folder: files },
    );
    await session.endpoint.start();
    await echo(session);

    const stranger = grpcSession({ target, tls: { ca: 'ca.pem' } }, { folder: files });
    expect((await problemOf(stranger)).what).toBe(`localhost:${peer.port} requires a client certificate.`);
  });

  it('is a tunnel through a proxy', async () => {
    const peer = await grpcPeer();
    const asked: string[] = [];
    const proxy = await answeringServer((request, near) => {
      asked.push(request.split('\r\n')[0] ?? '');
      const far = connect(peer.port, '127.0.0.1', () => near.write('HTTP/1.1 200 OK\r\n\r\n'));
      far.on('error', () => near.destroy());
      near.on('error', () => far.destroy());
      near.pipe(far).pipe(near);
    });
    const session = grpcSession({ target: `grpc://chat.test:${peer.port}`, proxy: `http://127.0.0.1:${proxy}` });
    await session.endpoint.start();
    await echo(session);
    expect(asked).toEqual([`CONNECT chat.test:${peer.port} HTTP/1.1`]);
    expect(await session.fields('http2.headers.authority')).toContain(`chat.test:${peer.port}`);
  });
});

describe('what is in the way', () => {
  it('is nobody there', async () => {
    const port = await unusedPort();
    const problem = await problemOf(grpcSession({ target: `127.0.0.1:${port}` }));
    expect(problem).toMatchObject({ what: `Nothing is listening on 127.0.0.1:${port}.`, code: 'ECONNREFUSED' });
  });

  it('is a socket file that is not there', async () => {
    expect(await problemOf(grpcSession({ target: 'unix:/no/such.sock' }))).toMatchObject({ code: 'ENOENT' });
  });

  it('is an authority that is not trusted', async () => {
    const { credentials } = await certificates();
    const peer = await grpcPeer({}, { tls: credentials(false) });
    const problem = await problemOf(grpcSession({ target: `grpcs://localhost:${peer.port}` }));
    expect(problem.what).toContain(`The certificate of localhost:${peer.port} was not accepted`);
  });

  it('is a server of HTTP/1', async () => {
    const port = await listenOnLoopback(createHttpServer((_request, response) => response.end('hello')));
    expect((await problemOf(grpcSession({ target: `127.0.0.1:${port}` }))).what).toBe(
      `127.0.0.1:${port} speaks HTTP/1, not HTTP/2.`,
    );
  });

  it('is a server that wants TLS, with or without an alert', async () => {
    const { credentials } = await certificates();
    const peer = await grpcPeer({}, { tls: credentials(false) });
    const next = expect.stringContaining('grpcs://');
    expect(await problemOf(grpcSession({ target: `127.0.0.1:${peer.port}` }))).toMatchObject({ next });
    const alerting = await answeringServer((_request, socket) => socket.end(Buffer.from('15030100020246', 'hex')));
    expect(await problemOf(grpcSession({ target: `127.0.0.1:${alerting}` }))).toMatchObject({
      what: `127.0.0.1:${alerting} expects TLS.`,
      next,
    });
  });

  it('is TLS without HTTP/2, whether it says so or not', async () => {
    const { files, server } = await certificates();
    const silent = await listenOnLoopback(createTlsServer({ ...server }));
    const settings = { tls: { ca: 'ca.pem' } };
    const first = await problemOf(
      grpcSession({ target: `grpcs://localhost:${silent}`, ...settings }, { folder: files }),
    );
    expect(first).toMatchObject({ what: `localhost:${silent} does not offer HTTP/2 over TLS.`, code: 'NO_ALPN_H2' });

    const old = await listenOnLoopback(createTlsServer({ ...server, ALPNProtocols: ['http/1.1'] }));
    const second = await problemOf(grpcSession({ target: `grpcs://localhost:${old}`, ...settings }, { folder: files }));
    expect(second).toMatchObject({ what: `localhost:${old} does not offer HTTP/2 over TLS.` });
  });

  it('is a peer that says nothing, something else, or hangs up', async () => {
    const silent = await tcpServer(() => {});
    const waiting = grpcSession({ target: `127.0.0.1:${silent}`, connectTimeoutMs: 100 });
    expect((await problemOf(waiting)).what).toBe(`127.0.0.1:${silent} did not answer with HTTP/2 within 100 ms.`);
    const smtp = await tcpServer((socket) => socket.write('220 mail.test ESMTP\r\n'));
    expect((await problemOf(grpcSession({ target: `127.0.0.1:${smtp}` }))).what).toBe(
      `127.0.0.1:${smtp} does not speak HTTP/2.`,
    );
    const rude = await answeringServer((_request, socket) => socket.end());
    expect((await problemOf(grpcSession({ target: `127.0.0.1:${rude}` }))).what).toBe(
      `127.0.0.1:${rude} closed the connection instead of answering.`,
    );
  });

  it('is a stop while it connects', async () => {
    const silent = await tcpServer(() => {});
    const session = grpcSession({ target: `127.0.0.1:${silent}` });
    const starting = session.endpoint.start();
    await session.until(() => session.states.some((state) => state.phase === 'connecting' && state.step === 'HTTP/2'));
    const failed = expect(starting).rejects.toThrow('Cancelled.');
    await session.endpoint.stop();
    await failed;
    expect(session.state()).toEqual({ phase: 'closed', text: 'Cancelled' });
  });
});

describe('the end of a connection', () => {
  it('is told to the calls that were under way, and to new ones', async () => {
    const { port, sockets } = await relayTo(await grpcPeer());
    const session = grpcSession({ target: `127.0.0.1:${port}` });
    await session.endpoint.start();
    await session.endpoint.send(session.message('Slow', 'x'), 'last');
    sockets[0]?.destroy();
    expect((await session.ended(1)).ended).toMatchObject({
      code: 14,
      message: `127.0.0.1:${port} cut the connection.`,
    });
    await session.until(() => session.state().phase === 'closed' || session.state().phase === 'failed');
    await expect(session.endpoint.send(session.message('Send', 'x'), 'last')).rejects.toThrow(
      'There is no connection to call through.',
    );
    expect(session.endpoint.connections).toMatchObject([{ connection: 1, closedAt: expect.any(Number) }]);
  });

  it('is a stop: calls are cancelled, HTTP/2 says farewell', async () => {
    const peer = await grpcPeer();
    const session = grpcSession({ target: `127.0.0.1:${peer.port}` });
    await session.endpoint.start();
    await session.endpoint.send(session.message('Slow', 'x'), 'last');
    await session.endpoint.stop();
    expect(session.state()).toEqual({ phase: 'closed', text: 'Closed from here' });
    expect((await session.ended(1)).ended).toMatchObject({ code: 1 });
    expect(await session.fields('http2.goaway.error')).toContain('0');
  });

  it('is forced when the peer does not end it too', async () => {
    const peer = await grpcPeer();
    const halfOpen: Socket[] = [];
    const relay = await tcpServer((near) => {
      near.allowHalfOpen = true;
      halfOpen.push(near);
      const far = connect(peer.port, '127.0.0.1');
      far.on('error', () => {});
      near.on('data', (bytes) => far.write(bytes));
      far.on('data', (bytes) => near.write(bytes));
    });
    const session = grpcSession({ target: `127.0.0.1:${relay}` });
    await session.endpoint.start();
    await session.endpoint.stop();
    expect(session.state()).toEqual({ phase: 'closed', text: 'Closed from here' });
    expect(halfOpen).toHaveLength(1);
  });

  it('is a cut', async () => {
    const peer = await grpcPeer();
    const session = grpcSession({ target: `127.0.0.1:${peer.port}` });
    await session.endpoint.start();
    await session.endpoint.control({ type: 'kick' }, 'all');
    await session.until(() => session.state().phase === 'closed');
    expect(session.state()).toEqual({ phase: 'closed', text: 'Cut from here' });
    await expect(session.endpoint.control({ type: 'kick' }, 'all')).rejects.toThrow('There is no connection.');
  });

  it('is followed by another connection if the config wants that; calls that can wait do', async () => {
    const { port, sockets } = await relayTo(await grpcPeer());
    const session = grpcSession({ target: `127.0.0.1:${port}`, reconnect: { attempts: 3, delay: 30 } });
    const { endpoint } = session;
    await endpoint.start();
    sockets[0]?.destroy();
    await session.until(() => session.state().phase === 'waiting');
    await expect(endpoint.send(session.message('Send', 'now'), 'last')).rejects.toThrow(
      'no connection to call through',
    );
    await endpoint.control({ type: 'invoke', call: patient(session) }, 'last');
    await endpoint.control({ type: 'halfClose' }, 'all');
    await session.until(() => session.state().phase === 'open');
    expect((await session.ended(1)).ended).toMatchObject({ code: 0 });
    expect(endpoint.connections.map(({ connection }) => connection)).toEqual([2, 1]);
    await endpoint.send(session.message('Send', 'again'), 'last');
    expect(await session.ended(2)).toMatchObject({ connection: 2, ended: { code: 0 } });
  });

  it('is before the first one, too, for calls that can wait, as long as their deadlines let them', async () => {
    const port = await unusedPort();
    const grpc = { waitForReady: true };
    const session = grpcSession({
      target: `127.0.0.1:${port}`,
      grpc,
      reconnect: { attempts: 500, delay: 20, backoff: 1 },
    });
    const { endpoint } = session;
    const starting = endpoint.start();
    await session.until(() => session.state().phase === 'waiting');
    const sending = endpoint.send(session.message('Send', 'early'), 'last');
    const late = endpoint.send(session.message('Send', 'late', { config: { ...grpc, deadlineMs: 40 } }), 'last');
    await late;
    expect(await session.ended(2)).toMatchObject({ connection: 0, ended: { code: 4 } });
    expect(endpoint.calls).toContainEqual(
      expect.objectContaining({ call: 1, connection: 0, peer: `127.0.0.1:${port}` }),
    );
    await grpcPeer({}, { address: `127.0.0.1:${port}` });
    await Promise.all([starting, sending]);
    expect(await session.ended(1)).toMatchObject({ connection: 1, ended: { code: 0 } });
    expect(await session.messages(serverToClient)).toEqual([Buffer.from('early')]);
  });

  it('is tried again and again if calls can wait and nobody said how often', async () => {
    const port = await unusedPort();
    const session = grpcSession({ target: `127.0.0.1:${port}`, grpc: { waitForReady: true } });
    const given = expect(session.endpoint.start()).rejects.toThrow('Cancelled.');
    await session.until(() => session.state().phase === 'waiting');
    expect(session.state()).toMatchObject({ attempt: 1, attempts: Number.POSITIVE_INFINITY });
    expect(await session.summaries()).toContainEqual(expect.stringMatching(/Trying again in 1 s, attempt 1$/));
    const sending = session.endpoint.send(session.message('Send', 'never'), 'last');
    await session.until(() => session.endpoint.calls?.length === 1);
    const stopping = session.endpoint.stop();
    const message = session.message('Send', 'too late');
    await expect(session.endpoint.send(message, 'last')).rejects.toThrow('no connection to call through');
    await stopping;
    await given;
    await sending;
    expect((await session.ended(1)).ended).toMatchObject({ code: 1 });
  });

  it('by GOAWAY lets the open calls finish', async () => {
    const peer = await grpcPeer();
    const session = grpcSession({ target: `127.0.0.1:${peer.port}` });
    const { endpoint } = session;
    await endpoint.start();
    await endpoint.send(session.message('Talk', 'before'), 'last');
    await session.until(() => endpoint.calls?.[0]?.serverMessages === 1);
    const down = new Promise((resolve) => peer.server.tryShutdown(resolve));
    await session.until(() => session.capture.traffic.serverToClient.messages > 0);
    await endpoint.send({ bytes: Buffer.from('after'), text: false }, [1]);
    await session.until(() => endpoint.calls?.[0]?.serverMessages === 2);
    await endpoint.control({ type: 'halfClose' }, [1]);
    expect((await session.ended(1)).ended).toMatchObject({ code: 0 });
    await down;
    await session.until(() => session.state().phase === 'closed');
    expect(session.state()).toEqual({ phase: 'closed', text: 'Closed by the server' });
  });

  it('comes when the server breaks HTTP/2', async () => {
    const { port, sockets } = await relayTo(await grpcPeer());
    const session = grpcSession({ target: `127.0.0.1:${port}` });
    await session.endpoint.start();
    // DATA on stream 0 (RFC 9113 §6.1).
    sockets[0]?.write(Buffer.from('000001000000000000ff', 'hex'));
    await session.until(() => session.state().phase === 'failed');
    expect(session.state()).toMatchObject({ problem: { what: `The connection to 127.0.0.1:${port} was given up.` } });
  });
});

/** A plain TCP relay, whose connections can be cut. */
async function relayTo(peer: { port: number }): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const port = await tcpServer((near) => {
    sockets.push(near);
    const far = connect(peer.port, '127.0.0.1');
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    near.pipe(far).pipe(near);
  });
  return { port, sockets };
}

/** A call of Collect that waits for a connection. */
function patient(session: GrpcSession) {
  const { call } = session.message('Collect', '', { config: { waitForReady: true, deadlineMs: 5000 } });
  if (!call) throw new Error('a call was expected');
  return call;
}
