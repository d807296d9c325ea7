// What the desktop's own scheme serves, and whom main listens to.
import { expect, test } from 'vitest';
import { isAppPage, isTrusted } from '../../src-main/desktop/app-origin.ts';

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
