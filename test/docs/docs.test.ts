// What the documents show works: filters parse, session files load, paths exist, numbers are those of the code.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { protocols } from '../../src-main/core/dissect/registry.ts';
import { filterFields, parseFilter } from '../../src-main/core/filter/filter.ts';
import { parseSessionFile } from '../../src-main/workspace/session-file.ts';
import { parseSettings } from '../../src-main/workspace/settings-file.ts';

const root = join(__dirname, '../..');
const docs = join(root, 'docs');
const read = (name: string) => readFileSync(join(docs, name), 'utf8');

/** Contents of the fenced blocks of a language. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => match[1] ?? '');
}

const filters = blocks(read('filter-language.md'), 'filter').flatMap((block) => block.trim().split('\n'));

test.each(filters)('the filter %s means something', (filter) => {
  expect(parseFilter(filter, protocols)).toMatchObject({ ok: true });
});

test('fields of every record are those of the code', () => {
  const text = read('filter-language.md');
  for (const { name } of filterFields([]).filter((field) => field.name !== 'wirescope.event'))
    expect(text, name).toContain(`\`${name}\``);
});

test.each(blocks(read('file-formats.md'), 'yaml'))('the file is one: %s', (text) => {
  const isSession = /^role:/m.test(text);
  const { name } = isSession ? parseSessionFile(text, 'example.yaml') : parseSettings(text, 'wirescope.yaml');
  expect(text).toContain(`name: ${name}`);
});

const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].concat(
  readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
);

test.each(pages)('what %s links to is there', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? '');
  for (const target of targets) expect(existsSync(resolve(root, dirname(page), target)), target).toBe(true);
});

test('the files that a new protocol touches are there', () => {
  const named = read('how-to-add-a-protocol.md').matchAll(/`((?:core|capture|headless|endpoints)\/[\w/-]+\.ts)`/g);
  const files = [...named].map((match) => match[1] ?? '').filter((file) => !file.includes('sensor'));
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) expect(existsSync(join(root, 'src-main', file)), file).toBe(true);
  const source = (file: string) => readFileSync(join(root, 'src-main', file), 'utf8');
  expect(source('capture/packets/remark.ts')).toContain('dissectAsSchema');
  expect(source('headless/command-line.ts')).toContain('DISSECT_AS');
  expect(source('capture/index/sidecar.ts')).toContain('INDEX_VERSION');
});

test.each(readdirSync(join(docs, 'pictures')).filter((name) => name.endsWith('.svg')))(
  '%s stands by itself, in the light and in the dark',
  (name) => {
    const svg = read(join('pictures', name));
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="/);
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect(svg).toMatch(/<title id="title">.+<\/title>/);
    // A page that embeds it as an image runs and fetches nothing.
    expect(svg).not.toMatch(/<script|href=|url\((?!#)|@import/);
  },
);
