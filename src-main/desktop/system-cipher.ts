// The system's key store as Electron reaches it, for the engine's process, which has no electron.
import { safeStorage } from 'electron';
import type { SecretCipher } from '../workspace/secret-cipher.ts';

/** Only once the app is ready. */
export function systemCipher(platform: NodeJS.Platform): SecretCipher {
  return {
    missing: async () => missing(platform),
    encrypt: async (text) => new Uint8Array(safeStorage.encryptString(text)),
    decrypt: async (bytes) => safeStorage.decryptString(Buffer.from(bytes)),
  };
}

function missing(platform: NodeJS.Platform): string | undefined {
  if (platform !== 'linux')
    return safeStorage.isEncryptionAvailable() ? undefined : 'The key store of the system cannot be used now.';
  // Without a key store Chromium encrypts with a key that everybody knows. Electron 25 cannot tell, and then does not.
  const backend = safeStorage.getSelectedStorageBackend?.();
  const isKept = safeStorage.isEncryptionAvailable() && backend !== 'basic_text' && backend !== 'unknown';
  return isKept ? undefined : 'This desktop has no key store, such as GNOME Keyring or KWallet, that is unlocked.';
}
