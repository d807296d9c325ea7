import { defineConfig } from '@playwright/test';
import type { AppOptions } from './fixtures.ts';

export default defineConfig<object, AppOptions>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : 'list',
  projects: [
    { name: 'chromium', use: { host: 'chromium' } },
    { name: 'electron', use: { host: 'electron' } },
  ],
});
