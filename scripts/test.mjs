// `npm test`: static checks, unit, integration and differential tests, then the app itself in Chromium and, where an
// Electron executable is found, in Electron. Ends with one line that counts them all.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumExecutable, electronExecutable, hasDisplay, onPath } from './executables.mjs';

const root = join(import.meta.dirname, '..');
const module = (...path) => join(root, 'node_modules', ...path);
const reports = mkdtempSync(join(tmpdir(), 'wirescope-test-'));
const totals = { passed: 0, failed: 0 };

function run(title, command, args, environment = {}) {
  console.log(`\n── ${title}`);
  const started = Date.now();
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
  console.log(
    `── ${title}: ${result.status === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  return result.status === 0;
}

/** A step that is one check: counts as one test. */
function check(title, args) {
  if (run(title, process.execPath, args)) totals.passed += 1;
  else totals.failed += 1;
}

/** A step with a runner of its own, whose JSON report is counted. */
function suite(title, command, args, report, count, environment) {
  const ok = run(title, command, args, environment);
  const counted = existsSync(report) ? count(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: 0 };
  totals.passed += counted.passed;
  totals.failed += counted.failed;
  if (!ok && counted.failed === 0) totals.failed += 1;
}

const vitestCount = (report) => ({ passed: report.numPassedTests, failed: report.numFailedTests });
const playwrightCount = ({ stats }) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected });

function playwright(project, environment, wrapper = []) {
  const report = join(reports, `${project}.json`);
  const [command, ...args] = [
    ...wrapper,
    process.execPath,
    module('@playwright', 'test', 'cli.js'),
    'test',
    '--config',
    'test/e2e/playwright.config.ts',
    '--project',
    project,
  ];
  suite(`End to end in ${project}`, command, args, report, playwrightCount, {
    ...environment,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  });
}

const IN_FRAMEBUFFER = ['xvfb-run', '-a', '-s', '-screen 0 1400x1000x24'];

/** Packs what was built, with the Electron that is here, and drives the packed app. */
function packaged(executable, wrapper = []) {
  const folder = mkdtempSync(join(tmpdir(), 'wirescope-packed-'));
  const environment = { ELECTRON_EXECUTABLE: executable };
  const packing = spawnSync(process.execPath, ['scripts/unpacked-app.mjs', folder], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  if (packing.status === 0) {
    const report = join(reports, 'packaged.json');
    const runner = [process.execPath, module('@playwright', 'test', 'cli.js')];
    const [command, ...args] = [...wrapper, ...runner, 'test', '--config', 'test/packaged/playwright.config.ts'];
    suite('Packaged app', command, args, report, playwrightCount, {
      ...environment,
      PACKAGED_EXECUTABLE: packing.stdout.trim().split('\n').at(-1),
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    });
  } else fail(`The app could not be packed:\n${packing.stdout}${packing.stderr}`);
  rmSync(folder, { recursive: true, force: true });
}

function fail(sentence) {
  console.error(`\n${sentence}`);
  totals.failed += 1;
}

check('Lint and format', [module('@biomejs', 'biome', 'bin', 'biome'), 'check', '.']);
check('Types: engine and tests', [module('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json']);
check('Types: renderer and desktop', [module('typescript', 'bin', 'tsc'), '-p', 'tsconfig.renderer.json']);
check('Import rules', ['scripts/check-imports.mjs']);
check('Build', [module('electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn']);

const unitReport = join(reports, 'vitest.json');
suite(
  'Unit, integration, differential',
  process.execPath,
  [
    module('vitest', 'vitest.mjs'),
    'run',
    '--reporter',
    'default',
    '--reporter',
    'json',
    '--outputFile.json',
    unitReport,
  ],
  unitReport,
  vitestCount,
);

const chromium = chromiumExecutable();
if (chromium) playwright('chromium', { CHROMIUM_EXECUTABLE: chromium });
else
  fail(
    'No Chromium was found and none could be installed: install one (Debian: apt-get install chromium) or set CHROMIUM_EXECUTABLE.',
  );

const electron = electronExecutable();
if (!electron) {
  console.log(
    '\n── End to end in Electron, and the packaged app: NOT RUN, no Electron is installed. `npm start` fetches one; or set ELECTRON_EXECUTABLE.',
  );
} else if (hasDisplay() || onPath('xvfb-run')) {
  const wrapper = hasDisplay() ? [] : IN_FRAMEBUFFER;
  playwright('electron', { ELECTRON_EXECUTABLE: electron }, wrapper);
  packaged(electron, wrapper);
} else fail('Electron is here but neither a display nor xvfb-run: install xvfb (Debian: apt-get install xvfb xauth).');

rmSync(reports, { recursive: true, force: true });
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 ? 0 : 1);
