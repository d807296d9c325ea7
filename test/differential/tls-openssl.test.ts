// Our TLS against the openssl command line: s_server, s_client, and PKCS#12 files it makes.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TlsConfig } from '../../src-main/core/session-config.ts';
import { clientToServer, FakeHost, serverToClient } from '../endpoints/fake-host.ts';
import { textMessage, unusedPort } from '../endpoints/loopback.ts';
import { running } from '../endpoints/running.ts';
import { makeAuthority } from '../endpoints/test-certificates.ts';
import { type Tool, tool } from './tools.ts';

let folder = '';
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirescope-openssl-'));
  const authority = await makeAuthority();
  const server = await authority.issue({ names: ['localhost', '127.0.0.1'], subject: 'openssl server' });
  const client = await authority.issue({ names: [], subject: 'our client' });
  const expired = await authority.issue({ names: ['localhost'], validFromDays: -20, validToDays: -3 });
  const other = await authority.issue({ names: ['example.test'] });
  const write = (name: string, content: string) => writeFile(file(name), content);
  await write('ca.pem', authority.cert);
  for (const [name, files] of Object.entries({ server, client, expired, other })) {
    await write(`${name}.pem`, files.cert);
    await write(`${name}.key`, files.key);
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** `openssl s_server` with the named certificate. */
async function opensslServer(certificate: string, ...options: string[]): Promise<{ server: Tool; port: number }> {
  const port = await unusedPort();
  const files = ['-cert', file(`${certificate}.pem`), '-key', file(`${certificate}.key`), '-CAfile', file('ca.pem')];
  const server = tool('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-naccept', '1', ...files, ...options]);
  await server.says('ACCEPT');
  return { server, port };
}

function client(port: number, tls: TlsConfig) {
  return running(
    { role: 'client', protocol: 'tcp', target: `tls://localhost:${port}`, listen: '127.0.0.1:0', tls },
    new FakeHost(folder),
  );
}

describe('TLS client and openssl s_server', () => {
  it.each(['-tls1_2', '-tls1_3'])('agree on %s and exchange bytes', async (version) => {
    const { server, port } = await opensslServer('server', version);
    const { endpoint, host } = await client(port, { ca: 'ca.pem' });
    await endpoint.send(textMessage('from wirescope\n'), 'all');
    await server.says('from wirescope');
    server.process.stdin.write('from openssl\n');
    await host.untilBytes(1, serverToClient, 13);
    expect(host.connection(1).bytes(serverToClient).toString()).toBe('from openssl\n');
    const event = host.connection(1).events.find(({ type }) => type === 'tls');
    expect(event?.fields).toMatchObject({
      version: version === '-tls1_2' ? 'TLSv1.2' : 'TLSv1.3',
      verified: true,
      subject: 'CN=openssl server',
    });
    if (version === '-tls1_3') await server.says(String(event?.fields?.cipher));
  });

  it('shows its certificate, from PEM files and from PKCS#12', async () => {
    const sources: TlsConfig[] = [
      { cert: 'client.pem', key: 'client.key' },
      { pkcs12: 'client.p12', passphrase: 'open sesame' },
    ];
    await tool('openssl', [
      ...['pkcs12', '-export', '-out', file('client.p12'), '-passout', 'pass:open sesame'],
      ...['-in', file('client.pem'), '-inkey', file('client.key')],
    ]).output;
    for (const source of sources) {
      const { server, port } = await opensslServer('server', '-Verify', '1', '-verify_return_error');
      await client(port, { ca: 'ca.pem', ...source });
      await server.says('our client');
    }
  });

  it('says what is wrong with a PKCS#12 file or an encrypted key', async () => {
    await tool('openssl', [
      ...['pkcs12', '-export', '-out', file('locked.p12'), '-passout', 'pass:right'],
      ...['-in', file('client.pem'), '-inkey', file('client.key')],
    ]).output;
    await tool('openssl', [
      ...['pkcs8', '-topk8', '-in', file('client.key'), '-out', file('locked.key'), '-passout', 'pass:right'],
    ]).output;
    const locked = { cert: 'client.pem', key: 'locked.key' };
    const cases: [TlsConfig, string][] = [
      [{ pkcs12: 'locked.p12', passphrase: 'wrong' }, 'The passphrase does not open locked.p12.'],
      [{ pkcs12: 'locked.p12' }, 'The passphrase is missing for locked.p12.'],
      [{ ...locked, passphrase: 'wrong' }, 'The passphrase does not open the key in locked.key.'],
      [locked, 'The passphrase is missing for the key in locked.key.'],
    ];
    for (const [tls, what] of cases) {
      const { port } = await opensslServer('server');
      await expect(client(port, tls)).rejects.toThrow(what);
    }
    const { port } = await opensslServer('server');
    await client(port, { ca: 'ca.pem', ...locked, passphrase: 'right' });
  });

  it('says when a client certificate is required', async () => {
    const { port } = await opensslServer('server', '-Verify', '1', '-verify_return_error');
    const { host } = await client(port, { ca: 'ca.pem' });
    await host.until(({ state }) => state.phase === 'failed');
    expect(host.state).toMatchObject({ problem: { what: `localhost:${port} requires a client certificate.` } });
  });

  it('refuses an expired certificate and one for another host', async () => {
    const expired = await opensslServer('expired');
    await expect(client(expired.port, { ca: 'ca.pem' })).rejects.toThrow('it has expired');
    const other = await opensslServer('other');
    await expect(client(other.port, { ca: 'ca.pem' })).rejects.toMatchObject({
      problem: { why: 'It is for example.test, not for localhost.' },
    });
  });
});

describe('TLS server and openssl s_client', () => {
  it('are verified by it, with a throw-away certificate', async () => {
    const { host, port } = await running({
      role: 'server',
      protocol: 'tcp',
      tls: { selfSigned: true, alpn: ['echo'] },
      server: { behaviour: 'echo' },
    });
    const made = host.recorder.events.find(({ type }) => type === 'tls');
    await writeFile(file('throw-away.pem'), String(made?.fields?.['authority to trust (PEM)']));
    const openssl = tool('openssl', [
      ...['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost', '-alpn', 'echo'],
      ...['-CAfile', file('throw-away.pem'), '-verify_return_error', '-verify_hostname', 'localhost'],
    ]);
    await openssl.says('Verify return code: 0 (ok)');
    await openssl.says('ALPN protocol: echo');
    openssl.process.stdin.write('there and back\n');
    await host.untilBytes(1, serverToClient, 15);
    expect(host.connection(1).bytes(clientToServer).toString()).toBe('there and back\n');
    await openssl.says('there and back');
  });

  it('asks it for a certificate', async () => {
    const { host, port } = await running(
      {
        role: 'server',
        protocol: 'tcp',
        tls: { cert: 'server.pem', key: 'server.key', ca: 'ca.pem', requestClientCertificate: true },
      },
      new FakeHost(folder),
    );
    const options = ['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', file('ca.pem')];
    tool('openssl', [...options, '-cert', file('client.pem'), '-key', file('client.key')]);
    await host.until(({ recorder }) => recorder.connections[0]?.events.length === 2);
    expect(host.connection(1).events[1]?.fields).toMatchObject({ subject: 'CN=our client', verified: true });
    const without = tool('openssl', options);
    await without.says('certificate required');
    await host.until(({ recorder }) => recorder.connections[1]?.closed === true);
    expect(host.connection(2).events.at(-1)?.text).toMatch(/sent no client certificate/);
  });
});
