// `npm run icons`: makes every icon of the packages from the one drawing, src-renderer/icon.svg, with the Chromium of the
// tests. PNGs for Linux, an .ico for Windows, an .icns for macOS, where an icon has a margin around it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchChromium } from '../test/e2e/app.ts';
import { chromiumExecutable } from './executables.mjs';

const root = join(import.meta.dirname, '..');
const drawing = readFileSync(join(root, 'src-renderer', 'icon.svg'), 'utf8');

const LINUX_SIZES = [16, 24, 32, 48, 64, 96, 128, 256, 512];
const WINDOWS_SIZES = [16, 20, 24, 32, 40, 48, 64, 96, 128, 256];
/** Apple's names for PNGs of these sizes; those ending in 2 are of displays with twice the density. */
const MAC_ENTRIES = [
  ...[
    ['icp4', 16],
    ['icp5', 32],
    ['ic07', 128],
    ['ic08', 256],
    ['ic09', 512],
    ['ic10', 1024],
  ],
  ...[
    ['ic11', 32],
    ['ic12', 64],
    ['ic13', 256],
    ['ic14', 512],
  ],
];
/** Apple's grid: 824 of 1024 points are the icon's body. */
const MAC_MARGIN = 100 / 1024;

const browser = await launchChromium(chromiumExecutable());
const page = await browser.newPage();

/** A PNG of the drawing, transparent around it. `margin`: as a part of the size. */
async function png(size, margin = 0) {
  const inset = size * margin;
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>body{margin:0}svg{position:absolute;left:${inset}px;top:${inset}px;width:${size - 2 * inset}px;height:${size - 2 * inset}px}</style>${drawing}`,
  );
  return page.screenshot({ omitBackground: true });
}

/** Windows: a directory of 16 bytes for each picture, then the PNGs. */
function ico(pictures) {
  const header = Buffer.alloc(6);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = 6 + 16 * pictures.length;
  const entries = pictures.map(({ size, data }) => {
    const entry = Buffer.alloc(16);
    // 0 stands for 256.
    entry.set([size % 256, size % 256]);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(data.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += data.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...pictures.map(({ data }) => data)]);
}

/** macOS: name and length before each PNG. */
function icns(pictures) {
  const chunks = pictures.map(({ name, data }) => Buffer.concat([tag(name, data.length), data]));
  const body = Buffer.concat(chunks);
  return Buffer.concat([tag('icns', body.length), body]);
}

function tag(name, length) {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32BE(length + 8, 4);
  return head;
}

try {
  const build = join(root, 'build');
  mkdirSync(join(build, 'icons'), { recursive: true });
  for (const size of LINUX_SIZES) writeFileSync(join(build, 'icons', `${size}x${size}.png`), await png(size));
  const windows = [];
  for (const size of WINDOWS_SIZES) windows.push({ size, data: await png(size) });
  writeFileSync(join(build, 'icon.ico'), ico(windows));
  const mac = [];
  for (const [name, size] of MAC_ENTRIES) mac.push({ name, data: await png(size, MAC_MARGIN) });
  writeFileSync(join(build, 'icon.icns'), icns(mac));
} finally {
  await browser.close();
}
