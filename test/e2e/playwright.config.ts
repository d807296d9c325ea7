import { defineConfig } from '@playwright/test';
import type { AppOptions } from './fixtures.ts';

export default defineConfig<object, AppOptions>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // Each test drives an engine, a browser and peers, which is enough for a machine: keys that come before what they are
  // meant for are lost where it has no time left.
  workers: 1,
  // A second try is told as flaky, never as passed silently.
  retries: 1,
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : 'list',
  projects: [
    { name: 'chromium', use: { host: 'chromium' } },
    { name: 'electron', use: { host: 'electron' } },
  ],
});
