// The app as a user has it, in a browser or on the desktop, behind one `page`: the specs are the same for both. And the
// programs it talks to. A test fails if the page has reported an error that it did not announce.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  type Browser,
  test as base,
  chromium,
  type ElectronApplication,
  _electron as electron,
  expect,
  type Page,
} from '@playwright/test';
import { Peers } from './peers.ts';
import { Workbench } from './workbench.ts';

export const root = join(import.meta.dirname, '../..');

export interface AppOptions {
  host: 'chromium' | 'electron';
}

export interface RunningApp {
  page: Page;
  /** Where captures and sessions are kept. */
  dataFolder: string;
  /** On the desktop. */
  electron?: ElectronApplication;
  /** In a browser: the gateway with the engine. */
  gateway?: ChildProcess;
  /** What the page has reported. */
  errors: string[];
  /** Reports that belong to what the test does. */
  expectedErrors: RegExp[];
}

type Closable = RunningApp & { close(): Promise<void> };

const CHROMIUM_FLAGS = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium refuses its sandbox to root. */
const AS_ROOT = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** The first line of a child's standard output; rejects if it ends before. */
export async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The process ended with code ${code} before it said anything.`);
  });
  const [line] = await Promise.race([once(lines, 'line'), ended]);
  return line;
}

function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return errors;
}

export function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_EXECUTABLE;
  return chromium.launch({ ...(executablePath ? { executablePath } : {}), args: [...CHROMIUM_FLAGS, ...AS_ROOT] });
}

async function openInChromium(browser: Browser, dataFolder: string): Promise<Closable> {
  const gateway = spawn(process.execPath, [join(root, 'out/main/cli.cjs'), 'serve', '--data', dataFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = (await firstLine(gateway)).match(/http:\/\/\S+/)?.[0] ?? '';
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const errors = collectErrors(page);
  await page.goto(url);
  return {
    page,
    dataFolder,
    gateway,
    errors,
    expectedErrors: [],
    close: async () => {
      await context.close();
      if (gateway.exitCode === null && gateway.signalCode === null) {
        gateway.kill();
        await once(gateway, 'exit');
      }
    },
  };
}

async function openInElectron(dataFolder: string): Promise<Closable> {
  const executablePath = process.env.ELECTRON_EXECUTABLE;
  const app = await electron.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...AS_ROOT, '--disable-gpu', root],
    env: { ...(process.env as { [name: string]: string }), WIRESCOPE_DATA: dataFolder },
  });
  const page = await app.firstWindow();
  const errors = collectErrors(page);
  return { page, dataFolder, electron: app, errors, expectedErrors: [], close: () => app.close() };
}

interface TestFixtures {
  app: RunningApp;
  page: Page;
  workbench: Workbench;
  peers: Peers;
}

interface WorkerFixtures {
  /** One for all tests of a worker; each has a context of its own. None on the desktop. */
  sharedBrowser: Browser | undefined;
}

export const test = base.extend<TestFixtures, AppOptions & WorkerFixtures>({
  host: ['chromium', { option: true, scope: 'worker' }],

  sharedBrowser: [
    async ({ host }, use) => {
      const browser = host === 'chromium' ? await launchChromium() : undefined;
      await use(browser);
      await browser?.close();
    },
    { scope: 'worker' },
  ],

  app: async ({ sharedBrowser }, use, info) => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'wirescope-e2e-'));
    const app = await (sharedBrowser ? openInChromium(sharedBrowser, dataFolder) : openInElectron(dataFolder));
    await use(app);
    if (info.status !== info.expectedStatus && !app.page.isClosed()) {
      await info.attach('window', { body: await app.page.screenshot(), contentType: 'image/png' });
    }
    await app.close();
    rmSync(dataFolder, { recursive: true, force: true });
    const unexpected = app.errors.filter((error) => !app.expectedErrors.some((expected) => expected.test(error)));
    expect(unexpected, 'errors that the page reported').toEqual([]);
  },

  page: async ({ app }, use) => use(app.page),

  workbench: async ({ app }, use) => use(new Workbench(app.page)),

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from its pattern.
  peers: async ({}, use) => {
    const peers = new Peers();
    await use(peers);
    await peers.stop();
  },
});

export { expect };
