// The window's few requests to main. Every one comes from the app's own main frame, with arguments that were checked.
import { isAbsolute } from 'node:path';
import { BrowserWindow, dialog, ipcMain, shell } from 'electron';
import { isTrusted } from './app-origin.ts';
import type { EngineProcess } from './engine-process.ts';
import { channels, type FileChoice, isTheme, type Theme } from './host.ts';

const MAX_TEXT_CHARS = 4096;
const MAX_EXTENSIONS = 20;

export interface IpcHost {
  engine: Pick<EngineProcess, 'start' | 'openPort'>;
  /** The page of a window has come up. */
  isUp(window: BrowserWindow): void;
  openFiles(window: BrowserWindow): Promise<void>;
  openPath(path: string): Promise<void>;
  setTheme(theme: Theme): void;
}

/** Answers the channels until the app ends. */
export function serveIpc({ engine, isUp, openFiles, openPath, setTheme }: IpcHost): void {
  ipcMain.on(channels.requestPort, (event) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!isTrusted(event) || !window) return;
    const port = engine.openPort();
    if (port) event.sender.postMessage(channels.port, null, [port]);
    else event.sender.send(channels.engineStopped, 'The engine is not running.');
    isUp(window);
  });
  handle(channels.restartEngine, nothing, () => engine.start());
  handle(channels.openFiles, nothing, (window) => openFiles(window));
  handle(channels.openPath, absolutePath, (_window, path) => openPath(path));
  handle(channels.reveal, absolutePath, (_window, path) => shell.showItemInFolder(path));
  handle(channels.setTheme, theme, (_window, chosen) => setTheme(chosen));
  handle(channels.chooseFiles, fileChoice, async (window, { title, extensions, several }) => {
    const filters = extensions.length > 0 ? [{ name: extensions.map((e) => `.${e}`).join(' '), extensions }] : [];
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title,
      properties: ['openFile', ...(several ? ['multiSelections' as const] : [])],
      filters: [...filters, { name: 'All files', extensions: ['*'] }],
    });
    return canceled ? [] : filePaths;
  });
  handle(channels.chooseFolder, folderChoice, async (window, { title, create }) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title,
      properties: ['openDirectory', ...(create ? ['createDirectory' as const] : [])],
    });
    return canceled ? null : (filePaths[0] ?? null);
  });
  handle(channels.chooseSavePath, saveChoice, async (window, { title, defaultName }) => {
    const { canceled, filePath } = await dialog.showSaveDialog(window, { title, defaultPath: defaultName });
    return canceled || !filePath ? null : filePath;
  });
}

/** Answers `channel`, refusing anybody but the app, and arguments that `check` throws at. */
function handle<T>(
  channel: string,
  check: (argument: unknown) => T,
  answer: (window: BrowserWindow, argument: T) => unknown,
): void {
  ipcMain.handle(channel, (event, ...sent: unknown[]) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!isTrusted(event) || !window) throw new Error('refused');
    if (sent.length > 1) throw new TypeError('one argument at most');
    return answer(window, check(sent[0]));
  });
}

function nothing(value: unknown): void {
  if (value !== undefined) throw new TypeError('no argument expected');
}

/** A non-empty string of bounded length. */
function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_TEXT_CHARS || value.includes('\0'))
    throw new TypeError(`${what} must be text`);
  return value;
}

function absolutePath(value: unknown): string {
  const path = text(value, 'path');
  if (!isAbsolute(path)) throw new TypeError('path must be absolute');
  return path;
}

function theme(value: unknown): Theme {
  if (!isTheme(value)) throw new TypeError('no theme');
  return value;
}

function record(value: unknown, keys: readonly string[]): { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('an object is expected');
  for (const key of Object.keys(value)) if (!keys.includes(key)) throw new TypeError(`unknown key ${key}`);
  return value as { [key: string]: unknown };
}

function fileChoice(value: unknown): Required<FileChoice> {
  const { title, extensions = [], several = false } = record(value, ['title', 'extensions', 'several']);
  if (!Array.isArray(extensions) || extensions.length > MAX_EXTENSIONS)
    throw new TypeError('extensions must be a list');
  for (const extension of extensions)
    if (typeof extension !== 'string' || !/^[a-z0-9]{1,16}$/i.test(extension)) throw new TypeError('no extension');
  if (typeof several !== 'boolean') throw new TypeError('several must be true or false');
  return { title: text(title, 'title'), extensions: extensions as string[], several };
}

function folderChoice(value: unknown): { title: string; create: boolean } {
  const { title, create } = record(value, ['title', 'create']);
  if (typeof create !== 'boolean') throw new TypeError('create must be true or false');
  return { title: text(title, 'title'), create };
}

function saveChoice(value: unknown): { title: string; defaultName: string } {
  const { title, defaultName } = record(value, ['title', 'defaultName']);
  return { title: text(title, 'title'), defaultName: text(defaultName, 'defaultName') };
}
