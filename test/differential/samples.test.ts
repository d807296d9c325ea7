// The bundled samples, against their counterparts among the samples and, each as a user runs it with `wirescope run` in a
// process of its own, against programs nobody here wrote.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { realParts } from '../../src-main/engine/real-parts.ts';
import { parseRun } from '../../src-main/headless/command-line.ts';
import { run } from '../../src-main/headless/run.ts';
import { Peers } from '../e2e/peers.ts';
import { afterwards } from '../endpoints/loopback.ts';
import { Counterparts, prepareCounterparts, SAMPLE_PAIRS, samplesFolder } from './sample-counterparts.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'wirescope-samples-'));
const peers = new Peers();
const counterparts = new Counterparts(peers, folder);

beforeAll(() => prepareCounterparts(folder));
afterEach(() => peers.stop());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  output: string;
}

/** A sample that runs; `port` is where it listens, when it does. */
interface Running {
  ended: Promise<Ended>;
  port: Promise<number>;
}

type Run = (sample: string, ...args: string[]) => Running;

/** `begin` resolves with the exit code and hands over what is printed. */
function running(sample: string, begin: (print: (text: string) => void) => Promise<number | null>): Running {
  let output = '';
  let listens: (port: number) => void = () => {};
  const code = begin((text) => {
    output += text;
    const found = /listening on \S*:(\d+)$/m.exec(output);
    if (found) listens(Number(found[1]));
  });
  const port = new Promise<number>((resolve, reject) => {
    listens = resolve;
    code.then(() => reject(new Error(`${sample} does not listen: ${output}`)), reject);
  });
  port.catch(() => {});
  return { ended: code.then((value) => ({ code: value, output })), port };
}

/** In a process of its own, as a user runs it. */
const spawned: Run = (sample, ...args) => {
  const program = ['--disable-warning=ExperimentalWarning', join(root, 'src-main/cli.ts')];
  const child = spawn(process.execPath, [...program, 'run', join(samplesFolder, `${sample}.yaml`), ...args], {
    cwd: folder,
  });
  afterwards(() => child.kill('SIGKILL'));
  return running(sample, (print) => {
    child.stdout.on('data', (data) => print(String(data)));
    child.stderr.on('data', (data) => print(String(data)));
    return new Promise((resolve) => child.on('close', resolve));
  });
};

/** The same within this process, which takes a tenth of the time. */
const within: Run = (sample, ...args) => {
  const abort = new AbortController();
  afterwards(() => abort.abort());
  return running(sample, (print) => {
    const write = async (text: string) => {
      print(text);
      return true;
    };
    const log = (line: string) => print(`${line}\n`);
    const options = parseRun([join(samplesFolder, `${sample}.yaml`), ...args]);
    return run(options, { parts: realParts, output: { write }, log, signal: abort.signal });
  });
};

async function expectPassed({ ended }: Running): Promise<void> {
  const { code, output } = await ended;
  expect(output).toContain('passed in');
  expect([code, output.includes('✗')]).toEqual([0, false]);
}

/** Runs a client sample, which must pass. */
async function passes(sample: string, ...args: string[]): Promise<void> {
  await expectPassed(spawned(sample, ...args));
}

test('every sample is here', () => {
  const found = readdirSync(samplesFolder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml') && path.includes('/') && !path.startsWith('environments/'))
    .map((path) => path.slice(0, -'.yaml'.length));
  expect(found.sort()).toEqual(SAMPLE_PAIRS.flatMap(({ client, server }) => [client, server]).sort());
});

test.each(['chat.proto', 'greeter.proto'])('%s is the same as elsewhere', (name) => {
  const text = (path: string) => readFileSync(join(path, name), 'utf8');
  expect(text(join(samplesFolder, 'protos'))).toBe(text(join(root, 'protos')));
});

test.each(SAMPLE_PAIRS)('$client and $server talk to each other', async ({ client, server, variable }) => {
  const serving = within(server, '--var', `${variable}=0`);
  await expectPassed(within(client, '--var', `${variable}=${await serving.port}`));
  await expectPassed(serving);
});

test('the login runs for everybody in people.csv, and the environment counts', async () => {
  const port = await counterparts.webSocketServer(false);
  const data = ['--data', join(samplesFolder, 'login', 'people.csv')];
  await passes('login/client', ...data, '--env', 'local', '--var', `loginPort=${port}`);
});

describe('clients pass against servers of others', () => {
  test.each(SAMPLE_PAIRS)('$client: $servedBy', async ({ client, variable, serve }) => {
    await passes(client, '--var', `${variable}=${await serve(counterparts)}`);
  });
});

describe('servers pass with clients of others', () => {
  test.each(SAMPLE_PAIRS)('$server: $calledBy', async ({ server, variable, call, connections = 1 }) => {
    const serving = spawned(server, '--var', `${variable}=0`, '--connections', String(connections));
    await call(counterparts, await serving.port);
    if (connections === 1) await expectPassed(serving);
    else expect((await serving.ended).output).toContain('expect status "OK"');
  });
});
