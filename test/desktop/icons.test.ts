// The icons of the packages: every size that the systems ask for, each a PNG of that size.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const build = join(__dirname, '../../build');

/** Width and height in a PNG's header. */
function sizeOf(png: Buffer): [number, number] {
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

test('Linux', () => {
  const names = readdirSync(join(build, 'icons'));
  for (const size of [16, 32, 48, 64, 128, 256, 512]) expect(names).toContain(`${size}x${size}.png`);
  for (const name of names) expect(sizeOf(readFileSync(join(build, 'icons', name))).join('x')).toBe(name.slice(0, -4));
});

test('Windows', () => {
  const ico = readFileSync(join(build, 'icon.ico'));
  const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, i) => {
    const entry = ico.subarray(6 + 16 * i);
    const size = entry[0] || 256;
    expect(sizeOf(ico.subarray(entry.readUInt32LE(12)))).toEqual([size, size]);
    return size;
  });
  expect(sizes).toEqual(expect.arrayContaining([16, 24, 32, 48, 256]));
});

test('macOS', () => {
  const icns = readFileSync(join(build, 'icon.icns'));
  expect(icns.readUInt32BE(4)).toBe(icns.length);
  const sizes = new Map<string, number>();
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
    sizes.set(icns.toString('latin1', at, at + 4), sizeOf(icns.subarray(at + 8))[0]);
  expect(Object.fromEntries(sizes)).toMatchObject({ ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic14: 512 });
});
