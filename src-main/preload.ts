// Exposes the bridge port and the few things only a desktop can do, nothing else. Runs sandboxed and isolated.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { channels, type DesktopHost, PORT_MESSAGE } from './desktop/host.ts';

// A MessagePort cannot cross the context bridge: it is posted to the page, from and to this window only.
ipcRenderer.on(channels.port, (event) => window.postMessage(PORT_MESSAGE, window.location.origin, event.ports));

function subscribe(channel: string, listener: (argument: string) => void): () => void {
  const relay = (_event: unknown, argument: unknown) => listener(String(argument ?? ''));
  ipcRenderer.on(channel, relay);
  return () => ipcRenderer.removeListener(channel, relay);
}

const host: DesktopHost = {
  platform: process.platform,
  requestPort: () => ipcRenderer.send(channels.requestPort),
  restartEngine: () => ipcRenderer.invoke(channels.restartEngine),
  // Electron before 32 has no webUtils and puts the path on the File itself.
  pathOf: (file) => webUtils?.getPathForFile(file) ?? (file as File & { path?: string }).path ?? '',
  chooseFiles: (options) => ipcRenderer.invoke(channels.chooseFiles, options),
  chooseFolder: (options) => ipcRenderer.invoke(channels.chooseFolder, options),
  chooseSavePath: (options) => ipcRenderer.invoke(channels.chooseSavePath, options),
  openFiles: () => ipcRenderer.invoke(channels.openFiles),
  openPath: (path) => ipcRenderer.invoke(channels.openPath, path),
  reveal: (path) => ipcRenderer.invoke(channels.reveal, path),
  setTheme: (theme) => ipcRenderer.invoke(channels.setTheme, theme),
  onCommand: (listener) => subscribe(channels.command, listener),
  onShowSession: (listener) => subscribe(channels.showSession, listener),
  onEngineStopped: (listener) => subscribe(channels.engineStopped, listener),
};

contextBridge.exposeInMainWorld('wirescope', host);
