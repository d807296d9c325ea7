// The app:// scheme as a page sees it: the built renderer under a strict policy, and nothing beside it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../src-main/bridge/interface-files.ts';
import { registerAppScheme, serveApp } from '../../src-main/desktop/app-scheme.ts';
import * as electron from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const folder = mkdtempSync(join(tmpdir(), 'wirescope-scheme-'));
const get = (path: string, method = 'GET') =>
  electron.protocol.handler!({ url: `app://wirescope${path}`, method } as Request);

beforeAll(() => {
  mkdirSync(join(folder, 'app', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'app', 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'app', 'assets', 'main.js'), '1');
  writeFileSync(join(folder, 'app', 'secret'), 'no extension');
  writeFileSync(join(folder, 'outside.js'), 'secret');
  serveApp(join(folder, 'app'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('serves its files, each with the policy', async () => {
  for (const [path, type] of [
    ['/', 'text/html; charset=utf-8'],
    ['/assets/main.js', 'text/javascript; charset=utf-8'],
  ] as const) {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test.each([
  '/../outside.js',
  '/..%2foutside.js',
  '/%2e%2e/outside.js',
  '/%2e%2e%2foutside.js',
  '/%252e%252e%252foutside.js',
  '/..%252foutside.js',
  '/..%5coutside.js',
  '/..\\outside.js',
  '/assets/..%2f..%2foutside.js',
  '/assets/main.js%00.html',
  '/secret',
  '/assets',
  '/%',
])('%s is not found', async (path) => {
  const answer = await get(path);
  expect(answer.status).toBe(404);
  expect(await answer.text()).not.toContain('secret');
});

test('only reading is possible', async () => {
  expect((await get('/', 'POST')).status).toBe(405);
});

test('the scheme is a secure origin of its own and bypasses no policy', () => {
  registerAppScheme();
  expect(electron.protocol.privileges).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
});
