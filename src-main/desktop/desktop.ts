// The desktop shell: one engine process, windows on it, and the ways between them.
import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';
import { registerAppScheme, serveApp } from './app-scheme.ts';
import { EngineProcess } from './engine-process.ts';
import { channels } from './host.ts';
import { serveIpc } from './ipc.ts';
import { installMenu } from './menu.ts';
import { confine, hardenDefaultSession, openWindow } from './window.ts';

/** Time the engine gets to finish its captures when the app quits. */
const QUIT_GRACE_MS = 3000;

/** Runs the app until it quits. */
export function startDesktop(): void {
  const dataFolder = process.env.WIRESCOPE_DATA;
  if (dataFolder) app.setPath('userData', dataFolder);
  else app.setPath('userData', join(app.getPath('appData'), 'Wirescope'));
  // Two engines on one data folder would write over each other's files.
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  registerAppScheme();
  // Root has to start without Chromium's sandbox (--no-sandbox), which this would turn on again.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => confine(contents));

  const out = join(app.getAppPath(), 'out');
  const preload = join(out, 'preload', 'preload.cjs');
  const engine = new EngineProcess({
    script: join(out, 'main', 'engine.cjs'),
    dataFolder: app.getPath('userData'),
    version: app.getVersion(),
    onStopped: (reason) => {
      for (const window of BrowserWindow.getAllWindows()) window.webContents.send(channels.engineStopped, reason);
    },
  });

  void app.whenReady().then(() => {
    hardenDefaultSession();
    serveApp(join(out, 'renderer'));
    installMenu();
    engine.start();
    serveIpc(engine);
    openWindow(preload);
    app.on('activate', () => {
      if (BrowserWindow.getAllWindows().length === 0) openWindow(preload);
    });
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void engine.stop(QUIT_GRACE_MS).then(() => {
      stopped = true;
      app.quit();
    });
  });
}
