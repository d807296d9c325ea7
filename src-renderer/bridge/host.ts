// The desktop's `window.wirescope`, or undefined in a browser.
import type { DesktopHost } from '../../src-main/desktop/host.ts';

declare global {
  interface Window {
    readonly wirescope?: DesktopHost;
  }
}

export const desktop: DesktopHost | undefined = window.wirescope;

/** Command is the modifier of shortcuts on a Mac, Control elsewhere. */
export const isMac = /mac/i.test(navigator.platform);
