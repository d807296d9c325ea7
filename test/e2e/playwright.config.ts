import { defineConfig } from '@playwright/test';
import type { AppOptions } from './fixtures.ts';

export default defineConfig<object, AppOptions>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // Each test has an engine, a data folder and ports of its own.
  workers: 2,
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : 'list',
  projects: [
    { name: 'chromium', use: { host: 'chromium' } },
    // Two apps on one display would take the focus from each other.
    { name: 'electron', use: { host: 'electron' }, workers: 1 },
  ],
});
