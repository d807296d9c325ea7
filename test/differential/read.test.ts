// `wirescope read` against tshark, on a capture that our own client and server recorded while talking to
// python3-websockets: every frame's opcode, FIN, reserved bits, mask, length, text and close code must agree.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionConfig } from '../../src-main/core/session-config.ts';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { LiveSource } from '../../src-main/engine/session/live-source.ts';
import { SessionSchema } from '../../src-main/engine/session/schema.ts';
import { parseRead } from '../../src-main/headless/command-line.ts';
import { read } from '../../src-main/headless/read.ts';
import { createDynamics } from '../../src-main/workspace/dynamics.ts';
import { SecretMask } from '../../src-main/workspace/secret-mask.ts';
import { VariableScope } from '../../src-main/workspace/variables.ts';

const run = promisify(execFile);
/** Debian's own: another python3 on the path has no Debian packages. */
const PYTHON = '/usr/bin/python3';

/** Echoes; `ping` makes it ping, `big N` answers N letters, `bye` makes it close with 4001. */
const ECHO = `
import asyncio, sys, websockets
async def echo(ws):
    async for message in ws:
        if message == "ping": await ws.ping(b"from python")
        elif message == "bye": return await ws.close(4001, "adieu")
        elif isinstance(message, str) and message.startswith("big "): await ws.send("x" * int(message[4:]))
        elif message == "fragments": await ws.send(iter(["one ", "two ", "three"]))
        else: await ws.send(message)
async def main():
    compression = "deflate" if sys.argv[1] == "deflate" else None
    async with websockets.serve(echo, "127.0.0.1", 0, compression=compression, max_size=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().create_future()
asyncio.run(main())
`;

const FIELDS = [
  'tcp.stream',
  'websocket.opcode',
  'websocket.fin',
  'websocket.rsv',
  'websocket.pmc',
  'websocket.mask',
  'websocket.masking_key',
  'websocket.payload_length',
  'websocket.payload_length_ext_16',
  'websocket.payload_length_ext_64',
  'websocket.payload.text',
  'websocket.payload.ping',
  'websocket.payload.pong',
  'websocket.payload.close.status_code',
  'websocket.payload.close.reason',
] as const;

type Frame = { [name in (typeof FIELDS)[number]]: string };

interface KnownDifference {
  name: string;
  field: keyof Frame;
  /** Whether it explains what tshark says of this frame. */
  explains(ours: Frame, theirs: Frame): boolean;
}

/** Where tshark 4.0 is known to differ. Each must show in its dialogue, or the list is out of date. */
const KNOWN_DIFFERENCES: { [compression in 'plain' | 'deflate']: KnownDifference[] } = {
  plain: [
    {
      name: 'the first fragment of a message has no text of its own',
      field: 'websocket.payload.text',
      explains: (ours, theirs) =>
        ours['websocket.opcode'] === '1' && ours['websocket.fin'] === '0' && theirs['websocket.payload.text'] === '',
    },
  ],
  deflate: [
    {
      name: 'a message both fragmented and compressed is not inflated',
      field: 'websocket.payload.text',
      explains: (ours) => ours['websocket.opcode'] === '0',
    },
  ],
};

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wirescope-read-'));
  await run('tshark', ['--version']).catch(() => {
    throw new Error('This test needs tshark: apt-get install tshark');
  });
  await run(PYTHON, ['-c', 'import websockets']).catch(() => {
    throw new Error('This test needs python3-websockets: apt-get install python3-websockets');
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Records a dialogue of our client with Python's server. Resolves with the capture's path and the server's port. */
async function record(compression: 'plain' | 'deflate'): Promise<{ path: string; port: number }> {
  const python = spawn(PYTHON, ['-c', ECHO, compression], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = await new Promise<number>((resolve) => python.stdout.once('data', (data) => resolve(Number(data))));
    const path = join(folder, `${compression}.pcapng`);
    const config: SessionConfig = {
      wirescope: 1,
      name: 'Judge',
      role: 'client',
      protocol: 'websocket',
      target: `ws://127.0.0.1:${port}/`,
      websocket: { compression: compression === 'deflate', maxMessageBytes: 0 },
    };
    const schema = new SessionSchema(config, { parts: realParts, folder: () => folder, changed: () => {} });
    const source = new LiveSource({
      ...{
        parts: realParts,
        openEndpoint: await realParts.loadEndpoint(config),
        started: config,
        variables: new VariableScope([], createDynamics()),
        calls: async () => ({}),
        mask: new SecretMask(),
        schema,
        capturePath: path,
        folder: () => folder,
      },
      changed: () => {},
    });
    const messages = (count: number) => until(() => source.capture.traffic.serverToClient.messages >= count);
    await source.start();
    const text = (message: string) => source.send({ bytes: new TextEncoder().encode(message), text: true }, 'all');
    await text('hello');
    await text('tab\tnew\r\nline \\ "quoted" üñí 日本 🎉');
    await source.send({ bytes: new Uint8Array([0, 1, 2, 255]), text: false }, 'all');
    await text('');
    await text('x'.repeat(125));
    await text('y'.repeat(126));
    await text('big 70000');
    await text('fragments');
    await source.control({ type: 'ping', bytes: new TextEncoder().encode('from us') }, 'all');
    await text('ping');
    await messages(8);
    await text('bye');
    await until(() => source.status.phase === 'closed' || source.status.phase === 'failed');
    await source.dispose();
    return { path, port };
  } finally {
    python.kill();
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 2000) throw new Error('The dialogue did not come to its end.');
    await delay(5);
  }
}

async function readByUs(path: string): Promise<Frame[]> {
  let out = '';
  const args = [path, '--level', 'frame', '--filter', 'websocket', '--fields', FIELDS.join(',')];
  await read(parseRead(args), realParts, {
    async write(text) {
      out += text;
      return true;
    },
  });
  return out
    .split('\n')
    .slice(0, -1)
    .map((line) => frameOf(line.split('\t')));
}

/** One entry for each frame: tshark puts all frames of a packet into one line. */
async function readByTshark(path: string, port: number): Promise<Frame[]> {
  const args = ['-r', path, '-d', `tcp.port==${port},http`, '-Y', 'websocket', '-T', 'json', '--no-duplicate-keys'];
  const { stdout } = await run('tshark', args, { maxBuffer: 256 * 1024 * 1024 });
  const packets = JSON.parse(stdout) as { _source: { layers: { [layer: string]: unknown } } }[];
  return packets.flatMap(({ _source: { layers } }) => {
    const stream = (layers.tcp as { [name: string]: string })['tcp.stream']!;
    return [layers.websocket].flat().map((layer) => {
      const values = new Map<string, string>([['tcp.stream', stream]]);
      collect(layer, values);
      return frameOf(FIELDS.map((name) => values.get(name) ?? ''));
    });
  });
}

function collect(node: unknown, values: Map<string, string>): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, value] of Object.entries(node)) {
    if (typeof value === 'string') values.set(name, plain(name, value));
    else collect(value, values);
  }
}

/** JSON writes bytes with colons and text unescaped; `-T fields`, as we do, without and escaped. */
function plain(name: string, value: string): string {
  if (/masking_key|\.ping$|\.pong$/.test(name)) return value.replaceAll(':', '');
  return value.replaceAll('\t', '\\t').replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}

function frameOf(cells: readonly string[]): Frame {
  return Object.fromEntries(FIELDS.map((name, index) => [name, cells[index] ?? ''])) as Frame;
}

describe.each(['plain', 'deflate'] as const)('a %s dialogue with python3-websockets', (compression) => {
  test('reads the same with wirescope and tshark, frame by frame', async () => {
    const { path, port } = await record(compression);
    const [ours, theirs] = [await readByUs(path), await readByTshark(path, port)];
    expect(ours.length).toBeGreaterThan(20);
    expect(ours.map((frame) => frame['websocket.opcode'])).toEqual(theirs.map((frame) => frame['websocket.opcode']));
    const shown = new Set<string>();
    for (const [index, frame] of ours.entries()) {
      const expected = { ...theirs[index]! };
      for (const { name, field, explains } of KNOWN_DIFFERENCES[compression]) {
        if (frame[field] === expected[field] || !explains(frame, expected)) continue;
        shown.add(name);
        expected[field] = frame[field];
      }
      expect(frame).toEqual(expected);
    }
    expect([...shown]).toEqual(KNOWN_DIFFERENCES[compression].map(({ name }) => name));
  });
});
