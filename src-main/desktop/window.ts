// The app's windows: sandboxed, isolated, unable to go anywhere but the app itself.
import { BrowserWindow, nativeTheme, session, shell } from 'electron';
import { APP_ORIGIN, isAppPage } from './app-origin.ts';

/** Schemes of links that may be handed to the system. */
const EXTERNAL_SCHEMES = new Set(['https:', 'mailto:']);

/** Denies every permission and every way out; call once, before the first window. */
export function hardenDefaultSession(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(isGranted(permission)));
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => isGranted(permission));
}

/** Copying to the clipboard is all the interface needs. */
function isGranted(permission: string): boolean {
  return permission === 'clipboard-sanitized-write';
}

/** Keeps contents on the app's origin, whatever they load or open. For every web contents that comes into being. */
export function confine(contents: Electron.WebContents): void {
  contents.on('will-navigate', (event, url) => {
    if (!isAppPage(url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openExternally(url);
    return { action: 'deny' };
  });
}

function openExternally(url: string): void {
  try {
    if (EXTERNAL_SCHEMES.has(new URL(url).protocol)) void shell.openExternal(url);
  } catch {
    // Not a URL: nowhere to go.
  }
}

/** Opens a window on the app. */
export function openWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Wirescope',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181c' : '#ffffff',
    ...(process.platform === 'darwin' ? { titleBarStyle: 'hiddenInset', trafficLightPosition: { x: 12, y: 11 } } : {}),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(`${APP_ORIGIN}/`);
  return window;
}
