// What a test is given: the app in a browser or on the desktop behind one `page`, so that the specs are the same for
// both, and the programs it talks to. A test fails if the page has reported an error that it did not announce.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, test as base, expect, type Page } from '@playwright/test';
import { launchChromium, openInChromium, openInElectron, type RunningApp } from './app.ts';
import { Peers } from './peers.ts';
import { Workbench } from './workbench.ts';

export interface AppOptions {
  host: 'chromium' | 'electron';
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
      const browser = host === 'chromium' ? await launchChromium(process.env.CHROMIUM_EXECUTABLE) : undefined;
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
