// The desktop shell: one engine process, windows on it, and the ways between them.
import { basename, join } from 'node:path';
import { app, type BrowserWindow, dialog, nativeTheme, session, shell } from 'electron';
import { showAbout } from './about.ts';
import { registerAppScheme, serveApp } from './app-scheme.ts';
import { confineContents, confineSession } from './confinement.ts';
import { DesktopState } from './desktop-state.ts';
import { type DocumentsHost, openDocument } from './documents.ts';
import { EngineProcess } from './engine-process.ts';
import { FILE_EXTENSIONS, filesOfArguments } from './file-kind.ts';
import { serveIpc } from './ipc.ts';
import { LogFile } from './log-file.ts';
import { installMenu } from './menu.ts';
import { Notifications } from './notifications.ts';
import { Quitting } from './quitting.ts';
import { systemCipher } from './system-cipher.ts';
import { updatesAllowed } from './update-policy.ts';
import { Updates } from './updates.ts';
import { endsApp, openOnActivate, Windows } from './windows.ts';

/** Of the boxes about them. */
const UPDATES = 'Updates';

/** Runs the app until it quits. */
export function startDesktop(): void {
  app.setPath('userData', process.env.WIRESCOPE_DATA || join(app.getPath('appData'), 'Wirescope'));
  // By this Windows knows that windows and shortcuts are of one app.
  app.setAppUserModelId('dev.wirescope.desktop');
  // Two engines on one data folder would write over each other's files.
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  const log = new LogFile(join(app.getPath('userData'), 'logs'));
  process.on('uncaughtExceptionMonitor', (error) => log.write('main', error.stack ?? error.message));
  registerAppScheme();
  // Root has to start without Chromium's sandbox (--no-sandbox), which this would turn on again.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => confineContents(contents));
  run(log);
}

function run(log: LogFile): void {
  const dataFolder = app.getPath('userData');
  const out = join(app.getAppPath(), 'out');
  const icon = resource('icon.png', 'build/icons/256x256.png');
  const state = new DesktopState(join(dataFolder, 'desktop.json'));
  const engine = new EngineProcess({
    script: join(out, 'main', 'engine.cjs'),
    dataFolder,
    version: app.getVersion(),
    samplesFolder: resource('samples', 'fixtures/samples'),
    cipher: systemCipher(process.platform),
    log: (text) => {
      log.write('engine', text);
      process.stderr.write(text);
    },
    onStarted: () => notifications.follow(),
    onStopped: (reason) => {
      log.write('main', reason);
      windows.engineStopped(reason);
    },
  });
  const notifications = new Notifications({
    wanted: () => state.notify,
    bridge: () => engine.bridge(),
    show: (id) => windows.show(id),
  });
  const quitting = new Quitting(engine);
  const windows = new Windows({
    preload: join(out, 'preload', 'preload.cjs'),
    icon,
    state,
    log: (text) => log.write('window', text),
    mayClose: (window) => !endsApp(window) || quitting.mayQuit(window),
  });

  const installation = { platform: process.platform, env: process.env, resourcesPath: process.resourcesPath };
  const updates = updatesAllowed(installation)
    ? new Updates({
        loadUpdater: async () => (await import('electron-updater')).default.autoUpdater,
        ask: async ({ yes, no, ...question }) => {
          const box = {
            type: 'question' as const,
            title: UPDATES,
            ...question,
            buttons: [yes, no],
            defaultId: 0,
            cancelId: 1,
          };
          return (await dialog.showMessageBox(windows.focus(), box)).response === 0;
        },
        tell: async (message, detail) =>
          void (await dialog.showMessageBox(windows.focus(), { title: UPDATES, message, detail })),
        quit: () => app.quit(),
        log: (text) => log.write('updates', text),
      })
    : undefined;

  const documents: DocumentsHost = {
    bridge: () => engine.bridge(),
    show: (id) => windows.show(id),
    complain: (path, reason) => {
      void dialog.showMessageBox(windows.focus(), {
        type: 'error',
        title: 'Open',
        message: `${basename(path)} was not opened.`,
        detail: `${reason}\n\n${path}`,
      });
    },
    opened: (path) => {
      state.addRecentFile(path);
      app.addRecentDocument(path);
      drawMenu();
    },
    missing: (path) => {
      state.removeRecentFile(path);
      drawMenu();
    },
  };
  const openPath = (path: string) => openDocument(path, documents);
  const openPaths = async (paths: readonly string[]) => {
    for (const path of paths) await openPath(path);
  };
  const openFiles = async (window: BrowserWindow) => openPaths(await chooseFiles(window));
  const drawMenu = () =>
    installMenu({
      command: (id) => windows.command(id),
      newWindow: () => windows.open(),
      openFile: (path) => void openPath(path),
      recentFiles: () => state.recentFiles,
      clearRecentFiles: () => {
        state.clearRecentFiles();
        app.clearRecentDocuments();
        drawMenu();
      },
      showLogs: () => {
        log.write('main', 'The logs were asked for.');
        shell.showItemInFolder(log.path);
      },
      showAbout: () => void showAbout(windows.focus(), icon),
      notifications: {
        isOn: () => state.notify,
        set: (on) => {
          state.notify = on;
          notifications.follow();
        },
      },
      ...(updates && {
        updates: {
          look: () => void updates.look({ asked: true }),
          atStart: {
            isOn: () => state.checkForUpdates,
            set: (on) => {
              state.checkForUpdates = on;
            },
          },
        },
      }),
      showLicences: () => void shell.openPath(resource('licences.txt', 'out/licences.txt')),
    });

  // A Mac names files to open by an event, even before the app is ready; elsewhere they are arguments.
  const named = filesOfArguments(process.argv.slice(1), process.cwd());
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (app.isReady()) void openPath(path);
    else named.push(path);
  });
  app.on('second-instance', (_event, args, workingFolder) => {
    const paths = filesOfArguments(args.slice(1), workingFolder);
    windows.focus();
    void openPaths(paths);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  void app.whenReady().then(() => {
    nativeTheme.themeSource = state.theme;
    confineSession(session.defaultSession);
    serveApp(join(out, 'renderer'));
    serveIpc({
      engine,
      isUp: (window) => windows.isUp(window),
      openFiles,
      openPath,
      setTheme: (theme) => {
        state.theme = theme;
        nativeTheme.themeSource = theme;
      },
    });
    // The page loads while the engine starts; it asks for the engine later than this.
    windows.open();
    engine.start();
    drawMenu();
    quitting.followSystem();
    openOnActivate(windows);
    void openPaths(named);
    if (state.checkForUpdates) void updates?.look({ asked: false });
  });
}

/** A file that lies beside the packed app, or in the checkout. */
function resource(packed: string, inCheckout: string): string {
  return app.isPackaged ? join(process.resourcesPath, packed) : join(app.getAppPath(), inCheckout);
}

async function chooseFiles(window: BrowserWindow): Promise<string[]> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Open',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Captures, sessions, protobuf definitions', extensions: [...FILE_EXTENSIONS] },
      { name: 'All files', extensions: ['*'] },
    ],
  });
  return canceled ? [] : filePaths;
}
