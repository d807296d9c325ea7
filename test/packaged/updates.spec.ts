// The packaged app looks for updates at its start when it was told to, by itself never.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { packagedExecutable, packagedResources, startElectron } from './packaged-app.ts';

test.skip(process.platform !== 'linux', 'Elsewhere an unsigned package installs no updates.');

const config = join(packagedResources(), 'app-update.yml');
let folder: string;
let feed: Server;
let requests: string[];

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wirescope-feed-'));
  requests = [];
  feed = createServer((request, response) => {
    requests.push(request.url?.split('?')[0] ?? '');
    response.end('version: 0.0.1\nfiles: [{ url: a.AppImage, sha512: x }]\npath: a.AppImage\nsha512: x\n');
  });
  await new Promise<void>((listening) => feed.listen(0, '127.0.0.1', listening));
  const { port } = feed.address() as AddressInfo;
  writeFileSync(config, `provider: generic\nurl: http://127.0.0.1:${port}/\nupdaterCacheDirName: wirescope-test\n`);
});
test.afterEach(async () => {
  rmSync(config);
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  feed.closeAllConnections();
  await new Promise((closed) => feed.close(closed));
});

for (const checkForUpdates of [true, false]) {
  test(checkForUpdates ? 'told to, it looks once' : 'not told to, it asks nobody', async () => {
    writeFileSync(join(folder, 'desktop.json'), JSON.stringify({ checkForUpdates }));
    const environment = { WIRESCOPE_DATA: folder, APPIMAGE: join(folder, 'Wirescope.AppImage') };
    const app = await startElectron(packagedExecutable(), [], environment);
    try {
      await app.page.getByRole('button', { name: 'Try it' }).waitFor();
      if (checkForUpdates) await expect.poll(() => requests).toEqual(['/latest-linux.yml']);
      await app.page.waitForTimeout(500);
      expect(requests).toHaveLength(checkForUpdates ? 1 : 0);
    } finally {
      await app.kill();
    }
  });
}
