// The app's windows: where they stand, what they are told, what happens when one of them fails.
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { APP_ORIGIN } from './app-origin.ts';
import { CONFINED_PREFERENCES } from './confinement.ts';
import type { DesktopState } from './desktop-state.ts';
import { channels } from './host.ts';
import { cascade, fitToDisplays, MIN_HEIGHT, MIN_WIDTH, type Rectangle } from './window-placement.ts';

export interface WindowsOptions {
  /** Path of the preload script. */
  preload: string;
  /** Path of the app's icon, for systems whose windows carry their own. */
  icon: string;
  state: DesktopState;
  log(text: string): void;
  /** A window is about to be closed. False: it stays. */
  mayClose(window: BrowserWindow): boolean;
}

export class Windows {
  readonly #options: WindowsOptions;
  /** Sessions to show by windows that have not come up yet. */
  readonly #waiting = new Map<BrowserWindow, string[]>();
  readonly #ready = new WeakSet<BrowserWindow>();
  #last: BrowserWindow | undefined;

  constructor(options: WindowsOptions) {
    this.#options = options;
  }

  /** The window in front, or the one that was last. */
  get current(): BrowserWindow | undefined {
    return BrowserWindow.getFocusedWindow() ?? this.#last ?? BrowserWindow.getAllWindows()[0];
  }

  open(): BrowserWindow {
    const { state, preload, icon } = this.#options;
    const from = this.current;
    const bounds = from ? cascade(from.getNormalBounds()) : state.placement?.bounds;
    const window = new BrowserWindow({
      width: 1280,
      height: 800,
      ...(bounds && placed(bounds)),
      minWidth: MIN_WIDTH,
      minHeight: MIN_HEIGHT,
      show: false,
      title: 'Wirescope',
      icon,
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181c' : '#ffffff',
      ...(process.platform === 'darwin'
        ? { titleBarStyle: 'hiddenInset', trafficLightPosition: { x: 12, y: 11 } }
        : {}),
      webPreferences: { ...CONFINED_PREFERENCES, preload },
    });
    if (!from && state.placement?.maximized) window.maximize();
    if (!from && state.placement?.fullScreen) window.setFullScreen(true);
    window.once('ready-to-show', () => {
      window.webContents.setZoomLevel(state.placement?.zoomLevel ?? 0);
      window.show();
    });
    window.on('focus', () => {
      this.#last = window;
    });
    window.on('close', (event) => {
      if (this.#options.mayClose(window)) this.#remember(window);
      else event.preventDefault();
    });
    window.on('closed', () => {
      this.#waiting.delete(window);
      if (this.#last === window) this.#last = undefined;
    });
    this.#watch(window);
    void window.loadURL(`${APP_ORIGIN}/`);
    return window;
  }

  /** Brings a window to the front; opens one if there is none. */
  focus(): BrowserWindow {
    const window = this.current ?? this.open();
    if (window.isMinimized()) window.restore();
    window.focus();
    return window;
  }

  /** Has the window in front show a session, as soon as it has come up. */
  show(session: string): void {
    const window = this.focus();
    if (this.#ready.has(window)) window.webContents.send(channels.showSession, session);
    else this.#waiting.set(window, [...(this.#waiting.get(window) ?? []), session]);
  }

  /** The page of a window has come up and listens. */
  isUp(window: BrowserWindow): void {
    this.#ready.add(window);
    for (const session of this.#waiting.get(window) ?? []) window.webContents.send(channels.showSession, session);
    this.#waiting.delete(window);
  }

  /** Runs a command of the renderer in the window in front. */
  command(id: string): void {
    this.focus().webContents.send(channels.command, id);
  }

  engineStopped(reason: string): void {
    for (const window of BrowserWindow.getAllWindows())
      if (this.#ready.has(window)) window.webContents.send(channels.engineStopped, reason);
  }

  #remember(window: BrowserWindow): void {
    this.#options.state.placement = {
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
      fullScreen: window.isFullScreen(),
      zoomLevel: window.webContents.getZoomLevel(),
    };
  }

  /** A page that died or hangs is said to have, and can be loaded again: sessions live in the engine, and go on. */
  #watch(window: BrowserWindow): void {
    const { log } = this.#options;
    window.webContents.on('did-start-loading', () => this.#ready.delete(window));
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      this.#ready.delete(window);
      if (reason === 'clean-exit') return;
      log(`The page ended: ${reason}, code ${exitCode}.`);
      void this.#offerReload(window, 'The window stopped working.', 'Close the window');
    });
    window.on('unresponsive', () => {
      log('The page does not respond.');
      void this.#offerReload(window, 'The window does not respond.', 'Wait');
    });
  }

  async #offerReload(window: BrowserWindow, message: string, otherwise: 'Wait' | 'Close the window'): Promise<void> {
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      title: 'Wirescope',
      message,
      detail: 'Sessions and captures are not touched: the engine goes on with them.',
      buttons: ['Load it again', otherwise],
      defaultId: 0,
      cancelId: 1,
    });
    if (window.isDestroyed()) return;
    if (response === 1) {
      if (otherwise === 'Close the window') window.destroy();
      return;
    }
    if (otherwise === 'Wait') window.webContents.forcefullyCrashRenderer();
    window.webContents.reload();
  }
}

function placed(bounds: Rectangle): Rectangle | { width: number; height: number } {
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  return fitToDisplays(bounds, areas) ?? { width: bounds.width, height: bounds.height };
}

/** Closing the last window ends the app, except on a Mac. */
export function endsApp(window: BrowserWindow): boolean {
  if (process.platform === 'darwin') return false;
  return BrowserWindow.getAllWindows().every((other) => other === window);
}

/** Opens windows by the system's own ways too: a click on the Mac's dock. */
export function openOnActivate(windows: Windows): void {
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) windows.open();
  });
}
