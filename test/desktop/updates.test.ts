// Updates with the real electron-updater, against a feed on this machine: asked for, shown, verified, installed at the
// end; and all the ways in which none happens.
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeHttpExecutor } from 'builder-util';
import { configureRequestUrl, type DownloadOptions } from 'builder-util-runtime';
import { AppImageUpdater, type AppUpdater } from 'electron-updater';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { updatesAllowed } from '../../src-main/desktop/update-policy.ts';
import { notesOf, Updates, type UpdatesHost } from '../../src-main/desktop/updates.ts';

const NEW_APP = '#!/bin/sh\nexit 0\n# version 1.1.0\n';
const OLD_APP = '#!/bin/sh\nexit 0\n# version 1.0.0\n';

let folder: string;
let server: Server;
let served: { [path: string]: string };
let requests: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wirescope-updates-'));
  mkdirSync(join(folder, 'cache'));
  writeFileSync(join(folder, 'Wirescope.AppImage'), OLD_APP);
  chmodSync(join(folder, 'Wirescope.AppImage'), 0o755);
  process.env.APPIMAGE = join(folder, 'Wirescope.AppImage');
  requests = [];
  served = { '/Wirescope-1.1.0.AppImage': NEW_APP, '/latest-linux.yml': feed('1.1.0', NEW_APP) };
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x').pathname;
    requests.push(path);
    const body = served[path];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(async () => {
  delete process.env.APPIMAGE;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true, force: true });
});

function feed(version: string, app: string): string {
  const sha512 = createHash('sha512').update(app).digest('base64');
  const file = { url: `Wirescope-${version}.AppImage`, sha512, size: app.length };
  return JSON.stringify({ version, files: [file], path: file.url, sha512, releaseNotes: '<p>Reads <b>gRPC</b></p>' });
}

/** Node's sockets in place of Chromium's, which the app downloads by. */
class NodeDownloads extends NodeHttpExecutor {
  download(url: URL, destination: string, options: DownloadOptions): Promise<string> {
    return options.cancellationToken.createPromise((resolve, reject, onCancel) => {
      const request = { headers: options.headers ?? {} };
      configureRequestUrl(url, request);
      const callback = (error: Error | null) => (error ? reject(error) : resolve(destination));
      this.doDownload(request, { destination, options, onCancel, callback, responseHandler: null }, 0);
    });
  }
}

/** What electron-updater wants to know of the app, with the way to end it. */
class FakeApp {
  version = '1.0.0';
  name = 'wirescope';
  isPackaged = true;
  appUpdateConfigPath = join(folder, 'app-update.yml');
  userDataPath = folder;
  baseCachePath = join(folder, 'cache');
  atEnd: ((code: number) => void) | undefined;
  whenReady = async () => {};
  relaunch = () => {};
  quit = () => this.atEnd?.(0);
  onQuit = (handler: (code: number) => void) => {
    this.atEnd = handler;
  };
}

/** `answers`: of the user to each question, in order. */
function updates(...answers: boolean[]) {
  const app = new FakeApp();
  const { port } = server.address() as AddressInfo;
  const config = { provider: 'generic', url: `http://127.0.0.1:${port}/`, updaterCacheDirName: 'updates' };
  writeFileSync(app.appUpdateConfigPath, JSON.stringify(config));
  const updater = new AppImageUpdater(null, app as never);
  Object.assign(updater, { httpExecutor: new NodeDownloads(), logger: null, disableDifferentialDownload: true });
  updater.on('error', () => {});
  const host = {
    loadUpdater: vi.fn(async () => updater as unknown as AppUpdater),
    ask: vi.fn<UpdatesHost['ask']>(async () => answers.shift() ?? false),
    tell: vi.fn(async (_message: string, _detail: string) => {}),
    quit: vi.fn(() => app.quit()),
    log: vi.fn(),
  };
  return { host, app, updater, updates: new Updates(host) };
}

const installed = () => readFileSync(join(folder, 'Wirescope.AppImage'), 'utf8');

test('an update is shown with its notes, downloaded when wanted, and installed by quitting', async () => {
  const { host, updates: them } = updates(true, true);
  await them.look({ asked: true });
  expect(host.ask.mock.calls.map(([question]) => question)).toEqual([
    expect.objectContaining({ message: 'Wirescope 1.1.0 is available.', detail: 'You have 1.0.0.\n\nReads gRPC' }),
    expect.objectContaining({ message: 'Wirescope 1.1.0 is ready.' }),
  ]);
  expect(host.quit).toHaveBeenCalledOnce();
  expect(installed()).toBe(NEW_APP);
});

test('later means: when the user quits', async () => {
  const { host, app, updates: them } = updates(true, false);
  await them.look({ asked: false });
  expect(host.quit).not.toHaveBeenCalled();
  expect(installed()).toBe(OLD_APP);
  app.quit();
  expect(installed()).toBe(NEW_APP);
});

test('not now means: nothing is downloaded', async () => {
  const { app, updates: them } = updates(false);
  await them.look({ asked: true });
  app.quit();
  expect(requests).toEqual(['/latest-linux.yml']);
  expect(installed()).toBe(OLD_APP);
});

test('a download that is not what was announced is refused', async () => {
  served['/Wirescope-1.1.0.AppImage'] = `${NEW_APP.slice(0, -2)}X\n`;
  const { host, app, updates: them } = updates(true, true);
  await them.look({ asked: true });
  expect(host.tell).toHaveBeenCalledWith('No update was installed.', expect.stringMatching(/sha512|checksum/i));
  expect(host.quit).not.toHaveBeenCalled();
  app.quit();
  expect(installed()).toBe(OLD_APP);
});

test.each([
  ['the same version', '1.0.0'],
  ['an older version', '0.9.0'],
])('%s is no update', async (_title, version) => {
  served['/latest-linux.yml'] = feed(version, NEW_APP);
  const { host, updates: them } = updates(true, true);
  await them.look({ asked: true });
  expect(host.ask).not.toHaveBeenCalled();
  expect(installed()).toBe(OLD_APP);
});

test('without a feed: said when asked, silent at the start', async () => {
  served = {};
  const { host, updates: them } = updates();
  await them.look({ asked: false });
  expect(host.tell).not.toHaveBeenCalled();
  await them.look({ asked: true });
  expect(host.tell).toHaveBeenCalledOnce();
  expect(host.log).toHaveBeenCalledTimes(2);
});

test('only releases are looked for, newer ones, and none is downloaded by itself', async () => {
  const { updater, updates: them } = updates(false);
  Object.assign(updater, { autoDownload: true, allowDowngrade: true, allowPrerelease: true });
  await them.look({ asked: true });
  expect(updater).toMatchObject({ autoDownload: false, allowDowngrade: false, allowPrerelease: false });
});

test('one look at a time', async () => {
  const { host, updates: them } = updates();
  await Promise.all([them.look({ asked: true }), them.look({ asked: true })]);
  expect(host.loadUpdater).toHaveBeenCalledOnce();
});

test('release notes are shown as text', () => {
  const html = '<h2>New</h2><ul><li>a &lt;b&gt;</li><li>c</li></ul><script>x</script>\u202e\u001b[31m';
  expect(notesOf({ releaseNotes: html })).toBe('New\n• a <b>\n• c\nx[31m');
  expect(notesOf({ releaseNotes: 'x'.repeat(5000) }).length).toBeLessThan(1600);
  expect(notesOf({ releaseNotes: null })).toBe('');
});

test('a policy file turns them off, and so does an installation that others update', () => {
  const policy = join(folder, 'policy.json');
  const linux = { platform: 'linux', env: { APPIMAGE: '/a' }, resourcesPath: folder };
  expect(updatesAllowed(linux, policy)).toBe(false);
  writeFileSync(join(folder, 'app-update.yml'), '');
  expect(updatesAllowed(linux, policy)).toBe(true);
  expect(updatesAllowed({ ...linux, env: {} }, policy)).toBe(false);
  expect(updatesAllowed({ ...linux, platform: 'win32', env: { PORTABLE_EXECUTABLE_DIR: 'C:' } }, policy)).toBe(false);
  expect(updatesAllowed({ ...linux, platform: 'darwin', env: {} }, policy)).toBe(true);
  for (const [text, allowed] of [
    ['{"updates": false}', false],
    ['{"updates": "off"}', false],
    ['damaged', false],
    ['{"updates": true}', true],
    ['{}', true],
  ] as const) {
    writeFileSync(policy, text);
    expect(updatesAllowed(linux, policy), text).toBe(allowed);
  }
});
