// The steps to a stream peer: their order, their failures, and cancelling each of them.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { parseTarget } from '../../src-main/endpoints/address.ts';
import { type ConnectOptions, connectStream, recordConnection } from '../../src-main/endpoints/connect.ts';
import { isCancelled, problemOf } from '../../src-main/endpoints/problems.ts';
import { makeThrowAwayCertificate } from '../../src-main/endpoints/tls/certificate.ts';
import { FakeHost } from './fake-host.ts';
import { afterwards, listenOnLoopback, tcpServer, unusedPort } from './loopback.ts';

function options(target: string, more: Partial<ConnectOptions> = {}) {
  const host = new FakeHost();
  const steps: string[] = [];
  const abort = new AbortController();
  const all: ConnectOptions = {
    target: parseTarget(target, 'tcp'),
    timeoutMs: 2000,
    noDelay: true,
    signal: abort.signal,
    host,
    onStep: (step) => steps.push(step),
    ...more,
  };
  return { all, host, steps, abort };
}

async function tlsServer(): Promise<number> {
  const { cert, key } = await makeThrowAwayCertificate('localhost');
  return listenOnLoopback(createTlsServer({ cert, key }, (socket) => socket.on('error', () => {})));
}

describe('connectStream', () => {
  it('goes step by step and reports each', async () => {
    const port = await tlsServer();
    const { all, host, steps } = options(`tls://localhost:${port}`, { tls: { verify: false } });
    const stream = await connectStream(all);
    afterwards(() => stream.socket.destroy());
    expect(steps[0]).toBe('Resolving localhost');
    expect(steps.at(-2)).toBe(`TCP 127.0.0.1:${port}`);
    expect(steps.at(-1)).toBe('TLS localhost');
    expect(stream.remote).toEqual({ address: '127.0.0.1', port });
    expect(stream.trust.lock).toBe('unverified');
    const connection = recordConnection(host, stream, { protocol: 'auto' });
    expect(connection.connection).toBe(1);
    expect(host.eventTypes.filter((type) => type !== 'info')).toEqual(['connecting', 'resolved', 'connected', 'tls']);
    expect(host.connection(1).info).toMatchObject({ decrypted: true, client: stream.local, server: stream.remote });
  });

  it('loses nothing that arrives before anybody listens', async () => {
    const port = await tcpServer((socket) => socket.end('early'));
    const { socket } = await connectStream(options(`127.0.0.1:${port}`).all);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const pieces: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => pieces.push(bytes)).resume();
    await once(socket, 'end');
    expect(Buffer.concat(pieces).toString()).toBe('early');
  });

  it('tries every address and says which failed', async () => {
    const { all, host } = options(`localhost:${await unusedPort()}`);
    await expect(connectStream(all)).rejects.toMatchObject({ problem: { code: 'ECONNREFUSED' } });
    const resolved = host.recorder.events.find(({ type }) => type === 'resolved')!;
    const addresses = resolved.text.replace('localhost is ', '').split(', ');
    expect(addresses).toContain('127.0.0.1');
    expect(host.recorder.events.filter(({ type }) => type === 'info')).toHaveLength(addresses.length - 1);
  });

  it('connects over IPv6', async () => {
    const server = createServer();
    const port = await listenOnLoopback(server, '::1');
    const stream = await connectStream(options(`[::1]:${port}`).all);
    afterwards(() => stream.socket.destroy());
    expect(stream.remote).toEqual({ address: '::1', port });
    expect(stream.connectedEvent.text).toBe(`Connected to [::1]:${port}`);
  });

  it('binds the address it is told to', async () => {
    const port = await tcpServer(() => {});
    const stream = await connectStream(options(`localhost:${port}`, { bind: '127.0.0.2' }).all);
    afterwards(() => stream.socket.destroy());
    expect(stream.local.address).toBe('127.0.0.2');
    await expect(connectStream(options(`127.0.0.1:${port}`, { bind: '::1' }).all)).rejects.toThrow('no IPv6 address');
    await expect(connectStream(options(`127.0.0.1:${port}`, { bind: '192.0.2.1' }).all)).rejects.toMatchObject({
      problem: { code: 'EADDRNOTAVAIL' },
    });
  });

  it('knows the interfaces of this machine, and does not wait for one that there is not', async () => {
    const failure = await connectStream(options('[fe80::1%nothing0]:7000').all).catch((error) => error);
    expect(failure.problem).toMatchObject({
      what: 'This machine has no network interface “nothing0”.',
      next: expect.stringMatching(/^There are: lo/),
    });
    const port = await tcpServer(() => {});
    await expect(connectStream(options(`[::1%lo]:${port}`).all)).rejects.toMatchObject({
      problem: { code: 'ECONNREFUSED' },
    });
  });

  it('ends a TLS handshake that never answers, and blames no host that did', async () => {
    const port = await tcpServer((socket) => socket.resume());
    await expect(connectStream(options(`tls://127.0.0.1:${port}`, { timeoutMs: 50 }).all)).rejects.toMatchObject({
      problem: {
        what: `127.0.0.1:${port} did not finish the TLS handshake within 50 ms.`,
        why: expect.stringMatching(/^The connection stands/),
      },
    });
  });

  it('reads TLS files before it connects', async () => {
    const { all, host } = options('tls://127.0.0.1:1', { tls: { ca: 'missing.pem' } });
    await expect(connectStream(all)).rejects.toThrow('missing.pem');
    expect(host.eventTypes).toEqual(['connecting']);
  });

  it.each(['Resolving', 'TCP', 'HTTP proxy', 'TLS'])('can be cancelled at %s', async (step) => {
    let open = 0;
    const port = await tcpServer((socket) => {
      open++;
      socket.on('close', () => open--).resume();
    });
    const abort = new AbortController();
    const { all } = options(`tls://localhost:${port}`, {
      signal: abort.signal,
      ...(step === 'HTTP proxy' ? { proxy: `http://localhost:${port}` } : {}),
      onStep: (name) => {
        // After the step has begun: the silent server leaves it hanging, or the very next turn would end it.
        if (name.startsWith(step)) setImmediate(() => abort.abort());
        if (name.startsWith(step) && (step === 'Resolving' || step === 'TCP')) abort.abort();
      },
    });
    const failure = await connectStream(all).catch((error) => error);
    expect(isCancelled(failure)).toBe(true);
    while (open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('does not begin when it is cancelled already', async () => {
    const { all, abort, steps } = options('127.0.0.1:1');
    abort.abort();
    expect(isCancelled(await connectStream(all).catch((error) => error))).toBe(true);
    expect(steps).toEqual([]);
  });
});

describe('problemOf', () => {
  const systemError = (code: string, message = code) => Object.assign(new Error(message), { code });

  it.each([
    ['ECONNREFUSED', 'connect', 'Nothing is listening on h:1.'],
    ['ENOTFOUND', 'resolve', 'The host name h is not known.'],
    ['EADDRINUSE', 'listen', 'h:1 is already in use.'],
    ['EACCES', 'listen', 'may not listen'],
    ['ECONNRESET', 'upgrade', 'instead of answering the WebSocket handshake'],
    ['ECONNRESET', 'tls', 'during the TLS handshake'],
    ['EHOSTUNREACH', 'connect', 'no way to h:1'],
    ['HPE_INVALID_CONSTANT', 'upgrade', 'not HTTP'],
    ['WS_ERR_INVALID_OPCODE', 'receive', 'broke the rules'],
    ['ESOMETHING', 'send', 'Sending to h:1 failed.'],
    ['EINVAL', 'connect', 'The system cannot use h:1.'],
  ] as const)('has words for %s at %s', (code, step, words) => {
    const problem = problemOf(systemError(code), { step, address: 'h:1' });
    expect(problem.what).toContain(words);
    expect(problem).toMatchObject({ code, details: code });
  });

  it.each([
    ['ECONNREFUSED', 'unix:/run/app.sock', 'no server behind it'],
    ['EACCES', 'unix:/run/app.sock', 'allowed to write to the socket'],
    ['EINVAL', `unix:/${'x'.repeat(200)}`, '107 bytes'],
  ])('knows that sockets of the file system differ: %s', (code, address, why) => {
    expect(problemOf(systemError(code), { step: 'connect', address }).why).toContain(why);
  });

  it('says what to do next, whatever failed', () => {
    const codes = [
      '',
      'ECONNREFUSED',
      'ENOTFOUND',
      'EAI_AGAIN',
      'ETIMEDOUT',
      'ENETUNREACH',
      'ECONNRESET',
      'EPIPE',
    ].concat(
      ['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES', 'EMFILE', 'EMSGSIZE', 'EINVAL', 'ENOENT', 'EIO'],
      ['HPE_HEADER_OVERFLOW', 'HPE_INVALID_CONSTANT', 'ERR_INVALID_CHAR', 'WS_ERR_INVALID_UTF8', 'EPROTO'],
    );
    const steps = [
      'config',
      'resolve',
      'connect',
      'proxy',
      'tls',
      'upgrade',
      'listen',
      'accept',
      'send',
      'receive',
    ] as const;
    const addresses = ['h:1', '[fe80::1]:1', 'unix:/run/app.sock'];
    const silent = codes.flatMap((code) =>
      steps.flatMap((step) =>
        addresses.flatMap((address) => {
          const { next } = problemOf(systemError(code, 'failed'), { step, address });
          return next === '' ? [[code, step, address]] : [];
        }),
      ),
    );
    expect(silent).toEqual([]);
  });

  it('copes with anything thrown', () => {
    for (const thrown of [undefined, null, 'text', 7, {}, new Error('')]) {
      expect(problemOf(thrown, { step: 'connect', address: 'h:1' }).what).toBe('The connection to h:1 failed.');
    }
  });
});
