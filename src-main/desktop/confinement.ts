// What pages may not do, whatever they load: leave the app, open windows, ask for permissions, reach the network.
// Called before the first window; knows nothing of what the app shows.
import { type Session, shell, type WebContents, type WebPreferences } from 'electron';
import { APP_ORIGIN, isAppPage, isExternalLink } from './app-origin.ts';

/** All that a page could load from elsewhere. The app itself needs none of it: peers are the engine's. */
const OUTSIDE = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*/*'];

/** Of every window. */
export const CONFINED_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} satisfies WebPreferences;

/** Denies permissions, devices, requests to the network and downloads of anything but what a page itself has made. */
export function confineSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(isGranted(permission)));
  session.setPermissionCheckHandler((_contents, permission) => isGranted(permission));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest({ urls: OUTSIDE }, (_request, answer) => answer({ cancel: true }));
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${APP_ORIGIN}/`)) event.preventDefault();
  });
}

/** Copying to the clipboard is all the interface needs. */
function isGranted(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

/** Keeps contents on the app's origin. For every web contents that comes into being. */
export function confineContents(contents: WebContents): void {
  const stay = (event: { preventDefault(): void }, url: string) => {
    if (!isAppPage(url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // WebRTC asks neither the policy of the page nor webRequest.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.setWindowOpenHandler(({ url }) => {
    if (isExternalLink(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}
