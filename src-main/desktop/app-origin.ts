// The app's own origin: who speaks from it, which links may leave it. Pure: imports no electron.
export const APP_ORIGIN = 'app://wirescope';

/** Schemes of links that may be handed to the system. */
const EXTERNAL_SCHEMES = new Set(['https:', 'mailto:']);
/** Systems hand longer ones on in pieces or not at all. */
const MAX_LINK_CHARS = 2048;

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
