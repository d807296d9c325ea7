// The engine's own process, as Electron would start it: with a parentPort, here a stand-in.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { scratchFolder } from '../engine/fakes.ts';

const sources = pathToFileURL(join(__dirname, '..', '..', 'src-main')).href;

/** Hands the engine a port, calls `app.info` through it, prints the answer and asks the engine to stop. */
const PARENT = `
import { EventEmitter } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
const parentPort = process.parentPort = new EventEmitter();
await import('${sources}/headless/engine-process.ts');
const { createBridge } = await import('${sources}/bridge/client.ts');
const { messagePortChannel } = await import('${sources}/bridge/message-port.ts');
const { port1, port2 } = new MessageChannel();
parentPort.emit('message', { data: { type: 'port' }, ports: [port2] });
parentPort.postMessage = (question) => {
  console.error('asked ' + question.ask);
  parentPort.emit('message', { data: { type: 'cipher', id: question.id, ...ANSWERS[question.ask] }, ports: [] });
};
const ANSWERS = { missing: {}, encrypt: { bytes: new Uint8Array([1, 2, 3]) } };
const bridge = createBridge(messagePortChannel(port1));
if (process.argv[3] === 'secret') await bridge.call('secrets.set', { name: 'token', value: 'canary' });
console.log(JSON.stringify(await bridge.call('app.info', {})));
if (process.argv[3] === 'crash') setTimeout(() => { throw new Error('deliberate'); }, 0);
else parentPort.emit('message', { data: { type: 'stop' }, ports: [] });
`;

function engineProcess(dataFolder: string, ...args: string[]): ChildProcess {
  const script = join(scratchFolder(), 'parent.mjs');
  writeFileSync(script, PARENT);
  const options = JSON.stringify({ dataFolder, version: '1.2.3' });
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, options, ...args]);
}

async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (data) => {
    out += data;
  });
  child.stderr?.on('data', (data) => {
    err += data;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

test('serves the bridge on the port it is handed, and stops when asked', async () => {
  const { code, out, err } = await ended(engineProcess(scratchFolder()));
  expect(err).toBe('');
  expect(JSON.parse(out)).toMatchObject({ name: 'Wirescope', host: 'desktop', version: '1.2.3' });
  expect(code).toBe(0);
});

test('asks main to encrypt secrets', async () => {
  const dataFolder = scratchFolder();
  const { code, err } = await ended(engineProcess(dataFolder, 'secret'));
  expect(err).toBe('asked missing\nasked encrypt\n');
  expect(code).toBe(0);
  expect(readFileSync(join(dataFolder, 'secrets', 'sealed', 'scratch.json'), 'utf8')).toBe('{\n  "token": "AQID"\n}\n');
});

test('ends with a code and a stack when something nobody foresaw happens', async () => {
  const { code, err } = await ended(engineProcess(scratchFolder(), 'crash'));
  expect(code).toBe(1);
  expect(err).toContain('Error: deliberate');
});

test('ends with a code when its folder cannot be used', async () => {
  const { code, err } = await ended(engineProcess('/dev/null/x'));
  expect(code).toBe(1);
  expect(err).toContain('engine:');
});
