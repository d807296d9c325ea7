// The app:// scheme: serves the built renderer and nothing else. No path leads out of its folder, and every answer
// carries the content security policy.
import { readFileSync } from 'node:fs';
import { protocol } from 'electron';
import { CONTENT_SECURITY_POLICY, interfaceFile } from '../bridge/interface-files.ts';
import { APP_ORIGIN, isAppPage } from './app-origin.ts';

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves `folder` at app://wirescope/. */
export function serveApp(folder: string): void {
  // The first page is made when the window has been opened, while the process that will show it still starts.
  let first: Promise<Response> | undefined = Promise.resolve().then(() => answer(folder, PAGE));
  protocol.handle('app', (request) => {
    if (request.method !== 'GET') return new Response('Only reading is possible', { status: 405 });
    const ready = request.url === PAGE ? first : undefined;
    if (ready) first = undefined;
    return ready ?? answer(folder, request.url);
  });
}

const PAGE = `${APP_ORIGIN}/`;

/** Reads at once: a few files of the app itself, and each wait would be a turn of a loop that others keep busy. */
function answer(folder: string, url: string): Response {
  const file = isAppPage(url) ? interfaceFile(folder, new URL(url).pathname) : undefined;
  try {
    if (file) return new Response(readFileSync(file.path), { headers: headersOf(file.type) });
  } catch {
    // A folder, or no file at all.
  }
  return new Response('Not found', { status: 404 });
}

function headersOf(type: string): { [name: string]: string } {
  return {
    'content-type': type,
    'content-security-policy': CONTENT_SECURITY_POLICY,
    'x-content-type-options': 'nosniff',
  };
}
