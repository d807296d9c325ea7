// Starts the built app as a user has it: in a browser behind its gateway, or on the desktop.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type ElectronApplication, _electron as electron, type Page } from '@playwright/test';

export const root = join(import.meta.dirname, '../..');

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

export type ClosableApp = RunningApp & { close(): Promise<void> };

const CHROMIUM_FLAGS = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-lcd-text',
];

/** Chromium refuses its sandbox to root. */
const AS_ROOT = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** The first line of a child's standard output; rejects if it ends before. */
async function firstLine(child: ChildProcess): Promise<string> {
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

/** Before the app has come up it hears no keys: then it welcomes, or has reopened tabs. */
async function comeUp(page: Page): Promise<void> {
  const tab = page.getByRole('tablist', { name: 'Open sessions' }).getByRole('tab');
  await page.getByRole('button', { name: 'Try it' }).or(tab).first().waitFor();
}

/** `executable`: Playwright's own if undefined. `environment`: added to this process's. */
export function launchChromium(executable?: string, environment: { [name: string]: string } = {}): Promise<Browser> {
  return chromium.launch({
    ...(executable ? { executablePath: executable } : {}),
    args: [...CHROMIUM_FLAGS, ...AS_ROOT],
    env: { ...(process.env as { [name: string]: string }), ...environment },
  });
}

export async function openInChromium(browser: Browser, dataFolder: string): Promise<ClosableApp> {
  const gateway = spawn(process.execPath, [join(root, 'out/main/cli.cjs'), 'serve', '--data', dataFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = (await firstLine(gateway)).match(/http:\/\/\S+/)?.[0] ?? '';
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const errors = collectErrors(page);
  await page.goto(url);
  await comeUp(page);
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

/** `files`: opened with the app, as from a file manager. */
export async function openInElectron(dataFolder: string, ...files: string[]): Promise<ClosableApp> {
  const executablePath = process.env.ELECTRON_EXECUTABLE;
  const app = await electron.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...AS_ROOT, '--disable-gpu', root, ...files],
    env: { ...(process.env as { [name: string]: string }), WIRESCOPE_DATA: dataFolder },
  });
  const page = await app.firstWindow();
  const errors = collectErrors(page);
  if (files.length === 0) await comeUp(page);
  return { page, dataFolder, electron: app, errors, expectedErrors: [], close: () => quit(app) };
}

/** Quits as a person who is asked whether sessions may end, and agrees. */
async function quit(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
  });
  await app.close();
}
