// Captures of real TLS, opened with and without the keys: what was said is found inside, in every suite and through every
// turn that TLS takes; with wrong keys, gaps and damage nothing is invented and nothing is lost.
import { once } from 'node:events';
import http2 from 'node:http2';
import { createServer } from 'node:https';
import tls, { type TLSSocket } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { Capture } from '../../src-main/capture/capture.ts';
import { KeyLog } from '../../src-main/capture/tls/key-log.ts';
import { protocolById } from '../../src-main/core/dissect/registry.ts';
import { openStack } from '../../src-main/core/dissect/stack.ts';
import { TlsNote } from '../../src-main/core/dissect/tls/format.ts';
import { Direction, Layer, type TimelineRecord } from '../../src-main/core/record.ts';
import { eventually } from '../eventually.ts';
import { chunkingLaw, dissect, type OpenDissector, piecesOf, type Segment, totality } from '../fuzz/laws.ts';
import { loadedBytes, loadedCapture, recordsOf, summariesOf, temporaryFile } from './files.ts';
import { block, concat, interfaceBlock, pcapng, section, tcp, u32 } from './packets.ts';
import { converse, listening, say, TlsTap, type TlsTraffic, testCertificate } from './tls-traffic.ts';

const REQUEST = 'GET /chat HTTP/1.1\r\nHost: example.test\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
const ALL_SUITES = { minVersion: 'TLSv1.2', ciphers: 'ALL:@SECLEVEL=0' } as const;

const nameOf = ({ protocol }: TimelineRecord): string => protocolById(protocol)!.name;

/** Records of what TLS carried. */
const inner = (capture: Capture): TimelineRecord[] => recordsOf(capture).filter((r) => r.layer === Layer.plaintext);

/** Everything that TLS carried in a direction, as its records show it. */
function carried(capture: Capture, direction: Direction, connection = 1): string {
  return inner(capture)
    .filter((r) => r.direction === direction && r.connection === connection)
    .map((r) => Buffer.from(capture.view(r.seq).bytes()).toString('latin1'))
    .join('');
}

function notesIn(capture: Capture): string[] {
  const bits = recordsOf(capture).reduce((all, r) => (nameOf(r) === 'tls' ? all | r.notes : all), 0);
  return Object.entries(TlsNote)
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name);
}

async function exchange(client: TLSSocket, server: TLSSocket): Promise<void> {
  await say(client, server, REQUEST);
  await say(server, client, ANSWER);
}

async function expectExchange(traffic: TlsTraffic): Promise<Capture> {
  const capture = await loadedCapture(traffic.path, { keylog: traffic.keyLogPath });
  expect(carried(capture, Direction.clientToServer)).toBe(REQUEST);
  expect(carried(capture, Direction.serverToClient)).toBe(ANSWER);
  expect(notesIn(capture)).toEqual([]);
  return capture;
}

/** `keylog` with every secret made another one. */
const wrong = (keyLog: string): string => keyLog.replaceAll(/(..)\n/g, (_, last) => `${last === '00' ? '11' : '00'}\n`);

describe('suites', () => {
  it.each([
    ['TLSv1.3', 'TLS_AES_128_GCM_SHA256'],
    ['TLSv1.3', 'TLS_AES_256_GCM_SHA384'],
    ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256'],
    ['TLSv1.3', 'TLS_AES_128_CCM_SHA256'],
    ['TLSv1.3', 'TLS_AES_128_CCM_8_SHA256'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-CCM'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES256-CCM'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-CCM8'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES256-CCM8'],
  ] as const)('%s %s', async (version, suite) => {
    const only = {
      minVersion: version,
      maxVersion: version,
      ciphers: `${suite}${version === 'TLSv1.3' ? ':ALL' : ''}:@SECLEVEL=0`,
    };
    const traffic = await converse(exchange, { client: only, server: { ...ALL_SUITES, ciphers: only.ciphers } });
    const capture = await expectExchange(traffic);
    const [event] = summariesOf(capture).filter((text) => text.includes('decrypted'));
    expect(event).toContain(`${version.replace('v', ' ')} · example.test · TLS_`);
    expect(event).toContain('· decrypted with its key log');
  });

  it('a suite that is not AEAD is told, and not decrypted', async () => {
    const only = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0' } as const;
    const { path, keyLogPath } = await converse(exchange, { client: only, server: only });
    const capture = await loadedCapture(path, { keylog: keyLogPath });
    expect(inner(capture)).toEqual([]);
    expect(notesIn(capture)).toEqual(['unsupportedSuite']);
    expect(summariesOf(capture).join('\n')).toContain('not decrypted: the cipher suite is not supported');
  });
});

describe('turns of TLS', () => {
  const only = (version: 'TLSv1.2' | 'TLSv1.3') => ({ minVersion: version, maxVersion: version });

  it('a HelloRetryRequest', async () => {
    const capture = await expectExchange(await converse(exchange, { server: { ecdhCurve: 'P-521' } }));
    const hellos = summariesOf(capture).filter((text) => /Hello/.test(text));
    expect(hellos.map((text) => text.split(' · ')[0])).toEqual([
      'Client Hello',
      'Hello Retry Request',
      'Client Hello',
      'Server Hello',
    ]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('a certificate of the client: %s', async (version) => {
    const { cert, key } = await testCertificate();
    const server = { requestCert: true, rejectUnauthorized: false };
    const capture = await expectExchange(await converse(exchange, { client: { ...only(version), cert, key }, server }));
    const certificates = summariesOf(capture).filter((text) => text.includes('Certificate (1 certificate)'));
    expect(certificates).toHaveLength(2);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('a resumed session: %s', async (version) => {
    const { cert, key } = await testCertificate();
    const server = tls.createServer({ cert, key });
    server.on('secureConnection', (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(ANSWER));
    });
    const tap = new TlsTap();
    const port = await tap.open(await listening(server));
    let session: Buffer | undefined;
    for (const reused of [false, true]) {
      const options = { port, host: '127.0.0.1', rejectUnauthorized: false, ...(session && { session }) };
      const client = tls.connect({ ...options, ...only(version) });
      client.on('keylog', tap.onKeyLog);
      client.on('session', (bytes) => {
        session = bytes;
      });
      await once(client, 'secureConnect');
      expect(client.isSessionReused()).toBe(reused);
      client.write(REQUEST);
      client.resume();
      await once(client, 'end');
      client.end();
      await once(client, 'close');
    }
    const { path, keyLogPath } = await tap.finish();
    const capture = await loadedCapture(path, { keylog: keyLogPath });
    for (const connection of [1, 2]) {
      expect(carried(capture, Direction.clientToServer, connection)).toBe(REQUEST);
      expect(carried(capture, Direction.serverToClient, connection)).toBe(ANSWER);
    }
    expect(notesIn(capture)).toEqual([]);
  });

  it('a renegotiation of TLS 1.2', async () => {
    const traffic = await converse(
      async (client, server) => {
        await say(client, server, REQUEST.slice(0, 10));
        await new Promise((resolve) => client.renegotiate({ rejectUnauthorized: false }, resolve));
        await say(client, server, REQUEST.slice(10));
        await say(server, client, ANSWER);
      },
      { client: { ...only('TLSv1.2'), ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' } },
    );
    const capture = await expectExchange(traffic);
    expect(summariesOf(capture).filter((text) => text.startsWith('Client Hello'))).toHaveLength(2);
  });
});

describe('what TLS carries', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('WebSocket, compressed: %s', async (version) => {
    const server = createServer({ ...(await testCertificate()), maxVersion: version });
    const sockets = new WebSocketServer({ server, perMessageDeflate: { threshold: 0 } });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${data}`)));
    const tap = new TlsTap(1000);
    const port = await tap.open(await listening(server));
    const socket = new WebSocket(`wss://127.0.0.1:${port}/chat`, { rejectUnauthorized: false });
    (socket as unknown as { _req: { on(event: 'socket', listener: (socket: TLSSocket) => void): void } })._req.on(
      'socket',
      (each) => each.on('keylog', tap.onKeyLog),
    );
    await once(socket, 'open');
    for (const text of ['hello', 'x'.repeat(40_000)]) {
      socket.send(text);
      await once(socket, 'message');
    }
    socket.close(1000, 'bye');
    await once(socket, 'close');
    const { path, keyLogPath } = await tap.finish();
    const capture = await loadedCapture(path, { keylog: keyLogPath });
    const messages = inner(capture).filter((r) => nameOf(r) === 'websocket');
    const texts = messages.map((r) => Buffer.from(capture.payload(r.seq, 1e6)!.bytes).toString());
    expect(texts.filter((text) => !text.includes('bye'))).toEqual([
      'hello',
      'echo hello',
      'x'.repeat(40_000),
      `echo ${'x'.repeat(40_000)}`,
    ]);
    expect(capture.counts.warnings).toBe(0);
    const found = capture.query({ level: 'messages', filter: 'websocket.payload.text contains "echo hello"' });
    expect(found.seqs(0, 10)).toEqual([messages[1]!.seq]);
    expect(capture.query({ level: 'frames', filter: 'tcp.stream == 0 && websocket' }).total).toBe(messages.length);
    const detail = capture.detail(messages[1]!.seq, 1e6);
    expect(detail.sources.map(({ label }) => label)).toContain('Inflated');
  });

  it('gRPC over HTTP/2', async () => {
    const server = http2.createSecureServer(await testCertificate());
    server.on('stream', (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.pipe(stream);
    });
    const tap = new TlsTap();
    const port = await tap.open(await listening(server));
    const session = http2.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    session.socket.on('keylog', tap.onKeyLog);
    const call = session.request({
      ':method': 'POST',
      ':path': '/chat.ChatService/SendMessage',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    call.end(Buffer.from([0, 0, 0, 0, 7, 0x0a, 5, ...Buffer.from('Mamun')]));
    call.resume();
    await once(call, 'close');
    session.close();
    const { path, keyLogPath } = await tap.finish();
    const capture = await loadedCapture(path, { keylog: keyLogPath });
    const summaries = summariesOf(capture);
    expect(inner(capture).some((r) => nameOf(r) === 'http2')).toBe(true);
    const grpc = inner(capture).filter((r) => nameOf(r) === 'grpc');
    expect(grpc.map((r) => summaries[r.seq]).join('\n')).toContain('/chat.ChatService/SendMessage');
    const payloads = grpc.flatMap((r) => capture.payload(r.seq, 100)?.bytes ?? []);
    expect(payloads.filter((bytes) => Buffer.from(bytes).includes('Mamun'))).toHaveLength(2);
    expect(capture.query({ level: 'everything', filter: 'grpc' }).total).toBe(grpc.length);
  });
});

describe('records of TLS that were opened', () => {
  it('show what was in them', async () => {
    const capture = await expectExchange(await converse(exchange));
    const [request] = recordsOf(capture).filter((r) => nameOf(r) === 'tls' && r.size === REQUEST.length);
    expect(capture.summary(request!.seq)).toBe(`${REQUEST.length} bytes decrypted`);
    const { sources, payload } = capture.detail(request!.seq, 1e6);
    expect(sources.map(({ label }) => label)).toEqual(['Wire', 'Decrypted']);
    expect(Buffer.from(sources[payload!]!.bytes).toString()).toBe(REQUEST);
    const finished = capture.query({ level: 'frames', filter: 'tls.handshake.type == 20' });
    await eventually(() => expect(finished.scanning).toBe(1));
    expect(finished.total).toBe(2);
    expect(capture.traffic.clientToServer.bytes).toBeGreaterThan(REQUEST.length + 500);
  });
});

describe('secrets', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('that are wrong decrypt nothing: %s', async (maxVersion) => {
    const { path, keyLog, chunks } = await converse(exchange, { client: { maxVersion } });
    const capture = await loadedCapture(path, { keylog: keyLogFile(wrong(keyLog)) });
    expect(inner(capture)).toEqual([]);
    expect(notesIn(capture)).toEqual(['undecryptable']);
    const wire = recordsOf(capture).filter((r) => nameOf(r) === 'tls');
    const lengths = wire.reduce((sum, r) => sum + r.length, 0);
    expect(lengths).toBe(chunks.reduce((sum, { bytes }) => sum + bytes.length, 0));
  });

  it('of the handshake alone are missing, but those of the data are there', async () => {
    const { path, keyLog } = await converse(exchange);
    const keylog = keyLogFile(keyLog.replaceAll(/^.*HANDSHAKE.*\n/gm, ''));
    const capture = await loadedCapture(path, { keylog });
    expect(carried(capture, Direction.clientToServer)).toBe(REQUEST);
    expect(carried(capture, Direction.serverToClient)).toBe(ANSWER);
  });

  it('of another session leave it closed, and say so', async () => {
    const { path } = await converse(exchange);
    const capture = await loadedCapture(path, {
      keylog: keyLogFile(`CLIENT_RANDOM ${'0'.repeat(64)} ${'0'.repeat(96)}\n?`),
    });
    expect(inner(capture)).toEqual([]);
    expect(notesIn(capture)).toEqual([]);
    expect(summariesOf(capture).join('\n')).toContain(
      'not decrypted: a key log (SSLKEYLOGFILE) of this session is needed',
    );
    expect(summariesOf(capture).slice(-2)).toEqual([
      'No secret of the TLS key log is of a TLS session of this capture: it was written for other connections.',
      'One line of the TLS key log could not be read; 1 secret could.',
    ]);
  });

  it('are none: that is said', async () => {
    const { path } = await converse(exchange);
    const capture = await loadedCapture(path, { keylog: keyLogFile('# nothing yet\n') });
    expect(summariesOf(capture).at(-1)).toMatch(/^The TLS key log holds no secrets: was SSLKEYLOGFILE set/);
  });

  it('that fit are nothing to tell', async () => {
    const { path, keyLogPath } = await converse(exchange);
    const capture = await loadedCapture(path, { keylog: keyLogPath });
    expect(summariesOf(capture).filter((text) => text.includes('TLS key log'))).toEqual([]);
  });

  it('may lie in the capture itself', async () => {
    const { keyLog, chunks } = await converse(exchange);
    const capture = await loadedBytes(fileOf(chunks, keyLog));
    expect(carried(capture, Direction.clientToServer)).toBe(REQUEST);
    expect(carried(capture, Direction.serverToClient)).toBe(ANSWER);
  });

  it('that cannot be read are an error', async () => {
    const { path } = await converse(exchange);
    await expect(loadedCapture(path, { keylog: '/nowhere' })).rejects.toMatchObject({
      problem: { what: 'The key log /nowhere cannot be read.' },
    });
  });

  it('make an index that lies beside the capture useless', async () => {
    const { path, keyLogPath } = await converse(exchange);
    expect(inner(await loadedCapture(path, { recordedHere: true }))).toEqual([]);
    expect(inner(await loadedCapture(path, { recordedHere: true, keylog: keyLogPath })).length).toBeGreaterThan(0);
    expect(inner(await loadedCapture(path, { recordedHere: true }))).toEqual([]);
  });
});

describe('damage', () => {
  const said = Array.from({ length: 30 }, (_, i) => `line ${i} of what the server says\r\n`);

  /** A talkative server. */
  const talkative = (maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
    converse(
      async (client, server) => {
        await say(client, server, 'go\r\n');
        for (const line of said) await say(server, client, line);
      },
      { client: { maxVersion } },
    );

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'a packet is missing: what follows is decrypted again: %s',
    async (version) => {
      const { keyLog, chunks } = await talkative(version);
      const lost = chunks.filter(({ direction }) => direction === Direction.serverToClient)[10]!;
      const capture = await loadedBytes(fileOf(chunks, keyLog, (chunk) => chunk !== lost));
      const heard = carried(capture, Direction.serverToClient);
      expect(said.filter((line) => heard.includes(line)).length).toBeGreaterThanOrEqual(said.length - 2);
      expect(heard).toContain(said.at(-1));
      expect(notesIn(capture)).toContain('gap');
    },
  );

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('a bit is wrong: one record is lost: %s', async (version) => {
    const { keyLog, chunks } = await talkative(version);
    const damaged = chunks.filter(({ direction }) => direction === Direction.serverToClient)[10]!;
    damaged.bytes[damaged.bytes.length - 1]! ^= 4;
    const capture = await loadedBytes(fileOf(chunks, keyLog));
    const heard = carried(capture, Direction.serverToClient);
    expect(said.filter((line) => heard.includes(line))).toHaveLength(said.length - 1);
    expect(notesIn(capture)).toEqual(['undecryptable']);
  });

  it('the beginning is missing: nothing is decrypted, and that is told', async () => {
    const { keyLog, chunks } = await talkative('TLSv1.3');
    const capture = await loadedBytes(fileOf(chunks.slice(8), keyLog));
    expect(inner(capture)).toEqual([]);
    expect(notesIn(capture)).toEqual(['joinedLate']);
  });
});

describe('laws with keys', () => {
  let traffic: Promise<TlsTraffic[]> | undefined;
  /** The same for all laws. */
  const conversations = () => {
    traffic ??= Promise.all(
      (['TLSv1.2', 'TLSv1.3'] as const).map((maxVersion) => converse(exchange, { client: { maxVersion } })),
    );
    return traffic;
  };
  const opening =
    (keyLog: KeyLog): OpenDissector =>
    (sink) =>
      openStack('tcp', { protocol: 'tls' }, sink, {
        keys: (...of) => keyLog.keys(...of),
        openPlaintext: () => sink.openPlaintext(),
        event: () => {},
      });
  const keyLogOf = (text: string): KeyLog => {
    const keyLog = new KeyLog();
    keyLog.add(Buffer.from(text));
    return keyLog;
  };

  it('the same records however the bytes are cut', async () => {
    for (const { keyLog, chunks } of await conversations()) {
      const open = opening(keyLogOf(keyLog));
      fc.assert(
        fc.property(fc.array(fc.nat(900), { minLength: 1, maxLength: 6 }), (lengths) => {
          const { records } = chunkingLaw(open, chunks, lengths);
          expect(records.some((record) => record.layer === Layer.plaintext)).toBe(true);
        }),
        { numRuns: 30 },
      );
    }
  });

  it('cut anywhere, every byte is in a record', async () => {
    for (const { keyLog, chunks } of await conversations()) {
      const open = opening(keyLogOf(keyLog));
      const total = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
      for (let cut = 0; cut < total; cut += 13) totality(open, upTo(chunks, cut), (id) => protocolById(id)!);
    }
  });

  it('with any bits wrong, every byte is in a record', async () => {
    for (const { keyLog, chunks } of await conversations()) {
      const open = opening(keyLogOf(keyLog));
      const change = fc.tuple(fc.nat(), fc.nat(), fc.nat(7));
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
          const damaged = chunks.map((chunk) => ({ ...chunk, bytes: chunk.bytes.slice() }));
          for (const [chunk, at, bit] of changes) {
            const { bytes } = damaged[chunk % damaged.length]!;
            bytes[at % bytes.length]! ^= 1 << bit;
          }
          totality(open, damaged, (id) => protocolById(id)!);
        }),
        { numRuns: 150 },
      );
    }
  });

  it('gaps anywhere are survived', async () => {
    for (const { keyLog, chunks } of await conversations()) {
      const open = opening(keyLogOf(keyLog));
      fc.assert(
        fc.property(fc.nat(chunks.length - 1), fc.nat(200), fc.nat(200), (missing, from, pieceBytes) => {
          const { bytes, direction } = chunks[missing]!;
          const kept = Math.min(from, bytes.length - 1);
          const rest = Math.min(kept + 20, bytes.length);
          const segments: Segment[] = [
            ...chunks.slice(0, missing),
            { direction, bytes: bytes.subarray(0, kept) },
            { direction, bytes: bytes.subarray(rest), gapBefore: rest - kept },
            ...chunks.slice(missing + 1),
          ];
          const whole = dissect(open, segments);
          expect(dissect(open, segments, piecesOf([pieceBytes])).sink.records).toEqual(whole.sink.records);
          for (const record of whole.records) protocolById(record.protocol)!.detail(whole.view(record.seq), 1000);
        }),
        { numRuns: 60 },
      );
    }
  });
});

function upTo(chunks: readonly Segment[], length: number): Segment[] {
  let left = length;
  return chunks.map(({ direction, bytes }) => {
    const piece = bytes.subarray(0, Math.max(0, left));
    left -= bytes.length;
    return { direction, bytes: piece };
  });
}

function keyLogFile(text: string): string {
  return temporaryFile('keys.log', Buffer.from(text));
}

/** A pcapng file of packets as others write it, with its secrets in it. `isThere`: whether a chunk was captured. */
function fileOf(
  chunks: TlsTraffic['chunks'],
  keyLog: string,
  isThere = (_: TlsTraffic['chunks'][number]) => true,
): Uint8Array {
  const next = { [Direction.clientToServer]: 1, [Direction.serverToClient]: 1 } as { [direction: number]: number };
  const packets = chunks.flatMap((chunk) => {
    const { direction, bytes } = chunk;
    const isClient = direction === Direction.clientToServer;
    const ends = isClient
      ? { from: '10.0.0.1', to: '10.0.0.2', fromPort: 40_000, toPort: 443 }
      : { from: '10.0.0.2', to: '10.0.0.1', fromPort: 443, toPort: 40_000 };
    const seq = next[direction]!;
    next[direction] = seq + bytes.length;
    return isThere(chunk) ? [tcp({ ...ends, seq, flags: 'PA', payload: bytes })] : [];
  });
  const file = pcapng(packets);
  const head = concat(section(), interfaceBlock(101)).length;
  const bytes = new TextEncoder().encode(keyLog);
  const little = (value: number): number[] => u32(value).reverse();
  const secrets = block(0x0a, concat(little(0x544c534b), little(bytes.length), bytes));
  return concat(file.subarray(0, head), secrets, file.subarray(head));
}
