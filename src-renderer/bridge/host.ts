// The desktop's `window.wirescope`, or undefined in a browser.
import type { DesktopHost, PORT_MESSAGE as SentMessage } from '../../src-main/desktop/host.ts';

declare global {
  interface Window {
    readonly wirescope?: DesktopHost;
  }
}

/** `data` of the window message that carries the port. Typed by the side that sends it. */
export const PORT_MESSAGE: typeof SentMessage = 'wirescope:port';

export const desktop: DesktopHost | undefined = window.wirescope;

/** Command is the modifier of shortcuts on a Mac, Control elsewhere. */
export const isMac = /mac/i.test(navigator.platform);
