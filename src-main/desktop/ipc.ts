// The window's few requests to main. Every one comes from the app's own main frame, with arguments that were checked.
import { BrowserWindow, dialog, ipcMain, shell } from 'electron';
import { isTrusted } from './app-origin.ts';
import type { EngineProcess } from './engine-process.ts';
import { channels } from './host.ts';

/** A non-empty string of bounded length, or a TypeError. */
function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > 4096)
    throw new TypeError(`${what} must be text`);
  return value;
}

function fileChoice(value: unknown): { title: string; extensions: string[] } {
  const { title, extensions } = (value ?? {}) as { title?: unknown; extensions?: unknown };
  const list = Array.isArray(extensions) ? extensions.slice(0, 20) : [];
  return {
    title: text(title, 'title'),
    extensions: list.filter((e): e is string => /^[a-z0-9]{1,16}$/i.test(String(e))),
  };
}

/** Answers `channel`, refusing anybody but the app. */
function handle(channel: string, answer: (window: BrowserWindow, argument: unknown) => unknown): void {
  ipcMain.handle(channel, (event, argument: unknown) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!isTrusted(event) || !window) throw new Error('refused');
    return answer(window, argument);
  });
}

export function serveIpc(engine: EngineProcess): void {
  ipcMain.on(channels.requestPort, (event) => {
    if (!isTrusted(event)) return;
    const port = engine.openPort();
    if (port) event.sender.postMessage(channels.port, null, [port]);
    else event.sender.send(channels.engineStopped, 'The engine is not running.');
  });
  handle(channels.restartEngine, () => engine.start());
  handle(channels.chooseFile, async (window, argument) => {
    const { title, extensions } = fileChoice(argument);
    const filters = extensions.length > 0 ? [{ name: extensions.map((e) => `.${e}`).join(' '), extensions }] : [];
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title,
      properties: ['openFile'],
      filters: [...filters, { name: 'All files', extensions: ['*'] }],
    });
    return canceled ? null : (filePaths[0] ?? null);
  });
  handle(channels.chooseSavePath, async (window, argument) => {
    const { title, defaultName } = (argument ?? {}) as { title?: unknown; defaultName?: unknown };
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title: text(title, 'title'),
      defaultPath: text(defaultName, 'defaultName'),
    });
    return canceled || !filePath ? null : filePath;
  });
  handle(channels.reveal, (_window, argument) => shell.showItemInFolder(text(argument, 'path')));
}
