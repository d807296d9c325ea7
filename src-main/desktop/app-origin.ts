// The app's own origin: which file a URL of it means, and who speaks from it. Pure: imports no electron.
import { join, normalize, sep } from 'node:path';

export const APP_ORIGIN = 'app://wirescope';

/** The file a URL means inside `folder` (absolute and normal), or undefined if it means none. */
export function resolveAppPath(folder: string, url: string): string | undefined {
  let path: string;
  try {
    const parsed = new URL(url);
    if (`${parsed.protocol}//${parsed.host}` !== APP_ORIGIN) return undefined;
    path = decodeURIComponent(parsed.pathname);
  } catch {
    return undefined;
  }
  if (path.includes('\0') || path.includes('\\')) return undefined;
  const file = normalize(join(folder, path === '/' ? 'index.html' : path));
  return file.startsWith(folder + sep) ? file : undefined;
}

/** Whether a page is one of the app's. */
export function isAppPage(url: string): boolean {
  return url.startsWith(`${APP_ORIGIN}/`);
}

/** Of a message to main, who sent it. */
export interface Sender {
  senderFrame: { url: string; parent: unknown } | null;
}

/** Whether a message comes from the main frame of the app itself. */
export function isTrusted({ senderFrame }: Sender): boolean {
  return senderFrame !== null && senderFrame.parent === null && isAppPage(senderFrame.url);
}
