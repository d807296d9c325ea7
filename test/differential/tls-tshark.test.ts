// tshark against our TLS: what records, handshake messages, WebSocket frames and HTTP/2 frames it finds in captures of real
// TLS with a key log, without one, and with the secrets inside the capture; and openssl for turns that Node cannot take.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import { createServer } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Layer } from '../../src-main/core/record.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { parseRead } from '../../src-main/headless/command-line.ts';
import { read } from '../../src-main/headless/read.ts';
import { loadedCapture, recordsOf, summariesOf, temporaryFile } from '../capture/files.ts';
import { converse, listening, say, TlsTap, type TlsTraffic, testCertificate } from '../capture/tls-traffic.ts';
import { unusedPort } from '../endpoints/loopback.ts';
import { type Tool, tool } from './tools.ts';

const run = promisify(execFile);
const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
type Version = (typeof VERSIONS)[number];

beforeAll(async () => {
  for (const [name, flag] of [
    ['tshark', '--version'],
    ['editcap', '--version'],
    ['openssl', 'version'],
  ] as const) {
    await run(name, [flag]).catch(() => {
      throw new Error(`This test needs ${name}: apt-get install tshark wireshark-common openssl`);
    });
  }
});

const FIELDS = {
  tls: [
    'tls.record.content_type',
    'tls.record.opaque_type',
    'tls.record.version',
    'tls.record.length',
    'tls.handshake.type',
    'tls.handshake.length',
    'tls.handshake.version',
    'tls.handshake.session_id',
    'tls.handshake.random',
    'tls.handshake.ciphersuite',
    'tls.handshake.extension.type',
    'tls.handshake.extension.len',
    'tls.handshake.extensions_server_name',
    'tls.handshake.extensions_alpn_str',
    'tls.handshake.extensions.supported_version',
    'tls.handshake.extensions_supported_group',
    'tls.handshake.extensions_key_share_group',
    'tls.handshake.sig_hash_alg',
    'tls.handshake.server_named_curve',
    'tls.handshake.certificate_length',
    'tls.handshake.session_ticket_lifetime_hint',
    'tls.alert_message.level',
    'tls.alert_message.desc',
    'tls.app_data',
  ],
  websocket: ['websocket.opcode', 'websocket.fin', 'websocket.mask', 'websocket.payload.text'],
  http2: ['http2.type', 'http2.flags', 'http2.streamid', 'http2.length', 'http2.header.name', 'http2.header.value'],
  grpc: ['grpc.compressed_flag', 'grpc.message_length'],
} as const;
type Layered = keyof typeof FIELDS;

/** All values of each field, in the order of the capture. */
type Values = { [field: string]: string[] };

async function byTshark(path: string, layer: Layered, ...options: string[]): Promise<Values> {
  const args = ['-r', path, ...options, '-Y', layer, '-T', 'json', '--no-duplicate-keys'];
  const { stdout } = await run('tshark', args, { maxBuffer: 256 * 1024 * 1024 });
  const values: Values = {};
  collect(JSON.parse(stdout), new Set<string>(FIELDS[layer]), values);
  return values;
}

function collect(node: unknown, names: ReadonlySet<string>, values: Values): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, value] of Object.entries(node)) {
    if (names.has(name)) {
      const plain = [value].flat().map((each) => plainValue(name, String(each)));
      values[name] = [...(values[name] ?? []), ...plain];
    } else collect(value, names, values);
  }
}

/** JSON writes bytes with colons, and the flags of HTTP/2 in hex. */
function plainValue(name: string, value: string): string {
  if (name === 'http2.flags') return String(Number(value));
  return /random|session_id|app_data/.test(name) ? value.replaceAll(':', '') : value;
}

/** What `wirescope read` prints, each field of its own, because values may have commas in them. */
async function byUs(path: string, layer: Layered, ...options: string[]): Promise<Values> {
  const values: Values = {};
  for (const field of FIELDS[layer]) {
    let out = '';
    const args = [path, '--filter', `${layer} && ${field}`, '--fields', field, ...options];
    await read(parseRead(args), realParts, {
      async write(text) {
        out += text;
        return true;
      },
    });
    const lines = out.split('\n').slice(0, -1);
    const found = SINGLE.test(field) ? lines : lines.flatMap((line) => line.split(','));
    if (found.length > 0) values[field] = found;
  }
  return values;
}

/** At most one in a record, and may hold a comma. */
const SINGLE = /payload\.text/;

async function exchange(client: TLSSocket, server: TLSSocket): Promise<void> {
  await say(client, server, 'GET /chat HTTP/1.1\r\nHost: example.test\r\n\r\n');
  await say(server, client, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi');
}

const simple = (version: Version): Promise<TlsTraffic> =>
  converse(exchange, {
    client: { maxVersion: version, minVersion: version, ALPNProtocols: ['http/1.1', 'x'] },
    server: { ALPNProtocols: ['http/1.1'] },
  });

describe.each(VERSIONS)('%s', (version) => {
  test('records and handshake messages, without keys', async () => {
    const { path } = await simple(version);
    expect(await byUs(path, 'tls')).toEqual(await byTshark(path, 'tls'));
  });

  test('records and handshake messages, with a key log', async () => {
    const { path, keyLogPath } = await simple(version);
    const ours = await byUs(path, 'tls', '--keylog', keyLogPath);
    expect(ours['tls.handshake.type']).toContain('20');
    expect(ours).toEqual(await byTshark(path, 'tls', '-o', `tls.keylog_file:${keyLogPath}`));
  });

  test('secrets inside the capture', async () => {
    const { path, keyLogPath } = await simple(version);
    const withSecrets = temporaryFile('secrets.pcapng');
    await run('editcap', ['--inject-secrets', `tls,${keyLogPath}`, path, withSecrets]);
    const ours = await byUs(withSecrets, 'tls');
    expect(ours['tls.handshake.type']).toContain('20');
    expect(ours).toEqual(await byTshark(withSecrets, 'tls'));
  });

  test('WebSocket inside', async () => {
    const { path, keyLogPath } = await webSocket(version);
    const ours = await byUs(path, 'websocket', '--keylog', keyLogPath);
    expect(ours['websocket.payload.text']).toContain('{"text":"Hello, there!"}');
    expect(ours).toEqual(await byTshark(path, 'websocket', '-o', `tls.keylog_file:${keyLogPath}`));
  });

  test('HTTP/2 and gRPC inside', async () => {
    const { path, keyLogPath } = await calls(version);
    for (const layer of ['http2', 'grpc'] as const) {
      const ours = await byUs(path, layer, '--keylog', keyLogPath);
      expect(Object.keys(ours)).toEqual(FIELDS[layer]);
      expect(ours).toEqual(await byTshark(path, layer, '-o', `tls.keylog_file:${keyLogPath}`));
    }
    const count = async (...options: string[]) => {
      let out = '';
      await read(parseRead([path, '--keylog', keyLogPath, '--count', ...options]), realParts, {
        async write(text) {
          out += text;
          return true;
        },
      });
      return Number(out);
    };
    expect(await count('--filter', 'grpc', '--level', 'message')).toBe(4);
    expect(await count('--filter', 'grpc.status_code == 0')).toBe(2);
  });
});

async function webSocket(maxVersion: Version): Promise<TlsTraffic> {
  const server = createServer({ ...(await testCertificate()), maxVersion });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`${data}`)));
  const tap = new TlsTap();
  const port = await tap.open(await listening(server));
  const socket = new WebSocket(`wss://127.0.0.1:${port}/chat`, { rejectUnauthorized: false, perMessageDeflate: false });
  (socket as unknown as { _req: { on(event: 'socket', listener: (socket: TLSSocket) => void): void } })._req.on(
    'socket',
    (each) => each.on('keylog', tap.onKeyLog),
  );
  await once(socket, 'open');
  for (const text of ['{"text":"Hello, there!"}', 'x'.repeat(300), 'y'.repeat(50_000)]) {
    socket.send(text);
    await once(socket, 'message');
  }
  socket.close(1000);
  await once(socket, 'close');
  return tap.finish();
}

async function calls(maxVersion: Version): Promise<TlsTraffic> {
  const server = http2.createSecureServer({ ...(await testCertificate()), maxVersion });
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', date: 'now' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.pipe(stream);
  });
  const tap = new TlsTap();
  const port = await tap.open(await listening(server));
  const session = http2.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  session.socket.on('keylog', tap.onKeyLog);
  for (const size of [7, 20_000]) {
    const call = session.request({
      ':method': 'POST',
      ':path': '/chat.ChatService/SendMessage',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const message = Buffer.alloc(5 + size);
    message.writeUInt32BE(size, 1);
    call.end(message);
    call.resume();
    await once(call, 'close');
  }
  session.close();
  return tap.finish();
}

describe('openssl', () => {
  /** `s_server` behind a tap, which writes the key log. Resolves with what `finish` then gives. */
  async function openssl(
    serverArgs: string[],
    talk: (clientArgs: string[], server: Tool) => Promise<void>,
  ): Promise<{ path: string; keyLogPath: string }> {
    const { cert, key } = await testCertificate();
    const certPath = temporaryFile('cert.pem', Buffer.from(cert));
    const keyPath = temporaryFile('key.pem', Buffer.from(key));
    const port = await unusedPort();
    const args = ['s_server', '-accept', `127.0.0.1:${port}`, '-cert', certPath, '-key', keyPath];
    const keyLogPath = temporaryFile('keys.log');
    const server = tool('openssl', [...args, '-keylogfile', keyLogPath, ...serverArgs]);
    await server.says('ACCEPT');
    const tap = new TlsTap();
    const relay = await tap.open(port);
    await talk(['s_client', '-connect', `127.0.0.1:${relay}`], server);
    const { path } = await tap.finish();
    return { path, keyLogPath };
  }

  test('key updates in both directions', async () => {
    const { path, keyLogPath } = await openssl(['-rev', '-tls1_3'], async (args) => {
      const client = tool('openssl', args);
      await client.says('Verify return code');
      client.process.stdin.write('before\n');
      await client.says('erofeb');
      // The client updates its keys and asks the server to do the same.
      client.process.stdin.write('K\n');
      await client.says('KEYUPDATE');
      client.process.stdin.write('behind\n');
      await client.says('dniheb');
      client.process.stdin.write('Q\n');
      await client.output;
    });
    const capture = await loadedCapture(path, { keylog: keyLogPath });
    const carried = recordsOf(capture)
      .filter(({ layer }) => layer === Layer.plaintext)
      .map(({ seq }) => Buffer.from(capture.view(seq).bytes()).toString());
    expect(carried).toEqual(['before\n', 'erofeb\n', 'behind\n', 'dniheb\n']);
    expect(summariesOf(capture).filter((text) => text === 'Key Update')).toHaveLength(2);
    expect(capture.counts.warnings).toBe(0);
    expect(await byUs(path, 'tls', '--keylog', keyLogPath)).toEqual(
      await byTshark(path, 'tls', '-o', `tls.keylog_file:${keyLogPath}`),
    );
  });

  test('early data is told, and what follows it is decrypted', async () => {
    const session = temporaryFile('session.pem');
    const early = temporaryFile('early.txt', Buffer.from('early bird\n'));
    const { path, keyLogPath } = await openssl(['-tls1_3', '-early_data'], async (args, server) => {
      const first = tool('openssl', [...args, '-sess_out', session]);
      // It says so too, but not before it ends.
      while (!existsSync(session) || !readFileSync(session, 'utf8').includes('-----END')) await delay(5);
      first.process.stdin.write('Q\n');
      await first.output;
      const second = tool('openssl', [...args, '-sess_in', session, '-early_data', early]);
      await second.says('Early data was accepted');
      second.process.stdin.write('late\n');
      await server.says('late');
      server.process.stdin.write('answer\n');
      await second.says('answer');
      second.process.stdin.write('Q\n');
      await second.output;
    });
    const capture = await loadedCapture(path, { keylog: keyLogPath });
    const rows = recordsOf(capture).filter(({ connection }) => connection === 2);
    const carried = rows
      .filter(({ layer }) => layer === Layer.plaintext)
      .map(({ seq }) => Buffer.from(capture.view(seq).bytes()).toString());
    expect(carried).toEqual(['late\n', 'answer\n']);
    expect(capture.query({ level: 'frames', filter: 'wirescope.note contains "0-RTT"' }).total).toBeGreaterThan(0);
  });
});

test('wrong keys: neither of us sees anything', async () => {
  const { path, keyLog } = await simple('TLSv1.3');
  const keyLogPath = temporaryFile('wrong.log');
  writeFileSync(keyLogPath, keyLog.replaceAll(/..\n/g, '00\n'));
  const ours = await byUs(path, 'tls', '--keylog', keyLogPath);
  expect(ours).toEqual(await byTshark(path, 'tls', '-o', `tls.keylog_file:${keyLogPath}`));
});
