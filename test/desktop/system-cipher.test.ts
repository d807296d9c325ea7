// What of the system's key store is believed, and how the engine's process reaches it.
import { afterEach, expect, test, vi } from 'vitest';
import { systemCipher } from '../../src-main/desktop/system-cipher.ts';
import { safeStorage } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

afterEach(() => {
  safeStorage.available = true;
  safeStorage.backend = 'gnome_libsecret';
});

test('encrypts and decrypts by the system', async () => {
  const cipher = systemCipher('linux');
  const bytes = await cipher.encrypt('höchst geheim');
  expect(bytes.constructor).toBe(Uint8Array);
  expect(await cipher.decrypt(bytes)).toBe('höchst geheim');
});

test.each<[NodeJS.Platform, boolean, string, boolean]>([
  ['linux', true, 'gnome_libsecret', true],
  ['linux', true, 'kwallet6', true],
  ['linux', true, 'basic_text', false],
  ['linux', true, 'unknown', false],
  ['linux', false, 'gnome_libsecret', false],
  ['darwin', true, 'basic_text', true],
  ['darwin', false, '', false],
  ['win32', true, '', true],
])('on %s, available %s by %s: %s', async (platform, available, backend, isKept) => {
  safeStorage.available = available;
  safeStorage.backend = backend;
  expect((await systemCipher(platform).missing()) === undefined).toBe(isKept);
});
