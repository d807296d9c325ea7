// TLS over TCP in both roles: what is agreed, whom we trust, and why it is refused, over loopback.
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionConfig, TlsConfig } from '../../src-main/core/session-config.ts';
import { makeThrowAwayCertificate } from '../../src-main/endpoints/tls/certificate.ts';
import { clientToServer, FakeHost, serverToClient } from './fake-host.ts';
import { afterwards, listenOnLoopback, tcpServer } from './loopback.ts';
import { running } from './running.ts';
import { type Authority, type CertificateFiles, makeAuthority, makeSelfSigned } from './test-certificates.ts';

let folder = '';
let authority: Authority;
let leaf: CertificateFiles;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirescope-tls-'));
  authority = await makeAuthority();
  leaf = await authority.issue({ names: ['localhost', '127.0.0.1'], subject: 'peer' });
  const client = await authority.issue({ names: [], subject: 'a client' });
  const other = await makeAuthority('Another authority');
  await write('ca.pem', authority.cert);
  await write('other-ca.pem', other.cert);
  await write('server.pem', leaf.cert);
  await write('server.key', leaf.key);
  await write('client.pem', client.cert);
  await write('client.key', client.key);
  const stranger = await other.issue({ names: [], subject: 'a stranger' });
  await write('stranger.pem', stranger.cert);
  await write('stranger.key', stranger.key);
});
afterAll(() => rm(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): Promise<void> {
  return writeFile(join(folder, name), content);
}

/** A bare TLS server that greets. */
function bareServer(options: TlsOptions): Promise<number> {
  const server = createTlsServer(options, (socket) => {
    socket.on('error', () => {});
    socket.write('hello');
  });
  server.on('tlsClientError', () => {});
  return listenOnLoopback(server);
}

async function startClient(
  port: number,
  tls?: TlsConfig,
  config: Partial<SessionConfig> = {},
  host = new FakeHost(folder),
) {
  const { endpoint } = await running(
    {
      role: 'client',
      protocol: 'tcp',
      target: `tls://localhost:${port}`,
      // localhost may be ::1 first.
      listen: '127.0.0.1:0',
      ...(tls ? { tls } : {}),
      ...config,
    },
    host,
  );
  return { client: endpoint, host };
}

async function startServer(tls: TlsConfig) {
  const { endpoint, host, port } = await running(
    { role: 'server', protocol: 'tcp', tls, server: { behaviour: 'echo' } },
    new FakeHost(folder),
  );
  return { server: endpoint, host, port };
}

const SERVER: TlsConfig = { cert: 'server.pem', key: 'server.key' };

describe('TLS client', () => {
  it('verifies, records the plaintext and describes what was agreed', async () => {
    const port = await bareServer({ cert: leaf.cert, key: leaf.key, ALPNProtocols: ['chat/1', 'chat/2'] });
    const { client, host } = await startClient(port, { ca: 'ca.pem', alpn: ['chat/2'] });
    await host.untilBytes(1, serverToClient, 5);
    await client.send({ bytes: Buffer.from('hi'), text: false }, 'all');
    const connection = host.connection(1);
    expect(connection.info.decrypted).toBe(true);
    expect(connection.bytes(serverToClient).toString()).toBe('hello');
    expect(connection.bytes(clientToServer).toString()).toBe('hi');
    const event = connection.events.find(({ type }) => type === 'tls');
    expect(event).toMatchObject({
      severity: 'info',
      fields: {
        version: 'TLSv1.3',
        ALPN: 'chat/2',
        'server name': 'localhost',
        verified: true,
        subject: 'CN=peer',
        issuer: 'CN=Test authority',
        'certificate names': 'DNS:localhost, IP Address:127.0.0.1',
        chain: 'CN=peer ← CN=Test authority',
        'days left': expect.closeTo(364, 0),
      },
    });
    expect(event?.text).toMatch(
      /^TLSv1\.3 with TLS_\w+, certificate of CN=peer verified, issued by CN=Test authority\.$/,
    );
    expect(host.state).toMatchObject({ phase: 'open', trust: { lock: 'verified' } });
  });

  it('accepts anything with verification off, and says what is wrong', async () => {
    const port = await bareServer({ cert: leaf.cert, key: leaf.key });
    const { host } = await startClient(port, { verify: false });
    const event = host.connection(1).events.find(({ type }) => type === 'tls');
    expect(event?.severity).toBe('warning');
    expect(host.state).toMatchObject({
      trust: {
        lock: 'unverified',
        text: expect.stringMatching(/^Certificate of CN=peer not verified: verification is off, and /),
      },
    });
  });

  const refusals: [string, () => Promise<CertificateFiles>, TlsConfig | undefined, RegExp, RegExp][] = [
    ['an unknown authority', async () => leaf, undefined, /was not accepted/, /CA file/],
    ['another authority', async () => leaf, { ca: 'other-ca.pem' }, /was not accepted/, /CA file/],
    [
      'a self-signed certificate',
      () => makeSelfSigned({ names: ['localhost'] }),
      undefined,
      /was not accepted: it is self-signed/,
      /turn verification off/,
    ],
    [
      'an expired certificate',
      () => authority.issue({ names: ['localhost'], validFromDays: -9, validToDays: -2 }),
      { ca: 'ca.pem' },
      /was not accepted: it has expired/,
      /Renew/,
    ],
    [
      'a certificate of tomorrow',
      () => authority.issue({ names: ['localhost'], validFromDays: 1 }),
      { ca: 'ca.pem' },
      /was not accepted: it is not valid yet/,
      /clocks/,
    ],
    [
      'a certificate for another host',
      () => authority.issue({ names: ['example.test'] }),
      { ca: 'ca.pem' },
      /was not accepted: it is for another name/,
      /server name/,
    ],
  ];
  it.each(refusals)('refuses %s and says what to do', async (_name, files, tls, what, next) => {
    const port = await bareServer({ ...(await files()) });
    const host = new FakeHost(folder);
    const failure = await startClient(port, tls, {}, host).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      problem: { what: expect.stringMatching(what), next: expect.stringMatching(next), code: expect.any(String) },
    });
    expect(host.state.phase).toBe('failed');
    expect(host.recorder.events.at(-1)).toMatchObject({
      type: 'failed',
      problem: { what: expect.stringMatching(what) },
    });
  });

  it('takes another server name if told to', async () => {
    const files = await authority.issue({ names: ['example.test'] });
    const port = await bareServer({ ...files });
    const { host } = await startClient(port, { ca: 'ca.pem', serverName: 'example.test' });
    expect(host.connection(1).events.find(({ type }) => type === 'tls')?.fields?.['server name']).toBe('example.test');
  });

  it('verifies an address without SNI', async () => {
    const port = await bareServer({ cert: leaf.cert, key: leaf.key });
    const { host } = await startClient(port, { ca: 'ca.pem' }, { target: `tls://127.0.0.1:${port}` });
    expect(host.state).toMatchObject({ trust: { lock: 'verified' } });
    expect(host.connection(1).events.find(({ type }) => type === 'tls')?.fields).not.toHaveProperty('server name');
  });

  it('warns of a certificate that expires soon', async () => {
    const files = await authority.issue({ names: ['localhost'], validToDays: 5 });
    const { host } = await startClient(await bareServer({ ...files }), { ca: 'ca.pem' });
    const event = host.connection(1).events.find(({ type }) => type === 'tls');
    expect(event).toMatchObject({ severity: 'warning', text: expect.stringContaining('expires soon') });
    expect(host.state).toMatchObject({ trust: { lock: 'verified' } });
  });

  it('says that the peer does not speak TLS', async () => {
    const port = await tcpServer((socket) => socket.write('220 welcome\r\n'));
    await expect(startClient(port)).rejects.toMatchObject({
      problem: { what: `localhost:${port} does not speak TLS.`, next: expect.stringContaining('tcp://') },
    });
  });

  it('says so of a peer that echoes our handshake, too', async () => {
    const port = await tcpServer((socket) => socket.pipe(socket));
    await expect(startClient(port)).rejects.toThrow(`localhost:${port} does not speak TLS.`);
  });

  it('says that the peer is silent', async () => {
    const port = await tcpServer((socket) => socket.resume());
    await expect(startClient(port, undefined, { connectTimeoutMs: 150 })).rejects.toThrow(
      `localhost:${port} did not finish the TLS handshake within 150 ms.`,
    );
  });

  it('says that the peer hung up', async () => {
    const port = await tcpServer((socket) => socket.once('data', () => socket.end()));
    await expect(startClient(port)).rejects.toThrow(
      `localhost:${port} closed the connection during the TLS handshake.`,
    );
  });

  it('shows a client certificate, and says when one is required', async () => {
    const options = { cert: leaf.cert, key: leaf.key, ca: authority.cert, requestCert: true };
    const port = await bareServer(options);
    const { host } = await startClient(port, { ca: 'ca.pem', cert: 'client.pem', key: 'client.key' });
    await host.untilBytes(1, serverToClient, 5);

    const without = await startClient(port, { ca: 'ca.pem' });
    await without.host.until(({ state }) => state.phase === 'failed');
    expect(without.host.state).toMatchObject({
      problem: {
        what: `localhost:${port} requires a client certificate.`,
        why: expect.stringContaining('after the handshake'),
      },
    });
    // In TLS 1.2 the same arrives within the handshake.
    const older = await bareServer({ ...options, maxVersion: 'TLSv1.2' });
    await expect(startClient(older, { ca: 'ca.pem' })).rejects.toMatchObject({
      problem: { next: expect.stringContaining('client certificate') },
    });
  });

  it('half-closes under TLS', async () => {
    const { port } = await startServer(SERVER);
    const { client, host } = await startClient(port, { ca: 'ca.pem' });
    await client.send({ bytes: Buffer.from('last words'), text: false }, 'all');
    await client.control({ type: 'halfClose' }, 'all');
    await host.until(({ state }) => state.phase === 'closed');
    expect(host.connection(1).bytes(serverToClient).toString()).toBe('last words');
    expect(host.connection(1).ended).toEqual([clientToServer, serverToClient]);
  });
});

describe('TLS server', () => {
  function bareClient(port: number, options: object = {}): TLSSocket {
    const socket = connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.cert, ...options });
    socket.on('error', () => {});
    afterwards(() => socket.destroy());
    return socket;
  }

  it('serves with a certificate from files and describes each handshake', async () => {
    const { server, host, port } = await startServer({ ...SERVER, alpn: ['echo'] });
    const socket = bareClient(port, { ALPNProtocols: ['echo'] });
    await once(socket, 'secureConnect');
    expect(socket.authorized).toBe(true);
    socket.write('ping');
    expect(String((await once(socket, 'data'))[0])).toBe('ping');
    const connection = host.connection(1);
    expect(connection.info.decrypted).toBe(true);
    expect(connection.events.map(({ type }) => type)).toEqual(['accepted', 'tls']);
    expect(connection.events[1]).toMatchObject({
      severity: 'info',
      text: expect.stringMatching(/^TLSv1\.3 with \w+, encrypted; the client showed no certificate\.$/),
      fields: { ALPN: 'echo', 'server name': 'localhost' },
    });
    expect(connection.bytes(clientToServer).toString()).toBe('ping');
    expect(server.connections).toHaveLength(1);
    expect(host.state).toMatchObject({ trust: { lock: 'unverified' } });
  });

  it('makes a throw-away certificate that its own authority verifies', async () => {
    const { host, port } = await startServer({ selfSigned: true });
    const made = host.recorder.events.find(({ type }) => type === 'tls');
    expect(made?.text).toMatch(/^Made a throw-away certificate for localhost, 127\.0\.0\.1, ::1/);
    const ca = String(made?.fields?.['authority to trust (PEM)']);
    for (const options of [{ ca }, { ca, servername: '', host: '127.0.0.1' }]) {
      const socket = bareClient(port, options);
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      expect(socket.getPeerCertificate().fingerprint256).toBe(made?.fields?.['SHA-256 fingerprint']);
    }
    await write('throw-away.pem', ca);
    const { host: clientHost } = await startClient(port, { ca: 'throw-away.pem' });
    expect(clientHost.state).toMatchObject({ trust: { lock: 'verified' } });
  });

  it('lets in only clients with a certificate it can verify, and says why the others failed', async () => {
    const { server, host, port } = await startServer({ ...SERVER, ca: 'ca.pem', requestClientCertificate: true });
    expect(host.state).toMatchObject({ trust: { lock: 'verified' } });
    const { host: good } = await startClient(port, { ca: 'ca.pem', cert: 'client.pem', key: 'client.key' });
    await host.until(({ recorder }) => recorder.connections[0]?.events.length === 2);
    expect(host.connection(1).events[1]?.fields).toMatchObject({ subject: 'CN=a client', verified: true });
    expect(good.state.phase).toBe('open');

    bareClient(port);
    await host.until(({ recorder }) => recorder.connections[1]?.closed === true);
    expect(host.connection(2).events.at(-1)).toMatchObject({
      type: 'failed',
      problem: { what: expect.stringMatching(/sent no client certificate\.$/) },
    });
    const { host: stranger } = await startClient(port, { ca: 'ca.pem', cert: 'stranger.pem', key: 'stranger.key' });
    await stranger.until(({ state }) => state.phase !== 'open');
    await host.until(({ recorder }) => recorder.connections[2]?.closed === true);
    expect(host.connection(3).events.at(-1)?.text).toMatch(/^The certificate of 127\.0\.0\.1:\d+ was not accepted: /);
    expect(server.connections).toHaveLength(1);
  });

  it('takes unverified client certificates with verification off, and says so', async () => {
    const { host, port } = await startServer({ ...SERVER, requestClientCertificate: true, verify: false });
    await startClient(port, { ca: 'ca.pem', cert: 'stranger.pem', key: 'stranger.key' });
    await host.until(({ recorder }) => recorder.connections[0]?.events.length === 2);
    expect(host.connection(1).events[1]?.fields).toMatchObject({ subject: 'CN=a stranger', verified: false });
  });

  it('records clients that do not speak TLS, do not trust it, or leave', async () => {
    const { server, host, port } = await startServer(SERVER);
    const failed = async (number: number) => {
      await host.until(({ recorder }) => recorder.connections[number - 1]?.closed === true);
      return host.connection(number).events.at(-1)?.text;
    };
    const plain = connect(port, '127.0.0.1', () => plain.write('GET / HTTP/1.1\r\n\r\n'));
    plain.on('error', () => {});
    expect(await failed(1)).toBe(`127.0.0.1:${host.connection(1).info.client.port} does not speak TLS.`);
    bareClient(port, { ca: [] });
    expect(await failed(2)).toMatch(/left during the TLS handshake|does not trust/);
    const leaver = connect(port, '127.0.0.1', () => leaver.destroy());
    expect(await failed(3)).toMatch(/left during the TLS handshake/);
    const resetter = connect(port, '127.0.0.1', () => resetter.resetAndDestroy());
    expect(await failed(4)).toMatch(/left during the TLS handshake/);
    expect(server.connections).toHaveLength(0);
  });

  it('stops while handshakes are under way', async () => {
    const { server, host, port } = await startServer(SERVER);
    const silent = connect(port, '127.0.0.1');
    silent.on('error', () => {});
    await host.until(({ recorder }) => recorder.connections.length === 1);
    await server.stop();
    expect(host.connection(1).closed).toBe(true);
  });

  it('needs a certificate', async () => {
    await expect(startServer({})).rejects.toThrow('A TLS server needs a certificate');
  });
});

describe('files of the TLS settings', () => {
  const bad: [string, TlsConfig, RegExp][] = [
    ['a missing file', { ca: 'nowhere.pem' }, /^The CA file nowhere\.pem cannot be read\.$/],
    ['a CA file that is not PEM', { ca: 'note.txt' }, /^The CA file note\.txt has no certificate in it\.$/],
    ['a key as CA file', { ca: 'client.key' }, /^The CA file client\.key has no certificate in it\.$/],
    ['a damaged certificate', { ca: 'damaged.pem' }, /^The CA file damaged\.pem holds a damaged certificate\.$/],
    ['a certificate without key', { cert: 'client.pem' }, /name a certificate but no key/],
    ['a key without certificate', { key: 'client.key' }, /name a key but no certificate/],
    ['the key of another', { cert: 'client.pem', key: 'server.key' }, /^The key in server\.key does not belong to the/],
    ['a certificate as key', { cert: 'client.pem', key: 'client.pem' }, /^The key file client\.pem has no private key/],
    ['a PEM file as PKCS#12', { pkcs12: 'client.pem' }, /^client\.pem is not a PKCS#12 file/],
  ];
  it.each(bad)('explains %s', async (_name, tls, what) => {
    await write('note.txt', 'not a certificate');
    await write('damaged.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const port = await bareServer({ cert: leaf.cert, key: leaf.key });
    await expect(startClient(port, tls)).rejects.toThrow(what);
  });

  it('uses an expired certificate of ours all the same, with a warning', async () => {
    const files = await authority.issue({ names: ['localhost'], validFromDays: -9, validToDays: -2 });
    await write('expired.pem', files.cert);
    await write('expired.key', files.key);
    const { host } = await startServer({ cert: 'expired.pem', key: 'expired.key' });
    expect(host.recorder.events[0]).toMatchObject({
      type: 'tls',
      severity: 'warning',
      text: expect.stringContaining('The certificate in expired.pem expired on'),
    });
  });
});

describe('makeThrowAwayCertificate', () => {
  it('names the address that is listened on, and is new every time', async () => {
    const one = await makeThrowAwayCertificate('192.0.2.7');
    const two = await makeThrowAwayCertificate('0.0.0.0');
    expect(one.names).toContain('192.0.2.7');
    expect(two.names).not.toContain('0.0.0.0');
    expect(one.fingerprint).not.toBe(two.fingerprint);
    expect(one.cert.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(one.expires.getTime()).toBeGreaterThan(Date.now());
  });
});
