import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ServeOptions, serveApp } from '../../src-main/headless/serve.ts';
import { fakeParts, scratchFolder } from '../engine/fakes.ts';

function serving(more: Partial<ServeOptions> = {}) {
  const folder = scratchFolder();
  const rendererFolder = join(folder, 'renderer');
  mkdirSync(rendererFolder);
  writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html>');
  const controller = new AbortController();
  let printed: (text: string) => void = () => {};
  const url = new Promise<string>((resolve) => {
    printed = resolve;
  });
  const output = {
    write: async (text: string) => {
      printed(text);
      return true;
    },
  };
  const folders = { data: join(folder, 'data'), samplesFolder: join(folder, 'samples'), rendererFolder };
  const options = { port: 0, version: '0', ...folders, ...more };
  const ended = serveApp(options, { parts: fakeParts(), output, log: () => {}, signal: controller.signal });
  return { ended, url, stop: () => controller.abort(), folder };
}

test('serves until it is told to end, and prints one line', async () => {
  const { ended, url, stop } = serving();
  const line = await url;
  expect(line).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[0-9a-f]{32}\n$/);
  const answer = await fetch(line.trim(), { redirect: 'manual' });
  expect(answer.status).toBe(303);
  stop();
  expect(await ended).toBe(0);
  await expect(fetch(line.trim())).rejects.toThrow();
});

test('says what is missing', async () => {
  await expect(serving({ rendererFolder: '/nowhere' }).ended).rejects.toThrow('npm run build');
  await expect(serving({ workspace: '/nowhere' }).ended).rejects.toThrow('no folder /nowhere');
});
