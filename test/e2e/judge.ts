// tshark as the judge of a capture: it and `wirescope read` must say the same of every WebSocket frame.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';

const run = promisify(execFile);
const cli = join(import.meta.dirname, '../../out/main/cli.cjs');

const FIELDS = [
  'websocket.opcode',
  'websocket.fin',
  'websocket.rsv',
  'websocket.mask',
  'websocket.masking_key',
  'websocket.payload_length',
  'websocket.payload_length_ext_16',
  'websocket.payload.text',
  'websocket.payload.ping',
  'websocket.payload.pong',
  'websocket.payload.close.status_code',
  'websocket.payload.close.reason',
] as const;

export type Frame = { [name in (typeof FIELDS)[number]]: string };

/**
 * The WebSocket frames of a capture, when both agree on all of them. `port` is the server's: tshark would not take it
 * for HTTP. One difference is known: tshark 4.0 gives no text to the first fragment of a message.
 */
export async function agreedFrames(path: string, port: number): Promise<Frame[]> {
  const [ours, theirs] = await Promise.all([framesByUs(path), framesByTshark(path, port)]);
  const isFirstFragment = (frame: Frame) => frame['websocket.opcode'] === '1' && frame['websocket.fin'] === '0';
  const judged = ours.map((frame) => (isFirstFragment(frame) ? { ...frame, 'websocket.payload.text': '' } : frame));
  expect(judged).toEqual(theirs);
  return ours;
}

/** What `wirescope read` prints: one JSON object for each record that the filter lets through. */
async function readCapture(path: string, ...options: string[]): Promise<{ [field: string]: unknown }[]> {
  const { stdout } = await run(process.execPath, [cli, 'read', path, '--format', 'json', ...options], {
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** How many records `wirescope read` counts. */
export async function countRecords(path: string, ...options: string[]): Promise<number> {
  const { stdout } = await run(process.execPath, [cli, 'read', path, '--count', ...options]);
  return Number(stdout);
}

async function framesByUs(path: string): Promise<Frame[]> {
  const records = await readCapture(path, '--level', 'frame', '--filter', 'websocket', '--fields', FIELDS.join(','));
  return records.map((record) => frameOf((name) => record[name]));
}

/** One entry for each frame: tshark puts all frames of a packet into one line. */
async function framesByTshark(path: string, port: number): Promise<Frame[]> {
  const args = ['-r', path, '-d', `tcp.port==${port},http`, '-Y', 'websocket', '-T', 'json', '--no-duplicate-keys'];
  const { stdout } = await run('tshark', args, { maxBuffer: 256 * 1024 * 1024 }).catch((error) => {
    if (error.code === 'ENOENT') throw new Error('This test needs tshark: apt-get install tshark');
    throw error;
  });
  const packets = JSON.parse(stdout) as { _source: { layers: { websocket: unknown } } }[];
  return packets.flatMap(({ _source: { layers } }) =>
    [layers.websocket].flat().map((layer) => {
      const values = new Map<string, string>();
      collect(layer, values);
      return frameOf((name) => values.get(name));
    }),
  );
}

/** The leaves of tshark's tree by their names. */
function collect(node: unknown, values: Map<string, string>): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, value] of Object.entries(node)) {
    if (typeof value === 'string') values.set(name, value);
    else collect(value, values);
  }
}

function frameOf(value: (name: string) => unknown): Frame {
  return Object.fromEntries(FIELDS.map((name) => [name, plain(value(name))])) as Frame;
}

/** Bytes without the colons that tshark's JSON puts between them, flags as digits. */
function plain(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  const text = value === undefined || value === null ? '' : String(value);
  return /^([0-9a-f]{2}:)+[0-9a-f]{2}$/.test(text) ? text.replaceAll(':', '') : text;
}
