// The app:// scheme: serves the built renderer and nothing else. No path leads out of its folder, and every answer
// carries the content security policy.
import { readFile } from 'node:fs/promises';
import { protocol } from 'electron';
import { CONTENT_SECURITY_POLICY, interfaceFile } from '../bridge/interface-files.ts';
import { isAppPage } from './app-origin.ts';

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves `folder` at app://wirescope/. */
export function serveApp(folder: string): void {
  protocol.handle('app', async (request) => {
    if (request.method !== 'GET') return new Response('Only reading is possible', { status: 405 });
    const file = isAppPage(request.url) ? interfaceFile(folder, new URL(request.url).pathname) : undefined;
    if (!file) return new Response('Not found', { status: 404 });
    try {
      return new Response(await readFile(file.path), {
        headers: {
          'content-type': file.type,
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'x-content-type-options': 'nosniff',
        },
      });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  });
}
