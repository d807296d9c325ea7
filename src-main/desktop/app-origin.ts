// The app's own origin: which file a URL of it means, who speaks from it, which links may leave it. Pure: imports no
// electron.
import { join, normalize, sep } from 'node:path';

export const APP_ORIGIN = 'app://wirescope';

/** Schemes of links that may be handed to the system. */
const EXTERNAL_SCHEMES = new Set(['https:', 'mailto:']);
/** Systems hand longer ones on in pieces or not at all. */
const MAX_LINK_CHARS = 2048;

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

/** Whether a link may be opened by the system: a web page or a mail, with nothing in it that poses as another host. */
export function isExternalLink(url: string): boolean {
  if (url.length > MAX_LINK_CHARS) return false;
  try {
    const { protocol, username, password } = new URL(url);
    return EXTERNAL_SCHEMES.has(protocol) && username === '' && password === '';
  } catch {
    return false;
  }
}

/** Of a message to main, who sent it. */
export interface Sender {
  senderFrame: { url: string; parent: unknown } | null;
}

/** Whether a message comes from the main frame of the app itself. */
export function isTrusted({ senderFrame }: Sender): boolean {
  return senderFrame !== null && senderFrame.parent === null && isAppPage(senderFrame.url);
}
