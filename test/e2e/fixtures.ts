// The app as a user has it, in a browser or on the desktop, behind one `page`: the specs are the same for both.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test as base, chromium, type ElectronApplication, _electron as electron, type Page } from '@playwright/test';

const root = join(import.meta.dirname, '../..');

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
  errors: string[];
}

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

function collectErrors(page: Page, errors: string[]): void {
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
}

async function openInChromium(dataFolder: string): Promise<RunningApp & { close(): Promise<void> }> {
  const gateway = spawn(process.execPath, [join(root, 'out/main/cli.cjs'), 'serve', '--data', dataFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = (await firstLine(gateway)).match(/http:\/\/\S+/)?.[0] ?? '';
  const executablePath = process.env.CHROMIUM_EXECUTABLE;
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...CHROMIUM_FLAGS, ...AS_ROOT],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const errors: string[] = [];
  collectErrors(page, errors);
  await page.goto(url);
  return {
    page,
    dataFolder,
    gateway,
    errors,
    close: async () => {
      await browser.close();
      if (gateway.exitCode === null) {
        gateway.kill();
        await once(gateway, 'exit');
      }
    },
  };
}

async function openInElectron(dataFolder: string): Promise<RunningApp & { close(): Promise<void> }> {
  const executablePath = process.env.ELECTRON_EXECUTABLE;
  const app = await electron.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...AS_ROOT, '--disable-gpu', root],
    env: { ...(process.env as { [name: string]: string }), WIRESCOPE_DATA: dataFolder },
  });
  const page = await app.firstWindow();
  const errors: string[] = [];
  collectErrors(page, errors);
  return { page, dataFolder, electron: app, errors, close: () => app.close() };
}

export const test = base.extend<AppOptions & { app: RunningApp }>({
  host: ['chromium', { option: true }],
  app: async ({ host }, use) => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'wirescope-e2e-'));
    const app = await (host === 'electron' ? openInElectron(dataFolder) : openInChromium(dataFolder));
    await use(app);
    await app.close();
    rmSync(dataFolder, { recursive: true, force: true });
  },
});

export { expect } from '@playwright/test';
