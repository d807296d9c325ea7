// What the desktop's own scheme serves, and whom main listens to.
import { expect, test } from 'vitest';
import { isAppPage, isTrusted, resolveAppPath } from '../../src-main/desktop/app-origin.ts';

test.each([
  ['app://wirescope/', '/app/index.html'],
  ['app://wirescope/index.html', '/app/index.html'],
  ['app://wirescope/assets/a%20b.js?v=1#x', '/app/assets/a b.js'],
  ['app://wirescope/assets/../index.html', '/app/index.html'],
])('%s is %s', (url, file) => {
  expect(resolveAppPath('/app', url)).toBe(file);
});

test.each([
  'app://wirescope/..%2fapp-secrets/a.js',
  'app://wirescope/%2e%2e%2f%2e%2e%2fetc/passwd',
  'app://wirescope/..%5c..%5cetc/passwd',
  'app://wirescope/a%00.js',
  'app://wirescope/%',
  'app://evil/index.html',
  'app://wirescope.evil/index.html',
  'https://wirescope/index.html',
  'file:///app/index.html',
  'no url',
])('%s leads nowhere', (url) => {
  expect(resolveAppPath('/app', url)).toBeUndefined();
});

test.each<[string, boolean]>([
  ['app://wirescope/', true],
  ['app://wirescope/index.html', true],
  ['app://wirescope.evil/', false],
  ['app://wirescope', false],
  ['https://app://wirescope/', false],
  ['about:blank', false],
  ['', false],
])('a page at %s: %s', (url, own) => {
  expect(isAppPage(url)).toBe(own);
  expect(isTrusted({ senderFrame: { url, parent: null } })).toBe(own);
});

test('neither a frame within the app nor one that is gone is trusted', () => {
  expect(isTrusted({ senderFrame: { url: 'app://wirescope/', parent: {} } })).toBe(false);
  expect(isTrusted({ senderFrame: null })).toBe(false);
});
