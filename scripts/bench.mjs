// `npm run bench`: see test/bench/bench.ts.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const bench = join(import.meta.dirname, '..', 'test', 'bench', 'bench.ts');
const result = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', bench, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
