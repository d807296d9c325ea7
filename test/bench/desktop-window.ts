// Starts the packed app and a bare Electron window, turn by turn: time from exec to the window's content, and memory at
// rest. Arguments: rounds, the packed executable, Electron's. Prints JSON: DesktopFigures.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startElectron } from '../packaged/packaged-app.ts';

export interface Window {
  /** From exec to the last large paint of the first page: Chromium's own clock. */
  startMs: number;
  /** Proportional set size of all its processes, each shared page counted in parts. */
  memoryBytes: number;
}

export interface DesktopFigures {
  product: Window[];
  baseline: Window[];
}

/** Until nothing of the start is left to do. */
const REST_MS = 3000;

const BARE_MAIN = `const { app, BrowserWindow } = require('electron');
app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, show: false });
  window.once('ready-to-show', () => window.show());
  window.loadFile('index.html');
});`;
const BARE_PAGE = '<!doctype html><title>Bare</title><h1>A bare window</h1><button>Try it</button>';

/** In the page: when its largest part was painted, in milliseconds since the epoch. */
const PAINTED_AT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const last = list.getEntries().at(-1);
    if (last) resolve(performance.timeOrigin + last.startTime);
  }).observe({ type: 'largest-contentful-paint', buffered: true });
})`;

const [rounds, packed, electron] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'wirescope-window-'));
try {
  const bare = join(folder, 'bare');
  mkdirSync(bare);
  writeFileSync(join(bare, 'package.json'), '{"name": "bare", "main": "main.js"}');
  writeFileSync(join(bare, 'main.js'), BARE_MAIN);
  writeFileSync(join(bare, 'index.html'), BARE_PAGE);
  const figures: DesktopFigures = { product: [], baseline: [] };
  // The first round warms the file cache.
  for (let round = 0; round <= Number(rounds); round++) {
    const product = await measure(packed!, [], { WIRESCOPE_DATA: join(folder, 'data') });
    const baseline = await measure(electron!, [`--user-data-dir=${join(folder, 'profile')}`, bare], {});
    if (round === 0) continue;
    figures.product.push(product);
    figures.baseline.push(baseline);
  }
  console.log(JSON.stringify(figures));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(executable: string, args: string[], environment: object): Promise<Window> {
  const started = Date.now();
  const app = await startElectron(executable, args, environment);
  await app.page.getByRole('button', { name: 'Try it' }).waitFor();
  await app.page.waitForTimeout(REST_MS);
  const startMs = (await app.page.evaluate<number>(PAINTED_AT)) - started;
  const memoryBytes = memoryOf(app.process.pid!);
  await app.kill();
  return { startMs, memoryBytes };
}

/** Of a process and all below it (Linux). */
function memoryOf(pid: number): number {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended meanwhile.
    }
  }
  const below = (parent: number): number[] => [parent, ...(children.get(parent) ?? []).flatMap(below)];
  return below(pid).reduce((sum, each) => {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'))?.[1];
    return sum + Number(pss) * 1024;
  }, 0);
}
