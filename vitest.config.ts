import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests start the command line from its sources again and again: what Node made of them the first time is kept.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules', '.cache', 'node');

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Vitest would leave one idle: much of what the tests do is waiting for others.
    maxWorkers: '100%',
  },
});
