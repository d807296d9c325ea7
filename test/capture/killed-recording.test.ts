import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadedCapture, summariesOf, temporaryFile } from './files.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What a recording may lose when its process is killed. */
const LOSS_MS = 250;

// A machine that stands still for longer than the loss allowed proves nothing: then once more.
test('a killed recording opens with everything up to 250 ms before', { retry: 2 }, async () => {
  const path = temporaryFile('killed.pcapng');
  const node = join(ROOT, 'node_modules/.bin/node');
  const child = spawn(node, [join(import.meta.dirname, 'recording-child.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let output = '';
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout) {
    output += text;
    if (output.split('\n').length > 400) child.kill('SIGKILL');
  }
  await exited;
  const said = output
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' ').map(Number) as [number: number, at: number]);
  const killedAt = said.at(-1)![1];
  const safe = said.filter(([, at]) => at <= killedAt - LOSS_MS);
  expect(safe.length).toBeGreaterThan(50);
  const capture = await loadedCapture(path);
  const lines = summariesOf(capture);
  expect(lines.slice(0, safe.length)).toEqual(safe.map(([number]) => `${number}`));
});
