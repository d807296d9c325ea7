// Starts the packaged app as the system does. Its fuses keep debuggers out of the main process, so Playwright reaches
// its pages by Chromium's own port and nothing else of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Page } from '@playwright/test';

/** The packed app's executable. */
export function packagedExecutable(): string {
  const executable = process.env.PACKAGED_EXECUTABLE;
  if (!executable) throw new Error('PACKAGED_EXECUTABLE is not set: `npm test` packs the app and sets it.');
  return executable;
}

/** Where the packed app keeps its files. */
export function packagedResources(): string {
  const folder = dirname(packagedExecutable());
  return process.platform === 'darwin' ? join(folder, '..', 'Resources') : join(folder, 'resources');
}

export interface PackagedApp {
  page: Page;
  process: ChildProcess;
  /** Ends it without a farewell. */
  kill(): Promise<void>;
}

/** Chromium refuses its sandbox to root. */
const AS_ROOT = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Starts an executable of Electron with Chromium's port open, and connects to its first page. */
export async function startElectron(executable: string, args: string[], environment: object): Promise<PackagedApp> {
  const child = spawn(executable, [...AS_ROOT, '--disable-gpu', '--remote-debugging-port=0', ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const browser = await chromium.connectOverCDP(await debuggingAddress(child), { noDefaults: true });
  return {
    page: await firstPage(browser),
    process: child,
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await browser.close();
    },
  };
}

export function startPackaged(dataFolder: string, ...files: string[]): Promise<PackagedApp> {
  return startElectron(packagedExecutable(), files, { WIRESCOPE_DATA: dataFolder });
}

async function debuggingAddress(child: ChildProcess): Promise<string> {
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr! })) {
    const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address) {
      child.stderr!.resume();
      return address;
    }
    said.push(line);
  }
  throw new Error(`The app ended before it could be reached:\n${said.join('\n')}`);
}

async function firstPage(browser: Browser): Promise<Page> {
  const context = browser.contexts()[0]!;
  return context.pages()[0] ?? (await context.waitForEvent('page'));
}
