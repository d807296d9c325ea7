// What a package is made of: fuses, the asar, licences, the command.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';
import { parseImports } from '../../scripts/parse-imports.mjs';
import { packagedExecutable, packagedResources } from './packaged-app.ts';

const run = promisify(execFile);
const resources = packagedResources();
const root = join(import.meta.dirname, '../..');
/** A fuse is a digit in the executable. */
const ENABLED = '1'.charCodeAt(0);
const MAX_BYTES = 25 * 1024 * 1024;

test('fuses are blown as they must be', async () => {
  const wire = (await getCurrentFuseWire(packagedExecutable())) as unknown as { [fuse: number]: number };
  const state = (fuse: FuseV1Options) => wire[fuse] === ENABLED;
  expect(state(FuseV1Options.RunAsNode)).toBe(false);
  expect(state(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false);
  expect(state(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false);
  expect(state(FuseV1Options.EnableCookieEncryption)).toBe(true);
  expect(state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true);
  expect(state(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true);
  expect(state(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot)).toBe(false);
  // Electron since 29 has it.
  if (FuseV1Options.GrantFileProtocolExtraPrivileges in wire)
    expect(state(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(false);
});

interface Folder {
  files: { [name: string]: Folder & { size?: number; unpacked?: boolean } };
}

/** Names and sizes of an asar's files. Its header is JSON behind four lengths. */
function asarFiles(path: string): Map<string, number> {
  const bytes = readFileSync(path);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as Folder;
  const found = new Map<string, number>();
  const walk = (folder: Folder, prefix: string) => {
    for (const [name, entry] of Object.entries(folder.files)) {
      expect(entry.unpacked, `${prefix}${name} lies outside the asar`).toBeUndefined();
      if (entry.files) walk(entry, `${prefix}${name}/`);
      else found.set(prefix + name, entry.size ?? 0);
    }
  };
  walk(header, '');
  return found;
}

function bytesBelow(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
}

test('the asar holds what runs, and nothing else', () => {
  const files = [...asarFiles(join(resources, 'app.asar')).keys()];
  expect(files).toContain('package.json');
  for (const file of [
    'main/index.cjs',
    'main/engine.cjs',
    'main/cli.cjs',
    'preload/preload.cjs',
    'renderer/index.html',
  ])
    expect(files).toContain(`out/${file}`);
  const strangers = files.filter(
    (file) =>
      file !== 'package.json' &&
      !/^out\/main\/(index|engine|cli)\.cjs$/.test(file) &&
      !/^out\/main\/chunks\/[\w-]+\.cjs$/.test(file) &&
      file !== 'out/preload/preload.cjs' &&
      file !== 'out/renderer/index.html' &&
      !/^out\/renderer\/assets\/[\w.-]+\.(js|css|svg|ttf|woff2?)$/.test(file),
  );
  expect(strangers).toEqual([]);
});

for (const [from, to] of [
  ['fixtures/samples', 'samples'],
  ['schema', 'schema'],
] as const) {
  test(`the files of ${from} come with it, as they are here`, () => {
    const texts = (folder: string) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .map((path) => [relative(folder, path), readFileSync(path, 'utf8')])
        .sort();
    expect(texts(join(resources, to))).toEqual(texts(join(root, from)));
    expect(texts(join(resources, to)).length).toBeGreaterThan(2);
  });
}

test('without Electron it takes at most 25 MB', () => {
  const entries = readdirSync(resources).filter((name) => !name.endsWith('.lproj'));
  expect(entries).not.toContain('default_app.asar');
  expect(entries.reduce((sum, name) => sum + bytesBelow(join(resources, name)), 0)).toBeLessThanOrEqual(MAX_BYTES);
});

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesBelow(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Packages that the app's own sources name, other than by type. */
function importedPackages(): Set<string> {
  const packages = new Set<string>();
  for (const file of ['src-main', 'src-renderer'].flatMap((folder) => sourcesBelow(join(root, folder)))) {
    for (const { specifier, typeOnly } of parseImports(readFileSync(file, 'utf8'))) {
      if (typeOnly || /^(\.|node:|electron$)/.test(specifier)) continue;
      packages.add(
        specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    }
  }
  return packages;
}

test('every package that is bundled comes with its licence', () => {
  const text = readFileSync(join(resources, 'licences.txt'), 'utf8');
  const sections = new Map(
    [...text.matchAll(/^─+\n(\S+) [^\n]+\n─+\n\n([^─]*)/gm)].map(([, name, licence]) => [name, licence ?? '']),
  );
  expect(importedPackages().size).toBeGreaterThan(10);
  for (const name of importedPackages()) expect(sections.get(name)?.length, `licence of ${name}`).toBeGreaterThan(100);
  for (const [name, licence] of sections) expect(licence.trim(), `licence of ${name}`).not.toBe('');
  expect(readFileSync(join(resources, 'LICENSE.txt'), 'utf8')).toContain('Apache License');
});

test('the list of what it is made of has every package that is bundled, and Electron', () => {
  const sbom = JSON.parse(readFileSync(join(root, 'out/wirescope.cdx.json'), 'utf8')) as {
    components: { name: string; version: string; purl: string; hashes?: { content: string }[] }[];
  };
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'wirescope', version } } });
  const listed = new Map(sbom.components.map((component) => [component.name, component]));
  for (const name of [...importedPackages(), 'electron']) {
    const found = listed.get(name);
    expect(found?.purl, name).toBe(`pkg:npm/${name.replace('@', '%40')}@${found?.version}`);
    expect(found?.hashes?.[0]?.content, name).toMatch(/^[0-9a-f]{128}$/);
  }
});

test.describe('the command inside the package', () => {
  const command = join(resources, 'bin', process.platform === 'win32' ? 'wirescope.cmd' : 'wirescope');
  const capture = join(root, 'fixtures/captures/ethernet.pcap');
  const surroundings = { 'with a display': {}, 'without a display': { DISPLAY: '', WAYLAND_DISPLAY: '' } };

  for (const [title, environment] of Object.entries(surroundings)) {
    test(`runs ${title}`, async () => {
      const env = { ...process.env, ...environment };
      const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      expect((await run(command, ['--version'], { env })).stdout.trim()).toBe(version);
      const { stdout } = await run(command, ['read', capture, '--filter', 'websocket.opcode == 1', '--count'], { env });
      expect(Number(stdout)).toBeGreaterThan(0);
      const wrong = await run(command, ['read', 'no such file'], { env }).catch((error) => error);
      expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('no such file') });
    });
  }

  test('is nobody’s Node', async () => {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require=/nowhere.cjs' };
    const { stdout } = await run(command, ['--version'], { env: { ...env, DISPLAY: process.env.DISPLAY ?? ':0' } });
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+/);
  });
});
