// Finds the programs that the scripts start: Electron, a Chromium, the judges. Answers undefined where there is none;
// what to say about it is the caller's.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const electronFolder = join(root, 'node_modules', 'electron');

function installedElectron() {
  const pathFile = join(electronFolder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const executable = join(electronFolder, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(executable) ? executable : undefined;
}

/** ELECTRON_EXECUTABLE, or the binary of the installed package; `download`: fetch that binary first if it is missing. */
export function electronExecutable({ download = false } = {}) {
  const named = process.env.ELECTRON_EXECUTABLE;
  if (named) return existsSync(named) ? named : undefined;
  const installed = installedElectron();
  if (installed || !download) return installed;
  console.error('Fetching Electron’s binary, once.');
  const result = spawnSync(process.execPath, [join(electronFolder, 'install.js')], {
    stdio: 'ignore',
    timeout: 600_000,
  });
  return result.status === 0 ? installedElectron() : undefined;
}

/** Whether a window could be shown: always on macOS and Windows, with X11 or Wayland elsewhere. */
export function hasDisplay() {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Full path of a program on PATH, or undefined. */
export function onPath(name) {
  const folders = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':');
  for (const folder of folders) {
    if (folder.includes('node_modules')) continue;
    const candidate = join(folder, name);
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}

/** CHROMIUM_EXECUTABLE, the system's, Playwright's own; as root on Debian it is installed when there is none. */
export function chromiumExecutable() {
  const named = process.env.CHROMIUM_EXECUTABLE;
  if (named) return existsSync(named) ? named : undefined;
  const found = systemChromium() ?? playwrightChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    console.error('No Chromium here: installing Debian’s.');
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-q'], { stdio: 'ignore' });
    spawnSync('apt-get', ['install', '-qy', 'chromium'], { stdio: 'ignore', env: environment });
    return systemChromium();
  }
  spawnSync(process.execPath, [join(root, 'node_modules', '@playwright', 'test', 'cli.js'), 'install', 'chromium'], {
    stdio: 'inherit',
  });
  return playwrightChromium();
}

function systemChromium() {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']) {
    const path = onPath(name);
    if (path) return path;
  }
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return existsSync(mac) ? mac : undefined;
}

function playwrightChromium() {
  const { chromium } = createRequire(import.meta.url)('@playwright/test');
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}
