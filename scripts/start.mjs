// `npm start`: builds, then opens the desktop window. Where Electron's binary or a display is missing it says so in one
// line and serves the same app to a browser instead.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { electronExecutable, hasDisplay } from './executables.mjs';

const root = join(import.meta.dirname, '..');

const build = spawnSync(
  process.execPath,
  [join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (build.status !== 0) process.exit(build.status ?? 1);

const display = hasDisplay();
const electron = display ? electronExecutable({ download: true }) : undefined;
let child;
if (electron) {
  // Chromium refuses its sandbox to root; everybody else keeps it.
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  child = spawn(electron, [...flags, root, ...process.argv.slice(2)], { stdio: 'inherit' });
} else {
  const missing = display ? 'Electron’s binary could not be downloaded' : 'There is no display';
  console.error(`${missing}: open Wirescope in a browser instead, at the address below.`);
  child = spawn(process.execPath, [join(root, 'out', 'main', 'cli.cjs'), 'serve', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 0)));
