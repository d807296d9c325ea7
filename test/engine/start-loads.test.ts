// What a start loads before there is a window to look at: no library that only some sessions need.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseImports } from '../../scripts/parse-imports.mjs';

const sources = join(__dirname, '../../src-main');

/** Packages that a program imports statically, its own modules followed. */
function packagesOf(entry: string): Set<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { specifier, typeOnly, later } of parseImports(readFileSync(file, 'utf8'))) {
      if (typeOnly || later || specifier.startsWith('node:')) continue;
      if (specifier.startsWith('.')) visit(resolve(dirname(file), specifier));
      else packages.add(specifier.replace(/^((?:@[^/]+\/)?[^/]+).*$/, '$1'));
    }
  };
  visit(join(sources, entry));
  return packages;
}

test('the main process loads nothing but Electron', () => {
  expect([...packagesOf('index.ts')]).toEqual(['electron']);
});

test('the engine loads neither protocols nor schemas', () => {
  const packages = packagesOf('headless/engine-process.ts');
  expect(packages).toContain('zod');
  for (const name of ['@grpc/grpc-js', 'protobufjs', '@peculiar/x509', 'ws']) expect(packages).not.toContain(name);
});
