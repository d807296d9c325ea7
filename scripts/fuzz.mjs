// `npm run fuzz`: the laws of everything that strangers' bytes reach (dissectors, decoders, capture files, texts, the bridge),
// with many more runs than `npm test`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const runs = process.argv[2] ?? '100000';
const result = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    'test/core',
    'test/fuzz',
    'test/capture/capture-file-law.test.ts',
    '--testTimeout',
    '3600000',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, WIRESCOPE_FUZZ_RUNS: runs },
  },
);
process.exit(result.status ?? 1);
